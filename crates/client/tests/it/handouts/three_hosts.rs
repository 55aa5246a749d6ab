//! Handout 1 in its own setting: a server and two clients on three hosts.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use super::{assert_order, transcript::hold};

/// No namespaces here: not root, or not allowed.
const REFUSED: i32 = 3;
const NO_HOSTS: &str = "no network namespaces are allowed here";

fn script(arguments: &[&str]) -> Command {
    let needed = ["single-server", "threaded-server", "sleep-demo", "client"];
    let [.., client] = needed.map(fixture::program);
    let programs = client.parent().unwrap();
    let mut script =
        fixture::interruptible(fixture::workspace().join("demos/three-hosts.sh"));
    script
        .args(arguments)
        .env("KIT_PROGRAMS", programs)
        .stdout(Stdio::piped());
    script
}

/// The hosts that a run of the script makes.
fn hosts(script: u32) -> Vec<String> {
    let names = fs::read_dir("/run/netns").into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.ends_with(&format!("-{script}")))
        .collect()
}

fn run(arguments: &[&str]) -> Option<String> {
    if !fixture::has("ip") {
        return None;
    }
    let mut script = script(arguments).spawn().unwrap();
    let mut printed = String::new();
    script
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut printed)
        .unwrap();
    let pid = script.id();
    match script.wait().unwrap().code() {
        Some(0) => {}
        Some(REFUSED) => {
            fixture::skip(NO_HOSTS);
            return None;
        }
        other => panic!("{other:?}: {printed}"),
    }
    assert_eq!(hosts(pid), Vec::<String>::new());
    Some(printed)
}

#[test]
fn the_log_shows_the_addresses_of_both_hosts_and_who_came_first() {
    if let Some(printed) = run(&["single-server"]) {
        assert_order(&printed, &["its log:", "10.77.0.2:", "10.77.0.3:"]);
        hold("hosts: single", "127.0.0.1:12000", &printed);
    }
}

#[test]
fn the_timeline_shows_the_addresses_of_both_hosts() {
    if let Some(printed) = run(&["--timeline", "threaded-server"]) {
        assert!(printed.contains("\"client\":\"10.77.0.3:"), "{printed}");
        assert!(printed.contains("\"client\":\"10.77.0.2:"), "{printed}");
        assert_order(&printed, &["its log:", "A SLEEP 2s", "blocked clients"]);
    }
}

/// The five requests of host two, as the log has them.
const FIVE: [&str; 5] = [
    "RUN echo 1",
    "RUN echo 2",
    "RUN echo 3",
    "RUN echo 4",
    "RUN echo 5",
];

#[test]
fn the_others_stall_and_are_then_served_in_the_order_in_which_they_were_sent() {
    if let Some(printed) = run(&["single-server", "threaded-server"]) {
        let (single, threaded) = printed.split_once("threaded-server on host").unwrap();
        let log = |text: &str| text.split_once("its log:").unwrap().1.to_owned();
        assert_order(&log(single), &[&["RUN sleep 2"][..], &FIVE].concat());
        // Whether the sleep is done before the last of them is for the machine to say.
        assert_order(&log(threaded), &FIVE);
    }
}

#[test]
fn it_builds_with_the_callers_cargo_under_the_path_of_sudo() {
    if !fixture::has("ip") || !fixture::has("setpriv") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (target, bin) = (folder.path().join("target"), folder.path().join("bin"));
    fs::create_dir(&bin).unwrap();
    let [programs] = ["client"].map(fixture::program);
    // Says how it was called, and puts the programs where a build puts them.
    let text = format!(
        "#!/bin/sh\necho \"$@\" >{0}/called\nmkdir -p {0}/target\nln -s {1} \
         {0}/target/demo\n",
        folder.path().display(),
        programs.parent().unwrap().display(),
    );
    fixture::write_script(bin.join("cargo"), &text);
    let mut script = script(&["single-server"]);
    let script = script
        .env_remove("KIT_PROGRAMS")
        .env("CARGO_HOME", folder.path())
        .env("CARGO_TARGET_DIR", &target)
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        );
    let output = script.output().unwrap();
    match output.status.code() {
        Some(0) => {}
        Some(REFUSED) => {
            fixture::skip(NO_HOSTS);
            return;
        }
        other => panic!("{other:?}: {output:?}"),
    }
    let called = fs::read_to_string(folder.path().join("called")).unwrap();
    assert!(called.contains("--profile demo"), "{called}");
    assert!(called.contains("--bin=single-server"), "{called}");
}

#[test]
fn an_interrupted_run_leaves_no_host_behind() {
    if !fixture::has("ip") {
        return;
    }
    for signal in ["-INT", "-TERM"] {
        let mut script: Child = script(&["single-server"]).spawn().unwrap();
        let mut printed = BufReader::new(script.stdout.take().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        let pid = script.id();
        if line.is_empty() {
            assert_eq!(script.wait().unwrap().code(), Some(REFUSED));
            fixture::skip(NO_HOSTS);
            return;
        }
        assert_eq!(hosts(pid).len(), 3, "{line}");
        Command::new("bash")
            .args(["-c", &format!("kill {signal} {pid}")])
            .status()
            .unwrap();
        let status = script.wait().unwrap();
        assert_eq!(
            status.code(),
            Some(if signal == "-INT" { 130 } else { 143 })
        );
        assert_eq!(hosts(pid), Vec::<String>::new());
    }
}

#[test]
fn without_root_it_says_what_it_needs() {
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut nobody = if id.stdout == b"0\n" {
        if !fixture::has("setpriv") {
            return;
        }
        let mut nobody = assert_cmd::Command::new("setpriv");
        nobody.args(["--reuid=65534", "--clear-groups", "bash"]);
        nobody
    } else {
        assert_cmd::Command::new("bash")
    };
    nobody.args(["-s", "--", "single-server"]);
    let script = fs::read(fixture::workspace().join("demos/three-hosts.sh")).unwrap();
    let assert = nobody.current_dir("/").write_stdin(script).assert();
    assert
        .code(REFUSED)
        .stderr(predicates::str::contains("needs root"));
}
