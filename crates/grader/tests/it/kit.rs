//! Copies of the kit, in which tests do what students and graders do.

use std::{
    collections::BTreeSet,
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::patience::patiently;

/// How the labs are made that tests build; those of a page as the page says.
pub(crate) const LABS: [&str; 7] = [
    "scripts/new-lab.sh tried2-server",
    "scripts/new-lab.sh --from-proto tried4-server",
    "scripts/new-lab.sh --python tried4-python",
    "scripts/new-lab.sh tried6-pool",
    "scripts/new-lab.sh --event-loop tried7-loop",
    "scripts/new-lab.sh --handler tried-class",
    "scripts/new-lab.sh graded-crate",
];

/// In one target folder cargo knows a package by its name and version. Of the same
/// version, what is built of the copy would be taken for what is built of the kit, and an
/// edit in the kit would not be built.
const VERSION: &str = "\nversion = \"0.1.0\"\n";
const VERSION_OF_COPY: &str = "\nversion = \"0.1.0-copy\"\n";

/// A copy of the kit. Its crates are built into the target folder of this test.
pub(crate) struct Kit {
    folder: PathBuf,
    /// Removes the folder at the end.
    _removed: Option<TempDir>,
    /// Keeps other runs out of the folder.
    _lock: Option<File>,
}

static WITH_LABS: OnceLock<Kit> = OnceLock::new();

impl Kit {
    /// A copy of one test's own, whose crates are built anew: for tests that build none.
    pub(crate) fn copy() -> Self {
        let folder = TempDir::new().unwrap();
        copy_to(folder.path());
        Self {
            folder: folder.path().to_owned(),
            _removed: Some(folder),
            _lock: None,
        }
    }

    /// The one copy in which all labs stand that tests build. It has the same path in
    /// each run, so that cargo finds what an earlier run built; and the labs are made
    /// before any test begins, since a folder that is half made would stop cargo.
    pub(crate) fn with_labs() -> &'static Self {
        WITH_LABS.get_or_init(|| {
            let top = Path::new(env!("CARGO_TARGET_TMPDIR"));
            let lock = File::create(top.join("lab-kit.lock")).unwrap();
            lock.lock().unwrap();
            let folder = top.join("lab-kit");
            let _ = fs::remove_dir_all(&folder); // there is none at first
            fs::create_dir(&folder).unwrap();
            copy_to(&folder);
            let kit = Self {
                folder,
                _removed: None,
                _lock: Some(lock),
            };
            // Where Python is missing, its lab is too, and the tests of it are skipped.
            let has_python = kit.run("command -v python3").status.success();
            let can_be_made = |make: &&str| has_python || !make.contains("--python");
            for make in LABS.into_iter().filter(can_be_made) {
                kit.succeed(make);
            }
            kit
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        patiently(|| {
            Command::new("bash")
                .args(["-c", line])
                .current_dir(&self.folder)
                .env("CARGO_TARGET_DIR", target())
                .env("GRADER", env!("CARGO_BIN_EXE_grader"))
                .output()
                .unwrap()
        })
    }

    /// Runs what has to succeed.
    pub(crate) fn succeed(&self, line: &str) {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// The checks that `cargo test` says failed.
    pub(crate) fn failed_checks(&self, line: &str) -> BTreeSet<String> {
        let output = self.run(line);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains("test result: "), "{line}: {output:?}");
        let lines = printed.lines().filter(|line| line.ends_with(" ... FAILED"));
        let names = lines.filter_map(|line| line.split(' ').nth(1));
        names.map(str::to_owned).collect()
    }

    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file}: {text}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }
}

fn target() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().to_owned() // target/PROFILE/deps/TEST
}

/// Its files are as old as the kit's own, so that cargo finds what an earlier run built.
fn copy_to(folder: &Path) {
    let copy = "tar -C \"$0\" --exclude=target -c Cargo.toml Cargo.lock clippy.toml \
                crates demos scripts docs | tar -C \"$1\" -x";
    let mut bash = Command::new("bash");
    bash.args(["-o", "pipefail", "-c", copy]);
    let copied = bash.arg(fixture::workspace()).arg(folder).status();
    assert!(copied.unwrap().success());
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains(VERSION));
    fs::write(manifest, text.replace(VERSION, VERSION_OF_COPY)).unwrap();
}

/// The commands in the `sh` blocks of a page, for a crate with this prefix in place of
/// `my-`: the target folder may hold a student's own.
pub(crate) fn commands(page: &str, prefix: &str) -> Vec<String> {
    let text = fs::read_to_string(fixture::workspace().join(page)).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .map(|line| line.trim().replace("my-", prefix))
        .filter(|line| !line.is_empty())
        .collect()
}
