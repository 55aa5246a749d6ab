//! A stream of bytes has no messages: one read returns less than a frame, or more than
//! one.

use std::{thread, time::Duration};

use proto::{Reply, encode_request};

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    workbench::Workbench,
};

const REQUESTS: usize = 100;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.with_server(|running| {
        let echo = workbench.echo();
        one_byte_at_a_time(running, echo)?;
        all_in_one_write(running, echo)?;
        every_byte(running, echo)
    })?;
    Ok(format!(
        "single bytes, {REQUESTS} requests in one write, 64 KiB of every byte"
    ))
}

fn one_byte_at_a_time(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let failure_text =
        failure_text(format!("A sent one {echo} in single bytes, 2 ms apart"));
    let word = nonce();
    let mut bytes = Vec::new();
    encode_request(&[echo, &word], &mut bytes);
    let mut a = running.test_client(&failure_text, "A")?;
    for byte in bytes {
        let sent = a.send_bytes(&[byte]);
        sent.map_err(|trouble| failure_text.trouble("a byte of it", &trouble))?;
        thread::sleep(Duration::from_millis(2));
    }
    let got = a.expect(&Reply::text(&word));
    got.map_err(|trouble| failure_text.trouble("it", &trouble))
}

fn all_in_one_write(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let failure_text = failure_text(format!("A sent {REQUESTS} {echo} in one write"));
    let words: Vec<_> = (0..REQUESTS).map(|_| nonce()).collect();
    let mut bytes = Vec::new();
    for word in &words {
        encode_request(&[echo, word], &mut bytes);
    }
    let mut a = running.test_client(&failure_text, "A")?;
    a.send_bytes(&bytes)
        .map_err(|trouble| failure_text.trouble("the write", &trouble))?;
    for (index, word) in words.iter().enumerate() {
        let what = format!("request {} of {REQUESTS}", index + 1);
        let got = a.expect(&Reply::text(word));
        got.map_err(|trouble| failure_text.trouble(&what, &trouble))?;
    }
    Ok(())
}

fn every_byte(running: &Running<'_>, echo: &str) -> Result<(), EarlyEnd> {
    let failure_text = failure_text(format!(
        "A sent {echo} with `\\0\\r\\n` and a nonce, then with 64 KiB of every byte"
    ));
    let mut a = running.test_client(&failure_text, "A")?;
    let mut short = b"\0\r\n".to_vec();
    short.extend_from_slice(nonce().as_bytes());
    let long: Vec<u8> = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    for payload in [short, long] {
        let mut bytes = Vec::new();
        encode_request(&[echo.as_bytes(), &payload], &mut bytes);
        a.send_bytes(&bytes)
            .map_err(|trouble| failure_text.trouble("it", &trouble))?;
        let got = a.expect(&Reply::Bulk(payload));
        got.map_err(|trouble| failure_text.trouble("it", &trouble))?;
    }
    Ok(())
}

fn failure_text(did: String) -> FailureText {
    FailureText::new(
        did,
        "each request is answered once, in order, with the bytes it carried",
        "the server treats what one read returns as one message",
        &[
            "one recv for each request",
            "no buffer kept between reads",
            "text functions on bytes",
        ],
    )
}
