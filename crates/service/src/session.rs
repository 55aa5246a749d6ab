//! One client of a server that waits for all its clients at once. Such a server reads,
//! writes and waits in its own way; what is asked, printed, logged and counted is the
//! same.

use std::{
    net::{Shutdown, SocketAddr, TcpStream},
    sync::Arc,
    time::Instant,
};

use proto::{Arguments, Reply, Request, RequestError, Version};

use crate::{
    Job, Outcome, Task, Work,
    accounting::Busy,
    client_memory::{self, Holding},
    commands::{answer_at_once, greeting, hello, primes, running, sleeping, timed},
    long_reply::LongReply,
    machine,
    places::Place,
    printable,
    recording::{self, Records},
    shared::Shared,
    thread_name::thread_name,
    throttle::Cause,
};

/// One client that was let in by
/// [`Service::admit_if_ready`](crate::Service::admit_if_ready).
///
/// Each request goes through [`begin`](Self::begin) and [`end`](Self::end); what it takes
/// to get from one to the other is the server's part. Dropping the session ends it.
#[derive(Debug)]
pub struct Session<'a> {
    shared: &'a Arc<Shared>,
    stream: Arc<TcpStream>,
    peer: SocketAddr,
    name: String,
    version: Version,
    /// Requests that were done and whose replies are not sent yet.
    unsent: u64,
    /// While a request is under way.
    busy: Option<Busy<'a>>,
    holding: Holding,
    /// What is left of a long reply.
    long_reply: Option<LongReply>,
    has_held: bool,
    place: Place<'a>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        shared: &'a Arc<Shared>,
        stream: Arc<TcpStream>,
        peer: SocketAddr,
        place: Place<'a>,
    ) -> Self {
        let name = format!("client-{}", place.number);
        let holding = Holding::new(&shared.client_memory, place.number, &stream);
        let session = Self {
            shared,
            stream,
            peer,
            name,
            version: Version::default(),
            unsent: 0,
            busy: None,
            holding,
            long_reply: None,
            has_held: false,
            place,
        };
        session.show("accepted");
        session.show("serves");
        session
    }

    /// Counts from 1 in the order of arrival; no two clients of a server have the same.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.place.number
    }

    /// The client's socket.
    #[must_use]
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Whether a browser sent this on behalf of a web page, which is printed: the
    /// connection is to be closed without a reply.
    #[must_use]
    pub fn is_from_browser(&self, arguments: &Arguments) -> bool {
        let is_from_browser = Request::is_from_browser(arguments);
        if is_from_browser {
            let text = format_args!(
                "closed {}: a browser sent it '{}', on behalf of a web page",
                self.peer,
                printable::request(arguments)
            );
            self.shared.console.warn_of(Cause::Browser, text);
        }
        is_from_browser
    }

    /// Begins a request: does what waits for nothing, and says what else there is to do.
    pub fn begin(&mut self, arguments: Arguments) -> (Task, Work) {
        let written = recording::words(self.shared, &arguments);
        let (is_timed, request) = match Request::from_arguments(arguments) {
            Ok(Request::Timed(request)) => (true, *request),
            request => (false, request),
        };
        let start = (is_timed || written.is_some()).then(Instant::now);
        self.busy = Some(self.shared.accounting.begin());
        if let (Ok(request), Some(words)) = (&request, &written) {
            recording::show_begin(self.shared, self.peer, request, words);
        }
        let task = Task {
            written,
            is_timed,
            start,
        };
        (task, self.work(request))
    }

    fn work(&mut self, request: Result<Request, RequestError>) -> Work {
        let shared = Arc::clone(self.shared);
        match request {
            Err(error) => Work::Done(error.to_reply().into()),
            Ok(Request::Sleep(duration)) => match sleeping::refusal(&shared, duration) {
                Some(refusal) => Work::Done(refusal),
                None => Work::Sleep(duration),
            },
            Ok(Request::Meet(clients)) => Work::Meet(clients),
            Ok(Request::Primes(below)) => {
                let client = Arc::clone(&self.stream);
                let count = move || primes::count(&shared, &client, below);
                Work::Compute(Job(Box::new(count)))
            }
            Ok(Request::Run { program, arguments }) => {
                if !machine::has_room_for_a_thread() {
                    return Work::Done(Outcome::no_thread());
                }
                let client = Arc::clone(&self.stream);
                let run = move || running::run(&shared, &client, &program, arguments);
                Work::Block(Job(Box::new(run)))
            }
            Ok(Request::Say(_)) => Work::Done(greeting::greet(&shared)),
            Ok(Request::Hello(version)) => {
                Work::Done(hello::hello(&shared, &mut self.version, version))
            }
            Ok(request) => {
                self.has_held |= shared.may_hold_thread(&request);
                Work::Done(answer_at_once(&shared, self.peer, request))
            }
        }
    }

    /// Ends a request: prints and logs it, then appends its reply, or the start of a long
    /// one. Returns whether the connection is to be closed once the reply is sent.
    pub fn end(&mut self, task: Task, outcome: Outcome, replies: &mut Vec<u8>) -> bool {
        let outcome = match task.start {
            Some(start) if task.is_timed => timed::cost(outcome, start),
            _ => outcome,
        };
        if let (Some(words), Some(start)) = (&task.written, task.start) {
            let mut records = Records::default();
            records.add(self.shared, self.peer, words, &outcome, start);
            records.write(self.shared);
        }
        self.long_reply = LongReply::begin(&outcome.reply, self.version, replies);
        self.busy = None;
        if outcome.aborted {
            self.shared.accounting.aborted(1);
        } else {
            self.unsent += 1;
        }
        outcome.closes || self.shared.options.once
    }

    /// Appends the reply to bytes that are no request; the connection is to be closed
    /// then.
    pub fn refuse(&self, error: proto::ProtocolError, replies: &mut Vec<u8>) {
        error.to_reply().encode(self.version, replies);
    }

    /// Says how many bytes of requests and replies the client holds now. Returns whether
    /// it may: if not, its connection is to be closed.
    #[must_use]
    pub fn may_hold(&mut self, bytes: usize) -> bool {
        self.holding.set(bytes).is_ok()
    }

    /// Says whether a part of the replies is sent and the rest waits for the client: then
    /// no error can reach it any more.
    pub fn set_sending(&self, is_sending: bool) {
        self.holding.set_sending(is_sending);
    }

    /// Appends the error for a client that [may not hold](Self::may_hold) what it does,
    /// and prints it; the connection is to be closed then.
    pub fn refuse_memory(&self, replies: &mut Vec<u8>) {
        Reply::error(client_memory::REFUSAL).encode(self.version, replies);
        self.give_up(client_memory::REASON);
    }

    /// Whether a request since the last call may have held the thread, and was done.
    pub fn has_held(&mut self) -> bool {
        std::mem::take(&mut self.has_held)
    }

    /// Whether a part of the last reply is still to be appended.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.long_reply.is_some()
    }

    /// Appends the next part of a long reply.
    pub fn append_more(&mut self, replies: &mut Vec<u8>) {
        let version = self.version;
        self.long_reply
            .take_if(|reply| !reply.go_on(version, replies));
    }

    /// Counts all replies that were appended as sent.
    pub fn sent(&mut self) {
        let unsent = std::mem::take(&mut self.unsent);
        self.shared.accounting.answered(unsent);
    }

    /// Prints why the connection is closed.
    pub fn give_up(&self, why: &str) {
        self.shared
            .console
            .show(format_args!("{} {} {why}", thread_name(), self.peer));
    }

    fn show(&self, verb: &str) {
        self.shared.console.show_client(verb, self.peer, &self.name);
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both); // what runs for the client ends
        let aborted = self.unsent + u64::from(self.busy.is_some());
        self.shared.accounting.aborted(aborted);
        self.show("closed");
    }
}
