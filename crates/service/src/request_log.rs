//! The request log: one JSON object a line, written before the reply is sent.

use std::{
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::Serialize;

use crate::{
    Error,
    console::Console,
    output::Output,
    sink::{self, Sink},
};

/// A file that grows by one line a request, or none.
#[derive(Debug)]
pub(crate) struct RequestLog {
    output: Option<Arc<Output>>,
}

/// What the log says of one request. Texts are safe to print: see `printable.rs`.
pub(crate) struct Entry<'a> {
    pub(crate) client: SocketAddr,
    pub(crate) thread: &'a str,
    pub(crate) request: &'a str,
    pub(crate) status: i64,
    pub(crate) output: &'a str,
    pub(crate) service_time: Duration,
}

#[derive(Serialize)]
struct Line<'a> {
    /// When it was done, and when it began.
    time: String,
    started: String,
    client: String,
    thread: &'a str,
    request: &'a str,
    status: i64,
    output: &'a str,
    service_us: u64,
}

impl RequestLog {
    /// Opens the log for appending. A line that another server left unfinished is ended.
    ///
    /// # Errors
    ///
    /// [`Error::Log`] also where it is a FIFO that nobody reads.
    pub(crate) fn open(path: Option<&Path>, console: &Console) -> Result<Self, Error> {
        let Some(path) = path else {
            return Ok(Self { output: None });
        };
        let sink = Sink::open(path).map_err(|cause| Error::Log {
            path: path.to_owned(),
            cause,
        })?;
        let output = Output::new("the log", sink, Some(console.warnings()));
        if sink::ends_in_mid_line(path) {
            output.end_line_first();
        }
        Ok(Self {
            output: Some(output),
        })
    }

    /// Whether requests are logged at all.
    pub(crate) fn is_on(&self) -> bool {
        self.output.is_some()
    }

    /// Writes lines that [`Entry::line`] made.
    pub(crate) fn write(&self, lines: &[u8]) {
        if let Some(output) = &self.output {
            output.print(lines);
        }
    }

    /// Waits until what was logged is on the disk, and returns how many lines were lost.
    pub(crate) fn finish(&self) -> u64 {
        self.output.as_ref().map_or(0, |output| output.finish())
    }
}

impl Entry<'_> {
    /// Appends the line of this entry to `lines`.
    pub(crate) fn line(&self, lines: &mut Vec<u8>) {
        let done = SystemTime::now();
        let started = done.checked_sub(self.service_time).unwrap_or(done);
        let line = Line {
            time: humantime::format_rfc3339_millis(done).to_string(),
            started: humantime::format_rfc3339_millis(started).to_string(),
            client: self.client.to_string(),
            thread: self.thread,
            request: self.request,
            status: self.status,
            output: self.output,
            service_us: u64::try_from(self.service_time.as_micros()).unwrap_or(u64::MAX),
        };
        let _ = serde_json::to_writer(&mut *lines, &line); // texts and numbers always can
        lines.push(b'\n');
    }
}
