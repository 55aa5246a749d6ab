//! One client more than a server may have in service.

use std::thread;

use proto::Reply;

use super::{NOBODY_COMES, meeting::is_met, met, saw, send_meet, wait};
use crate::{
    early_end::{EarlyEnd, FailureText},
    expectation::Expectation,
    nonce::nonce,
    running::Running,
    test_client::{Trouble, shown},
    workbench::Workbench,
};

/// For this many glances the server sleeps over the request of the one client more: a
/// second and a half, longer than a place is waited for by mistake.
const SLEEPS: u32 = 15;

fn failure_text(did: String, most: usize) -> FailureText {
    let expected = match most {
        1 => "no two are in service at once".to_owned(),
        _ => format!("no more than {most} are in service at once"),
    };
    FailureText::new(
        did,
        expected,
        "more clients are in service at once than the assignment allows",
        &[
            "a limit that is off by one: `<=` for `<`, or a place too many",
            "a limit on requests, where a client needs a place until it leaves",
            "a wait for a place that ends after a while, as acquire(timeout=1)",
            "a thread that serves clients beside the pool, as the one that accepts",
            "a place that is given back twice",
        ],
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
    let failure_text = failure_text(did, most);
    let number = clients.to_string();
    workbench.with_server(|running| {
        let mut test_clients = Vec::new();
        for _ in 0..most {
            test_clients.push(running.served_peer(&failure_text, "a client")?);
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
            reply if index == most => Err(turned_away(most, reply)),
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
    let failure_text = failure_text(did, most);
    let mut inside = Vec::new();
    for _ in 0..most {
        inside.push(running.served_peer(&failure_text, "a client")?);
    }
    let mut outside = running.test_client(&failure_text, "one client more")?;
    let of_it = |trouble| failure_text.trouble("the request of one more", &trouble);
    outside.send(&[echo, &nonce()]).map_err(of_it)?;
    if running.vigil().in_vain(SLEEPS, || outside.has_something()) {
        inside.pop();
        // Whether the reply is right is for other checks.
        return outside.reply().map(|_| ()).map_err(of_it);
    }
    Err(match outside.reply() {
        Ok(reply) if !matches!(reply, Reply::Error(_)) => failure_text.broken(format!(
            "one client more was answered while {most} were connected"
        )),
        reply => turned_away(most, reply),
    })
}

/// The one client more got an error, or the end.
fn turned_away(most: usize, reply: Result<Reply, Trouble>) -> EarlyEnd {
    let failure_text = FailureText::new(
        format!("{most} clients came and stayed; then one client more came"),
        "it waits, and is served once one of them has left",
        "a client that comes while every place is taken is turned away",
        &["a limit that refuses, or closes, a client that should wait in the backlog"],
    );
    match reply {
        Ok(reply) => failure_text.broken(format!("it got {}", shown(&reply))),
        Err(trouble) => failure_text.trouble("its request", &trouble),
    }
}
