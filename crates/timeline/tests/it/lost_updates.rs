//! Lost updates: what the numbers prove that clients got, and what they don't.

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::{Lost, Proof, Verdict},
};

use crate::made_up::{HEAD_OF_LINE, scenario, server};
use timeline::Places;

/// A server that was asked for these updates and gave these replies.
pub(crate) fn counted(replies: &[(&str, &str)]) -> Option<Lost> {
    Verdict::of(&counting(replies)).lost
}

fn counting(replies: &[(&str, &str)]) -> ServerRun {
    let connection = |(index, (words, reply)): (usize, &(&str, &str))| Connection {
        client: format!("C{index}"),
        requests: vec![Request {
            id: format!("C{index}"),
            request: (*words).to_owned(),
            sent_us: Some(0),
            replied_us: (!reply.is_empty()).then_some(1_000),
            reply: (!reply.is_empty()).then(|| (*reply).to_owned()),
            failure: reply.is_empty().then(|| "reset".to_owned()),
            ..Request::default()
        }],
        ..Connection::default()
    };
    ServerRun {
        connections: replies.iter().enumerate().map(connection).collect(),
        ..server(&scenario(HEAD_OF_LINE), "server", Places::THREADS)
    }
}

fn lost(replies: &[(&str, &str)]) -> usize {
    counted(replies).unwrap().lost
}

#[test]
fn a_counter_that_only_grows_never_shows_a_number_twice() {
    assert_eq!(lost(&[("INCR c", ":1"), ("INCR c", ":2")]), 0);
    assert_eq!(lost(&[("INCR c", ":1"), ("incrby c 1", ":1")]), 1);
    assert_eq!(lost(&[("INCR c", ":1"); 4]), 3);
    let twice_two = [
        ("INCR c", ":1"),
        ("INCR c", ":1"),
        ("INCR c", ":2"),
        ("INCR c", ":2"),
    ];
    assert_eq!(lost(&twice_two), 2);
    assert_eq!(
        lost(&[("INCR a", ":1"), ("INCR b", ":1")]),
        0,
        "two counters"
    );
    assert_eq!(lost(&[("INCR \"a b\"", ":1"), ("INCR \"a c\"", ":1")]), 0);
}

#[test]
fn a_counter_that_goes_up_and_down_shows_numbers_again() {
    let up_down_up = [
        ("INCRBY c 1", ":1"),
        ("INCRBY c -1", ":0"),
        ("INCRBY c 1", ":1"),
    ];
    assert_eq!(lost(&up_down_up), 0);
    assert_eq!(lost(&[("INCRBY c 0", ":5"), ("INCRBY c 0", ":5")]), 0);
    assert_eq!(
        lost(&[
            ("INCRBY c 2", ":2"),
            ("INCRBY c -1", ":1"),
            ("INCR c", ":2")
        ]),
        0
    );
    // Both have read 0: whatever the order, one of them is gone.
    assert_eq!(lost(&[("INCRBY c 1", ":1"), ("INCRBY c -1", ":-1")]), 1);
    assert_eq!(
        lost(&[
            ("INCRBY c 3", ":3"),
            ("INCRBY c -1", ":-1"),
            ("INCR c", ":1")
        ]),
        2
    );
}

#[test]
fn an_update_without_a_reply_may_have_been_the_one_between() {
    assert_eq!(
        lost(&[
            ("INCRBY c 1", ":1"),
            ("INCRBY c -1", ":-1"),
            ("INCRBY c -1", "")
        ]),
        0
    );
    let refused = [
        ("INCRBY c 1", ":1"),
        ("INCRBY c -1", ":-1"),
        ("INCRBY c -1", "-ERR"),
    ];
    assert_eq!(lost(&refused), 1, "an error added nothing");
}

#[test]
fn numbers_beyond_all_others_are_somebody_elses_updates() {
    assert_eq!(lost(&[("INCRBY c 1", ":1"), ("INCRBY c -1", ":900")]), 0);
    let most = i64::MAX.to_string();
    let far = [
        ("INCRBY c -9223372036854775808", ":9223372036854775807"),
        ("INCR c", ":0"),
    ];
    assert_eq!(lost(&far), 0, "{most} less the least number is no overflow");
}

#[test]
fn a_scenario_that_does_not_count_has_nothing_to_lose() {
    assert_eq!(counted(&[("GET c", ":1"), ("PING", "+PONG")]), None);
    assert_eq!(counted(&[("INCR c", "-ERR no"), ("INCR c", "")]), None);
}

#[test]
fn different_amounts_that_were_added_to_the_same_number_are_a_loss_too() {
    assert_eq!(lost(&[("INCRBY c 5", ":5"), ("INCRBY c 3", ":3")]), 1);
    assert_eq!(lost(&[("INCRBY c 5", ":5"), ("INCRBY c 3", ":8")]), 0);
}

