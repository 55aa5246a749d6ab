//! Serving one client: read, do, log, reply, until it leaves.

use std::{
    net::{SocketAddr, TcpStream},
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::{Duration, Instant},
};

use proto::{Arguments, Reply, Request};

use crate::{
    client_memory::Holding,
    commands::{self, LONG, Outcome},
    connection::{Connection, LINGER, Received},
    places::Place,
    printable,
    recording::{self, Records},
    shared::Shared,
    thread_name::thread_name,
    throttle::Cause,
};

#[cfg(test)]
mod panics;

/// A client without a thread is closed by the thread that accepts, which has no time to
/// lose.
const REFUSAL_LINGER: Duration = Duration::from_millis(50);

/// One client that was admitted, ready to be served on whichever thread.
///
/// [`serve`](Self::serve) answers its requests in order until it leaves. A handler that
/// is dropped without having served gets the error that there is no thread for it.
///
/// ```no_run
/// # use std::{net::TcpListener, thread};
/// # use service::{ClientHandler, Options, Service};
/// # let options = Options::from_command_line("my-server", "");
/// # let listener = TcpListener::bind(options.listen)?;
/// # let service = Service::start(&options, &listener)?;
/// // Your own server decides when to serve a client. Here two threads share them.
/// thread::scope(|scope| {
///     for _ in 0..2 {
///         let worker = || {
///             while let Some(client) = service.admit(|| listener.accept()) {
///                 client.serve();
///             }
///         };
///         thread::Builder::new().spawn_scoped(scope, worker)?;
///     }
///     std::io::Result::Ok(())
/// })?;
/// # service.finish();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a client that is not served gets the error that there is no thread for it"]
pub struct ClientHandler<'a> {
    shared: &'a Shared,
    /// Taken when serving begins.
    connection: Option<Connection>,
    peer: SocketAddr,
    name: String,
    /// Requests that were done and whose replies are not sent yet.
    unsent: u64,
    records: Records,
    closing: bool,
    _place: Place<'a>,
}

/// How a conversation ended.
enum End {
    /// Nothing is left to send: the client has left, or must not get a reply.
    Gone,
    /// The server ends it; the last reply must arrive.
    Closed,
}

impl<'a> ClientHandler<'a> {
    pub(crate) fn new(
        shared: &'a Shared,
        stream: Arc<TcpStream>,
        peer: SocketAddr,
        place: Place<'a>,
    ) -> Self {
        let holding = Holding::new(&shared.client_memory, place.number, &stream);
        let (idle_timeout, plain) = (shared.options.idle_timeout, shared.options.plain);
        let connection = Connection::new(stream, holding, idle_timeout, plain);
        let name = format!("client-{}", place.number);
        Self {
            shared,
            connection: Some(connection),
            peer,
            name,
            unsent: 0,
            records: Records::default(),
            closing: false,
            _place: place,
        }
    }

    /// The client's name, `client-N` with N counted from 1: a name for its thread.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The client's address.
    #[must_use]
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Serves the client until it leaves, is closed for cause, or the server stops.
    ///
    /// Errors of the client end its connection and nothing else. A panic while serving is
    /// logged and ends this connection alone.
    pub fn serve(self) {
        self.serve_by(Self::converse);
    }

