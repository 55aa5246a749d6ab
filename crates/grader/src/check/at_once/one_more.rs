//! One client more than a server may have in service.

use std::thread;

use proto::Reply;

use super::{NOBODY_COMES, meeting::is_met, met, saw, send_meet, wait};
use crate::{
    check::diagnosis::{Diagnosis, unserved},
    early_end::{EarlyEnd, FailureText},
    expectation::Expectation,
    nonce::nonce,
    running::Running,
    test_client::{Trouble, shown},
    workbench::Workbench,
};

/// The one client more is refused a place if the server is asleep at this many glances in
/// a row: a second and a half, longer than a wrong server waits for a place.
const SLEEPS: u32 = 15;

/// If the server was asleep at this many glances first, the answer did not come at once.
const LATER: u32 = 3;

/// It was in a meeting with the others, all of them new.
const IN_A_MEETING: &[&str] = &[
    "a limit that is off by one: `<=` for `<`, or a place too many",
    "a thread that serves clients beside the pool, as the one that accepts",
    "no limit: a thread for each client that comes",
    "a wait for a place that ends without one, as acquire(timeout=1)",
];

/// It was answered at once, while the others were silent.
const BESIDE_THE_SILENT: &[&str] = &[
    "a limit on requests, where a client needs a place until it leaves",
    "a client that gives its place back while it is silent",
];

/// It had to wait for a while.
const AFTER_A_WHILE: &[&str] = &[
    "a wait for a place that ends after a while, as acquire(timeout=1)",
    "a client that gives its place back once it is silent for a while",
];

/// Without those who were rude before, it has to wait.
const AFTER_THE_RUDE: &[&str] = &[
    "a place that is given back twice: where an error is handled, and at the end",
    "a worker that is replaced, and goes on",
];

/// It waits, and goes on waiting when a place is free.
const KEPT_OUT: Diagnosis = Diagnosis {
    means: "a client that waits for a place gets none when another one leaves",
    causes: &[
        "a place that is not given back on every path",
        "an accept loop that is not woken when a place is free",
    ],
};
const WHO: &str = "the request of one more";

fn failure_text(
    did: String,
    most: usize,
    causes: &'static [&'static str],
) -> FailureText {
    const SERIAL: &[&str] =
        &["a thread for each client, where the assignment asks for one thread in all"];
    let expected = match most {
        1 => "no two are in service at once".to_owned(),
        _ => format!("no more than {most} are in service at once"),
    };
    FailureText::new(
        did,
        expected,
        "more clients are in service at once than the assignment allows",
        if most == 1 { SERIAL } else { causes },
    )
}

/// Whether it waits, side by side in two ways.
pub(super) fn waits(workbench: &Workbench<'_>, most: usize) -> Result<(), EarlyEnd> {
    thread::scope(|scope| {
        let has_a_limit = matches!(workbench.shared.expectation, Expectation::Limit(_));
        let silent =
            || workbench.with_server(|running| waits_for_a_place(workbench, running, ""));
        let beside =
            has_a_limit.then(|| thread::Builder::new().spawn_scoped(scope, silent));
        does_not_meet(workbench, most)?;
        match beside {
            None => Ok(()),
            Some(Err(_)) => silent(),
            Some(Ok(beside)) => match beside.join() {
                Ok(end) => end,
                Err(panic) => std::panic::resume_unwind(panic),
            },
        }
    })
}

