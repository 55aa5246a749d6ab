//! Why a server could not start, in words for the person who started it.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use thiserror::Error;

/// What keeps a server from starting.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Occurs when the address is taken, or is not of this machine.
    #[error("cannot listen on {address}: {}; --listen ADDR chooses another address", reason(.cause))]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// Occurs when the listening socket can't be set up after it was bound.
    #[error("cannot set up the listening socket: {0}")]
    Listener(#[source] io::Error),
    /// Occurs when the file of `--log` can't be opened for appending.
    #[error("cannot open the log {}: {cause}; --log FILE names another", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Occurs when the file of `--roster` can't be read, or is none that this server wrote.
    #[error("cannot read the roster {}: {reason}; --roster FILE names another", path.display())]
    Roster {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Occurs when `--allow` meets an address that other machines reach.
    #[error(
        "--allow on {address} lets every machine that reaches it run these programs; \
         add --expose-commands if that is meant"
    )]
    Exposed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Occurs when SIGTERM and SIGINT can't be watched.
    #[error("cannot watch for SIGTERM and Ctrl-C: {0}")]
    Signals(#[source] io::Error),
}

impl Error {
    /// An address that can't be bound.
    #[must_use]
    pub fn bind(address: SocketAddr, cause: io::Error) -> Self {
        Self::Bind { address, cause }
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
    let _ = writeln!(io::stderr(), "{program}: {error}"); // nobody is left to tell
    ExitCode::FAILURE
}
