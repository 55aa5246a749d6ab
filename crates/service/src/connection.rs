//! One client's socket: requests in with deadlines, replies out in batches, a clean
//! close.

use std::{
    io::{self, ErrorKind, Write as _},
    net::TcpStream,
    os::fd::{AsFd, BorrowedFd},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    client_memory::{Holding, TooMuch},
    incoming::Incoming,
    lingering,
    outgoing::{self, Outgoing},
    plain::Plain,
};
use proto::{Arguments, ProtocolError, Reply, Version};

/// How long a request may take to arrive once its first byte is in.
const REQUEST_DEADLINE: Duration = Duration::from_secs(10);
/// How long a last look takes at what has arrived when a deadline is over.
const LAST_LOOK: Duration = Duration::from_millis(1);
/// How long a client that knows no frames is silent when its message is at its end.
const SILENCE: Duration = Duration::from_millis(200);
/// How long a client may take to read what it is sent.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// Replies are sent early once this many bytes are collected.
const BATCH: usize = 64 * 1024;

/// A connection, from the server's side.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Arc<TcpStream>,
    incoming: Incoming,
    replies: Vec<u8>,
    holding: Holding,
    pub(crate) version: Version,
    idle_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    request_deadline: Option<Instant>,
    has_looked: bool,
    /// When the last request was done, and whether one has come since.
    idle_since: Instant,
    has_asked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    Bytes,
    /// The client has sent all it will.
    End,
    /// The client has not asked anything for the idle timeout.
    Idle,
    /// A request has begun and did not arrive whole in time.
    TooSlow,
    /// The client holds more memory than it may.
    TooMuch,
    /// The client is gone.
    Lost,
}

impl Connection {
    /// `idle_timeout` of zero is none.
    pub(crate) fn new(
        stream: Arc<TcpStream>,
        holding: Holding,
        idle_timeout: Duration,
        plain: Option<Plain>,
    ) -> Self {
        // A socket that its client has reset already refuses options; reading reports it.
        let _ = stream.set_nodelay(true);
        let _ = stream.set_write_timeout(Some(WRITE_DEADLINE));
        Self {
            stream,
            incoming: Incoming::new(plain),
            replies: Vec::new(),
            holding,
            version: Version::default(),
            idle_timeout: Some(idle_timeout).filter(|timeout| !timeout.is_zero()),
            read_timeout: None,
            request_deadline: None,
            has_looked: false,
            idle_since: Instant::now(),
            has_asked: false,
        }
    }

    /// The next request that has arrived whole.
    pub(crate) fn next_request(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        let request = self.incoming.next_request()?;
        self.has_asked |= request.is_some();
        self.request_deadline = match request {
            None if self.incoming.is_mid_request() => self
                .request_deadline
                .or_else(|| Some(Instant::now() + REQUEST_DEADLINE)),
            _ => None,
        };
        Ok(request)
    }

    /// Reads once, until the deadline of the request that has begun, else the idle
    /// timeout.
    pub(crate) fn receive(&mut self) -> Received {
        let deadline = self.request_deadline;
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let mut timeout = match left {
            Some(left) if self.incoming.is_mid_message() => Some(left.min(SILENCE)),
            Some(left) => Some(left),
            None => self.idle_timeout.map(|timeout| self.idle_left(timeout)),
        };
        let is_over = timeout == Some(Duration::ZERO);
        if is_over && self.has_looked {
            return self.too_late();
        }
        self.has_looked = is_over;
        if is_over {
            // It may have come in time: a machine that stands still stops both.
            timeout = Some(LAST_LOOK);
        }
        if timeout != self.read_timeout && self.stream.set_read_timeout(timeout).is_ok() {
            self.read_timeout = timeout;
        }
        let read = loop {
            match self.incoming.read_from(&mut &*self.stream) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        if read.is_ok() && self.hold(0).is_err() {
            return Received::TooMuch;
        }
        match read {
            Ok(0) if self.incoming.end() => Received::Bytes,
            Ok(0) => Received::End,
            Ok(_) => Received::Bytes,
            Err(error) => self.receive_failed(error.kind()),
        }
    }

    fn receive_failed(&mut self, why: ErrorKind) -> Received {
        match why {
            ErrorKind::OutOfMemory => Received::TooMuch,
            ErrorKind::WouldBlock | ErrorKind::TimedOut
                if self.incoming.is_mid_message() =>
            {
                self.incoming.end_message();
                Received::Bytes
            }
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.too_late(),
            _ => Received::Lost,
        }
    }

    /// Which deadline the client has missed.
    fn too_late(&self) -> Received {
        match self.request_deadline {
            Some(_) => Received::TooSlow,
            None => Received::Idle,
        }
    }

    /// What is left of the idle timeout. Bytes that ask nothing do not begin it anew.
    fn idle_left(&mut self, timeout: Duration) -> Duration {
        if std::mem::take(&mut self.has_asked) {
            self.idle_since = Instant::now();
            return timeout;
        }
        timeout.saturating_sub(self.idle_since.elapsed())
    }

    /// Counts what the client holds: what it has sent, what it is to be sent, and `more`
    /// bytes.
    pub(crate) fn hold(&mut self, more: usize) -> Result<(), TooMuch> {
        let own = self.incoming.held() + self.replies.capacity();
        self.holding.set(own + more)
    }

    /// Gives back the memory of what the client has sent: nothing of it is read any more.
    pub(crate) fn forget(&mut self) {
        self.incoming.forget();
        let _ = self.hold(0); // it goes already
    }

    /// Collects a reply; [`flush`](Self::flush) sends it.
    pub(crate) fn reply(&mut self, reply: &Reply) {
        self.incoming.encode(reply, self.version, &mut self.replies);
    }

    /// Whether so much is collected that it should be sent.
    pub(crate) fn is_batch_full(&self) -> bool {
        self.replies.len() >= BATCH
    }

    /// Sends the replies that were collected.
    ///
    /// # Errors
    ///
    /// When the client is gone, or does not read for the write deadline.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let _ = self.hold(0); // what was asked is done; the next read says more
        self.holding.set_sending(true);
        let deadline = Instant::now() + WRITE_DEADLINE;
        let sent = outgoing::send(&self.stream, &self.replies, deadline);
        self.holding.set_sending(false);
        self.replies.clear();
        self.replies.shrink_to(BATCH);
        sent
    }

    /// Sends a long reply while it is made.
    ///
    /// # Errors
    ///
    /// Those of [`flush`](Self::flush); a part of the reply may have been sent then.
    pub(crate) fn send(&mut self, reply: &Reply) -> io::Result<()> {
        self.holding.set_sending(true);
        let deadline = Instant::now() + WRITE_DEADLINE;
        let mut outgoing = Outgoing::new(&self.stream, deadline);
        let sent = match &self.incoming {
            Incoming::Framed(_) => reply.write(self.version, &mut outgoing),
            Incoming::Plain(_) => {
                let mut bytes = Vec::new();
                self.incoming.encode(reply, self.version, &mut bytes);
                outgoing.write_all(&bytes)
            }
        };
        let sent = sent.and_then(|()| outgoing.flush());
        self.holding.set_sending(false);
        sent
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Closes so that the last reply arrives even though the client may have sent more.
    /// It may take as long as `linger`.
    pub(crate) fn close(mut self, linger: Duration) {
        self.forget();
        lingering::close(&self.stream, linger);
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
