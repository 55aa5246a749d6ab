//! What is seen of servers that do what students' servers do: block, fork, take another
//! name, end at any moment.

use std::{
    collections::BTreeSet,
    io::Write,
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use launch::{Activity, Ends, Launch, Observer, Sample, Server, Stay, what_is_missing};

use crate::gate::{Gate, named};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);

fn server(script: &str) -> Server {
    launch::keep_with(env!("CARGO_BIN_EXE_keeper"));
    let script = format!("echo listening on 127.0.0.1:4711; {script}");
    let launch = Launch::new("sh").args(["-c", &script]);
    launch.announce_within(PATIENCE).start().unwrap()
}

/// Looks until something is seen.
fn look_until(observer: &mut Observer, is_seen: impl Fn(&Sample) -> bool) -> Sample {
    let end = Instant::now() + PATIENCE;
    loop {
        let sample = observer.look(&[]);
        if is_seen(&sample) {
            return sample;
        }
        let first = sample.threads.get(..9).unwrap_or(&sample.threads);
        assert!(Instant::now() < end, "never seen; last: {first:#?}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn names(sample: &Sample) -> BTreeSet<&str> {
    let names = sample.threads.iter().map(|thread| thread.name.as_str());
    names.collect()
}

#[test]
fn this_machine_shows_threads_and_the_backlog() {
    assert!(what_is_missing().unwrap().is_nothing());
}

#[test]
fn the_server_is_seen_and_not_its_keeper() {
    let server = server("exec sleep 600");
    let mut observer = Observer::of(&server);
    let sample = look_until(&mut observer, |sample| names(sample).contains("sleep"));
    let [thread] = sample.threads.as_slice() else {
        panic!("{sample:?}");
    };
    assert_eq!((thread.id, sample.count), (server.pid(), Some(1)));
    assert!(thread.is_main());
    look_until(&mut observer, |sample| {
        let thread = sample.threads.first();
        thread.is_some_and(|thread| thread.activity == Activity::Sleeping)
    });
}

#[test]
fn what_a_server_forks_belongs_to_it() {
    let server = server("sleep 600 & sleep 600; :");
    let mut observer = Observer::of(&server);
    let sample = look_until(&mut observer, |sample| {
        let sleeps = sample.threads.iter().filter(|one| one.name == "sleep");
        sleeps.count() == 2
    });
    let shell = sample.threads.first().unwrap();
    assert_eq!((shell.process, sample.count), (server.pid(), Some(3)));
    look_until(&mut observer, |sample| {
        let shell = sample.threads.first();
        shell.is_some_and(|shell| shell.activity == Activity::WaitingForChild)
    });
}

#[test]
fn a_server_that_takes_another_name_is_seen_by_it() {
    let script = "printf 'x) R 1 \\033[2J' >/proc/$$/comm; sleep 600; :";
    let server = server(script);
    let mut observer = Observer::of(&server);
    let sample = look_until(&mut observer, |sample| {
        sample.threads.iter().any(|one| one.name.starts_with("x)"))
    });
    let name = &sample.threads.first().unwrap().name;
    assert!(!name.contains('\u{1b}'), "no terminal obeys it: {name:?}");
}

#[test]
fn processes_that_end_while_they_are_looked_at_are_no_error() {
    let mut server = server("while :; do /bin/true; done");
    let mut observer = Observer::of(&server);
    for _ in 0..300 {
        let sample = observer.look(&[]);
        assert!(sample.missing.is_nothing(), "{sample:?}");
        assert!(sample.count >= Some(1));
    }
    server.kill().unwrap();
    let sample = observer.look(&[]);
    assert_eq!((sample.count, sample.threads.len()), (None, 0));
    assert!(sample.missing.is_nothing(), "{sample:?}");
}

#[test]
fn what_threads_wait_for_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    let waiting = TcpStream::connect(address).unwrap();
    let ends = |stream: &TcpStream| Ends {
        client: stream.local_addr().unwrap(),
        server: stream.peer_addr().unwrap(),
    };
    let asked = [ends(&client), ends(&waiting)];
    let gate = Arc::new(Gate::default());
    let reads = named("obs-reads", move || {
        std::io::Read::read(&mut &accepted, &mut [0]).unwrap()
    });
    let behind = Arc::clone(&gate);
    let waits = named("obs-waits", move || behind.wait());
    let joins = named("obs-joins", move || waits.join().unwrap());
    let mut observer = Observer::at(std::process::id(), address);
    let find = |sample: &Sample, name: &str| {
        let found = sample.threads.iter().find(|one| one.name == name);
        found.cloned()
    };
    let is_in = |sample: &Sample, name: &str, is_wanted: &dyn Fn(Activity) -> bool| {
        find(sample, name).is_some_and(|thread| is_wanted(thread.activity))
    };
    look_until(&mut observer, |sample| {
        let waits = find(sample, "obs-waits").map_or(0, |thread| thread.id);
        is_in(sample, "obs-reads", &|one| {
            matches!(one, Activity::Reading(_))
        }) && is_in(sample, "obs-waits", &|one| one == Activity::Futex)
            && is_in(sample, "obs-joins", &|one| one == Activity::Joining(waits))
    });
    let sample = observer.look(&asked);
    assert_eq!(sample.backlog, Some(1));
    let [Stay::Accepted { socket, unread: 0 }, Stay::Backlog] = sample.connections[..]
    else {
        panic!("{:?}", sample.connections);
    };
    let reading = find(&sample, "obs-reads").unwrap();
    let Activity::Reading(descriptor) = reading.activity else {
        panic!("{reading:?}");
    };
    assert_eq!(
        observer.socket_of(reading.process, descriptor),
        Some(socket)
    );
    (&client).write_all(b"x").unwrap();
    assert_eq!(reads.join().unwrap(), 1);
    gate.open();
    joins.join().unwrap();
}
