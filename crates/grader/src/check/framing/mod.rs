//! A stream of bytes has no messages: one read returns less than a frame, or more than
//! one. What a failure means is in `diagnoses.rs`; `held_back.rs` asks for replies that
//! are ready.

mod diagnoses;
mod held_back;

use std::{thread, time::Duration};

use proto::{Reply, encode_request};

use super::diagnosis::{Diagnosis, unserved};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    workbench::Workbench,
};

const REQUESTS: usize = 100;
/// Longer than a server sleeps between two looks at its stop.
const PAUSE: Duration = Duration::from_millis(300);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.with_server(|running| {
        let echo = workbench.echo();
        one_byte_at_a_time(running, echo)?;
        with_pauses(running, echo)?;
        all_in_one_write(running, echo)?;
        every_byte(running, echo)?;
        behind_an_error(running, echo, "NOSUCHTHING", &diagnoses::BEHIND_AN_ERROR)?;
        behind_an_error(running, echo, "NO\r\nSUCH", &diagnoses::IN_AN_ERROR)?;
        held_back::no_reply_waits(workbench, running)
    })?;
    Ok(format!(
        "single bytes, pauses, {REQUESTS} requests in one write, 64 KiB of every byte"
    ))
}

fn one_byte_at_a_time(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let failure_text = failure_text(
        format!("A sent one {echo} in single bytes, 2 ms apart"),
        diagnoses::IN_PIECES,
    );
    let word = nonce();
    let mut bytes = Vec::new();
    encode_request(&[echo, &word], &mut bytes);
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    for byte in bytes {
        let sent = a.send_bytes(&[byte]);
        sent.map_err(|trouble| failure_text.trouble("a byte of it", &trouble))?;
        thread::sleep(Duration::from_millis(2));
    }
    let got = a.expect(&Reply::text(&word));
    got.map_err(|trouble| failure_text.trouble("it", &trouble))
}

/// A server that looks for its stop while it reads must keep what has come.
fn with_pauses(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let failure_text = failure_text(
        format!(
            "A sent one {echo} in three parts, {} ms apart",
            PAUSE.as_millis()
        ),
        diagnoses::WITH_PAUSES,
    );
    let word = nonce();
    let mut bytes = Vec::new();
    encode_request(&[echo, &word], &mut bytes);
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    // In the line of a length, and in the word.
    let (first, rest) = bytes.split_at(5);
    let (second, third) = rest.split_at(rest.len() - word.len());
    for (index, part) in [first, second, third].into_iter().enumerate() {
        if index > 0 {
            thread::sleep(PAUSE);
        }
        let sent = a.send_bytes(part);
        sent.map_err(|trouble| failure_text.trouble("a part of it", &trouble))?;
    }
    let got = a.expect(&Reply::text(&word));
    got.map_err(|trouble| failure_text.trouble("it", &trouble))
}

fn all_in_one_write(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let diagnoses = &diagnoses::TOGETHER;
    let failure_text = failure_text(
        format!("A sent {REQUESTS} {echo} in one write"),
        diagnoses.silence,
    );
    let words: Vec<_> = (0..REQUESTS).map(|_| nonce()).collect();
    let mut bytes = Vec::new();
    for word in &words {
        encode_request(&[echo, word], &mut bytes);
    }
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    a.send_bytes(&bytes)
        .map_err(|trouble| diagnoses.trouble(&failure_text, "the write", &trouble))?;
    for (index, word) in words.iter().enumerate() {
        let what = format!("request {} of {REQUESTS}", index + 1);
        let got = a.expect(&Reply::text(word));
        got.map_err(|trouble| diagnoses.trouble(&failure_text, &what, &trouble))?;
    }
    Ok(())
}

fn every_byte(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let word = nonce();
    let short = [b"\0\r\n", word.as_bytes(), b"\r\n"].concat();
    let long: Vec<u8> = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    let short_diagnoses = &diagnoses::LINE_END;
    let short_text = failure_text(
        format!("A sent {echo} with `\\0\\r\\n`, a random word and `\\r\\n`"),
        short_diagnoses.silence,
    );
    let long_diagnoses = &diagnoses::EVERY_BYTE;
    let long_text = failure_text(
        format!("A sent {echo} with 64 KiB of every byte"),
        long_diagnoses.silence,
    );
    let mut a = running.test_client(&unserved(&short_text), "A")?;
    for (payload, failure_text, diagnoses) in [
        (short, short_text, short_diagnoses),
        (long, long_text, long_diagnoses),
    ] {
        let trouble = |trouble| diagnoses.trouble(&failure_text, "it", &trouble);
        let mut bytes = Vec::new();
        encode_request(&[echo.as_bytes(), &payload], &mut bytes);
        a.send_bytes(&bytes).map_err(trouble)?;
        a.expect(&Reply::Bulk(payload)).map_err(trouble)?;
    }
    Ok(())
}

/// An error must not take along what stands behind it. What comes of the error itself is
/// for another check.
fn behind_an_error(
    running: &Running<'_>,
    echo: &str,
    unknown: &str,
    diagnosis: &Diagnosis,
) -> Result<(), EarlyEnd> {
    let unknown_shown = unknown.escape_default();
    let failure_text = failure_text(
        format!(
            "A sent the unknown request `{unknown_shown}` and {echo} in one write, and \
             got an error"
        ),
        *diagnosis,
    );
    let word = nonce();
    let mut bytes = Vec::new();
    encode_request(&[unknown], &mut bytes);
    encode_request(&[echo, &word], &mut bytes);
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    let is_refused = a.send_bytes(&bytes).and_then(|()| a.reply());
    if !matches!(is_refused, Ok(Reply::Error(_))) {
        return Ok(());
    }
    let got = a.expect(&Reply::text(&word));
    got.map_err(|trouble| failure_text.trouble(&format!("its {echo}"), &trouble))
}

fn failure_text(did: String, diagnosis: Diagnosis) -> FailureText {
    FailureText::new(
        did,
        "each request is answered once, in order, with the bytes it carried",
        diagnosis.means,
        diagnosis.causes,
    )
}
