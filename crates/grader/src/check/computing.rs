//! A client whose request computes, beside one whose requests are short. An event loop
//! fails this and nothing else: whether it may is a choice, and the report says so.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use super::diagnosis::{Diagnoses, Diagnosis, SIDE_BY_SIDE, beside, unserved};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::TestClient,
    workbench::Workbench,
};

const TRIPS: usize = 10;
const STEP: Duration = Duration::from_millis(1);
/// What A asks for, and how many primes that is: from what a quick server does in a
/// moment to what takes a slow one seconds, and is the most that the protocol allows.
const COUNTS: [(&str, i64); 5] = [
    ("100000", 9_592),
    ("300000", 25_997),
    ("1000000", 78_498),
    ("3000000", 216_816),
    ("10000000", 664_579),
];
/// A request that is over at fewer looks is over before B could be seen to wait for it.
/// Looks are counted, and not time: a grader that was stopped has not looked.
const LONG_ENOUGH: u32 = 200;

enum Seen {
    AllTrips,
    /// B's last request lay there at half of the looks at least, and was answered behind
    /// A's.
    Waited {
        trips: usize,
    },
    /// A's request was over before B's trips were, and B did not wait for it.
    TooQuick {
        trips: usize,
        looks: u32,
    },
}

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    let mut last = (0, 0);
    for (below, count) in COUNTS {
        let failure_text = FailureText::new(
            format!("A sent PRIMES {below}; B sent {TRIPS} short requests"),
            format!("B gets {TRIPS} answers while the server still computes A's request"),
            "a request that computes makes every other client wait",
            &[
                "an event loop that computes in a handler: a choice for short work; \
             long work belongs on a thread",
                "a lock guard that is alive while a request is computed",
            ],
        );
        let seen = workbench.with_server(|running| {
            match watch(workbench, running, (below, count), &failure_text)? {
                Seen::Waited { trips } => Err(failure_text.silent(observed(trips))),
                seen => Ok(seen),
            }
        })?;
        match seen {
            Seen::AllTrips => {
                return Ok(format!(
                    "B was answered {TRIPS} times while A's PRIMES {below} was computed"
                ));
            }
            Seen::TooQuick { trips, looks } => last = (trips, looks),
            Seen::Waited { .. } => {}
        }
    }
    match last {
        (_, looks) if looks < LONG_ENOUGH => {
            Ok("no PRIMES takes long enough to make a client wait".to_owned())
        }
        (trips, _) => Err(EarlyEnd::Stalled(format!(
            "A's PRIMES was done after {trips} of B's {TRIPS} round trips"
        ))),
    }
}

fn observed(trips: usize) -> String {
    match trips {
        0 => "B was answered only after A was (seen twice, on fresh servers)".to_owned(),
        _ => format!(
            "B was answered {trips} times, then only after A was (seen twice, on fresh \
             servers)"
        ),
    }
}

fn watch(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    (below, count): (&str, i64),
    failure_text: &FailureText,
) -> Result<Seen, EarlyEnd> {
    let of_a = |why| PRIMES.trouble(&wrong_count(below, count), "A's PRIMES", &why);
    let unserved = unserved(failure_text);
    let mut a = running.served_client(&unserved, "A")?;
    let mut b = running.served_client(&unserved, "B")?;
    a.send(&["PRIMES", below]).map_err(of_a)?;
    let mut looks = 0;
    for trips in 0..TRIPS {
        let word = nonce();
        let of_b =
            |why| beside(failure_text, "B's request, sent while A computed,", &why);
        b.send(&[workbench.echo(), &word]).map_err(of_b)?;
        let looked = look_until_either(workbench, &a, &b)?;
        looks += looked;
        // B's reply counts only if A's is not in yet: then it was made while A was
        // served. A loop answers B right behind A, so that both may be in at the same
        // look.
        let a_is_done = a.has_something();
        if a_is_done {
            a.expect(&Reply::Integer(count)).map_err(of_a)?;
        }
        b.expect(&Reply::text(&word)).map_err(of_b)?;
        if a_is_done {
            return Ok(match looks >= LONG_ENOUGH && looked * 2 >= looks {
                true => Seen::Waited { trips },
                false => Seen::TooQuick { trips, looks },
            });
        }
    }
    a.expect(&Reply::Integer(count)).map_err(of_a)?;
    Ok(Seen::AllTrips)
}

/// The report where A's own reply is not what it has to be.
fn wrong_count(below: &str, count: i64) -> FailureText {
    FailureText::new(
        format!("A sent PRIMES {below}"),
        format!("the answer is {count}"),
        WRONG.means,
        WRONG.causes,
    )
}

const WRONG: Diagnosis = Diagnosis {
    means: "PRIMES is not answered as the protocol says",
    causes: &[
        "0, 1 or the bound itself is counted",
        "a reply that is no integer",
    ],
};

const PRIMES: Diagnoses = Diagnoses {
    reply: WRONG,
    error: &["PRIMES is in --commands, and the server does not know it"],
    ..SIDE_BY_SIDE
};

/// How often it looked until something had come for A or for B.
fn look_until_either(
    workbench: &Workbench<'_>,
    a: &TestClient,
    b: &TestClient,
) -> Result<u32, EarlyEnd> {
    let (start, patience) = (Instant::now(), workbench.patience()?);
    let mut looks = 0;
    while !a.has_something() && !b.has_something() && start.elapsed() < patience {
        thread::sleep(STEP);
        looks += 1;
    }
    Ok(looks)
}
