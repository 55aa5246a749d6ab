//! The service from its start to its end: which clients are let in, and what is printed
//! at the end.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    ClientHandler, Error, Options, Session,
    accepting::{Accepted, BackOff},
    inherited, machine,
    shared::Shared,
    signals::Signals,
    thread_name::thread_name,
};

/// What a server does for its clients, from the first to the last.
///
/// [`start`](Self::start) prints the address; [`admit`](Self::admit) gives one client
/// after another, to be served on whichever thread; [`finish`](Self::finish) prints what
/// was done.
#[derive(Debug)]
pub struct Service {
    shared: Arc<Shared>,
    signals: Signals,
    back_off: BackOff,
}

/// What came of one look at the clients who wait to be let in.
#[derive(Debug)]
pub enum Admission<'a> {
    /// One was let in.
    Client(Session<'a>),
    /// Nobody waits.
    Nobody,
    /// No place is free: it stays in the backlog until a client leaves.
    Full,
    /// The system refused, for want of descriptors perhaps: to be tried again.
    Failed {
        /// After this time; it grows with each failure.
        pause: Duration,
    },
    /// The service must stop: no client is let in any more.
    Stopped,
}

impl Service {
    /// Makes everything ready to serve clients of `listener`, and prints `listening on
    /// ADDR` as the first line of standard output.
    ///
    /// From then on SIGTERM, SIGINT and SIGHUP stop the service.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but [`Error::Bind`].
    pub fn start(options: &Options, listener: &TcpListener) -> Result<Self, Error> {
        inherited::set_right();
        let shared = Arc::new(Shared::new(options, listener)?);
        let signals = Signals::watch(&shared).map_err(Error::Signals)?;
        shared
            .console
            .announce(format_args!("listening on {}", shared.listening.address));
        Ok(Self {
            shared,
            signals,
            back_off: BackOff::default(),
        })
    }

    /// Waits for a place, then for a client, which `accept` takes from the listener.
    ///
    /// Returns `None` once the service must stop. An accept that fails is tried
    /// again, with pauses that grow to a second.
    pub fn admit(
        &self,
        accept: impl Fn() -> io::Result<(TcpStream, SocketAddr)>,
    ) -> Option<ClientHandler<'_>> {
        let Shared {
            console,
            places,
            stopping,
            ..
        } = &*self.shared;
        while let Some(kept) = places.wait_for_room() {
            let (stream, peer) = self.back_off.accept(&accept, console, stopping)?;
            let stream = Arc::new(stream);
            let place = kept.enter(&stream)?;
            let client = ClientHandler::new(&self.shared, stream, peer, place);
            let (thread, name) = (thread_name(), client.name());
            console.show(format_args!("{thread} accepted {peer} ({name})"));
            // Who serves several at once has a thread for each.
            if places.is_shared() && !machine::has_room_for_a_thread() {
                drop(client); // which sends it an error
                continue;
            }
            return Some(client);
        }
        None
    }

    /// Looks once whether a client waits that can be let in, for a server that waits for
    /// its listener and all its clients at once. `accept` must not block.
    pub fn admit_if_ready(
        &self,
        accept: impl Fn() -> io::Result<(TcpStream, SocketAddr)>,
    ) -> Admission<'_> {
        let Shared {
            console,
            places,
            stopping,
            ..
        } = &*self.shared;
        loop {
            if stopping.has_begun() {
                return Admission::Stopped;
            }
            if places.is_full() {
                return Admission::Full;
            }
            match self.back_off.accept_if_ready(&accept, console) {
                Accepted::Nobody => return Admission::Nobody,
                Accepted::Failed(pause) => return Admission::Failed { pause },
                Accepted::GaveUp => {}
                Accepted::Client(stream, peer) => {
                    let stream = Arc::new(stream);
                    let Some(place) = places.enter(&stream) else {
                        return Admission::Stopped;
                    };
                    let session = Session::new(&self.shared, stream, peer, place);
                    return Admission::Client(session);
                }
            }
        }
    }

    /// Stops, as SIGTERM does, because of an error, and hands it back: every thread that
    /// waits in [`admit`](Self::admit) gets `None`.
    #[must_use]
    pub fn give_up(&self, error: Error) -> Error {
        self.shared.stop();
        error
    }

    /// The server's command line.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.shared.options
    }

    /// Whether the service must stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.shared.stopping.has_begun()
    }

    /// When requests that still run are cut, once the service must stop.
    #[must_use]
    pub fn cut_at(&self) -> Option<Instant> {
        self.shared.stopping.cut_at()
    }

    /// Ends the service after the last client: prints the summary, and writes the log
    /// out.
    pub fn finish(self) {
        let Self {
            shared, signals, ..
        } = self;
        drop(signals); // the summary is the last line
        drop(shared.children.kill_all());
        let (console, (accepted, closed)) = (&shared.console, shared.places.counts());
        console.announce(shared.accounting.summary(accepted, closed));
        console.warn_of_the_rest();
        if let Err(error) = shared.roster.finish() {
            console.warn(format_args!("cannot write the roster again: {error}"));
        }
        let (lines, entries) = (console.finish(), shared.log.finish());
        if lines + entries > 0 {
            console.warn(format_args!(
                "{lines} console lines and {entries} log lines were lost"
            ));
        }
    }
}
