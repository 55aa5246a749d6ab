//! The end of a client that is closed: its last reply arrives, although it may have sent
//! more.

use std::{
    io::{ErrorKind, Read},
    net::Shutdown,
    time::{Duration, Instant},
};

use super::{Client, Next, Phase};

/// How long, and for how many bytes, a client that we close may still read its last
/// reply: closing with unread input would reset it away.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 1024 * 1024;

impl Client<'_> {
    pub(super) fn close(&mut self) -> Next {
        let _ = self.session.stream().shutdown(Shutdown::Write); // it may be gone already
        self.phase = Phase::Lingering {
            until: Instant::now() + LINGER,
            room: LINGER_BYTES,
        };
        self.linger()
    }

    /// Throws away what still comes, up to the client's end.
    pub(super) fn linger(&mut self) -> Next {
        let Phase::Lingering { room, .. } = &mut self.phase else {
            return Next::Gone;
        };
        match self.session.stream().read(&mut [0; 16 * 1024]) {
            Ok(count) if 0 < count && count <= *room => {
                *room -= count;
                Next::Again
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Next::Wait,
            _ => Next::Gone,
        }
    }
}
