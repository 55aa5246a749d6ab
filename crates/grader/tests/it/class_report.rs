//! The report of a class, made of the reports of its submissions alone.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::reports;

/// Reports as a class of four leaves them: two join at once, one has full marks, one
/// does not build.
fn write_reports(folder: &Path) {
    let of = |name: &str, verdict: &str| {
        json!({"name": name, "verdict": verdict, "detail": "", "host": "h",
            "confinement": "none", "kit": "k", "judged_at": "2026-01-01T00:00:00Z"})
    };
    let failed = json!({"name": "slow", "title": "a slow request", "verdict": "failed",
        "failure": {"like": ["join-at-once"]}});
    for (name, score, checks) in [
        ("anna", 9, json!([])),
        ("ben", 5, json!([failed])),
        ("cleo", 5, json!([failed])),
    ] {
        let report = json!({"score": score, "max_score": 9, "checks": checks,
            "submission": of(name, "graded")});
        write(folder, name, &report);
    }
    let report = json!({"submission": of("dora", "does-not-build")});
    write(folder, "dora", &report);
}

fn write(folder: &Path, name: &str, report: &Value) {
    fs::write(folder.join(format!("{name}.json")), report.to_string()).unwrap();
}

fn grade_class(folder: &Path, options: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grade-class"));
    command.args(["--gradebook", "."]).args(options);
    let output = command.current_dir(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, error) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), printed, error)
}

#[test]
fn the_reports_of_a_class_say_how_many_are_right_and_what_to_teach() {
    let folder = TempDir::new().unwrap();
    write_reports(folder.path());
    let options = ["--report", "--report", "class.svg", "--report=class.json"];
    let (status, printed, error) = grade_class(folder.path(), &options);
    assert_eq!(status, Some(0), "{error}");
    for line in [
        "4 submissions: 1 does-not-build, 3 graded\n",
        "1 of 3 got full marks\n",
        "    2  #############         join-at-once\n",
        "start the next lecture with demos/faulty-servers/src/bin/join-at-once.rs\n",
    ] {
        assert!(printed.contains(line), "{line}\n{printed}");
    }
    let json = fs::read_to_string(folder.path().join("class.json")).unwrap();
    let class = reports::conforms(include_str!("../../class-report.schema.json"), &json);
    assert_eq!(
        (&class["graded"], &class["full_marks"]),
        (&3.into(), &1.into())
    );
    assert_eq!(class["mistakes"][0]["like"], json!(["join-at-once"]));
    let picture = fs::read_to_string(folder.path().join("class.svg")).unwrap();
    assert!(picture.contains(">2 of 3</text>"), "{picture}");
    let (status, ..) = grade_class(folder.path(), &["--report", "ben.json"]);
    assert_eq!(status, Some(3), "the report of ben is not written over");
    // The counts are in the folder of the reports now, and are no submission.
    let (_, again, _) = grade_class(folder.path(), &["--report"]);
    assert_eq!(again, printed);
}

#[test]
fn a_report_with_an_unknown_ending_is_refused_before_anything_is_judged() {
    let folder = TempDir::new().unwrap();
    let (status, _, error) = grade_class(folder.path(), &["--report", "class.pdf"]);
    assert_eq!(status, Some(2), "{error}");
    let due = "grade-class: --report class.pdf: its name must end in .txt, .json or .svg";
    assert!(error.starts_with(due), "{error}");
    assert!(!folder.path().join("gradebook.csv").exists());
}
