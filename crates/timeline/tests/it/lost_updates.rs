//! Lost updates: what the numbers prove that clients got, and what they don't.

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::{Lost, Verdict},
};

use crate::made_up::{HEAD_OF_LINE, scenario, server};
use timeline::Places;

/// A server that was asked for these updates and gave these replies.
fn counted(replies: &[(&str, &str)]) -> Option<Lost> {
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
    Verdict::of(&ServerRun {
        connections: replies.iter().enumerate().map(connection).collect(),
        ..server(&scenario(HEAD_OF_LINE), "server", Places::THREADS)
    })
    .lost
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
