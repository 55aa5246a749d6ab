//! SIGTERM and SIGINT: nobody new is let in, and those who are in get their last reply.

use std::{
    io::{self, Read},
    net::{Shutdown, SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    sync::{Arc, Mutex, Weak},
    thread,
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    low_level::pipe,
};

use crate::lock;

/// Who is connected, until a stop; `None` after it.
#[derive(Debug)]
pub(crate) struct Stopping(Arc<Mutex<Option<Vec<Weak<TcpStream>>>>>);

impl Stopping {
    /// Waits for a signal on a thread of its own, which then wakes the thread that
    /// accepts at `address`.
    pub(crate) fn watch(address: SocketAddr) -> io::Result<Self> {
        let (mut arrivals, pipe) = UnixStream::pair()?;
        pipe::register(SIGINT, pipe.try_clone()?)?;
        pipe::register(SIGTERM, pipe)?;
        let connected = Arc::new(Mutex::new(Some(Vec::new())));
        let watched = Arc::clone(&connected);
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                if matches!(arrivals.read(&mut [0]), Ok(1)) {
                    stop(&watched, address);
                }
            })?;
        Ok(Self(connected))
    }

    /// Takes a client in, unless the server has been stopped.
    pub(crate) fn admits(&self, stream: &Arc<TcpStream>) -> bool {
        let mut connected = lock(&self.0);
        let Some(streams) = connected.as_mut() else {
            return false;
        };
        streams.retain(|stream| stream.strong_count() > 0);
        streams.push(Arc::downgrade(stream));
        true
    }
}

fn stop(connected: &Mutex<Option<Vec<Weak<TcpStream>>>>, address: SocketAddr) {
    let streams = lock(connected).take().unwrap_or_default();
    for stream in streams.iter().filter_map(Weak::upgrade) {
        let _ = stream.shutdown(Shutdown::Read); // it may be gone already
    }
    let _ = TcpStream::connect(address); // an accept is waiting for a client
}
