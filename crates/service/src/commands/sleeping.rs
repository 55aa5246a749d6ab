//! SLEEP: holds its thread without using the CPU.

use std::{
    net::TcpStream,
    time::{Duration, Instant},
};

use proto::Reply;

use super::Outcome;
use crate::shared::Shared;

pub(super) fn sleep(shared: &Shared, client: &TcpStream, duration: Duration) -> Outcome {
    if let Some(refusal) = refusal(shared, duration) {
        return refusal;
    }
    match shared.stopping.sleep_for(client, Instant::now() + duration) {
        Ok(()) => Reply::ok().into(),
        Err(woken) => woken.into(),
    }
}

/// What a SLEEP that is longer than the server allows is answered.
pub(crate) fn refusal(shared: &Shared, duration: Duration) -> Option<Outcome> {
    let longest = shared.options.max_sleep;
    (duration > longest).then(|| {
        let longest = humantime::format_duration(longest);
        Reply::error(format!(
            "ERR SLEEP takes at most {longest} here (the server's --max-sleep)"
        ))
        .into()
    })
}
