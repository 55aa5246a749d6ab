//! The server's console: what it prints for the person who started it.

use std::{
    fmt::Display,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Instant, SystemTime},
};

use crate::{
    output::Output,
    sink::Sink,
    thread_name::thread_name,
    throttle::{Cause, Throttle},
};

/// Standard output for what happens, standard error for warnings. Each is an [`Output`]
/// with a print lock of its own.
#[derive(Debug)]
pub(crate) struct Console {
    quiet: bool,
    out: Arc<Output>,
    err: Arc<Output>,
    throttle: Throttle,
}

impl Console {
    pub(crate) fn new(quiet: bool) -> io::Result<Self> {
        let err = Sink::inherited(&io::stderr())?;
        let err = Output::new("standard error", err, None);
        let out = Sink::inherited(&io::stdout())?;
        let out = Output::new("standard output", out, Some(Arc::clone(&err)));
        Ok(Self {
            quiet,
            out,
            err,
            throttle: Throttle::default(),
        })
    }

    /// Prints what every run must show, also with `--quiet`.
    pub(crate) fn announce(&self, text: impl Display) {
        self.print(format!("{text}\n").as_bytes());
    }

    /// Prints what this thread does with a client, as `main accepted PEER (client-1)`.
    pub(crate) fn show_client(&self, verb: &str, peer: SocketAddr, name: &str) {
        let thread = thread_name();
        self.show(format_args!("{thread} {verb} {peer} ({name})"));
    }

    /// Prints whole lines about a client, with the time; nothing with `--quiet`.
    pub(crate) fn show(&self, text: impl Display) {
        if let Some(line) = self.line(text) {
            self.print(line.as_bytes());
        }
    }

    /// A line about a client, with the time, to be printed with others; none with
    /// `--quiet`.
    pub(crate) fn line(&self, text: impl Display) -> Option<String> {
        (!self.quiet).then(|| format!("{} {text}\n", now()))
    }

    /// Prints lines, each with its end.
    pub(crate) fn print(&self, lines: &[u8]) {
        self.out.print(lines);
    }

    /// Prints a warning.
    pub(crate) fn warn(&self, text: impl Display) {
        self.err.print(format!("warning: {text}\n").as_bytes());
    }

    /// Prints a warning that clients can provoke: one a minute of each cause.
    pub(crate) fn warn_of(&self, cause: Cause, text: impl Display) {
        if let Some(unsaid) = self.throttle.pass(cause, Instant::now()) {
            match unsaid {
                0 => self.warn(text),
                more => {
                    self.warn(format_args!("{text} (and {more} more since the last)"))
                }
            }
        }
    }

    /// Prints how many warnings of each cause were not printed.
    pub(crate) fn warn_of_the_rest(&self) {
        for (cause, more) in self.throttle.unsaid() {
            self.warn(format_args!("{more} more warnings: {cause}"));
        }
    }

    /// Where warnings go.
    pub(crate) fn warnings(&self) -> Arc<Output> {
        Arc::clone(&self.err)
    }

    /// Gives the readers a last moment, and returns how many lines of standard output
    /// were lost.
    pub(crate) fn finish(&self) -> u64 {
        self.out.finish()
    }

    /// Runs `talk` while no other line can be printed.
    #[cfg(test)]
    pub(crate) fn hold<T>(&self, talk: impl FnOnce() -> T) -> T {
        self.out.hold(talk)
    }
}

/// The time of day, as it begins a line.
pub(crate) fn now() -> String {
    proto::time_of_day(SystemTime::now())
}
