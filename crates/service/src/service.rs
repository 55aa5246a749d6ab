//! The service from its start to its end: what all clients share, and who is let in.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use proto::Request;

use crate::{
    ClientHandler, Error, Options, accounting::Accounting, admission::BackOff,
    allowlist::Allowlist, children::Children, console::Console, counters::Counters,
    exposure, listening::Listening, machine, meetings::Meetings, operator::Operator,
    places::Places, request_log::RequestLog, roster::Roster, signals::Signals,
    stopping::Stopping,
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

/// What the clients of one server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) console: Console,
    pub(crate) log: RequestLog,
    pub(crate) accounting: Accounting,
    pub(crate) places: Places,
    pub(crate) stopping: Stopping,
    pub(crate) children: Children,
    pub(crate) allowlist: Allowlist,
    pub(crate) meetings: Meetings,
    pub(crate) counters: Counters,
    pub(crate) roster: Roster,
    pub(crate) operator: Option<Operator>,
    listening: Listening,
    warned_of_refusal: AtomicBool,
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
        let console = Console::new(options.quiet);
        let listening = Listening::deepen(listener).map_err(Error::Listener)?;
        let address = listening.address;
        exposure::check(address, options, &console)?;
        let log =
            RequestLog::open(options.log.as_deref()).map_err(|cause| Error::Log {
                path: options.log.clone().unwrap_or_default(),
                cause,
            })?;
        let shared = Arc::new(Shared {
            log,
            accounting: Accounting::default(),
            places: Places::new(machine::carry(options.max_clients, &console)),
            stopping: Stopping::new(options.grace).map_err(Error::Signals)?,
            children: Children::default(),
            allowlist: Allowlist::resolve(&options.allow),
            meetings: Meetings::new(options.meet_timeout),
            counters: Counters::new(options.unlocked),
            roster: Roster::open(options.roster.clone())?,
            operator: options.operator.then(Operator::default),
            options: options.clone(),
            console,
            listening,
            warned_of_refusal: AtomicBool::new(false),
        });
        let signals = Signals::watch(&shared).map_err(Error::Signals)?;
        shared
            .console
            .announce(format_args!("listening on {address}"));
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
        if !places.wait_for_room() {
            return None;
        }
        let (stream, peer) = self.back_off.accept(accept, console, stopping)?;
        let stream = Arc::new(stream);
        let place = places.enter(&stream)?;
        let client = ClientHandler::new(&self.shared, stream, peer, place);
        let thread = crate::client_handler::thread_name();
        console.show(format_args!("{thread} accepted {peer} ({})", client.name()));
        Some(client)
    }

    /// Ends the service after the last client: writes the log out, and prints the summary.
    pub fn finish(self) {
        let Self {
            shared, signals, ..
        } = self;
        drop(signals);
        shared.children.kill_all();
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

impl Shared {
    /// Lets nobody in any more, and lets those who are in finish.
    pub(crate) fn stop(&self) {
        self.stopping.begin();
        self.listening.shut();
        self.places.shut();
        self.meetings.wake();
    }

    /// Whether a request may hold its thread, so that ready replies go out before it.
    pub(crate) fn may_hold_thread(&self, request: &Request) -> bool {
        let asks_operator = self.operator.is_some()
            && match request {
                Request::Say(_) => true,
                Request::Timed(timed) => matches!(timed.as_ref(), Ok(Request::Say(_))),
                _ => false,
            };
        asks_operator || request.may_hold_thread()
    }

    /// Warns once that the system refuses threads; the summary counts the rest.
    pub(crate) fn warn_of_refusal(&self, peer: SocketAddr) {
        if !self.warned_of_refusal.swap(true, Relaxed) {
            self.console.warn(format_args!(
                "no thread for {peer}: the system refuses more"
            ));
        }
    }
}
