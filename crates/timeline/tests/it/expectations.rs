//! What a scenario expects, and what is printed where it did not happen.

use crate::made_up::{HEAD_OF_LINE, run, scenario};
use timeline::{record::ServerRun, verdict::Verdict};

#[test]
fn what_was_expected_and_not_seen_is_told() {
    let expectations = "
        [expect.single-server]
        blocked = ['B']
        in_service = 4
        replies = { A = '-TIMEOUT', B = '+OK' }
        failed = ['C']
        [expect.threaded-server]
        blocked = []
        in_service = 2";
    let mut run = run(&scenario(&format!("{HEAD_OF_LINE}{expectations}")));
    // A record may have what the reader of scenario files refuses.
    run.servers[0].expect.as_mut().unwrap().lost = Some(true);
    let printed: Vec<String> = Verdict::of(&run.servers[0])
        .failures
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "single-server: blocked: expected B, observed B, C, D",
        "single-server: in_service: expected 4, observed 1",
        "single-server: replies.A: expected -TIMEOUT, observed +OK",
        "single-server: lost: expected lost updates, observed 0 lost",
        "single-server: failed: expected C, observed nobody",
    ];
    assert_eq!(printed, expected);
    assert_eq!(Verdict::of(&run.servers[1]).failures, []);
}

#[test]
fn five_hundred_names_are_one_in_a_failure_and_in_a_sentence() {
    let clients = "
        [[client]]
        name = 'A'
        at = '0s'
        requests = ['SLEEP 1s']
        [[client]]
        name = 'F'
        at = '100ms'
        requests = ['PING']
        count = 500
        [expect.single-server]
        blocked = ['A']
        [expect.threaded-server]
        blocked = ['F']";
    let mut run = run(&scenario(clients));
    let printed = |server: &ServerRun| Verdict::of(server).failures[0].to_string();
    assert_eq!(
        printed(&run.servers[0]),
        "single-server: blocked: expected A, observed F (all 500)"
    );
    assert_eq!(
        printed(&run.servers[1]),
        "threaded-server: blocked: expected F (all 500), observed nobody"
    );
    let single = &mut run.servers[0];
    let story = Verdict::of(single).story(single);
    assert_eq!(story[0], "single-server answered F (all 500) only after A.");
    single.connections[7].requests[0].replied_us = Some(101_000);
    single.connections[7].closed_us = Some(101_000);
    let story = Verdict::of(single).story(single);
    assert!(
        story[0].contains("answered F (all but F-7) only after A"),
        "{story:?}"
    );
    for connection in single.connections.iter_mut().skip(100) {
        connection.requests[0].replied_us = Some(101_000);
        connection.closed_us = Some(101_000);
    }
    let story = Verdict::of(single).story(single);
    let some = "answered 98 of F (F-1, F-2, F-3, F-4, F-5 and 93 more) only after A";
    assert!(story[0].contains(some), "{story:?}");
}
