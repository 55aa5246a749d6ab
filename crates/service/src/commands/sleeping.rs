//! SLEEP: holds its thread without using the CPU.

use std::time::{Duration, Instant};

use proto::Reply;

use super::Outcome;
use crate::shared::Shared;

pub(super) fn sleep(shared: &Shared, duration: Duration) -> Outcome {
    let longest = shared.options.max_sleep;
    if duration > longest {
        let longest = humantime::format_duration(longest);
        return Reply::error(format!(
            "ERR SLEEP takes at most {longest} here (the server's --max-sleep)"
        ))
        .into();
    }
    match shared.stopping.sleep_until(Instant::now() + duration) {
        Ok(()) => Reply::ok().into(),
        Err(cut) => cut.into(),
    }
}
