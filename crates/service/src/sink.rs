//! Where lines go, and how they get there without waiting for their reader.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Read, Seek, SeekFrom, Write},
    os::{
        fd::{AsFd, AsRawFd},
        unix::fs::{FileTypeExt, OpenOptionsExt},
    },
    path::Path,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::OFlags,
    net::{SendFlags, send},
};

/// A write of this many bytes to a pipe is done whole or not at all (`PIPE_BUF` of
/// Linux).
const WHOLE_IN_A_PIPE: usize = 4_096;

/// Where lines go: a console, a pipe, a file.
#[derive(Debug)]
pub(crate) struct Sink {
    file: File,
    way: Way,
    /// How many bytes are written at once.
    most: usize,
    /// Opened here, so that a part of a line may be taken back.
    is_own: bool,
}

/// What a write does where there is no room.
#[derive(Debug)]
enum Way {
    /// It returns at once: a file, or a pipe or terminal that was opened to do so.
    Direct,
    /// Each call returns at once.
    Socket,
    /// It waits for the reader, so that only a thread with nothing else to do may write.
    Waits,
}

impl Sink {
    /// Standard output or standard error.
    ///
    /// Its other users must not notice: a pipe or a terminal is not set to return at once
    /// but opened a second time. Where that is refused (it belongs to another user),
    /// writing waits.
    pub(crate) fn inherited(stream: &(impl AsFd + IsTerminal)) -> io::Result<Self> {
        let fd = stream.as_fd();
        let file = File::from(fd.try_clone_to_owned()?);
        let kind = file.metadata()?.file_type();
        let most = if kind.is_fifo() {
            WHOLE_IN_A_PIPE
        } else {
            usize::MAX
        };
        let (file, way) = if kind.is_socket() {
            (file, Way::Socket)
        } else if kind.is_fifo() || stream.is_terminal() {
            let again = format!("/proc/self/fd/{}", fd.as_raw_fd());
            match never_waiting().write(true).open(again) {
                Ok(own) => (own, Way::Direct),
                Err(_) => (file, Way::Waits),
            }
        } else {
            (file, Way::Direct)
        };
        Ok(Self {
            file,
            way,
            most,
            is_own: false,
        })
    }

    /// A file that grows, or a FIFO that somebody reads.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = never_waiting().append(true).create(true).open(path)?;
        let kind = file.metadata()?.file_type();
        Ok(Self {
            file,
            way: Way::Direct,
            most: if kind.is_fifo() {
                WHOLE_IN_A_PIPE
            } else {
                usize::MAX
            },
            is_own: kind.is_file(),
        })
    }

    /// Whether [`write`](Self::write) may wait for the reader.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.way, Way::Waits)
    }

    /// The part of these lines that is best written at once: whole lines.
    pub(crate) fn portion<'a>(&self, lines: &'a [u8]) -> &'a [u8] {
        let most = lines.get(..self.most).unwrap_or(lines);
        let whole = most.iter().rposition(|byte| *byte == b'\n');
        whole.and_then(|end| most.get(..=end)).unwrap_or(most)
    }

    /// Writes what there is room for.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.way {
            Way::Direct | Way::Waits => (&self.file).write(bytes),
            // No SIGPIPE where nobody reads: a program in Rust ignores it from its start.
            Way::Socket => Ok(send(&self.file, bytes, SendFlags::DONTWAIT)?),
        }
    }

    /// Waits until there is room, or nobody reads any more.
    pub(crate) fn wait_for_room(&self) {
        let mut room = [PollFd::new(&self.file, PollFlags::OUT)];
        let _ = poll(&mut room, None); // the next write reports what is wrong
    }

    /// Takes back the last bytes written, if they are the end of a file of our own.
    pub(crate) fn take_back(&self, bytes: u64) -> io::Result<()> {
        let end = (&self.file).stream_position()?;
        if !self.is_own || self.file.metadata()?.len() != end {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.file.set_len(end.saturating_sub(bytes))
    }

    /// Waits until what was written is on the disk.
    pub(crate) fn sync(&self) {
        if self.is_own {
            let _ = self.file.sync_data(); // what cannot be written was warned of
        }
    }
}

/// Whether a file ends in the middle of a line: its writer was cut off there.
pub(crate) fn ends_in_mid_line(path: &Path) -> bool {
    let is_file = path.metadata().is_ok_and(|found| found.is_file());
    let mut last = [b'\n'];
    let read_last = |mut file: File| {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)
    };
    is_file && File::open(path).and_then(read_last).is_ok() && last != *b"\n"
}

fn never_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.custom_flags(flags.bits().cast_signed());
    options
}
