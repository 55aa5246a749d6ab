//! A client that sends much, and reads its replies late.

use std::{thread, time::Duration};

use proto::Reply;

use super::{
    diagnosis::{Diagnoses, Diagnosis, unserved},
    flood::{REQUESTS, payloads, while_it_sends},
};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
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
    workbench.with_server(|running| {
        let mut a = running.distant_client(&unserved(&failure_text), "A")?;
        let flood = payloads();
        while_it_sends(running, &failure_text, (&mut a, echo), &flood, |a| {
            thread::sleep(LATE);
            for (number, payload) in flood.iter().enumerate() {
                let reply = a.expect(&Reply::Bulk(payload.clone()));
                reply.map_err(|why| trouble(&failure_text, number + 1, &why))?;
            }
            Ok(format!("{REQUESTS} MiB, read late, all correct"))
        })
    })
}

fn trouble(failure_text: &FailureText, number: usize, trouble: &Trouble) -> EarlyEnd {
    let what = format!("request {number} of {REQUESTS}");
    match trouble {
        Trouble::Closed { mid_reply: true } => failure_text.trouble(&what, trouble),
        Trouble::Silent { begun: 0, .. } if number == 1 => {
            NOTHING.of(failure_text).trouble(&what, trouble)
        }
        _ => DIAGNOSES.trouble(failure_text, &what, trouble),
    }
}
