//! What the operator types: lines of standard input, be it a terminal or a pipe.

use std::{
    io::{self, IsTerminal, Read},
    os::fd::AsFd,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::getpgrp,
    termios::{QueueSelector, tcflush, tcgetpgrp},
};

/// Bytes of one line.
const LONGEST: usize = 64 * 1024;

/// What has been read and belongs to nobody yet.
#[derive(Debug, Default)]
pub(crate) struct Keyboard {
    typed: Vec<u8>,
}

/// What came of reading.
pub(crate) enum Typed {
    More,
    /// Standard input is at its end.
    End,
}

impl Keyboard {
    /// The next whole line that was read, without its end. On a terminal a line of blanks
    /// is none: Enter alone says nothing.
    pub(crate) fn line(&mut self) -> Option<Vec<u8>> {
        loop {
            let end = self.typed.iter().position(|byte| *byte == b'\n')?;
            let line: Vec<u8> = self.typed.drain(..=end).collect();
            let line = line.trim_ascii_end();
            if !line.is_empty() || !is_terminal() {
                return Some(line.to_vec());
            }
        }
    }

    /// Reads what was typed, straight from the descriptor that poll watches: `Stdin` has
    /// a buffer of its own, which poll does not see. The last line of a pipe may have no
    /// end.
    pub(crate) fn read(&mut self) -> Typed {
        match read_more(&mut self.typed) {
            Ok(0) | Err(_) if self.typed.is_empty() => return Typed::End,
            Ok(0) | Err(_) => self.typed.push(b'\n'),
            Ok(_) => {}
        }
        Typed::More
    }

    /// On a terminal: forgets what was typed until now, and gives the whole lines of it.
    /// What lies in a pipe was put there as answers to questions to come.
    pub(crate) fn forget(&mut self) -> Vec<Vec<u8>> {
        if !is_terminal() || !may_read() {
            return Vec::new();
        }
        while is_readable() && matches!(read_more(&mut self.typed), Ok(1..)) {}
        let lines = std::iter::from_fn(|| self.line()).collect();
        self.typed.clear();
        let _ = tcflush(io::stdin(), QueueSelector::IFlush); // the line without its Enter
        lines
    }
}

fn read_more(typed: &mut Vec<u8>) -> io::Result<usize> {
    let mut chunk = [0; 4096];
    let count = rustix::io::read(io::stdin().as_fd(), &mut chunk)?;
    (&chunk[..]).take(count as u64).read_to_end(typed)?;
    if typed.len() > LONGEST {
        typed.truncate(LONGEST);
        typed.push(b'\n');
    }
    Ok(count)
}

fn is_readable() -> bool {
    let stdin = io::stdin();
    let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
    matches!(poll(&mut waiting, Some(&Timespec::default())), Ok(1..))
}

/// Whether a person sits there, and not a pipe.
pub(crate) fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Whether the input is ours to read. In the background (`&`) the system would stop the
/// whole server for trying to read a terminal.
pub(crate) fn may_read() -> bool {
    let stdin = io::stdin();
    !is_terminal() || tcgetpgrp(&stdin).is_ok_and(|group| group == getpgrp())
}
