//! A client that has nothing more to say: it gets what is due to it, and then the end.

use proto::Reply;

use super::diagnosis::{Diagnoses, Diagnosis, NO_SLEEP, SIDE_BY_SIDE, unserved};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::Trouble,
    workbench::Workbench,
};

/// Of the reply to a client that has nothing more to say.
const OF_A_REPLY: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a client that half-closes gets no answer",
        causes: &[
            "at the end of input the client is forgotten before its reply is out",
            "a reply that is made, and sent only once more bytes come",
        ],
    },
    loss: Diagnosis {
        means: "a client that half-closes loses its reply",
        causes: &["at the end of input the client is closed before its reply is out"],
    },
    ..SIDE_BY_SIDE
};

/// Of a connection that ends with a reset.
const RESET: Diagnosis = Diagnosis {
    means: "the connection ends with a reset, which throws away what the kernel has not \
            sent yet: the end of a long reply can be lost",
    causes: &[
        "SO_LINGER with a time of 0: leave this option out",
        "an abort of the connection instead of its close",
    ],
};

const OF_A_SLEEP: Diagnoses = Diagnoses {
    silence: NO_SLEEP,
    ..OF_A_REPLY
};

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let word = nonce();
    let echo: &[&str] = &[workbench.echo(), &word];
    let sleep: &[&str] = &["SLEEP", "100ms"];
    workbench.with_server(|running| {
        half_close(running, echo, Some(&Reply::text(&word)))?;
        if workbench.shared.commands.know("SLEEP") {
            half_close(running, sleep, Some(&Reply::ok()))?;
        }
        half_close(running, &[], None)
    })?;
    Ok("each reply came, and then the end".to_owned())
}

/// Sends a request, or none, shuts the sending side, and waits for the reply and the end.
fn half_close(
    running: &Running<'_>,
    words: &[&str],
    due: Option<&Reply>,
) -> Result<(), EarlyEnd> {
    let sent = match words {
        [] => "nothing".to_owned(),
        words => words.join(" "),
    };
    let failure_text = FailureText::new(
        format!("A sent {sent}, and shut its sending side"),
        match due {
            Some(_) => "A gets its reply, and then the end of the connection",
            None => "A gets the end of the connection",
        },
        "a client that waits for the end, as `nc -N` does, waits for ever",
        &[
            "a connection that is never closed",
            "a descriptor that stays open in the parent, or in another thread",
        ],
    );
    let diagnoses = match words.first() {
        Some(&"SLEEP") => OF_A_SLEEP,
        _ => OF_A_REPLY,
    };
    let of_request = |why| diagnoses.trouble(&failure_text, "A's request", &why);
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    if !words.is_empty() {
        a.send(words).map_err(of_request)?;
    }
    a.finish_sending();
    if let Some(due) = due {
        a.expect(due).map_err(of_request)?;
    }
    a.expect_end()
        .map_err(|trouble| no_end(&failure_text, &trouble))
}

/// Something else came than the end of a connection.
fn no_end(failure_text: &FailureText, trouble: &Trouble) -> EarlyEnd {
    match trouble {
        Trouble::Closed {
            mid_reply: false, ..
        } => RESET
            .of(failure_text)
            .broken("A got a reset, and not the end"),
        _ => failure_text.trouble("A's half-close", trouble),
    }
}
