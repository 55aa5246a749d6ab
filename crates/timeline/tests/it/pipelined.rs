//! A request that was sent before the one ahead of it on its connection was answered.

use timeline::Places;

use crate::{
    made_up::{scenario, server},
    shown::{plain, story},
};

/// P's second request waits for P's first one, even while others are served.
#[test]
fn a_pipelined_request_waits_for_its_own_connection_first() {
    let clients = "client = [
        { name = 'P', at = '0s', pipeline = true, requests = ['SLEEP 500ms', 'PING'] },
        { name = 'C', at = '100ms', requests = ['SLEEP 200ms'] },
        { name = 'D', at = '350ms', requests = ['SLEEP 100ms'] },
    ]";
    let server = server(&scenario(clients), "threads", Places::THREADS);
    let printed = plain(&server);
    let wait = "P.2 (PING) waited 0.50 s behind P.1 (SLEEP 500ms), then";
    assert!(printed.contains(wait), "{printed}");
    let answered = "answered P.2 only after P.1.";
    assert!(story(&server).contains(answered), "{}", story(&server));
    assert!(
        printed.contains("P.1 is being served, so P.2 waits."),
        "{printed}"
    );
}

/// P.1 takes no time, and waits for A: P.2 waits for it all the same. Q's reply, which
/// comes just after P.2's start, has nothing to do with it.
#[test]
fn a_pipelined_request_waits_for_the_reply_before_it_and_for_nobody_else() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 600ms'] },
        { name = 'Q', at = '20ms', requests = ['SLEEP 600ms'] },
        { name = 'P', at = '100ms', pipeline = true,
          requests = ['PING', 'SLEEP 200ms', 'PING'] },
    ]";
    let limit = server(&scenario(clients), "limit", Places::Limited(2));
    let printed = plain(&limit);
    for wait in [
        "P.1 (PING) waited 0.50 s behind A (SLEEP 600ms), then",
        "P.2 (SLEEP 200ms) waited 0.50 s behind P.1 (PING), then",
        "P.3 (PING) waited 0.70 s behind P.1 (PING, for 0.50 s) and P.2 (SLEEP 200ms, \
         for 0.20 s), then",
    ] {
        assert!(printed.contains(wait), "{printed}");
    }
}
