//! What each thread of a server does.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
};

use super::{Activity, Missing, SeenThread, processes::Ids};

/// So many threads' files stay open between two looks.
const MOST_OPEN: usize = 64;

/// What the system calls a process that has gone.
const NO_SUCH_PROCESS: i32 = 3;

/// Reads the files of threads, and keeps those of the first ones open: reading an open
/// file takes a fifth of the time.
#[derive(Debug, Default)]
pub(super) struct Threads {
    open: HashMap<(u32, u32), Files>,
}

/// The files of one thread; none where one cannot be opened.
#[derive(Debug)]
struct Files {
    name: File,
    call: Option<File>,
    schedule: Option<File>,
}

impl Threads {
    pub(super) fn look(&mut self, ids: &Ids, missing: &mut Missing) -> Vec<SeenThread> {
        let is_there: HashSet<_> = ids.some.iter().copied().collect();
        self.open.retain(|id, _| is_there.contains(id));
        let is_thread = |process, id| is_there.contains(&(process, id));
        let mut seen = Vec::with_capacity(ids.some.len());
        for (process, id) in &ids.some {
            let is_sibling = |other| other != *id && is_thread(*process, other);
            match self.look_at((*process, *id), is_sibling, missing) {
                Ok(thread) => seen.push(thread),
                Err(error) if has_gone(&error) => {
                    self.open.remove(&(*process, *id));
                }
                Err(error) => missing.note_threads("a thread's name", &error),
            }
        }
        seen
    }

    fn look_at(
        &mut self,
        (process, id): (u32, u32),
        is_sibling: impl Fn(u32) -> bool,
        missing: &mut Missing,
    ) -> io::Result<SeenThread> {
        let key = (process, id);
        if !self.open.contains_key(&key) {
            let files = Files::open(process, id, missing)?;
            if self.open.len() >= MOST_OPEN {
                return files.look_at(key, is_sibling, missing);
            }
            self.open.insert(key, files);
        }
        match self.open.get(&key) {
            Some(files) => files.look_at(key, is_sibling, missing),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
}

impl Files {
    fn open(process: u32, id: u32, missing: &mut Missing) -> io::Result<Self> {
        let open = |name: &str| File::open(format!("/proc/{process}/task/{id}/{name}"));
        let call = open("syscall");
        if let Err(error) = &call
            && !has_gone(error)
        {
            missing.note_threads("what a thread waits for", error);
        }
        Ok(Self {
            name: open("comm")?,
            call: call.ok(),
            schedule: open("schedstat").ok(),
        })
    }

    fn look_at(
        &self,
        (process, id): (u32, u32),
        is_sibling: impl Fn(u32) -> bool,
        missing: &mut Missing,
    ) -> io::Result<SeenThread> {
        let name = read(&self.name)?;
        let activity = match self.call.as_ref().map(read) {
            Some(Ok(text)) => Activity::of(&text, is_sibling),
            Some(Err(error)) if has_gone(&error) => return Err(error),
            Some(Err(error)) => {
                missing.note_threads("what a thread waits for", &error);
                Activity::Unknown
            }
            None => Activity::Unknown,
        };
        let schedule = self.schedule.as_ref().and_then(|file| read(file).ok());
        Ok(SeenThread {
            process,
            id,
            name: proto::printable(name.trim_end_matches('\n')),
            activity,
            ready_us: schedule.and_then(|text| ready_us(&text)),
        })
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
