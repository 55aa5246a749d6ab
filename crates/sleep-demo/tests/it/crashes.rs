//! A server that ends during a run is not taken for one that answers badly.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

/// It loses its only client before it ends, as a program does that cleans up on its way
/// out.
const DYING: &str = r"
import socket, sys, time
listener = socket.create_server(('127.0.0.1', 0))
print('listening on 127.0.0.1:%d' % listener.getsockname()[1], flush=True)
calibration, _ = listener.accept()
if sys.argv[1] == 'later':
    while calibration.recv(1000):
        calibration.sendall(b'-ERR unknown\r\n')
    calibration, _ = listener.accept()
print('last words', flush=True)
listener.close()
calibration.close()
time.sleep(0.2)
sys.exit(7)
";

/// It closes every connection without a word, and goes on.
const SPEECHLESS: &str = r"
import socket
listener = socket.create_server(('127.0.0.1', 0))
print('listening on 127.0.0.1:%d' % listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    print('no worker is free', flush=True)
    connection.close()
";

#[test]
fn a_server_that_answers_nothing_shows_what_it_printed() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("speechless.py");
    fs::write(&script, SPEECHLESS).unwrap();
    let server = format!("single-server=python3 {}", script.display());
    Command::new(fixture::program("sleep-demo"))
        .args(["--server", &server, "head-of-line"])
        .assert()
        .code(4)
        .stderr(predicates::str::contains(
            "the server closed the connection",
        ))
        .stderr(predicates::str::contains("\n  | no worker is free"));
}

#[test]
fn a_server_that_ends_after_its_connections_has_crashed() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("dying.py");
    fs::write(&script, DYING).unwrap();
    let json = folder.path().join("run.json");
    for moment in ["at-once", "later"] {
        let server = format!("single-server=python3 {} {moment}", script.display());
        let lesson = "head-of-line";
        let assert = Command::new(fixture::program("sleep-demo"))
            .args(["--plain", "--speed", "20", "--server", &server, lesson])
            .args(["--json".as_ref(), json.as_os_str()])
            .assert()
            .code(4)
            .stderr(predicates::str::contains("exit status: 7"))
            .stderr(predicates::str::contains("last words"));
        let is_played = moment == "later";
        // What was played is shown, and kept: the other server's run is all right.
        assert_eq!(json.exists(), is_played);
        let shown = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
        // On a busy machine it may prove nothing.
        let is_shown = shown.contains("threaded-server: a thread for each client.");
        assert_eq!(is_shown, is_played, "{shown}");
        assert_eq!(
            shown.contains("single-server failed A"),
            is_played,
            "{shown}"
        );
    }
}

/// It is no crash, also where a request has to be tried before the run.
#[test]
fn a_server_may_close_after_each_reply() {
    let folder = TempDir::new().unwrap();
    let scenario = folder.path().join("once.toml");
    let server = fixture::program("threaded-server");
    let text = format!(
        "title = 'once'\nlesson = 'x'\nminutes = 1\nquestion = 'q'\nanswer = 'a'\n\
         mistake = 'm'\n[[server]]\nname = 'once'\ncommand = '{} --once'\n\
         places = 'threads'\n[[client]]\nname = 'A'\nat = '0s'\n\
         requests = ['INCR visits']\n",
        server.display()
    );
    fs::write(&scenario, text).unwrap();
    Command::new(fixture::program("sleep-demo"))
        .arg("--plain")
        .arg(&scenario)
        .assert()
        .success()
        .stdout(predicates::str::contains("A (INCR visits) waited 0.0"));
}
