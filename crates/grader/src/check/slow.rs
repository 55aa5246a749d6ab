//! A client whose request takes long, beside one whose requests are short.

use std::{thread, time::Duration};

use proto::Reply;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::{TestClient, Trouble},
    vigil::Vigil,
    workbench::Workbench,
};

/// One round trip proves nothing: where requests take turns, B may be first.
const TRIPS: usize = 10;
const PAUSE: Duration = Duration::from_millis(30);
const STEP: Duration = Duration::from_millis(1);
/// How long A's SLEEP lasts, in seconds: longer where B's trips took longer.
const HOLDS: [u32; 3] = [2, 4, 8];

/// What B got before A's reply was in.
enum Seen {
    AllTrips,
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
        true => must_wait(workbench),
        false => must_not_wait(workbench),
    }
}

fn must_not_wait(workbench: &Workbench<'_>) -> Outcome {
    let mut last = 0;
    for hold in HOLDS {
        let failure_text = FailureText::new(
            format!("A sent SLEEP {hold}s; B sent {TRIPS} short requests of every kind"),
            format!("B is answered {TRIPS} times while A is still being served"),
            "requests are served one at a time",
            &[
                "a lock guard that is alive while a request is served",
                "the handler called in the accept loop",
                "a blocking call, as time.sleep, in an event loop",
                "a join, or the end of a scope, inside the accept loop",
            ],
        );
        let seen = workbench.with_server(|running| {
            match watch(workbench, running, hold, &failure_text)? {
                Seen::Waited { trips, word } => {
                    Err(failure_text.silent(observed(trips, &word)))
                }
                seen => Ok(seen),
            }
        })?;
        match seen {
            Seen::AllTrips => {
                return Ok(format!("B was answered {TRIPS} times while A was served"));
            }
            Seen::TooSlow { trips } => last = trips,
            Seen::Waited { .. } => {}
        }
    }
    Err(EarlyEnd::Stalled(format!(
        "A's SLEEP of {} s was over after {last} of B's {TRIPS} round trips",
        HOLDS.last().unwrap_or(&0)
    )))
}

fn observed(trips: usize, word: &str) -> String {
    match trips {
        0 => {
            format!("B's {word} was answered only after A was (twice, on fresh servers)")
        }
        _ => format!(
            "B was answered {trips} times, then its {word} only after A was (twice, on \
             fresh \
             servers)"
        ),
    }
}

fn watch(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    hold: u32,
    failure_text: &FailureText,
) -> Result<Seen, EarlyEnd> {
    let mut a = running.served_peer(failure_text, "A")?;
    a.let_sleep(Duration::from_secs(hold.into()));
    let sent = a.send(&["SLEEP", &format!("{hold}s")]);
    sent.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
    let mut b = running.test_client(failure_text, "B")?;
    for trips in 0..TRIPS {
        thread::sleep(PAUSE);
        let words = short_request(workbench, trips);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let word = words.first().copied().unwrap_or_default();
        let of_b = |trouble: Trouble| {
            failure_text.trouble(&format!("B's {word}, sent while A slept,"), &trouble)
        };
        b.send(&words).map_err(of_b)?;
        let vigil = wait_for_either(running, hold, &a, &b);
        // B's reply counts only if A's is not in yet: then it was made while A was
        // served.
        let (a_is_answered, b_waits) = (a.has_something(), !b.has_something());
        if a_is_answered {
            let reply = a.expect(&Reply::ok());
            reply.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
            // A leaves, for the sake of a server that serves connections one by one.
            a.finish_sending();
        }
        // Whether the reply is right is for other checks.
        b.reply().map_err(of_b)?;
        if a_is_answered {
            // A glance is a tenth of a second. A server that slept over B's request for
            // so long kept B waiting, even if B's reply came in the same moment as A's.
            let half = hold * 5;
            let waited =
                vigil.slept_in_all() >= half || (b_waits && vigil.glances() >= half);
            let word = word.to_owned();
            return Ok(match waited {
                true => Seen::Waited { trips, word },
                false => Seen::TooSlow { trips },
            });
        }
    }
    Ok(Seen::AllTrips)
}

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

/// For one thread in all: B is answered only after A.
fn must_wait(workbench: &Workbench<'_>) -> Outcome {
    let failure_text = FailureText::new(
        format!("A sent SLEEP 1s; then B sent {}", workbench.echo()),
        "B is answered only after A",
        "it serves several requests at once",
        &["a thread for each client, where the assignment asks for one thread in all"],
    );
    workbench.with_server(|running| {
        let mut a = running.served_peer(&failure_text, "A")?;
        a.let_sleep(Duration::from_secs(1));
        let sent = a.send(&["SLEEP", "1s"]);
        sent.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        let mut b = running.test_client(&failure_text, "B")?;
        let word = nonce();
        let sent = b.send(&[workbench.echo(), &word]);
        sent.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
        wait_for_either(running, 1, &a, &b);
        let b_was_first = b.has_something() && !a.has_something();
        let reply = a.expect(&Reply::ok());
        reply.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        // A leaves, for the sake of a server that serves connections one by one.
        drop(a);
        let reply = b.expect(&Reply::text(&word));
        reply.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
        match b_was_first {
            false => Ok("B was answered only after A was".to_owned()),
            // A machine that stalls can let B's request arrive before A's.
            true => Err(failure_text.silent(
                "B was answered while A was still being served (twice, on fresh servers)",
            )),
        }
    })
}
