//! Asking the person at the terminal, or the pipe that stands in for one.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use proto::limits;

use crate::failure::Failure;

/// What came when a line was asked for.
pub(crate) enum Line {
    /// A line, without its end.
    Text(Vec<u8>),
    /// More than any server takes; what there was of it is gone.
    TooLong,
    /// Ctrl-D, or the end of the pipe.
    End,
}

/// Shows `prompt` if standard input is a terminal, and reads a line.
pub(crate) fn prompt(prompt: &str) -> Result<Line, Failure> {
    let is_terminal = io::stdin().is_terminal();
    if is_terminal {
        show(prompt)?;
    }
    let line = read_line(&mut io::stdin().lock()).map_err(Failure::Input)?;
    if is_terminal && matches!(line, Line::End) {
        show("\n")?;
    }
    Ok(line)
}

/// Asks a question, also of a pipe, until `accept` takes the answer; `None` at the end of
/// the input. An answer that is not taken is explained.
pub(crate) fn ask<T>(
    question: &str,
    accept: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Option<T>, Failure> {
    loop {
        if !io::stdin().is_terminal() {
            show(&format!("{question}\n"))?;
        }
        let accepted = match prompt(&format!("{question} "))? {
            Line::Text(text) => accept(String::from_utf8_lossy(&text).trim()),
            Line::TooLong => Err("that is too long"),
            Line::End => return Ok(None),
        };
        match accepted {
            Ok(answer) => return Ok(Some(answer)),
            Err(why) => explain(why)?,
        }
    }
}

/// Writes to standard output at once.
pub(crate) fn show(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}

/// Says on standard error why something was not taken.
pub(crate) fn explain(why: &str) -> Result<(), Failure> {
    writeln!(io::stderr(), "{why}").map_err(Failure::Output)
}

fn read_line(input: &mut impl BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    input
        .by_ref()
        .take(limits::LINE as u64)
        .read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(Line::End);
    }
    if !line.ends_with(b"\n") && line.len() == limits::LINE {
        input.skip_until(b'\n')?;
        return Ok(Line::TooLong);
    }
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    Ok(Line::Text(
        line.strip_suffix(b"\r").unwrap_or(line).to_vec(),
    ))
}
