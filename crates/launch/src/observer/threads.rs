//! What each thread of a server does.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    time::{Duration, Instant},
};

use super::{Activity, Missing, SeenThread, processes::Ids};

/// How many threads' files stay open between two looks, at most.
const MOST_OPEN: usize = 64;

/// In the middle of an exec the system shows what a thread does to nobody but root: a
/// refusal that lasts longer is of another kind.
pub(super) const EXEC: Duration = Duration::from_millis(100);

/// What the system calls a process that has gone.
const NO_SUCH_PROCESS: i32 = 3;

/// Reads the files of threads, and keeps those of the first ones open: reading an open
/// file takes a fifth of the time.
#[derive(Debug, Default)]
pub(super) struct Threads {
    open: HashMap<(u32, u32), Files>,
    /// Since when the system does not show the call of a thread.
    refused: HashMap<(u32, u32), Instant>,
}

/// The files of one thread.
#[derive(Debug)]
struct Files {
    name: File,
    call: io::Result<File>,
    schedule: Option<File>,
}

impl Threads {
    pub(super) fn look(&mut self, ids: &Ids, missing: &mut Missing) -> Vec<SeenThread> {
        let is_there: HashSet<_> = ids.some.iter().copied().collect();
        self.open.retain(|id, _| is_there.contains(id));
        let is_thread = |process, id| is_there.contains(&(process, id));
        let mut seen = Vec::with_capacity(ids.some.len());
        let mut refused = HashMap::new();
        for &key in &ids.some {
            let (process, id) = key;
            let is_sibling = |other| other != id && is_thread(process, other);
            match self.look_at(key, is_sibling) {
                Ok((thread, None)) => seen.push(thread),
                Ok((thread, Some(error))) => {
                    seen.push(thread);
                    let since = self.refused.get(&key).copied();
                    let since = since.unwrap_or_else(Instant::now);
                    refused.insert(key, since);
                    if since.elapsed() >= EXEC {
                        missing.note_threads("what a thread waits for", &error);
                    }
                }
                Err(error) if has_gone(&error) => {}
                Err(error) => missing.note_threads("a thread's name", &error),
            }
        }
        self.refused = refused;
        seen
    }

    /// A thread, and why the system does not show what it waits for.
    fn look_at(
        &mut self,
        key: (u32, u32),
        is_sibling: impl Fn(u32) -> bool,
    ) -> io::Result<(SeenThread, Option<io::Error>)> {
        let files = match self.open.remove(&key) {
            Some(files) => files,
            None => Files::open(key)?,
        };
        let looked = files.look_at(key, is_sibling)?;
        if looked.1.is_none() && self.open.len() < MOST_OPEN {
            self.open.insert(key, files);
        }
        Ok(looked)
    }
}

impl Files {
    fn open((process, id): (u32, u32)) -> io::Result<Self> {
        let open = |name: &str| File::open(format!("/proc/{process}/task/{id}/{name}"));
        Ok(Self {
            name: open("comm")?,
            call: open("syscall"),
            schedule: open("schedstat").ok(),
        })
    }

    fn look_at(
        &self,
        (process, id): (u32, u32),
        is_sibling: impl Fn(u32) -> bool,
    ) -> io::Result<(SeenThread, Option<io::Error>)> {
        let name = read(&self.name)?;
        let call = match &self.call {
            Ok(file) => read(file),
            Err(error) => Err(error
                .raw_os_error()
                .map_or(error.kind().into(), io::Error::from_raw_os_error)),
        };
        let (activity, refusal) = match call {
            Ok(text) => (Activity::of(&text, is_sibling), None),
            Err(error) if has_gone(&error) => return Err(error),
            Err(error) => (Activity::Unknown, Some(error)),
        };
        let schedule = self.schedule.as_ref().and_then(|file| read(file).ok());
        let thread = SeenThread {
            process,
            id,
            name: proto::printable(name.trim_end_matches('\n')),
            activity,
            ready_us: schedule.and_then(|text| ready_us(&text)),
        };
        Ok((thread, refusal))
    }
}

/// What a file of `/proc` says now; these are short.
fn read(file: &File) -> io::Result<String> {
    let mut bytes = [0; 256];
    let length = file.read_at(&mut bytes, 0)?;
    let read = bytes.get(..length).unwrap_or_default();
    Ok(String::from_utf8_lossy(read).into_owned())
}

/// The second number: nanoseconds in which it was ready to run, and did not.
fn ready_us(schedule: &str) -> Option<u64> {
    let nanos: u64 = schedule.split_whitespace().nth(1)?.parse().ok()?;
    Some(nanos / 1_000)
}

fn has_gone(error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_PROCESS)
}
