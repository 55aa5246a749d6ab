//! A client whose request takes long, beside one whose requests are short.
//!
//! `long.rs` is the request that takes long, `serial.rs` the check of a server that has
//! one thread, and `too_soon.rs` a SLEEP that does not sleep, or sleeps for too long.

mod long;
mod serial;
mod too_soon;

use std::{thread, time::Duration};

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::{TestClient, Trouble},
    vigil::Vigil,
    workbench::Workbench,
};

use super::diagnosis::{Diagnosis, answered_once, unserved};
use long::{Long, take_answer};
use too_soon::{TooSoon, takes_long_alone};

/// One round trip proves nothing: where requests take turns, B may be first.
const TRIPS: usize = 10;
const PAUSE: Duration = Duration::from_millis(30);
const STEP: Duration = Duration::from_millis(1);

/// What B got before A's reply was in.
enum Seen {
    AllTrips,
    /// The server does not run A's program.
    Refused,
    /// B's request had lain there for at least half of A's SLEEP.
    Waited {
        trips: usize,
        word: String,
    },
    /// A's SLEEP was over before B's trips were, and B did not wait for it.
    TooSlow {
        trips: usize,
    },
}

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    match workbench.shared.expectation.is_serial() {
        true => serial::must_wait(workbench),
        false => must_not_wait(workbench),
    }
}

fn must_not_wait(workbench: &Workbench<'_>) -> Outcome {
    let note = must_not_wait_for(workbench, Long::Sleep)?;
    if workbench.shared.commands.know("RUN") {
        must_not_wait_for(workbench, Long::Run)?;
    }
    Ok(note)
}

fn must_not_wait_for(workbench: &Workbench<'_>, long: Long) -> Outcome {
    let mut last = (0, 0);
    for hold in long.holds() {
        let failure_text = long.failure_text(hold);
        let seen = workbench.with_server(|running| {
            match watch(workbench, running, (long, hold), &failure_text)? {
                Seen::Waited { trips, word } => {
                    if word == "SLEEP" {
                        takes_long_alone(running)?;
                    }
                    Err(waited(&failure_text, long, trips, &word))
                }
                seen => Ok(seen),
            }
        })?;
        match seen {
            Seen::AllTrips => {
                return Ok(format!("B was answered {TRIPS} times while A was served"));
            }
            Seen::Refused => return Ok("no program called sleep".to_owned()),
            Seen::TooSlow { trips } => last = (hold, trips),
            Seen::Waited { .. } => {}
        }
    }
    let (hold, trips) = last;
    Err(EarlyEnd::Stalled(format!(
        "A's request of {hold} s was over after {trips} of B's {TRIPS} round trips"
    )))
}

fn waited(failure_text: &FailureText, long: Long, trips: usize, word: &str) -> EarlyEnd {
    const TWICE: &str = "(seen twice, on fresh servers)";
    let of_a = match long {
        Long::Sleep => "A",
        Long::Run => "A's RUN",
    };
    if trips == 0 {
        let observed = format!("B's {word} was answered only after {of_a} was {TWICE}");
        return failure_text.silent(observed);
    }
    let first = match trips {
        1 => "B's first request was".to_owned(),
        _ => format!("B's first {trips} requests were"),
    };
    let name = long.name();
    let observed = format!(
        "{first} answered at once; its {word} waited until A's {name} was over {TWICE}"
    );
    long.holds_up(word).of(failure_text).silent(observed)
}

fn watch(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    (long, hold): (Long, u32),
    failure_text: &FailureText,
) -> Result<Seen, EarlyEnd> {
    let mut a = running.served_client(failure_text, "A")?;
    a.let_sleep(Duration::from_secs(hold.into()));
    let of_a = |trouble| answered_once(failure_text, "A's request", &trouble);
    let sent = long.words(hold);
    let too_soon = TooSoon::before_sending(&sent.join(" "), hold);
    a.send(&sent.iter().map(String::as_str).collect::<Vec<_>>())
        .map_err(of_a)?;
    let mut b = running.test_client(&unserved(failure_text), "B")?;
    for trips in 0..TRIPS {
        thread::sleep(PAUSE);
        let words = short_request(workbench, trips);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let word = words.first().copied().unwrap_or_default();
        let of_b = |trouble| trouble_of_b(failure_text, trips, word, &trouble);
        b.send(&words).map_err(of_b)?;
        let vigil = wait_for_either(running, hold, &a, &b);
        // B's reply counts only if A's is not in yet: then it was made while A was
        // served.
        let (a_is_answered, b_waits) = (a.has_something(), !b.has_something());
        if a_is_answered && !take_answer(&mut a, long, failure_text)? {
            return Ok(Seen::Refused);
        }
        if a_is_answered {
            too_soon.is_not(long)?;
        }
        // Whether the reply is right is for other checks.
        b.reply().map_err(of_b)?;
        if a_is_answered {
            return Ok(match kept_waiting(&vigil, hold, b_waits) {
                true => Seen::Waited {
                    trips,
                    word: word.to_owned(),
                },
                false => Seen::TooSlow { trips },
            });
        }
    }
    if let Long::Run = long {
        let _ = a.reply(); // so that no program is left behind
    }
    Ok(Seen::AllTrips)
}

fn trouble_of_b(
    failure_text: &FailureText,
    trips: usize,
    word: &str,
    trouble: &Trouble,
) -> EarlyEnd {
    let what = format!("B's {word}, sent while A was served,");
    match trips {
        0 => failure_text.trouble(&what, trouble),
        _ => OF_ONE_KIND.of(failure_text).trouble(&what, trouble),
    }
}

/// A glance is a tenth of a second. A server that slept over B's request for half of A's
/// time kept B waiting, even if B's reply came in the same moment as A's.
fn kept_waiting(vigil: &Vigil, hold: u32, b_waits: bool) -> bool {
    let half = hold * 5;
    vigil.slept_in_all() >= half || (b_waits && vigil.glances() >= half)
}

/// B's first request was answered beside A: what B lacks is the answer to one request.
const OF_ONE_KIND: Diagnosis = Diagnosis {
    means: "a request that is sent while another is served may get no answer",
    causes: &[
        "a result that wakes nobody: the loop waits for bytes of clients alone",
        "a request that waits for what another one holds",
    ],
};

/// One request of each kind in turn: each may need a lock that SLEEP holds.
fn short_request(workbench: &Workbench<'_>, trips: usize) -> Vec<String> {
    let word = nonce();
    let kinds: [(&str, &[&str]); 5] = [
        (workbench.echo(), &[workbench.echo(), &word]),
        ("SLEEP", &["SLEEP", "1ms"]),
        ("INCR", &["INCR", &word]),
        ("RUN", &["RUN", "echo", &word]),
        ("PING", &["PING"]),
    ];
    let known = kinds
        .iter()
        .filter(|(name, _)| workbench.shared.commands.know(name));
    let kinds: Vec<&[&str]> = known.map(|(_, words)| *words).collect();
    let chosen = kinds.get(trips % kinds.len().max(1)).copied();
    chosen
        .unwrap_or_default()
        .iter()
        .map(|&word| word.to_owned())
        .collect()
}

/// Waits until something has come for A or for B, or the server has slept for too long.
fn wait_for_either(
    running: &Running<'_>,
    hold: u32,
    a: &TestClient,
    b: &TestClient,
) -> Vigil {
    let mut vigil = running.vigil().allowing(Duration::from_secs(hold.into()));
    while !a.has_something() && !b.has_something() && vigil.is_over().is_none() {
        thread::sleep(STEP);
    }
    vigil
}