    /// `converse` is a parameter for the test of what a panic does.
    fn serve_by(mut self, converse: impl FnOnce(&mut Self, &mut Connection) -> End) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let console = &self.shared.console;
        self.show("serves");
        let conversation = AssertUnwindSafe(|| converse(&mut self, &mut connection));
        match panic::catch_unwind(conversation) {
            Ok(End::Closed) => connection.close(LINGER),
            Ok(End::Gone) => {}
            Err(_) => {
                let name = &self.name;
                let text = format_args!("a panic ended the connection of {name}");
                console.warn_of(Cause::Panic, text);
            }
        }
        self.records.write(self.shared); // of requests whose replies were not sent
        self.shared.accounting.aborted(self.unsent);
        self.show("closed");
    }

    fn converse(&mut self, connection: &mut Connection) -> End {
        let mut last_read = false;
        let shared = self.shared;
        loop {
            let busy = shared.accounting.begin();
            if let Err(end) = self.answer_all(connection) {
                return end;
            }
            if !self.flush(connection) {
                return End::Gone;
            }
            if self.closing || last_read {
                return End::Closed;
            }
            // Once the server stops, what has arrived is read once more, done and
            // answered.
            last_read = shared.stopping.has_begun();
            drop(busy); // it waits for the client now
            match connection.receive() {
                Received::Bytes => {}
                Received::End | Received::Lost => return End::Gone,
                Received::Idle => return self.give_up("was idle for too long"),
                Received::TooSlow => {
                    return self.give_up("took too long to send a request");
                }
                Received::TooMuch => return self.refuse_memory(connection),
            }
        }
    }

    /// Tells on the console which thread does what with this client.
    fn show(&self, verb: &str) {
        let Self { peer, name, .. } = self;
        let thread = thread_name();
        self.shared
            .console
            .show(format_args!("{thread} {verb} {peer} ({name})"));
    }

    fn give_up(&self, why: &str) -> End {
        self.shared
            .console
            .show(format_args!("{} {} {why}", thread_name(), self.peer));
        End::Closed
    }

    /// Closes a client that holds most of what is too much in all.
    fn refuse_memory(&mut self, connection: &mut Connection) -> End {
        connection.forget();
        connection.reply(&Reply::error(
            "ERR the clients hold too much memory, and this one holds most: it is closed \
             (the server's --max-client-memory)",
        ));
        if !self.flush(connection) {
            return End::Gone;
        }
        self.give_up("held the most memory when the clients held too much")
    }

    /// Does every request that has arrived whole.
    fn answer_all(&mut self, connection: &mut Connection) -> Result<(), End> {
        while !self.closing {
            match connection.next_request() {
                Ok(Some(arguments)) if Request::is_from_browser(&arguments) => {
                    let text = format_args!(
                        "closed {}: a browser sent it '{}', on behalf of a web page",
                        self.peer,
                        printable::request(&arguments)
                    );
                    self.shared.console.warn_of(Cause::Browser, text);
                    return Err(End::Gone);
                }
                Ok(Some(arguments)) => self.answer(connection, arguments)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    connection.reply(&Reply::error(error.line()));
                    self.closing = true;
                }
            }
        }
        Ok(())
    }

    fn answer(
        &mut self,
        connection: &mut Connection,
        arguments: Arguments,
    ) -> Result<(), End> {
        let bytes = arguments.iter().map(Vec::capacity).sum();
        if connection.hold(bytes).is_err() {
            drop(arguments);
            return Err(self.refuse_memory(connection));
        }
        let written = recording::words(self.shared, &arguments);
        let request = Request::from_arguments(arguments);
        let holds =
            matches!(&request, Ok(request) if self.shared.may_hold_thread(request));
        let is_full = connection.is_batch_full() || self.records.is_batch_full();
        if (holds || is_full) && !self.flush(connection) {
            return Err(End::Gone);
        }
        let start = Instant::now();
        if let (Ok(request), Some(words)) = (&request, &written) {
            recording::show_begin(self.shared, self.peer, request, words);
        }
        let outcome = commands::carry_out(self.shared, connection, self.peer, request);
        let Self { shared, peer, .. } = self;
        if let Some(words) = written {
            self.records.add(shared, *peer, &words, &outcome, start);
        }
        self.closing |= outcome.closes || self.shared.options.once;
        let counted = if outcome.aborted { 0 } else { 1 };
        self.shared.accounting.aborted(1 - counted);
        let weight = outcome.weight();
        if weight < LONG {
            connection.reply(&outcome.reply);
            self.unsent += counted;
            return Ok(());
        }
        if !self.flush(connection) {
            self.unsent += counted;
            return Err(End::Gone);
        }
        self.unsent += counted;
        self.send(connection, outcome, weight)
    }

    /// Sends a long reply at once, alone.
    fn send(
        &mut self,
        connection: &mut Connection,
        outcome: Outcome,
        weight: usize,
    ) -> Result<(), End> {
        if connection.hold(weight).is_err() {
            drop(outcome);
            return Err(self.refuse_memory(connection));
        }
        connection.send(&outcome.reply).map_err(|_| End::Gone)?;
        self.shared
            .accounting
            .answered(std::mem::take(&mut self.unsent));
        Ok(())
    }

    /// Writes down what was done, then sends the replies; `false` when the client is
    /// gone.
    fn flush(&mut self, connection: &mut Connection) -> bool {
        self.records.write(self.shared);
        let sent = connection.flush().is_ok();
        if sent {
            self.shared
                .accounting
                .answered(std::mem::take(&mut self.unsent));
        }
        sent
    }
}

impl Drop for ClientHandler<'_> {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.reply(&Reply::error("ERR server out of threads"));
            let _ = connection.flush(); // an error here has no reader
            connection.close(REFUSAL_LINGER);
            self.shared.accounting.refused();
            self.shared.warn_of_refusal(self.peer);
        }
    }
}
