//! Stays of random requests on random servers.

use timeline::{record::Doing, whereabouts};

use super::{MS, client, server, thread};

/// Whatever was seen, the stays of a wait follow each other from its beginning to its
/// end.
#[test]
fn the_stays_of_a_wait_have_no_gap_and_do_not_overlap() {
    let mut state = 1_u64;
    let mut dice = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % most
    };
    for _ in 0..2_000 {
        let mut connections = Vec::new();
        for name in ["A", "B", "C"] {
            let sent = dice(1_000);
            let started = sent + dice(1_000);
            let times = [sent, started, started + dice(500)];
            let mut one = client(name, times, ["t-1", "t-2"][dice(2) as usize]);
            one.in_backlog_us = (dice(2) == 0).then(|| dice(2_500) * MS);
            one.accepted_us = (dice(2) == 0).then(|| dice(2_500) * MS);
            connections.push(one);
        }
        let mut at = 0;
        let mut did = Vec::new();
        for _ in 0..dice(8) {
            let from = at + dice(300);
            at = from + dice(400);
            let what = [Doing::Futex, Doing::Read, Doing::Running][dice(3) as usize];
            did.push((from, at, what));
        }
        let mut seen = thread("t-1", 1, &did);
        for did in &mut seen.did {
            did.ready_us = dice(1 + did.to_us - did.from_us);
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
