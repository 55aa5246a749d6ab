//! Services that wait for a processor.

use timeline::{record::Doing, whereabouts};

use super::{MS, Processor, client, server, stay, thread};

#[test]
fn a_service_that_waits_for_a_processor_shows_for_how_long() {
    let p = client("P", [0, 0, 1_000], "client-1");
    let mut seen = thread("client-1", 3, &[(0, 1_000, Doing::Running)]);
    seen.did[0].ready_us = 400 * MS;
    let stays = whereabouts::of(&server(vec![p.clone()], vec![seen.clone()]));
    assert_eq!(stays, [[stay(Processor, 600, 1_000)]]);
    seen.did[0].ready_us = 50 * MS;
    let stays = whereabouts::of(&server(vec![p], vec![seen]));
    assert_eq!(stays, [[]], "a little of it belongs to every service");
}

/// The one thread of an event loop computes for another request in the meantime.
#[test]
fn a_sleep_waits_for_no_processor() {
    let mut a = client("A", [0, 0, 1_000], "main");
    a.requests[0].request = "SLEEP 1s".to_owned();
    let mut seen = thread("main", 3, &[(0, 1_000, Doing::Running)]);
    seen.did[0].ready_us = 400 * MS;
    assert_eq!(whereabouts::of(&server(vec![a], vec![seen])), [[]]);
}
