//! Two clients that connect at the same moment: the server is stopped meanwhile, so that
//! it finds both of them when it goes on.

use std::time::{Duration, Instant};

use proto::Reply;

use crate::{
    check::diagnosis::{Diagnoses, Diagnosis, SIDE_BY_SIDE, unserved},
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    shake::while_stopped,
    test_client::TestClient,
    workbench::Workbench,
};

const ROUNDS: usize = 20;
/// No round begins after this time: a server may look for new clients only now and then.
const LAST_ROUND: Duration = Duration::from_secs(2);
/// The kernel connects at once, or not at all while the backlog has no room.
const ROOM: Duration = Duration::from_millis(500);
/// The clients' names, and so how many they are.
const BOTH: &[&str] = &["A", "B"];

const CAUSES: &[&str] = &[
    "one variable for the accepted connection, which the next accept overwrites before \
     the thread has read it: hand each thread a copy",
    "one accept for each event of the listener, where several clients wait",
];

const DIAGNOSES: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "of two clients that connect at the same moment, one is not served",
        causes: CAUSES,
    },
    loss: Diagnosis {
        means: "of two clients that connect at the same moment, one loses its connection",
        causes: CAUSES,
    },
    ..SIDE_BY_SIDE
};

/// Fails where one of two is not served, and one that comes alone is, whenever the server
/// was stopped: a call that a stop ends may be an error to the server.
pub(super) fn both_are_served(workbench: &Workbench<'_>) -> Result<(), EarlyEnd> {
    let served = workbench.with_server(|running| rounds(workbench, running, BOTH));
    let Err(early_end @ (EarlyEnd::Broken(_) | EarlyEnd::Silent(_))) = served else {
        return served;
    };
    let alone = BOTH.get(..1).unwrap_or_default();
    match workbench.with_server(|running| rounds(workbench, running, alone)) {
        Ok(()) => Err(early_end.seen_once()),
        Err(EarlyEnd::Broken(_) | EarlyEnd::Silent(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

fn rounds(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    names: &[&str],
) -> Result<(), EarlyEnd> {
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!("A and B connected at the same moment, and each sent {echo}"),
        "each gets its own words back",
        "a reply can go to another client",
        CAUSES,
    );
    running.served_client(&unserved(&failure_text), "an earlier client")?;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let asked = while_stopped(running, || ask(workbench, running, names.len()));
        let Some(asked) = asked.filter(|_| start.elapsed() < LAST_ROUND) else {
            return Ok(());
        };
        for (name, (mut client, due)) in names.iter().zip(asked) {
            let what = format!("{name}'s request");
            client
                .expect(&due)
                .map_err(|trouble| DIAGNOSES.trouble(&failure_text, &what, &trouble))?;
        }
    }
    Ok(())
}

/// Clients that have connected and asked, with the replies that are due; none where they
/// found no room.
fn ask(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    clients: usize,
) -> Option<Vec<(TestClient, Reply)>> {
    let patience = workbench.patience().ok()?;
    let ask = |_| {
        let (address, ends) = (running.address(), workbench.shared.ends);
        let client = TestClient::connect(address, ROOM, ends, running.pulse());
        let (mut client, word) = (client.ok()?, nonce());
        client.send(&[workbench.echo(), &word]).ok()?;
        client.set_patience(patience);
        Some((client, Reply::text(&word)))
    };
    (0..clients).map(ask).collect()
}
