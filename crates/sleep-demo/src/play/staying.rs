//! How a client stays connected without a request: until its time comes, or until its
//! server closes the connection.

use std::time::Duration;

use client::{ClientError, Connection, Next};

use super::run_log::RunLog;

/// A timeout of a socket may end so much later than it was set to, 20 ms, or by an eighth
/// of its length: the system's timers are that coarse.
const LATE: Duration = Duration::from_millis(20);

/// How a stay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stay {
    /// Its time had come, or the run was aborted.
    Over,
    /// The server closed the connection before.
    ServerClosed,
}

/// Stays after the last reply. What the server still says, such as why it closes, nobody
/// has asked for.
pub(super) fn on(
    connection: &mut Connection,
    moment: Duration,
    run_log: &RunLog,
) -> Stay {
    while let Some(left) = left(moment, run_log) {
        connection.set_timeout(left);
        match connection.receive() {
            Ok(_) | Err(ClientError::TimedOut { .. }) => {}
            Err(ClientError::Closed { .. }) if !run_log.is_aborted() => {
                return Stay::ServerClosed;
            }
            Err(_) => break,
        }
    }
    run_log.wait_until(moment);
    Stay::Over
}

/// Stays before the next request, and reads nothing: its reply comes next.
pub(super) fn between(
    connection: &Connection,
    moment: Duration,
    run_log: &RunLog,
) -> Stay {
    while let Some(left) = left(moment, run_log) {
        match connection.next_within(left) {
            Next::Nothing => {}
            Next::End if !run_log.is_aborted() => return Stay::ServerClosed,
            Next::Bytes | Next::End => break,
        }
    }
    run_log.wait_until(moment);
    Stay::Over
}

/// How long a socket may be waited for; the run log's clock is exact for the rest.
fn left(moment: Duration, run_log: &RunLog) -> Option<Duration> {
    let left = moment.saturating_sub(Duration::from_micros(run_log.now()));
    let sure = left.saturating_sub(LATE.max(left / 4));
    (!sure.is_zero() && !run_log.is_aborted()).then_some(sure)
}
