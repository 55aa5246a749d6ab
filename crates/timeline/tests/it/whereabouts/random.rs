//! Stays of random requests on random servers.

use fixture::Dice;
use timeline::{record::Doing, whereabouts};

use super::{MS, client, server, thread};

/// Whatever was seen, the stays of a wait follow each other from its beginning to its
/// end.
#[test]
fn the_stays_of_a_wait_have_no_gap_and_do_not_overlap() {
    let mut dice = Dice::new(1);
    for _ in 0..2_000 {
        let mut connections = Vec::new();
        for name in ["A", "B", "C"] {
            let sent = dice.below(1_000);
            let started = sent + dice.below(1_000);
            let times = [sent, started, started + dice.below(500)];
            let mut one = client(name, times, dice.one_of(&["t-1", "t-2"]));
            one.in_backlog_us = dice.once_in(2).then(|| dice.below(2_500) * MS);
            one.accepted_us = dice.once_in(2).then(|| dice.below(2_500) * MS);
            connections.push(one);
        }
        let mut at = 0;
        let mut did = Vec::new();
        for _ in 0..dice.below(8) {
            let from = at + dice.below(300);
            at = from + dice.below(400);
            let what = dice.one_of(&[Doing::Futex, Doing::Read, Doing::Running]);
            did.push((from, at, what));
        }
        let mut seen = thread("t-1", 1, &did);
        for did in &mut seen.did {
            did.ready_us = dice.below(1 + did.to_us - did.from_us);
        }
        let server = server(connections, vec![seen]);
        for ((_, request), stays) in server.requests().zip(whereabouts::of(&server)) {
            let (sent, started) =
                (request.sent_us.unwrap(), request.started_us().unwrap());
            let mut at = sent;
            for one in stays.iter().filter(|one| one.from < started) {
                assert_eq!(one.from, at, "{stays:?} of {request:?}");
                assert!(one.to > one.from);
                at = one.to;
            }
            assert_eq!(at, started, "{stays:?} of {request:?}");
            assert!(
                stays
                    .iter()
                    .all(|one| one.to <= request.replied_us.unwrap())
            );
        }
    }
}
