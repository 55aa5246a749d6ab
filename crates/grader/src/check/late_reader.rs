//! A client that sends much, and reads its replies late.

use std::{cell::Cell, thread, time::Duration};

use proto::Reply;

use super::{
    diagnosis::{Diagnoses, Diagnosis, unserved},
    flood::{REQUESTS, payloads, sending, while_it_sends},
};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    running::Running,
    test_client::Trouble,
    workbench::Workbench,
};

/// How long the server cannot send: a timeout of a second, meant for reads, is over then.
const LATE: Duration = Duration::from_millis(1_300);

/// Where the bytes are not those of the reply.
const WRONG: Diagnosis = Diagnosis {
    means: "a reply that is sent in parts does not come with all its bytes, in order",
    causes: &[
        "one send for each reply: it may send only a part, and the rest is lost",
        "after a part was sent, the next send begins at the wrong byte",
        "a socket that does not block, and EAGAIN taken for bytes that were sent",
        "a length that counts characters instead of bytes",
    ],
};

const DIAGNOSES: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "the server stops sending, and does not go on once the client reads",
        causes: &[
            "the rest of a reply is kept, and nobody waits until the socket has room",
            "a loop that goes on sending only when the client sends",
            "one send for each reply: it may send only a part, and the rest is lost",
        ],
    },
    loss: Diagnosis {
        means: "the connection ends before the client has read all replies",
        causes: OF_AN_END,
    },
    bytes: WRONG,
    reply: WRONG,
    error: &["a request of 1 MiB that one read does not return whole (see framing)"],
};

/// Where not even the first reply comes.
const NOTHING: Diagnosis = Diagnosis {
    means: "a request of 1 MiB gets no whole reply",
    causes: &[
        "a request of 1 MiB that one read does not return whole (see framing)",
        "the rest of a reply is kept, and nobody waits until the socket has room",
        "one send for each reply: it may send only a part, and the rest is lost",
    ],
};

/// Where a client that reads at once fares the same.
const LONG_REQUEST: Diagnosis = Diagnosis {
    means: "requests of 1 MiB do not get whole replies, whatever the client does",
    causes: &[
        "a request of 1 MiB that one read does not return whole (see framing)",
        "a buffer, or a limit on a request or a line, that is smaller than 1 MiB",
        "what came with the end of a request is thrown away (see framing)",
        "one send for each reply: it may send only a part",
    ],
};

const OF_AN_END: &[&str] = &[
    "a timeout while a reply is written: a timeout of the socket is for sends too",
    "a socket that does not block, and EAGAIN taken for an error",
    "one send for each reply: it may send only a part",
];

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!(
            "A sent {REQUESTS} {echo} of 1 MiB each, and read nothing until \
             the server had stopped sending for {LATE:?}"
        ),
        "each reply comes whole, in order",
        "replies that the client reads late are cut off",
        OF_AN_END,
    )
    .of_parts();
    let nothing_is_whole = Cell::new(false);
    let late = workbench.with_server(|running| {
        let mut a = running.distant_client(&unserved(&failure_text), "A")?;
        let flood = payloads();
        while_it_sends(running, &failure_text, (&mut a, echo), &flood, |a| {
            thread::sleep(LATE);
            for (number, payload) in flood.iter().enumerate() {
                let reply = a.expect(&Reply::Bulk(payload.clone()));
                reply.map_err(|why| {
                    nothing_is_whole.set(number == 0 && !has_begun(&why));
                    trouble(&failure_text, number + 1, &why)
                })?;
            }
            Ok(format!("{REQUESTS} MiB, read late, all correct"))
        })
    });
    late.map_err(|early_end| match nothing_is_whole.get() {
        true => in_time_too(workbench, early_end),
        false => early_end,
    })
}

/// Whether bytes of a reply have come that show the cause themselves.
fn has_begun(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::Garbled(_) | Trouble::Silent { begun: 1.., .. }
    )
}

/// A server that fails a client that reads at once, too, does not fail because one reads
/// late.
fn in_time_too(workbench: &Workbench<'_>, mut early_end: EarlyEnd) -> EarlyEnd {
    let Some(failure) = early_end.failure() else {
        return early_end;
    };
    let text = FailureText::new("", "", "", &[]);
    let read = workbench.with_server(|running| read_at_once(workbench, running, &text));
    if let Err(EarlyEnd::Broken(_) | EarlyEnd::Silent(_)) = read {
        failure.observed += ", whether it reads late or at once";
        LONG_REQUEST.means.clone_into(&mut failure.means);
        let causes = LONG_REQUEST.causes.iter();
        failure.likely_causes = causes.map(|&cause| cause.to_owned()).collect();
    }
    early_end
}

fn read_at_once(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    text: &FailureText,
) -> Result<(), EarlyEnd> {
    let mut a = running.test_client(text, "A")?;
    let flood = payloads();
    let read = sending((&mut a, workbench.echo()), &flood, |a, _| {
        let mut due = flood.iter();
        due.try_for_each(|due| a.expect(&Reply::Bulk(due.clone())))
    });
    let read = read.map_err(|error| EarlyEnd::Stalled(error.to_string()))?;
    read.map_err(|trouble| text.trouble("its request", &trouble))
}

fn trouble(failure_text: &FailureText, number: usize, trouble: &Trouble) -> EarlyEnd {
    let what = format!("request {number} of {REQUESTS}");
    match trouble {
        Trouble::Closed {
            mid_reply: true, ..
        } => failure_text.trouble(&what, trouble),
        Trouble::Silent { begun: 0, .. } if number == 1 => {
            NOTHING.of(failure_text).trouble(&what, trouble)
        }
        _ => DIAGNOSES.trouble(failure_text, &what, trouble),
    }
}
