//! Serving one client: read, do, log, reply, until it leaves.
//!
//! `answering.rs` does each request, writes it down and answers it. A handler that is
//! dropped unserved answers that there is no thread. A panic ends one connection alone,
//! and `panics.rs` tests it.

use std::{
    net::{SocketAddr, TcpStream},
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use proto::Reply;

use crate::{
    client_memory::Holding,
    connection::{Connection, Received},
    lingering::LINGER,
    places::Place,
    recording::Records,
    shared::Shared,
    throttle::Cause,
};

mod answering;
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
enum ConversationEnd {
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
    fn serve_by(
        mut self,
        converse: impl FnOnce(&mut Self, &mut Connection) -> ConversationEnd,
    ) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let console = &self.shared.console;
        self.show("serves");
        let conversation = AssertUnwindSafe(|| converse(&mut self, &mut connection));
        match panic::catch_unwind(conversation) {
            Ok(ConversationEnd::Closed) => connection.close(LINGER),
            Ok(ConversationEnd::Gone) => {}
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

    fn converse(&mut self, connection: &mut Connection) -> ConversationEnd {
        let mut last_read = false;
        let shared = self.shared;
        loop {
            let busy = shared.accounting.begin();
            if let Err(end) = self.answer_all(connection) {
                return end;
            }
            if !self.flush(connection) {
                return ConversationEnd::Gone;
            }
            if self.closing || last_read {
                return ConversationEnd::Closed;
            }
            // Once the server stops, what has arrived is read once more, done and
            // answered.
            last_read = shared.stopping.has_begun();
            drop(busy); // it waits for the client now
            match connection.receive() {
                Received::Bytes => {}
                Received::End | Received::Lost => return ConversationEnd::Gone,
                Received::Idle => return self.give_up("was idle for too long"),
                Received::TooSlow => {
                    return self.give_up("took too long to send a request");
                }
                Received::TooMuch => return self.refuse_memory(connection),
            }
        }
    }

    /// Shows on the console which thread does what with this client.
    fn show(&self, verb: &str) {
        self.shared.console.show_client(verb, self.peer, &self.name);
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
