//! A server to measure, ours or another's.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use launch::{Launch, Server, find_in_path};

use crate::{error::Error, redis_server::RedisServer};

/// A server that can be started. Each run gets a fresh one, on a free port of this
/// machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contestant {
    /// Redis, which serves all clients on one thread; nothing is written to a disk.
    Redis,
    /// A server that keeps the kit's contract.
    Kit {
        /// What the report calls it.
        name: String,
        /// Its program, found as [`Launch::new`] finds it.
        program: PathBuf,
        /// Its arguments, without its address.
        arguments: Vec<String>,
    },
}

/// A server that runs; it ends when this is dropped.
#[derive(Debug)]
pub enum Running {
    /// A redis-server.
    Redis(RedisServer),
    /// A server of the kit.
    Kit(Server),
}

impl Contestant {
    /// A server of the kit, called by its program's name.
    pub fn kit(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        let program = program.as_ref().to_owned();
        Self::Kit {
            name: program
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            program,
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    /// A Python server of the kit, printing no line for a request.
    #[must_use]
    pub fn python(script: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demos/python");
        let script = folder.join(script).to_string_lossy().into_owned();
        Self::kit("python3", &[&script, "--quiet"]).called(&format!(
            "Python's {}",
            Path::new(&script)
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
        ))
    }

    /// The same server under another name.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        match self {
            Self::Redis => Self::Redis,
            Self::Kit {
                program, arguments, ..
            } => Self::Kit {
                name: name.to_owned(),
                program,
                arguments,
            },
        }
    }

    /// What the report calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Redis => "redis-server",
            Self::Kit { name, .. } => name,
        }
    }

    /// Whether its program is there; ours are always said to be.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        match self {
            Self::Redis => find_in_path("redis-server").is_some(),
            Self::Kit { program, .. } => {
                program != Path::new("python3") || find_in_path("python3").is_some()
            }
        }
    }

    /// Starts it.
    ///
    /// # Errors
    ///
    /// [`Error::Launch`] or [`Error::RedisServer`].
    pub fn start(&self) -> Result<Running, Error> {
        match self {
            Self::Redis => RedisServer::start().map(Running::Redis),
            Self::Kit {
                program, arguments, ..
            } => {
                let launch = Launch::new(program).args(arguments);
                let server = launch.args(["--listen", "127.0.0.1:0"]).start()?;
                Ok(Running::Kit(server))
            }
        }
    }
}

impl Running {
    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        match self {
            Self::Redis(server) => server.pid(),
            Self::Kit(server) => server.pid(),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Redis(server) => server.address(),
            Self::Kit(server) => server.address(),
        }
    }
}
