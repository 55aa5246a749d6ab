//! A client that sends much, and reads its replies late.

use proto::Reply;

use super::flood::{REQUESTS, payloads, while_it_sends};
use crate::{
    early_end::{FailureText, Outcome},
    workbench::Workbench,
};

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!(
            "A sent {REQUESTS} {echo} of 1 MiB each, and read nothing until \
             the server stopped sending"
        ),
        "each reply comes whole, in order",
        "a reply that does not fit into the socket at once is cut off",
        &[
            "one send for each reply: it may send only a part",
            "a socket that does not block, and EAGAIN taken for an error",
            "a timeout while a reply is written",
            "a request of 1 MiB that one read does not return whole (see framing)",
        ],
    );
    workbench.with_server(|running| {
        let mut a = running.test_client(&failure_text, "A")?;
        let flood = payloads();
        while_it_sends(running, &failure_text, (&mut a, echo), &flood, |a| {
            for (number, payload) in flood.iter().enumerate() {
                let reply = a.expect(&Reply::Bulk(payload.clone()));
                reply.map_err(|trouble| {
                    let what = format!("request {} of {REQUESTS}", number + 1);
                    failure_text.trouble(&what, &trouble)
                })?;
            }
            Ok(format!("{REQUESTS} MiB, read late, all correct"))
        })
    })
}
