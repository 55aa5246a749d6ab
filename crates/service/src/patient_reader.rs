//! Reading that looks a few times before it sleeps. Putting a thread to sleep and waking it
//! costs the kernel more than a PING does; with many clients, the next request has often
//! arrived once the other threads had their turn.

use std::{
    io::{self, Read},
    net::TcpStream,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustix::{
    io::Errno,
    net::{RecvFlags, recv},
};

/// How often an empty socket is looked at before the thread sleeps. After each look that
/// finds nothing, the other threads have a turn.
const LOOKS: u32 = 5;
/// Threads that only answer requests are done sooner than this: after a longer turn, one of
/// them computes, and would have as much again each time it is let.
const LONG_TURN: Duration = Duration::from_millis(2);
/// So many reads after a long turn sleep without a look: when bytes arrive, the system wakes
/// a sleeper ahead of those who compute, but lets one who gave its turn away wait.
const READS_WITHOUT: u32 = 16;

/// A client's socket, read with patience. Like the socket itself it gives 0 bytes at the end
/// of input, and `WouldBlock` once the read timeout has passed, which begins with the sleep.
#[derive(Debug)]
pub(crate) struct PatientReader {
    stream: Arc<TcpStream>,
    /// How many reads from now on sleep without a look.
    reads_without: u32,
}

impl PatientReader {
    pub(crate) fn new(stream: Arc<TcpStream>) -> Self {
        Self {
            stream,
            reads_without: 0,
        }
    }
}

impl Read for PatientReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let looks = if self.reads_without == 0 { LOOKS } else { 0 };
        self.reads_without = self.reads_without.saturating_sub(1);
        for _ in 0..looks {
            match recv(&self.stream, &mut *buffer, RecvFlags::DONTWAIT) {
                Err(Errno::AGAIN) => {}
                read => return Ok(read?.0),
            }
            let turn = Instant::now();
            thread::yield_now();
            if turn.elapsed() > LONG_TURN {
                self.reads_without = READS_WITHOUT;
                break;
            }
        }
        (&*self.stream).read(buffer)
    }
}