#[test]
fn an_update_the_other_way_that_got_no_reply_explains_a_number_that_comes_again() {
    let again = [
        ("INCRBY c 1", ":1"),
        ("INCRBY c -1", ""),
        ("INCRBY c 1", ":1"),
    ];
    assert_eq!(lost(&again), 0);
    // A third one needs a second way back.
    let thrice = [again.as_slice(), &[("INCRBY c 1", ":1")]].concat();
    assert_eq!(lost(&thrice), 1);
}

#[test]
fn other_requests_that_write_the_counter_prove_nothing_about_updates() {
    for other in ["DEL c", "SET c 0", "FLUSHALL", "EVAL \"...\" 0", "DECR c"] {
        let replies = [("INCR c", ":1"), (other, "+OK"), ("INCR c", ":1")];
        assert_eq!(lost(&replies), 0, "{other}");
        let refused = [("INCR c", ":1"), (other, "-ERR"), ("INCR c", ":1")];
        assert_eq!(lost(&refused), 1, "{other}");
    }
    let elsewhere = [("INCR c", ":1"), ("DEL d", "+OK"), ("INCR c", ":1")];
    assert_eq!(lost(&elsewhere), 1);
}

#[test]
fn numbers_that_nobody_wrote_were_written_by_somebody_else() {
    // Up from 0 and down from 2 to 1: another client can have written the 2 between the
    // two.
    assert_eq!(lost(&[("INCRBY c 1", ":1"), ("INCRBY c -1", ":1")]), 0);
}

#[test]
fn the_sentence_says_what_the_replies_prove_and_no_more() {
    for (replies, printed) in [
        (
            &[("INCR c", ":1"), ("INCR c", ":1")][..],
            "answered 2 updates; 1 was lost: C0 and C1 both got 1.",
        ),
        (
            &[("INCR c", ":1"); 3],
            "answered 3 updates; 2 were lost: for example, C0 and C1 both got 1.",
        ),
        (
            &[("INCRBY c 5", ":5"), ("INCRBY c 3", ":3")],
            "answered 2 updates; at least 1 was lost: C0 and C1 both added to 0.",
        ),
        (
            &[("INCRBY c 1", ":1"), ("INCRBY c -1", ":-1")],
            "answered 2 updates; at least 1 was lost: the replies fit no order of the \
             updates.",
        ),
        (&[("INCR c", ":1")], "answered 1 update; none was lost."),
        (
            &[("INCR c", ":1"), ("INCR c", "")],
            "answered 1 update; the replies show no loss.",
        ),
        (
            &[("INCR c", ":1"), ("INCR c", ":9")],
            "answered 2 updates; the replies show no loss.",
        ),
    ] {
        let server = counting(replies);
        let story = Verdict::of(&server).story(&server);
        let is_told = story.iter().any(|one| one.ends_with(printed));
        assert!(is_told, "{printed}: {story:?}");
    }
}

#[test]
fn two_clients_with_the_same_number_prove_a_lost_update() {
    let scenario = scenario(
        "[[client]]\nname = 'V'\nat = '0s'\nrequests = ['INCR x']\ntimes = 2\ncount = 2",
    );
    let mut threaded = server(&scenario, "threaded", Places::THREADS);
    let replies = [":1", ":2", ":2", ":3"];
    let requests = threaded
        .connections
        .iter_mut()
        .flat_map(|one| &mut one.requests);
    for (request, reply) in requests.zip(replies) {
        request.reply = Some(reply.to_owned());
    }
    let verdict = Verdict::of(&threaded);
    let both = ["V-1.2".to_owned(), "V-2.1".to_owned()];
    assert_eq!(
        verdict.lost,
        Some(Lost {
            is_exact: false, // V-1.2 may have written its 2 after the 3
            updates: 4,
            lost: 1,
            proof: Proof::SameReply(both, 2),
            counter: None,
        })
    );
}

/// The last write may take back what the others have counted: nobody knows, unless the
/// number is read afterwards.
#[test]
fn how_many_are_lost_is_known_once_the_number_is_read() {
    let mut server = counting(&[("INCR c", ":1"), ("INCR c", ":1"), ("INCR c", ":2")]);
    let printed = |server: &ServerRun| Verdict::of(server).story(server).join("\n");
    assert!(printed(&server).contains("; at least 1 was lost: C0 and C1"));
    let mut get = counting(&[("GET c", "$1")]).connections.remove(0);
    get.requests[0].sent_us = Some(2_000);
    server.connections.push(get);
    for (read, lost) in [("$1", "; 2 were lost: "), (":2", "; 1 was lost: ")] {
        server.connections[3].requests[0].reply = Some(read.to_owned());
        assert!(printed(&server).contains(lost), "{}", printed(&server));
    }
}

#[test]
fn a_counter_to_which_nothing_is_added_loses_nothing() {
    let asked = [("INCRBY c 0", ":5"), ("INCRBY c 0", ":6"), ("GET c", "$6")];
    let mut server = counting(&asked);
    server.connections[2].requests[0].sent_us = Some(2_000);
    assert!(Verdict::of(&server).lost.is_some());
}
