//! Putting a student on the roster.

use predicates::str::contains;

use super::{answer, client};
use crate::fake_server::FakeServer;

#[test]
fn registering_asks_for_what_is_missing() {
    let server = FakeServer::start(answer);
    let flags = ["--register", "--name", "Ann Lee", "--student-id", "s1"];
    let assert = client(&server)
        .args(flags)
        .args(["--github", "ann"])
        .assert();
    assert.success().stdout("registered Ann Lee (s1, ann)\n");
    let assert = client(&server)
        .args(flags)
        .write_stdin("\n  \n ann \n")
        .assert();
    let asked = "GitHub user name?\n".repeat(3);
    assert
        .success()
        .stdout(format!("{asked}registered Ann Lee (s1, ann)\n"))
        .stderr("it must not be empty\n".repeat(2));
    let sent = (1, "REGISTER Ann Lee s1 ann".to_owned());
    assert_eq!(server.received()[0], sent);
    assert_eq!(server.received()[1].1, sent.1);
}

#[test]
fn a_registration_without_an_answer_or_refused_is_told() {
    let server = FakeServer::start(answer);
    let assert = client(&server)
        .arg("--register")
        .write_stdin("Ann\n")
        .assert();
    assert.code(255).stderr(contains("no student id was given"));
    assert_eq!(server.received(), []);
    let assert = client(&server)
        .arg("--register")
        .write_stdin("Ann\ns1\ntaken\n")
        .assert();
    assert.code(1).stderr("-ERR taken\n");
}
