//! From a submission to a server that can be started.

use std::{
    ffi::OsString,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use launch::{Interrupt, Launch};
use serde_json::Value;

use crate::{
    kit::{cargo_home, rustup_home},
    limited::{self, Ended},
    place::Place,
};

/// How long a build may take.
const LIMIT: Duration = Duration::from_secs(300);

/// What came of a build.
pub(crate) enum Built {
    /// The file that `Place` made, still in it.
    Server(PathBuf),
    /// What cargo said, or why it was not asked.
    Not(String),
    Interrupted,
}

/// Builds the package in `submission` inside the place.
///
/// # Errors
///
/// What failed here, and not in the submission.
pub(crate) fn build(
    submission: &Path,
    place: &Place,
    interrupt: &Interrupt,
) -> Result<Built, String> {
    let failed = |error: io::Error| format!("the place to build in: {error}");
    place.receive(submission).map_err(failed)?;
    let package = place.kit().join("crates/submission");
    let name = match program_of(&package.join("Cargo.toml")) {
        Ok(name) => name,
        Err(why) => return Ok(Built::Not(why)),
    };
    let build = confined(place, &package);
    match limited::run(build, LIMIT, interrupt).map_err(|error| error.to_string())? {
        Ended::Interrupted => return Ok(Built::Interrupted),
        Ended::Late(text) => {
            return Ok(Built::Not(format!(
                "{text}error: the build took more than {LIMIT:?}"
            )));
        }
        Ended::Itself(status, text) if !status.success() => return Ok(Built::Not(text)),
        Ended::Itself(..) => {}
    }
    let server = place.target().join("demo").join(name);
    // A link would lead to a server that the submission did not build.
    let found = fs::symlink_metadata(&server);
    if found.is_ok_and(|found| found.is_file()) {
        return Ok(Built::Server(server));
    }
    Ok(Built::Not("error: the build left no program".to_owned()))
}

/// Copies a server to a file that everybody may run.
pub(crate) fn install(server: &Path, to: &Path) -> io::Result<()> {
    fs::copy(server, to)?;
    fs::set_permissions(to, Permissions::from_mode(0o755))
}

/// Downloads what the kit and all labs need: their builds have no network.
pub(crate) fn cargo_fetch(kit: &Path) -> Launch {
    let words = ["fetch", "--quiet", "--target=host-tuple", "--manifest-path"];
    let manifest = kit.join("Cargo.toml").into_os_string();
    Launch::new("cargo").args(words.map(OsString::from).into_iter().chain([manifest]))
}

/// `cargo build` of a package without network, with the kit's quick profile.
pub(crate) fn cargo_build(package: &Path, target: &Path) -> Launch {
    let (program, arguments) = words(package, target);
    with_environment(Launch::new(program).args(arguments))
}

fn words(package: &Path, target: &Path) -> (&'static str, Vec<OsString>) {
    let mut words: Vec<OsString> =
        ["build", "--quiet", "--profile=demo", "--offline", "--bins"]
            .map(OsString::from)
            .to_vec();
    words.push("--manifest-path".into());
    words.push(package.join("Cargo.toml").into());
    words.push("--target-dir".into());
    words.push(target.into());
    ("cargo", words)
}

fn confined(place: &Place, package: &Path) -> Launch {
    let (kit, target) = (place.kit(), place.target());
    let mut confine = place.confinement.for_build(&[&kit, &target], place.number);
    let (cargo, arguments) = words(package, &target);
    confine.push(cargo.into());
    confine.extend(arguments);
    let program = confine.remove(0);
    with_environment(Launch::new(program).args(confine))
}

/// What a build may know of us: no token, and not where the kit is.
fn with_environment(launch: Launch) -> Launch {
    let path = std::env::var_os("PATH").unwrap_or_default();
    launch
        .clear_env()
        .env("PATH", path)
        .env("HOME", "/tmp")
        .env("LANG", "C.UTF-8")
        .env("CARGO_HOME", cargo_home())
        .env("RUSTUP_HOME", rustup_home())
        .current_dir("/")
}

/// The name of the program that a manifest makes: asked of cargo, which runs nothing of
/// it.
///
/// # Errors
///
/// Why there is none, in cargo's words or ours.
pub(crate) fn program_of(manifest: &Path) -> Result<String, String> {
    let asked = Command::new("cargo")
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .arg("--manifest-path")
        .arg(manifest)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("error: cargo can't be run: {error}"))?;
    if !asked.status.success() {
        return Err(String::from_utf8_lossy(&asked.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&asked.stdout)
        .map_err(|error| format!("error: cargo's answer: {error}"))?;
    let manifest = manifest
        .canonicalize()
        .unwrap_or_else(|_| manifest.to_owned());
    let packages = metadata.get("packages").and_then(Value::as_array);
    let is_ours = |package: &&Value| {
        let path = package.get("manifest_path").and_then(Value::as_str);
        path.is_some_and(|path| {
            Path::new(path)
                .canonicalize()
                .is_ok_and(|path| path == manifest)
        })
    };
    let package = packages.and_then(|packages| packages.iter().find(is_ours));
    let package = package.ok_or("error: the manifest holds no package")?;
    server_of(package)
}

fn server_of(package: &Value) -> Result<String, String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let is_program = |target: &&Value| {
        let kinds = target.get("kind").and_then(Value::as_array);
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"))
    };
    let targets = package.get("targets").and_then(Value::as_array);
    let programs = targets.into_iter().flatten().filter(is_program);
    let programs = programs.filter_map(|target| target.get("name").and_then(text));
    let programs: Vec<String> = programs.collect();
    let own = package.get("name").and_then(text);
    let server = match programs.as_slice() {
        [] => return Err("error: the package makes no program".to_owned()),
        [only] => only,
        several => several
            .iter()
            .find(|name| Some(*name) == own.as_ref())
            .ok_or_else(|| {
                format!(
                    "error: which of {} is the server? name it like the package",
                    several.join(", ")
                )
            })?,
    };
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    match !server.is_empty() && server.chars().all(is_name) {
        true => Ok(server.clone()),
        false => Err(format!("error: {server:?} is no name of a program")),
    }
}

#[cfg(test)]
mod tests {
    use super::server_of;
    use serde_json::json;

    #[test]
    fn the_server_is_the_only_program_or_the_one_called_like_the_package() {
        let package = |programs: &[&str]| {
            let target = |name: &&str| json!({"name": name, "kind": ["bin"]});
            let mut targets: Vec<_> = programs.iter().map(target).collect();
            targets.push(json!({"name": "lab", "kind": ["test"]}));
            server_of(&json!({"name": "mine", "targets": targets}))
        };
        assert_eq!(package(&["other"]).unwrap(), "other");
        assert_eq!(package(&["other", "mine"]).unwrap(), "mine");
        for programs in [&[][..], &["one", "two"], &["../../steal"], &[""]] {
            assert!(package(programs).is_err(), "{programs:?}");
        }
    }
}
