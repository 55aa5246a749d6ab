//! Ctrl-C while servers are launched: nobody waits for a slow one, and none is left
//! behind.

use std::{
    fs,
    io::Read,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

/// `sleep-demo --step` with this command in the single server's place.
fn played(command: &str) -> Child {
    assert!(fixture::program("threaded-server").exists());
    Command::new(fixture::program("sleep-demo"))
        .args(["--step", "--server"])
        .arg(format!("single-server={command}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Interrupts it; it ends as one that was interrupted, and so do its servers.
fn interrupt(mut child: Child, servers: &[u32]) {
    let id = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::INT).unwrap();
    let status = child.wait().unwrap();
    let mut said = String::new();
    let err = child.stderr.as_mut().unwrap();
    err.read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(130), "{status}: {said}");
    assert!(said.contains("stopped by signal 2"), "{said}");
    for server in servers {
        let process = format!("/proc/{server}");
        assert!(!Path::new(&process).exists(), "{server} still runs");
    }
}

#[test]
fn interrupted_between_the_steps_no_server_is_left_behind() {
    let server = fixture::program("threaded-server");
    let mut child = played(&server.display().to_string());
    let err = child.stderr.as_mut().unwrap();
    let mut shown = Vec::new();
    // The question comes first.
    while !shown.ends_with(b"Enter plays ") {
        let mut byte = [0];
        err.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    let servers = children(child.id());
    assert_eq!(servers.len(), 2, "both servers run");
    interrupt(child, &servers);
}

/// Were it waited for, the end would be that it did not announce itself: 4, not 130.
#[test]
fn a_server_that_announces_nothing_is_not_waited_for_after_ctrl_c() {
    let child = played("sh -c 'sleep 600 & wait'");
    let server = loop {
        if let [server] = *children(child.id()) {
            break server;
        }
        std::thread::yield_now();
    };
    interrupt(child, &[server]);
}

/// Were it waited for, the end would be that it did not answer: 4, not 130.
#[test]
fn a_server_that_answers_nothing_is_not_waited_for_after_ctrl_c() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let child = played(&format!(
        "sh -c 'echo listening on {address}; exec sleep 600'"
    ));
    let (mut calibration, _) = listener.accept().unwrap();
    let mut asked = [0; 4];
    calibration.read_exact(&mut asked).unwrap();
    let servers = children(child.id());
    interrupt(child, &servers);
}

/// The processes whose parent is `parent`.
fn children(parent: u32) -> Vec<u32> {
    let is_child = |id: &u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        after_name.split(' ').nth(1) == Some(parent.to_string().as_str())
    };
    let names = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name());
    let ids = names.filter_map(|name| name.to_str()?.parse().ok());
    ids.filter(is_child).collect()
}
