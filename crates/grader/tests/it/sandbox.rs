//! What an untrusted server cannot do. Each server here tries something before it serves:
//! if that works it ends, and there is no server to judge.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::{patience, processes::command_lines};

/// A folder that everybody may read, with a server in it.
struct Submission(TempDir);

impl Submission {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        // By another process, as with a script.
        let mut copy = Command::new("cp");
        copy.arg(fixture::program("threaded-server"))
            .arg(folder.path().join("good"));
        assert!(copy.status().unwrap().success());
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A server that serves well, once `attack` has failed.
    fn grade(&self, attack: &str) -> Output {
        let good = self.path("good");
        let text = format!(
            "#!/bin/bash\nif {attack}; then exit 9; fi\nexec {} \"$@\"\n",
            good.display()
        );
        let server = self.path("server");
        fixture::write_script(&server, &text);
        let only = "contract,answers,drain";
        let (good, server) = (good.to_str().unwrap(), server.to_str().unwrap());
        patience::grade(&["--sandbox", "--only", only, "--show", good, server])
    }

    fn assert_fails(&self, attack: &str) {
        let output = self.grade(attack);
        assert_eq!(output.status.code(), Some(0), "{attack}: {output:?}");
    }
}

fn can_run() -> bool {
    fixture::has("bwrap")
}

#[test]
fn what_works_outside_ends_the_server() {
    if can_run() {
        let output = Submission::new().grade("true");
        assert_eq!(output.status.code(), Some(4), "{output:?}");
    }
}

#[test]
fn another_submission_cannot_be_read() {
    if can_run() {
        let (one, other) = (Submission::new(), Submission::new());
        let secret = other.path("secret");
        fs::write(&secret, "mine").unwrap();
        fs::set_permissions(&secret, Permissions::from_mode(0o644)).unwrap();
        one.assert_fails(&format!("cat {}", secret.display()));
    }
}

#[test]
fn nothing_can_be_written_outside() {
    if can_run() {
        let submission = Submission::new();
        fs::set_permissions(submission.0.path(), Permissions::from_mode(0o777)).unwrap();
        let report = submission.path("report");
        // Its folder is in /tmp, where it sees a private one: the write works, and is
        // lost.
        submission.assert_fails(&format!("echo 28/28 > {}; false", report.display()));
        assert!(!report.exists());
        submission.assert_fails("touch /usr/owned");
        submission.assert_fails("echo x >> \"$0\"");
    }
}

#[test]
fn a_listener_on_this_machine_is_out_of_reach() {
    if can_run() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let reach = format!("(exec 3<>/dev/tcp/127.0.0.1/{port})");
        Submission::new().assert_fails(&reach);
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn memory_and_files_have_limits() {
    if can_run() {
        let submission = Submission::new();
        // Asked for and not filled, which a busy machine would take its time for.
        let memory = "dd if=/dev/null of=/dev/null bs=1100M count=1";
        let outside = Command::new("bash").args(["-c", memory]).output().unwrap();
        assert!(outside.status.success(), "{outside:?}");
        submission.assert_fails(memory);
        for full in ["/tmp/full", "/dev/shm/full", "/dev/full-of-it"] {
            submission.assert_fails(&format!("head -c 200M /dev/zero > {full}"));
        }
        // Not by many files either, each as large as one may be.
        submission.assert_fails(
            "(for n in 1 2 3; do head -c 40M /dev/zero > /dev/shm/$n || exit 1; done)",
        );
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_server_that_forks_without_end_is_ended_in_time() {
    if can_run() {
        let submission = Submission::new();
        let output = submission.grade("bomb() { bomb | bomb & }; bomb; false");
        assert!(output.status.code().is_some(), "{output:?}");
        let mark = submission.path("server");
        let mark = mark.to_str().unwrap();
        let runs = command_lines().any(|line| line.contains(mark));
        assert!(!runs, "it still runs");
    }
}

#[test]
fn where_the_system_does_not_show_processes_no_server_is_judged() {
    if !can_run() {
        return;
    }
    let mut grader = Command::new("bwrap");
    grader.args(["--ro-bind", "/", "/", "--tmpfs", "/proc", "--dev", "/dev"]);
    grader.arg(env!("CARGO_BIN_EXE_grader"));
    grader.arg(fixture::program("threaded-server"));
    let output = grader.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no /proc"), "{said}");
    assert!(!said.contains("cannot be started"), "{said}");
}
