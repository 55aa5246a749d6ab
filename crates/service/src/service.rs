//! The service from its start to its end: who is let in, and what is told at the end.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
};

use crate::{
    ClientHandler, Error, Options, admission::BackOff, machine, shared::Shared,
    signals::Signals, thread_name::thread_name,
};

/// What a server does for its clients, from the first to the last.
///
/// [`start`](Self::start) prints the address; [`admit`](Self::admit) gives one client after
/// another, to be served on whichever thread; [`finish`](Self::finish) tells what was done.
#[derive(Debug)]
pub struct Service {
    shared: Arc<Shared>,
    signals: Signals,
    back_off: BackOff,
}

impl Service {
    /// Makes everything ready to serve clients of `listener`, and prints `listening on ADDR`
    /// as the first line of standard output.
    ///
    /// From then on SIGTERM and SIGINT stop the service.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but [`Error::Bind`].
    pub fn start(options: &Options, listener: &TcpListener) -> Result<Self, Error> {
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
    /// Gives `None` once the service has been told to stop. An accept that fails is tried
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
        while places.wait_for_room() {
            let (stream, peer) = self.back_off.accept(&accept, console, stopping)?;
            let stream = Arc::new(stream);
            let place = places.enter(&stream)?;
            let client = ClientHandler::new(&self.shared, stream, peer, place);
            let (thread, name) = (thread_name(), client.name());
            console.show(format_args!("{thread} accepted {peer} ({name})"));
            // Who serves several at once has a thread for each.
            if places.is_shared() && !machine::has_room_for_a_thread() {
                drop(client); // which tells it so
                continue;
            }
            return Some(client);
        }
        None
    }

    /// Ends the service after the last client: writes the log out, and prints the summary.
    pub fn finish(self) {
        let Self {
            shared, signals, ..
        } = self;
        drop(signals);
        drop(shared.children.kill_all());
        shared.log.flush();
        let (accepted, closed) = shared.places.counts();
        shared
            .console
            .announce(shared.accounting.summary(accepted, closed));
        let (lines, entries) = (shared.console.lost(), shared.log.lost());
        if lines + entries > 0 {
            let told = format!("{lines} console lines and {entries} log lines were lost");
            shared.console.warn(told);
        }
    }
}
