//! redis-benchmark, the load generator that comes with Redis: how it is called, and its
//! CSV.

use std::{
    fmt::{self, Display},
    io::Read,
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use launch::Interrupt;

use crate::error::Error;

/// How often a run that goes on is looked at.
const STEP: Duration = Duration::from_millis(20);
/// What a run gets beyond the time it should take. On a port that nobody listens on it
/// would try for ever.
const GRACE: Duration = Duration::from_secs(20);

/// What redis-benchmark is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Open connections.
    pub clients: usize,
    /// Requests sent at once on each.
    pub pipeline: usize,
    /// Its own threads. With one it can hide a server that uses both cores.
    pub threads: usize,
    /// Whether a connection is kept for the next request.
    pub keep: bool,
}

impl Load {
    /// On kept connections.
    #[must_use]
    pub fn new(clients: usize, pipeline: usize, threads: usize) -> Self {
        Self {
            clients,
            pipeline,
            threads,
            keep: true,
        }
    }

    /// A connection for each request.
    #[must_use]
    pub fn reconnecting(self) -> Self {
        Self {
            keep: false,
            ..self
        }
    }

    /// Sends `requests` PINGs to a server: how many were answered in a second.
    ///
    /// # Errors
    ///
    /// An [`Error`] when it fails, prints no table, or takes far longer than `expected`.
    pub fn run(
        self,
        address: SocketAddr,
        requests: u64,
        expected: Duration,
        interrupt: &Interrupt,
    ) -> Result<f64, Error> {
        let mut command = Command::new("redis-benchmark");
        command
            .args(["-h", &address.ip().to_string()])
            .args(["-p", &address.port().to_string()])
            .args(["-n", &requests.to_string()])
            .args(["-c", &self.clients.to_string()])
            .args(["-P", &self.pipeline.to_string()])
            .args(["-k", if self.keep { "1" } else { "0" }]);
        if self.threads > 1 {
            command.args(["--threads", &self.threads.to_string()]);
        }
        command.args(["--csv", "PING"]);
        let table = output(&mut command, expected + GRACE, interrupt)?;
        rate(&table).ok_or(Error::NoRate(table))
    }
}

impl Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = match self.clients {
            1 => "1 client".to_owned(),
            clients => format!("{clients} clients"),
        };
        let threads = match self.threads {
            1 => "1 thread".to_owned(),
            threads => format!("{threads} threads"),
        };
        let pipeline = self.pipeline;
        let connections = if self.keep {
            ""
        } else {
            ", a connection for each request"
        };
        write!(
            f,
            "{clients}, pipeline {pipeline}{connections} · redis-benchmark, {threads}"
        )
    }
}

/// The requests a second in redis-benchmark's CSV: a line of names, then a line of
/// values.
#[must_use]
pub fn rate(table: &str) -> Option<f64> {
    let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    let names = lines.find(|line| line.starts_with("\"test\""))?;
    let place = fields(names).position(|name| name == "rps")?;
    let rate: f64 = fields(lines.next()?).nth(place)?.parse().ok()?;
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|field| field.trim_matches('"'))
}

/// What a program printed; it is killed when it takes too long or a signal comes.
fn output(
    command: &mut Command,
    within: Duration,
    interrupt: &Interrupt,
) -> Result<String, Error> {
    let cannot_run = |source| Error::Program {
        program: "redis-benchmark",
        source,
    };
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut run = Run(child.map_err(cannot_run)?);
    let deadline = Instant::now() + within;
    // Its two lines fit into the pipe: nobody has to read them before it ends.
    let status = loop {
        if let Some(status) = run.0.try_wait().map_err(cannot_run)? {
            break status;
        }
        if deadline <= Instant::now() {
            return Err(Error::TooLong(within));
        }
        interrupt.sleep_until(Instant::now() + STEP)?;
    };
    interrupt.check()?; // Ctrl-C at a terminal ends both
    let mut text = String::new();
    let read = |mut pipe: ChildStdout| pipe.read_to_string(&mut text);
    run.0
        .stdout
        .take()
        .map(read)
        .transpose()
        .map_err(cannot_run)?;
    if status.success() {
        Ok(text)
    } else {
        Err(Error::NoRate(format!("it ended with {status}")))
    }
}

/// A run, killed when it is dropped.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        // It has mostly ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
