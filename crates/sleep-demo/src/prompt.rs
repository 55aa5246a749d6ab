//! Lines that a person types, and Ctrl-C while they are waited for.

use std::{
    io::{self, Write},
    os::fd::AsFd,
};

use launch::Interrupt;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{error::Error, play::PlayError};

/// A line from standard input; `None` at its end. Ctrl-C gets through while it waits.
pub(crate) fn read_line(interrupt: &Interrupt) -> Result<Option<String>, Error> {
    let tick = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let stdin = io::stdin();
    loop {
        if let Some(signal) = interrupt.signal() {
            return Err(PlayError::Interrupted { signal }.into());
        }
        let mut input = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut input, Some(&tick)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(io::Error::from(error).into()),
            Ok(_) => break,
        }
    }
    read_to_line_end(&stdin)
}

/// Byte by byte: what comes after the line is for the next who asks.
fn read_to_line_end(input: impl AsFd) -> Result<Option<String>, Error> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match rustix::io::read(&input, &mut byte).map_err(io::Error::from)? {
            0 if line.is_empty() => return Ok(None),
            0 => break,
            _ if byte == *b"\n" => break,
            _ => line.extend(byte),
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
}

/// Asks until the answer is one; `None` for an empty one.
pub(crate) fn ask_until<T>(
    question: &str,
    expected: &str,
    interrupt: &Interrupt,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    loop {
        write!(io::stderr(), "{question}")?;
        io::stderr().flush()?;
        let line = match read_line(interrupt)? {
            Some(line) if !line.is_empty() => line,
            _ => return Ok(None),
        };
        match read(&line) {
            Some(answer) => return Ok(Some(answer)),
            None => writeln!(io::stderr(), "{expected}")?,
        }
    }
}
