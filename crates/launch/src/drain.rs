//! Reads a server's pipe until it closes, so that no server ever stalls on a full one.

use std::{
    io::{self, ErrorKind, PipeReader, Read},
    os::fd::AsFd,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

/// How long a pipe is read once the server's group has ended. It closes at once then,
/// unless a process that has left the group holds it.
const LINGER: Duration = Duration::from_millis(500);

/// Reads `pipe` to its end, or to [`LINGER`] after the other end of `stop` is gone.
pub(crate) fn drain(
    mut pipe: impl Read + AsFd,
    stop: &PipeReader,
    mut take: impl FnMut(&[u8]),
) {
    let mut deadline = None;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let left = match deadline {
            None => None,
            Some(deadline) => match time_left(deadline) {
                Some(left) => Some(left),
                None => return,
            },
        };
        let Ok((readable, stopped)) = wait(&pipe, stop, left) else {
            return;
        };
        if stopped && deadline.is_none() {
            deadline = Some(Instant::now() + LINGER);
        }
        if readable {
            match pipe.read(&mut chunk) {
                Ok(0) => return,
                Ok(count) => take(chunk.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }
}

fn time_left(deadline: Instant) -> Option<Duration> {
    let left = deadline.checked_duration_since(Instant::now())?;
    (!left.is_zero()).then_some(left)
}

/// Waits until `pipe` can be read or, unless there is a time limit already, `stop` is
/// gone.
fn wait(
    pipe: &impl AsFd,
    stop: &PipeReader,
    left: Option<Duration>,
) -> io::Result<(bool, bool)> {
    let limit = left.and_then(|left| Timespec::try_from(left).ok());
    let mut fds = vec![PollFd::new(pipe, PollFlags::IN)];
    if limit.is_none() {
        fds.push(PollFd::new(stop, PollFlags::IN));
    }
    match poll(&mut fds, limit.as_ref()) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let is_ready = |index| {
        fds.get(index)
            .is_some_and(|fd: &PollFd| !fd.revents().is_empty())
    };
    Ok((is_ready(0), is_ready(1)))
}
