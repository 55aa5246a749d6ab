//! Why a server could not start, in words for the person who started it.

use std::{
    io::{self, Write},
    net::SocketAddr,
    num::NonZeroUsize,
    path::PathBuf,
    process::ExitCode,
};

use thiserror::Error;

/// What keeps a server from starting.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Occurs when the address is taken, or is not of this machine.
    #[error(
        "cannot listen on {address}: {}; --listen ADDR chooses another address",
        reason(.cause)
    )]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// Occurs when the listening socket cannot be set up after it was bound.
    #[error("cannot set up the listening socket: {0}")]
    Listener(#[source] io::Error),
    /// Occurs when standard output or standard error cannot be used at all.
    #[error("cannot use standard output and standard error: {0}")]
    Console(#[source] io::Error),
    /// Occurs when the file of `--log` cannot be opened for appending.
    #[error(
        "cannot open the log {}: {}; --log FILE names another",
        path.display(), log_reason(.cause)
    )]
    Log {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Occurs when the file of `--roster` cannot be read and written, is none that a
    /// server wrote, or is another server's.
    #[error(
        "cannot use the roster {}: {reason}; --roster FILE names another",
        path.display()
    )]
    Roster {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Occurs when `--allow` meets an address that other machines reach.
    #[error(
        "--allow on {address} lets every machine that reaches it run these programs; \
         add --expose-commands if you want that"
    )]
    Exposed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Occurs when SIGTERM and SIGINT cannot be watched.
    #[error("cannot watch for SIGTERM and Ctrl-C: {0}")]
    Signals(#[source] io::Error),
    /// Occurs when an option asks for what a server cannot do with one thread for all
    /// clients.
    #[error("{0} needs a thread for each client: leave it out, or start threaded-server")]
    NeedsThreads(&'static str),
    /// Occurs when the system cannot report which clients are ready.
    #[error("cannot wait for the clients: {0}")]
    Poll(#[source] io::Error),
    /// Occurs when the machine's limit on something leaves nothing for a client.
    #[error(
        "cannot serve anybody: the limit on {0} leaves no room for one client; raise it"
    )]
    NoRoom(&'static str),
    /// Occurs when an option asks for more threads than the machine allows.
    #[error(
        "cannot start {asked} workers: this machine's limit on {what} allows {most}; \
         give a smaller --workers N"
    )]
    TooManyWorkers {
        /// How many were asked for.
        asked: NonZeroUsize,
        /// How many there may be.
        most: usize,
        /// What is limited, and by what.
        what: &'static str,
    },
    /// Occurs when the system refuses a thread that the server needs.
    #[error("cannot start worker {number}: {cause}; give a smaller --workers N")]
    Worker {
        /// Counted from 1.
        number: usize,
        /// What the system said.
        cause: io::Error,
    },
}

impl Error {
    /// An address that cannot be bound.
    #[must_use]
    pub fn bind(address: SocketAddr, cause: io::Error) -> Self {
        Self::Bind { address, cause }
    }

    /// A thread of a pool that the system refused; `number` counts from 1.
    #[must_use]
    pub fn worker(number: usize, cause: io::Error) -> Self {
        Self::Worker { number, cause }
    }
}

fn log_reason(cause: &io::Error) -> String {
    match cause.raw_os_error() {
        Some(error) if error == rustix::io::Errno::NXIO.raw_os_error() => {
            "no program reads this FIFO or socket; start its reader first".to_owned()
        }
        _ => cause.to_string(),
    }
}

fn reason(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        io::ErrorKind::PermissionDenied => "ports below 1024 need privileges".to_owned(),
        _ => cause.to_string(),
    }
}

/// Turns the outcome of a server into its exit status: 0, or 1 after one line on standard
/// error that names the program.
#[must_use]
pub fn exit_code(program: &str, outcome: Result<(), Error>) -> ExitCode {
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    let _ = writeln!(io::stderr(), "{program}: {error}"); // nobody is left to read it
    ExitCode::FAILURE
}
