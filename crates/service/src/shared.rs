//! What all clients of one server share.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use proto::Request;

use crate::{
    Error, Options, accounting::Accounting, allowlist::Allowlist, children::Children,
    client_memory::ClientMemory, console::Console, counters::Counters, exposure,
    listening::Listening, machine, meetings::Meetings, operator::Operator,
    places::Places, request_log::RequestLog, roster::Roster, stopping::Stopping,
    throttle::Cause,
};

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
    pub(crate) roster: Arc<Roster>,
    pub(crate) client_memory: Arc<ClientMemory>,
    pub(crate) operator: Option<Operator>,
    pub(crate) listening: Listening,
}

impl Shared {
    /// Makes everything ready that a client needs.
    pub(crate) fn new(options: &Options, listener: &TcpListener) -> Result<Self, Error> {
        let console = Console::new(options.quiet).map_err(Error::Console)?;
        let most_clients = machine::limit_clients(options.max_clients, &console)?;
        let listening =
            Listening::set_backlog(listener, options.backlog).map_err(Error::Listener)?;
        exposure::check(listening.address, options, &console)?;
        let log = RequestLog::open(options.log.as_deref(), &console)?;
        let allowlist = Allowlist::resolve(&options.allow);
        for name in allowlist.missing(&options.allow) {
            console.warn(format_args!(
                "no program '{name}' in PATH for --allow: install it, then start the \
                 server \
                 again"
            ));
        }
        Ok(Self {
            log,
            accounting: Accounting::default(),
            places: Places::new(most_clients, machine::descriptors()),
            stopping: Stopping::new(options.grace).map_err(Error::Signals)?,
            children: Children::new(),
            allowlist,
            meetings: Meetings::new(options.meet_timeout),
            counters: Counters::new(options.unlocked),
            roster: Arc::new(Roster::open(options.roster.as_deref())?),
            client_memory: ClientMemory::new(options.max_client_memory),
            operator: options.operator.then(Operator::default),
            options: options.clone(),
            console,
            listening,
        })
    }

    /// Lets nobody in any more, and lets those who are in finish.
    pub(crate) fn stop(&self) {
        self.stopping.begin();
        self.listening.shut();
        self.places.shut();
        self.meetings.wake();
    }

    /// Whether a request may hold its thread, so that ready replies go out before it.
    pub(crate) fn may_hold_thread(&self, request: &Request) -> bool {
        let asked = match request {
            Request::Timed(timed) => timed.as_ref().as_ref().ok(),
            request => Some(request),
        };
        let holds_here = match asked {
            Some(Request::Say(_)) => self.operator.is_some(),
            Some(Request::IncrBy { .. }) => self.options.unlocked,
            Some(Request::Register { .. }) => self.options.roster.is_some(), // the disk
            _ => false,
        };
        holds_here || request.may_hold_thread()
    }

    /// Warns that the system refuses threads; the summary counts how often.
    pub(crate) fn warn_of_refusal(&self, peer: SocketAddr) {
        let text = format_args!("no thread for {peer}: the system refuses more");
        self.console.warn_of(Cause::NoThread, text);
    }
}
