//! Closing a connection so that the last reply arrives.
//!
//! Closing with unread input would reset the connection, and the reset may overtake the
//! reply. So the input is read for a moment, and thrown away.

use std::{
    io::{ErrorKind, Read},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

/// How long a client may take to read its last reply.
pub(crate) const LINGER: Duration = Duration::from_secs(1);
/// How many bytes it may send meanwhile.
const LINGER_BYTES: usize = 1024 * 1024;

/// Ends our side, and reads until the client ends its own: for as long as `linger`, and
/// 1 MiB, at most.
pub(crate) fn close(stream: &TcpStream, linger: Duration) {
    let deadline = Instant::now() + linger;
    let mut drained = 0;
    let mut sink = [0; 1024];
    let mut open = stream.shutdown(Shutdown::Write).is_ok();
    while open && drained < LINGER_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        open = !left.is_zero() && stream.set_read_timeout(Some(left)).is_ok();
        if open {
            match (&*stream).read(&mut sink) {
                Ok(0) => open = false,
                Ok(count) => drained += count,
                Err(error) => open = error.kind() == ErrorKind::Interrupted,
            }
        }
    }
}
