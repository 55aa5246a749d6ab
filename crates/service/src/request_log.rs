//! The request log: one JSON object a line, written before the reply is sent.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    net::SocketAddr,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use serde::Serialize;

use crate::{console::Console, lock::lock};

/// A file that grows by one line a request, or none.
#[derive(Debug)]
pub(crate) struct RequestLog {
    file: Option<Mutex<File>>,
    lost: AtomicU64,
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
    time: String,
    client: String,
    thread: &'a str,
    request: &'a str,
    status: i64,
    output: &'a str,
    service_us: u64,
}

impl RequestLog {
    pub(crate) fn open(path: Option<&Path>) -> io::Result<Self> {
        let open = |path| OpenOptions::new().create(true).append(true).open(path);
        let file = path.map(open).transpose()?.map(Mutex::new);
        Ok(Self {
            file,
            lost: AtomicU64::new(0),
        })
    }

    /// Whether requests are logged at all.
    pub(crate) fn is_on(&self) -> bool {
        self.file.is_some()
    }

    /// Appends one line. A line that can't be written is counted, and warned of once.
    pub(crate) fn append(&self, entry: &Entry<'_>, console: &Console) {
        let Some(file) = &self.file else { return };
        let line = Line {
            time: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            client: entry.client.to_string(),
            thread: entry.thread,
            request: entry.request,
            status: entry.status,
            output: entry.output,
            service_us: u64::try_from(entry.service_time.as_micros()).unwrap_or(u64::MAX),
        };
        let written =
            serde_json::to_vec(&line)
                .map_err(io::Error::from)
                .and_then(|mut line| {
                    line.push(b'\n');
                    lock(file).write_all(&line)
                });
        if let Err(error) = written
            && self.lost.fetch_add(1, Relaxed) == 0
        {
            console.warn(format!(
                "the log can't be written ({error}); serving goes on"
            ));
        }
    }

    /// How many lines could not be written.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Relaxed)
    }

    /// Waits until what was logged is on the disk.
    pub(crate) fn flush(&self) {
        if let Some(file) = &self.file {
            let _ = lock(file).sync_data(); // a pipe or a device can't; each line is out already
        }
    }
}
