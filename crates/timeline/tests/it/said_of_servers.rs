//! What a chart says beside a server's name, and names in narrow columns.

use timeline::{Places, chart::plain, columns, record::Run, verdict::Verdict};

use crate::{
    made_up::{HEAD_OF_LINE, scenario, server},
    shown::{requests, story},
};

/// The scenario's places say how many are served at once, not on how many threads.
#[test]
fn a_server_has_one_thread_only_as_long_as_no_second_one_was_seen() {
    let scenario = scenario(HEAD_OF_LINE);
    let mut one = server(&scenario, "one", Places::Limited(1));
    let said = |one: &timeline::record::ServerRun| {
        let run = Run {
            servers: vec![one.clone()],
            ..Run::default()
        };
        plain::sentences(&run, &[Verdict::of(one)]).join("\n")
    };
    assert!(said(&one).starts_with("one: one thread serves every client in turn."));
    assert!(said(&one).contains("The only thread is serving A, so B waits."));
    for (index, request) in requests(&mut one).enumerate() {
        request.thread = Some(format!("client-{index}"));
    }
    assert!(said(&one).starts_with("one: one client at a time."));
    assert!(said(&one).contains("A is being served, so B waits."));
}

#[test]
fn a_narrow_column_holds_whole_names() {
    let names = ["W-1", "W-15", "W-2"].map(str::to_owned);
    let shown = |width| columns::names(&names, width, false);
    assert_eq!(shown(12), "W-1 W-15 W-2");
    assert_eq!(shown(11), "W-1 W-15…");
    assert_eq!(shown(9), "W-1 W-15…");
    assert_eq!(shown(8), "W-1…");
    assert_eq!(shown(3), "W-…");
    assert_eq!(columns::names(&names[1..2], 3, true), "W-~");
}

#[test]
fn a_request_that_could_not_be_sent_any_more_failed_too() {
    let clients = "client = [
        { name = 'T', at = '0s', requests = ['PING', 'PING', 'PING'], pause = '600ms' },
    ]";
    let mut server = server(&scenario(clients), "idle", Places::Limited(1));
    let t = &mut server.connections[0];
    t.closed_us = Some(320_000);
    for request in &mut t.requests[1..] {
        (request.sent_us, request.replied_us) = (None, None);
        (request.service_us, request.reply) = (None, None);
        request.failure = Some("the server closed the connection".to_owned());
    }
    let due = "idle failed T.2: the server closed the connection.";
    assert!(story(&server).contains(due), "{}", story(&server));
}
