//! A class that is judged on two machines, one of which dies (`network.rs` makes them).

mod network;

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use network::{Network, wait_until, write_program};

const NAMES: [&str; 6] = ["anna", "ben", "cl eo", "do\nra", "-ela", "$(finn)"];

fn can_run() -> bool {
    let tools = ["ip", "sshd", "ssh", "ssh-keygen", "unshare"];
    let is_root = || {
        let id = Command::new("id").arg("-u").output().unwrap();
        id.stdout == b"0\n" || fixture::skip("it takes root to make namespaces")
    };
    tools.into_iter().all(fixture::has) && is_root()
}

#[test]
#[ignore = "takes half a minute, root, sshd and network namespaces (docs/grading.md)"]
fn each_submission_is_judged_once_though_a_host_dies_and_else_is_marked() {
    if !can_run() {
        return;
    }
    let mut network = Network::new();
    let right = fixture::program("threaded-server");
    assert!(fixture::program("single-server").exists());
    // On host-b it begins and never listens, so that no report comes from there.
    let began = network.path("began");
    let server = format!(
        "#!/bin/sh\n[ $(uname -n) = host-a ] && exec {} \"$@\"\n: > {}\nexec sleep 100\n",
        right.display(),
        began.display()
    );
    for name in NAMES {
        write_program(&network.path("class").join(name).join("server"), &server);
    }
    let mut class = network.grade_class(&["--on", "host-a,host-b", "--report"]);
    let class = class
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until(|| began.exists());
    network.kill_b();
    let output = class.wait_with_output().unwrap();
    let text = text_of(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("host-b sent no reports"), "{text}");
    assert!(text.contains("6 of 6 got full marks"), "{text}");
    for name in NAMES {
        let report = network.report(name);
        let about = &report["submission"];
        assert_eq!(about["verdict"], "graded", "{about}");
        assert_eq!(about["host"], "host-a", "{about}");
        let class = network.path("class");
        let server = report["server"].as_str().unwrap();
        assert!(server.contains(class.to_str().unwrap()), "{server}");
    }
    // Without a host that lives, each is marked.
    let output = network.grade_class(&["--on=host-b"]).output().unwrap();
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("6 submissions, 6 to regrade"), "{text}");
}

/// A program `ssh` that runs the command here, except on a host called `dead`.
const HERE: &str = r#"#!/bin/sh
while [ "$1" != -- ]; do shift; done
[ "$2" != dead ] || { echo "ssh: dead: no route" >&2; exit 255; }
exec sh -c "$3"
"#;

#[test]
fn the_options_and_the_weights_go_along_and_reports_name_the_folder_here() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_program(&path("bin/ssh"), HERE);
    let text = "#!/bin/sh\nexec PROGRAM \"$@\"\n";
    let right = fixture::program("single-server");
    let right = text.replace("PROGRAM", right.to_str().unwrap());
    write_program(&path("class/anna/server"), &right);
    fs::create_dir(path("class/ben")).unwrap();
    assert!(fixture::program("threaded-server").exists());
    fs::write(path("w.json"), r#"{"at-once": 7}"#).unwrap();
    let search = std::env::var("PATH").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .args([path("class"), path("reports")])
        .args(["--only=at-once", "--on=dead,alive", "--kit"])
        .arg(fixture::workspace())
        .arg("--weights")
        .arg(path("w.json"))
        .env("PATH", format!("{}:{search}", path("bin").display()))
        .env("GRADER", env!("CARGO_BIN_EXE_grader"))
        .env("CARGO_TARGET_DIR", path("target"))
        .output()
        .unwrap();
    let text = text_of(&output);
    assert!(output.status.success(), "{text}");
    let gradebook = fs::read_to_string(path("reports/gradebook.csv")).unwrap();
    assert!(
        gradebook.contains("\"anna\",graded,0,7,\"at-once\""),
        "{gradebook}"
    );
    assert!(gradebook.contains("\"ben\",no-submission"), "{gradebook}");
    let report = fs::read_to_string(path("reports/anna.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let repeat = report["checks"][0]["failure"]["repeat"].as_str().unwrap();
    let weights = format!("--weights {}", path("w.json").display());
    let folder = format!("scripts/grade.sh {}", path("class/anna").display());
    assert!(
        repeat.starts_with(&folder) && repeat.contains(&weights),
        "{repeat}"
    );
}

#[test]
fn a_host_that_is_an_option_of_ssh_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .args([".", "reports", "--on=host1,-oProxyCommand=id"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text_of(&output));
}

fn text_of(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}