/// It has to wait, so that they do not meet.
fn does_not_meet(workbench: &Workbench<'_>, most: usize) -> Result<(), EarlyEnd> {
    let clients = most + 1;
    let did = format!("{clients} clients came, stayed, and sent MEET {clients}");
    let failure_text = failure_text(did, most, IN_A_MEETING);
    let number = clients.to_string();
    workbench.with_server(|running| {
        let mut test_clients = Vec::new();
        for _ in 0..most {
            test_clients
                .push(running.served_client(&unserved(&failure_text), "a client")?);
        }
        test_clients.push(running.test_client(&failure_text, "one client more")?);
        for test_client in &mut test_clients {
            send_meet(test_client, &number, &failure_text)?;
        }
        wait(running, &test_clients, 2 * NOBODY_COMES);
        let mut answered = test_clients.iter_mut().enumerate();
        let first = answered.find(|(_, test_client)| test_client.has_something());
        let Some((index, first)) = first else {
            return Ok(());
        };
        match first.reply() {
            Ok(reply) if is_met(&reply) => {
                saw(workbench, clients);
                Err(failure_text.broken(format!("all {clients} met")))
            }
            Ok(reply) if met(&reply).is_some_and(|count| count <= most) => Ok(()),
            reply if index == most => Err(turned_away(
                &format!("{most} clients sent MEET {clients}"),
                reply,
            )),
            Ok(reply) => {
                Err(failure_text.broken(format!("a MEET got {}", shown(&reply))))
            }
            Err(trouble) => Err(failure_text.trouble("a MEET", &trouble)),
        }
    })
}

/// Clients that are served and silent keep their places, whatever was done `before`: one
/// client more is answered once one of them has left.
pub(in crate::check) fn waits_for_a_place(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    before: &str,
) -> Result<(), EarlyEnd> {
    let (echo, most) = (workbench.echo(), workbench.shared.expectation.allows());
    let did = format!(
        "{before}{most} clients sent {echo}, were answered and stayed; one more sent \
         {echo}"
    );
    let failure_text = failure_text(did, most, AFTER_THE_RUDE);
    let mut inside = Vec::new();
    for _ in 0..most {
        inside.push(running.served_client(&unserved(&failure_text), "a client")?);
    }
    let mut outside = running.test_client(&failure_text, "one client more")?;
    let of_it = |trouble| failure_text.trouble(WHO, &trouble);
    outside.send(&[echo, &nonce()]).map_err(of_it)?;
    let mut vigil = running.vigil();
    if vigil.in_vain(SLEEPS, || outside.has_something()) {
        inside.pop();
        // Whether the reply is right is for other checks.
        let kept_out = KEPT_OUT.of(&failure_text);
        let reply = outside.reply().map(|_| ());
        return reply.map_err(|trouble| kept_out.trouble(WHO, &trouble));
    }
    Err(match outside.reply() {
        Ok(reply) if !matches!(reply, Reply::Error(_)) => {
            let has_waited = vigil.slept_in_all() >= LATER;
            was_let_in(&failure_text, most, before.is_empty(), has_waited)
        }
        reply => {
            let came = format!("{before}{most} clients sent {echo}, and stayed");
            turned_away(&came, reply)
        }
    })
}

/// It was answered beside silent clients. That counts only where it had to wait in MEET,
/// or before somebody was rude.
fn was_let_in(
    failure_text: &FailureText,
    most: usize,
    is_first: bool,
    has_waited: bool,
) -> EarlyEnd {
    let when = if has_waited {
        "after a while"
    } else {
        "at once"
    };
    let observed =
        format!("one client more was answered {when}, while {most} were connected");
    let (means, causes, as_to_meet) = match (is_first, has_waited) {
        (false, _) => return failure_text.broken(observed),
        (true, true) => (
            "a client that has to wait is let in before another one has left",
            AFTER_A_WHILE,
            "",
        ),
        (true, false) => (
            "clients that are silent do not keep their places",
            BESIDE_THE_SILENT,
            "; in MEET it had waited",
        ),
    };
    let failure_text = failure_text.diagnosed_as(means, causes);
    failure_text.broken(format!("{observed}{as_to_meet}"))
}

/// The one client more got an error, or the end.
fn turned_away(came: &str, reply: Result<Reply, Trouble>) -> EarlyEnd {
    let failure_text = FailureText::new(
        format!("{came}; then one client more came"),
        "it waits, and is served once one of them has left",
        "a client that comes while every place is taken is turned away",
        &["a limit that refuses, or closes, a client that should wait in the backlog"],
    );
    match reply {
        Ok(reply) => failure_text.broken(format!("it got {}", shown(&reply))),
        Err(trouble) => failure_text.trouble("its request", &trouble),
    }
}
