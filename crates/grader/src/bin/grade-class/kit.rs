//! The kit that submissions are built beside: its crates, without any server of its own.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

use crate::files;

/// The crates that a submission may use, and those that their manifests name. The kit's
/// servers are not among them: a build script could hand one in.
const CRATES: &[&str] = &["proto", "service", "client", "launch", "grader", "fixture"];

/// A crate that uses what a submission may, so that it is built before any submission is.
const WARM_UP: &str = r#"[package]
name = "warm-up-of-the-kit"
version = "0.1.0"
edition.workspace = true

[dependencies]
proto.workspace = true
service.workspace = true
signal-hook.workspace = true
"#;

/// The folder of the kit: `GRADE_ROOT`, or where this program was built.
pub(crate) fn root() -> PathBuf {
    env::var_os("GRADE_ROOT").map_or_else(
        || {
            let here = Path::new(env!("CARGO_MANIFEST_DIR"));
            let root = here.parent().and_then(Path::parent);
            root.unwrap_or(here).to_owned()
        },
        PathBuf::from,
    )
}

/// Where places and runs are kept: `target/grade-all` of the kit.
pub(crate) fn work() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| root().join("target"));
    root().join(target).join("grade-all")
}

pub(crate) fn cargo_home() -> PathBuf {
    home_of("CARGO_HOME", ".cargo")
}

pub(crate) fn rustup_home() -> PathBuf {
    home_of("RUSTUP_HOME", ".rustup")
}

/// The folder of the Rust that builds, which may be in neither of the two.
pub(crate) fn toolchain() -> Option<PathBuf> {
    let rustc = Command::new("rustc").args(["--print", "sysroot"]).output();
    let rustc = rustc.ok().filter(|rustc| rustc.status.success())?;
    Some(String::from_utf8(rustc.stdout).ok()?.trim().into())
}

fn home_of(variable: &str, folder: &str) -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(folder);
    env::var_os(variable).map_or_else(home, PathBuf::from)
}

/// The version of the kit, with its commit where git knows one.
pub(crate) fn version() -> String {
    let commit = Command::new("git")
        .args(["-C".as_ref(), root().as_os_str()])
        .args(["rev-parse", "--short=12", "HEAD"])
        .stderr(Stdio::null())
        .output();
    let commit = commit.ok().filter(|git| git.status.success());
    let commit = commit.map(|git| String::from_utf8_lossy(&git.stdout).trim().to_owned());
    let version = env!("CARGO_PKG_VERSION");
    commit.map_or(version.to_owned(), |commit| format!("{version} ({commit})"))
}

/// Changes when something changes that submissions are built with.
pub(crate) fn stamp() -> io::Result<String> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut files = 0_u32;
    let mut folders: Vec<PathBuf> = CRATES
        .iter()
        .map(|name| root().join("crates").join(name))
        .collect();
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let mut settings = DefaultHasher::new();
    with_members(&manifest, "").hash(&mut settings);
    for line in lock.lines().filter(|line| line.starts_with("checksum")) {
        line.hash(&mut settings); // a crate more in the workspace changes nothing
    }
    let settings = settings.finish();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            files += 1;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => newest = newest.max(entry.metadata()?.modified()?),
            }
        }
    }
    let rustc = Command::new("rustc").arg("-V").output()?;
    let rustc = String::from_utf8_lossy(&rustc.stdout).trim().to_owned();
    let newest = humantime::format_rfc3339_nanos(newest);
    Ok(format!(
        "{rustc}; {files} files, the newest of {newest}; {settings:016x}\n"
    ))
}

/// Lays the kit out in `kit`, for a member `crates/submission`, or the one that warms up.
pub(crate) fn lay_out(kit: &Path, member: &str) -> io::Result<()> {
    files::remove(kit)?;
    fs::create_dir_all(kit.join("crates"))?;
    for name in CRATES {
        let (from, to) = (
            root().join("crates").join(name),
            kit.join("crates").join(name),
        );
        files::copy(&from, &to)?;
    }
    for name in ["Cargo.lock", "clippy.toml"] {
        fs::copy(root().join(name), kit.join(name))?;
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    fs::write(kit.join("Cargo.toml"), with_members(&manifest, member))
}

/// Makes the crate that warms up.
pub(crate) fn lay_out_warm_up(kit: &Path) -> io::Result<()> {
    lay_out(kit, "crates/warm-up")?;
    let warm_up = kit.join("crates/warm-up");
    fs::create_dir_all(warm_up.join("src"))?;
    fs::write(warm_up.join("Cargo.toml"), WARM_UP)?;
    fs::write(warm_up.join("src/main.rs"), "fn main() {}\n")
}

/// The manifest of the workspace, whose members are the crates above and one more.
fn with_members(manifest: &str, member: &str) -> String {
    let mut out = String::new();
    let mut is_inside = false;
    for line in manifest.lines() {
        if line.starts_with("members = [") {
            is_inside = true;
            out.push_str("members = [\n");
            for name in CRATES {
                out.push_str(&format!("    \"crates/{name}\",\n"));
            }
            out.push_str(&format!("    \"{member}\",\n]\n"));
        }
        if !is_inside {
            out.push_str(line);
            out.push('\n');
        }
        is_inside &= !line.ends_with(']');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{CRATES, root, with_members};

    #[test]
    fn no_server_of_the_kit_is_among_the_members() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let made = with_members(&manifest, "crates/submission");
        assert_eq!(
            made.matches("\"crates/").count(),
            CRATES.len() + 1 + paths(&made)
        );
        assert!(!made.contains("    \"crates/threaded-server\""), "{made}");
        assert!(made.contains("[workspace.package]"), "{made}");
    }

    /// The dependencies that are crates of the kit.
    fn paths(manifest: &str) -> usize {
        manifest.matches("path = \"crates/").count()
    }
}
