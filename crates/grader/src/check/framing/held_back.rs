//! A reply that is ready never waits: not for the rest of the request behind it, and not
//! for a request that takes long.

use proto::{Reply, encode_request};

use super::diagnoses::HELD_BACK;
use crate::{
    check::diagnosis::unserved,
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    test_client::TestClient,
    workbench::Workbench,
};

/// At how many glances in a row the server sleeps, and nothing has come, for two seconds:
/// one may look only once a second who has come.
const SLEEPS: u32 = 20;

pub(super) fn no_reply_waits(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
) -> Result<(), EarlyEnd> {
    let echo = workbench.echo();
    let text = failure_text(format!("A sent {echo} and half of another, in one write"));
    let next = nonce();
    let mut behind = Vec::new();
    encode_request(&[echo, &next], &mut behind);
    let (half, rest) = behind.split_at(behind.len() / 2);
    let mut a = answered_first(running, echo, half, &text)?;
    let sent = a.send_bytes(rest);
    let got = sent.and_then(|()| a.expect(&Reply::text(&next)));
    got.map_err(|trouble| text.trouble("the other", &trouble))?;
    drop(a);
    if workbench.shared.commands.know("SLEEP") {
        let text = failure_text(format!("A sent {echo} and SLEEP 3s in one write"));
        let mut sleep = Vec::new();
        encode_request(&["SLEEP", "3s"], &mut sleep);
        answered_first(running, echo, &sleep, &text)?;
    }
    Ok(())
}

/// A's request is answered, although these bytes lie behind it.
fn answered_first(
    running: &Running<'_>,
    echo: &str,
    behind: &[u8],
    text: &FailureText,
) -> Result<TestClient, EarlyEnd> {
    let word = nonce();
    let mut bytes = Vec::new();
    encode_request(&[echo, &word], &mut bytes);
    bytes.extend_from_slice(behind);
    let mut a = running.test_client(&unserved(text), "A")?;
    a.send_bytes(&bytes)
        .map_err(|trouble| text.trouble("the write", &trouble))?;
    if running.vigil().in_vain(SLEEPS, || a.has_something()) {
        return Err(text.silent(format!(
            "the server slept for two seconds, and the {echo} was not answered"
        )));
    }
    let got = a.expect(&Reply::text(&word));
    got.map_err(|trouble| text.trouble(&format!("the {echo}"), &trouble))?;
    Ok(a)
}

fn failure_text(did: String) -> FailureText {
    let due = "the first request is answered at once";
    FailureText::new(did, due, HELD_BACK.means, HELD_BACK.causes)
}
