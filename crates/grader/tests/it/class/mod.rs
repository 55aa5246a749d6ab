//! A class of programs: names are data, runs do not meet, and marks are given once
//! (`again.rs`).

mod again;

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::reports;

struct Class(TempDir);

impl Class {
    /// Folders of these names, each with a server.
    fn of(names: &[&str], server: &str) -> Self {
        assert!(fixture::program("threaded-server").exists()); // which is judged first
        let class = Self(TempDir::new().unwrap());
        for name in names {
            class.add(name, server);
        }
        class
    }

    fn add(&self, name: &str, server: &str) {
        let folder = self.path("class").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(fixture::program(server), folder.join("server")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, reports: &str, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade-class"));
        command.arg(self.path("class")).arg(self.path(reports));
        command.args(["--only=answers,at-once"]).args(options);
        command.env("CARGO_TARGET_DIR", self.path("target"));
        fs::create_dir_all(self.path("tmp")).unwrap();
        command.env("TMPDIR", self.path("tmp"));
        command
    }

    /// How many folders of runs there are: a run has two.
    fn run_folders(&self) -> usize {
        let folders = [self.path("tmp"), self.path("target/grade-all")];
        let entries = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap());
        let names = entries.map(|entry| entry.unwrap().file_name());
        names
            .filter(|name| name.to_string_lossy().starts_with("grade-"))
            .count()
    }

    /// Judges, and once more what the machine had no time for.
    fn judge(&self, options: &[&str]) -> Output {
        let mut options = options;
        for _ in 0..10 {
            let output = self.command("reports", options).output().unwrap();
            assert!(output.status.success(), "{options:?}: {output:?}");
            let said = String::from_utf8_lossy(&output.stdout);
            if said.contains(", 0 to regrade;") {
                return output;
            }
            options = &["--regrade"];
        }
        panic!("the machine has no time for gradings");
    }

    fn report(&self, name: &str) -> Value {
        let path = self.path("reports").join(format!("{name}.json"));
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }
}

fn gradebook(reports: &Path) -> String {
    fs::read_to_string(reports.join("gradebook.csv")).unwrap()
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn a_name_is_data_whatever_it_holds() {
    let names = [
        "new\nline",
        "a|b",
        "c&d",
        "back\\slash",
        "-dash",
        "qu\"o\'te",
        "$(id)",
        "a*",
    ];
    let class = Class::of(&names, "threaded-server");
    let long = "n".repeat(255);
    class.add(&long, "threaded-server");
    class.judge(&[]);
    let gradebook = gradebook(&class.path("reports"));
    for name in names.iter().copied().chain([long.as_str()]) {
        let line = format!("\n\"{}\",graded,5,5,\"\",\"\"\n", name.replace('"', "\"\""));
        assert!(gradebook.contains(&line), "{name}: {gradebook}");
    }
}

#[test]
fn a_link_out_of_the_folder_is_refused() {
    let class = Class::of(&["anna"], "threaded-server");
    let good = fixture::program("threaded-server");
    fs::create_dir(class.path("class/ben")).unwrap();
    symlink(good, class.path("class/ben/server")).unwrap();
    symlink(class.path("class/anna"), class.path("class/cleo")).unwrap();
    fs::create_dir(class.path("class/dora")).unwrap();
    symlink("../anna/server", class.path("class/dora/server")).unwrap();
    class.judge(&[]);
    for name in ["ben", "cleo", "dora"] {
        let report = class.report(name);
        assert_eq!(report["submission"]["verdict"], "refused", "{name}");
    }
    for name in ["anna", "ben"] {
        let report = class.report(name).to_string();
        reports::conforms(include_str!("../../../report.schema.json"), &report);
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn two_runs_at_once_do_not_meet() {
    let class = Class::of(&["anna", "ben"], "threaded-server");
    class.add("cleo", "pool-of-two");
    let runs: Vec<_> = ["one", "two", "three"]
        .iter()
        .map(|reports| class.command(reports, &[]).spawn().unwrap())
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let first = gradebook(&class.path("one"));
    assert!(first.contains("\"cleo\",graded,2,5,\"at-once\""), "{first}");
    for reports in ["two", "three"] {
        assert_eq!(gradebook(&class.path(reports)), first);
    }
}

#[test]
fn a_second_run_into_the_same_reports_is_refused() {
    let class = Class::of(&["anna"], "threaded-server");
    fs::create_dir(class.path("reports")).unwrap();
    let lock = fs::File::create(class.path("reports/.lock")).unwrap();
    lock.lock().unwrap();
    let refused = class.command("reports", &[]).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
}

#[test]
fn reports_of_two_machines_make_one_gradebook() {
    let class = Class::of(&["anna"], "threaded-server");
    class.judge(&[]);
    let both = class.path("both");
    fs::create_dir(&both).unwrap();
    let report = class.path("reports/anna.json");
    fs::copy(&report, both.join("anna.json")).unwrap();
    let other = fs::read_to_string(report)
        .unwrap()
        .replace("\"anna\"", "\"ben\"");
    fs::write(both.join("ben.json"), other).unwrap();
    let summed = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .arg("--gradebook")
        .arg(&both)
        .status();
    assert!(summed.unwrap().success());
    let lines = "\"anna\",graded,5,5,\"\",\"\"\n\"ben\",graded,5,5,\"\",\"\"\n";
    assert!(gradebook(&both).ends_with(lines));
}

#[test]
fn where_the_kits_own_server_fails_nothing_counts() {
    let class = Class::of(&["anna"], "threaded-server");
    let servers = class.path("servers");
    fs::create_dir(&servers).unwrap();
    fs::copy(
        fixture::program("capitals-only"),
        servers.join("threaded-server"),
    )
    .unwrap();
    let option = format!("--servers={}", servers.display());
    let void = class.command("reports", &[&option]).output().unwrap();
    assert_eq!(void.status.code(), Some(3), "{void:?}");
    assert!(!class.path("reports/gradebook.csv").exists());
}
