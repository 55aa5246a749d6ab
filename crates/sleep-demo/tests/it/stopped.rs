//! A server that is stopped in the middle of a run (SIGSTOP): the demo says so, and does
//! not lay the wait to a client's charge.

use std::{
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use timeline::{
    record::{Record, ServerRun},
    verdict::Verdict,
};

use crate::program::lesson::{LESSON, sleep_demo};

/// For how long a server stands still. The demo looks at its process every 30 ms.
const STILL: Duration = Duration::from_secs(1);

/// What a file holds once it has this twice, as long as the demo runs.
fn wait_for_two(file: &str, what: &str, demo: &mut Child) {
    let count = || {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.matches(what).count()
    };
    while count() < 2 {
        assert!(demo.try_wait().unwrap().is_none(), "the demo has ended");
        thread::yield_now();
    }
}

#[test]
fn a_server_that_is_stopped_during_a_run_is_reported_as_one_that_stood_still() {
    drop(sleep_demo(&[])); // builds what is played
    // On a busy machine this test may be late, and the run over.
    let mut records = std::iter::repeat_with(stopped_run).take(10);
    let server = records.find_map(|record| record).expect("a run in ten");
    let longest = server.stopped.iter().map(|one| one.length_us()).max();
    let late = server.late.iter().map(|late| late.by_us).max();
    // Only a machine that kept the demo itself from looking is an excuse.
    let seen = longest.unwrap_or(0) + late.unwrap_or(0);
    assert!(seen > 500_000, "{:?}, {:?}", server.stopped, server.late);
    let verdict = Verdict::of(&server);
    let story = verdict.story(&server);
    if longest.is_some() {
        let stood = story.iter().any(|one| one.contains("stood still from"));
        assert!(stood, "{story:?}");
    }
    assert_eq!(verdict.blocked(), [""; 0], "{story:?}");
}

/// Stops the server while A is served, for a second; `None` if A had its reply by then.
fn stopped_run() -> Option<ServerRun> {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (lesson, json) = (path("lesson.toml"), path("run.json"));
    let (log, pid) = (path("log"), path("pid"));
    fs::write(&lesson, LESSON).unwrap();
    let server = fixture::program("threaded-server");
    let server = server.display();
    let script = format!("echo $$ >{pid}; exec {server} --log {log} \"$@\"");
    let mut demo = Command::new(fixture::program("sleep-demo"))
        .args([&lesson, "--only", "threaded-server", "--json", &json])
        .args(["--server", &format!("threaded-server=sh -c '{script}' sh")])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The first PING is the calibration's, the second one B's: now A is being served.
    wait_for_two(&log, "PING", &mut demo);
    let process = fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
    let process = Pid::from_raw(process).unwrap();
    let is_stopped = kill_process(process, Signal::STOP).is_ok();
    let is_served = fs::read_to_string(&log).unwrap().contains("SLEEP");
    thread::sleep(STILL);
    let _ = kill_process(process, Signal::CONT);
    demo.wait().unwrap();
    if !is_stopped || is_served {
        return None;
    }
    let record = Record::read(&fs::read(&json).unwrap()).unwrap();
    record.runs.into_iter().next()?.servers.into_iter().next()
}
