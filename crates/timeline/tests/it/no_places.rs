//! Waits that are for no place: at a lock, or for a reply that is held back, while
//! clients leave that only were connected.

use timeline::Places;

use crate::{
    made_up::measured,
    shown::{plain, row, says, says_nothing_of},
};

/// A keeps its connection until the moment at which B's request ends. B was served when
/// nobody had left: it waited at a lock, and so did X.
#[test]
fn nobody_is_behind_a_silence_that_ends_when_a_lock_is_free() {
    let server = measured(
        Places::THREADS,
        &[
            ("A", 0, 600, &[("SLEEP 400ms", 0, 400, Some(400), 400)]),
            ("B", 50, 601, &[("SLEEP 200ms", 50, 600, Some(200), 200)]),
            ("X", 100, 702, &[("SLEEP 100ms", 100, 701, Some(100), 100)]),
        ],
    );
    says(
        &server,
        "X (SLEEP 100ms) waited 0.50 s behind A (SLEEP 400ms, for 0.30 s) and B (SLEEP \
         200ms, for 0.20 s), then",
    );
    says(&server, "answered B only after A; answered X only after A");
}

/// A server with one place: A leaves, and so B and then X are served.
#[test]
fn a_place_that_is_left_is_still_a_place() {
    let server = measured(
        Places::Limited(1),
        &[
            ("A", 0, 600, &[("SLEEP 400ms", 0, 400, Some(400), 400)]),
            ("B", 50, 803, &[("SLEEP 200ms", 50, 801, Some(200), 200)]),
        ],
    );
    says(
        &server,
        "B (SLEEP 200ms) waited 0.55 s behind A (SLEEP 400ms, for 0.35 s) and A \
         (connected and silent, for 0.20 s), then",
    );
}

/// P's requests wait for tokens. D connects when P has its place for long.
#[test]
fn who_has_a_place_does_not_wait_for_a_silent_client() {
    let server = measured(
        Places::THREADS,
        &[
            (
                "P",
                0,
                1_702,
                &[
                    ("SLEEP 1s", 0, 1_000, Some(1_000), 1_000),
                    ("ECHO p2", 0, 1_701, Some(0), 0),
                ],
            ),
            ("D", 900, 1_500, &[("ECHO d", 900, 901, Some(0), 0)]),
            ("E", 950, 1_310, &[("ECHO e", 950, 1_309, Some(0), 0)]),
        ],
    );
    says_nothing_of(&server, "(connected and silent");
    says_nothing_of(&server, "D come first");
}

/// Four requests of one client end together: each took its time.
#[test]
fn requests_of_one_connection_may_be_served_at_the_same_time() {
    let sleep = ("SLEEP 300ms", 0, 310, Some(301), 300);
    let server = measured(Places::THREADS, &[("P", 0, 312, &[sleep; 4])]);
    says(&server, "P.4 (SLEEP 300ms) waited 0.01 s, then");
    assert_eq!(row(&server, "requests served at once"), "4");
}

/// B's request was done after 0.1 s, and its reply waited for A's.
#[test]
fn a_reply_that_may_have_been_held_back_leaves_it_open() {
    let server = measured(
        Places::THREADS,
        &[
            ("A", 0, 302, &[("SLEEP 300ms", 0, 300, Some(300), 300)]),
            ("B", 10, 303, &[("SLEEP 100ms", 10, 301, Some(100), 100)]),
        ],
    );
    says(
        &server,
        "the order does not show whether B waited behind others",
    );
    says_nothing_of(&server, "blocked nobody");
    assert!(!plain(&server).contains("0 of 1"), "{}", plain(&server));
}
