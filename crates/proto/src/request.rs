//! The typed requests: what a client can ask for.

use std::time::Duration;

use crate::{Arguments, RequestError, Version, command};

/// A request whose arguments have been read and found in range.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// `PING [text]`: nothing, answered at once.
    Ping(Option<Vec<u8>>),
    /// `ECHO text`.
    Echo(Vec<u8>),
    /// `SLEEP duration`: holds its thread without using the CPU. How long a server allows
    /// is the server's to say.
    Sleep(Duration),
    /// `PRIMES n`: how many primes are below n, at most
    /// [`limits::PRIMES`](crate::limits::PRIMES).
    Primes(u64),
    /// `RUN program [arg…]`.
    Run {
        /// Its bare name, as it came.
        program: Vec<u8>,
        /// Its arguments, as they came.
        arguments: Vec<Vec<u8>>,
    },
    /// `MEET n`: a rendezvous of 1 to [`limits::MEET`](crate::limits::MEET) clients.
    Meet(usize),
    /// `SAY text…`, the words joined by a blank.
    Say(Vec<u8>),
    /// `REGISTER name student-id github`.
    Register {
        /// The student's name.
        name: Vec<u8>,
        /// The number the school knows the student by.
        student_id: Vec<u8>,
        /// The name on GitHub.
        github: Vec<u8>,
    },
    /// `ROSTER`: who has registered.
    Roster,
    /// `INCR counter` (by 1) and `INCRBY counter n`.
    IncrBy {
        /// Its name.
        counter: Vec<u8>,
        /// What is added.
        amount: i64,
    },
    /// `GET counter`.
    Get(Vec<u8>),
    /// `TIMED request…`. An error of the request is part of the answer.
    Timed(Box<Result<Request, RequestError>>),
    /// `HELLO [2|3]`.
    Hello(Option<Version>),
    /// `QUIT`.
    Quit,
}

impl Request {
    /// Reads arguments as a request; the name of the command ignores case.
    ///
    /// # Errors
    ///
    /// A [`RequestError`] when there is no such command, or its arguments are too few,
    /// too many or of no use.
    ///
    /// ```
    /// use proto::Request;
    /// let arguments = proto::split_line(b"sleep 2s")?;
    /// let two_seconds = std::time::Duration::from_secs(2);
    /// assert_eq!(Request::parse(&arguments)?, Request::Sleep(two_seconds));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(arguments: &[Vec<u8>]) -> Result<Self, RequestError> {
        command::parse(arguments.to_vec())
    }

    /// As [`parse`](Self::parse), without a copy of the arguments: a request of 16 MiB
    /// takes 16 MiB.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse).
    pub fn from_arguments(arguments: Arguments) -> Result<Self, RequestError> {
        command::parse(arguments)
    }

    /// Whether carrying it out may hold the thread that does it, so that replies which
    /// are ready must be sent before.
    #[must_use]
    pub fn may_hold_thread(&self) -> bool {
        match self {
            Self::Sleep(_) | Self::Primes(_) | Self::Run { .. } | Self::Meet(_) => true,
            Self::Timed(request) => {
                matches!(request.as_ref(), Ok(request) if request.may_hold_thread())
            }
            _ => false,
        }
    }

    /// Whether these arguments are what a browser sends that a web page has sent here
    /// (`POST`, `Host:`): the connection is to be closed without a reply.
    #[must_use]
    pub fn is_from_browser(arguments: &[Vec<u8>]) -> bool {
        arguments.first().is_some_and(|name| {
            name.eq_ignore_ascii_case(b"post") || name.eq_ignore_ascii_case(b"host:")
        })
    }
}
