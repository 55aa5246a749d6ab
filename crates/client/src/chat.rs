//! Chats with the operator or the greeting of a server, over one connection.

use std::{
    io::{self, IsTerminal},
    time::{Duration, SystemTime},
};

use client::{Connection, Next, Reply, options::Options};

use crate::{
    connecting::open,
    dialog::{self, Line},
    failure::Failure,
    print,
};

/// Says `message`, shows the answer and asks whether to say it again.
pub(crate) fn repeat(options: &Options, message: &str) -> Result<u8, Failure> {
    let mut connection = open(options)?;
    loop {
        let request = say(message.as_bytes());
        let reply = connection.request(&request)?;
        let status = print::reply(&request, &reply, &mut io::stdout(), &mut io::stderr())
            .map_err(Failure::Output)?;
        if status != 0 {
            return Ok(status);
        }
        if matches!(&reply, Reply::Bulk(answer) if has_ended(&connection, answer)) {
            return Ok(0);
        }
        let again = dialog::ask("continue (y/n)?", |answer| match answer {
            "y" | "Y" | "yes" => Ok(true),
            "n" | "N" | "no" => Ok(false),
            _ => Err("please answer y or n"),
        })?;
        if again != Some(true) {
            dialog::show("Bye\n")?;
            return Ok(0);
        }
    }
}

/// Says each line that is typed, with the times of question and answer, until `.` or
/// Ctrl-D.
pub(crate) fn talk(options: &Options) -> Result<u8, Failure> {
    let mut connection = open(options)?;
    if io::stdin().is_terminal() {
        dialog::show(
            "Enter sends a line. Ctrl-C leaves while you wait for an answer.\n",
        )?;
    }
    loop {
        let line = match dialog::prompt("say ('.' ends)> ")? {
            Line::Text(line) if line.trim_ascii() == b"." => break,
            Line::Text(line) if line.trim_ascii().is_empty() => continue,
            Line::Text(line) => line,
            Line::TooLong => {
                dialog::explain("that line is longer than any server takes")?;
                continue;
            }
            Line::End => break,
        };
        show_timed("sent", &line)?;
        match connection.request(&say(&line))? {
            Reply::Bulk(answer) => {
                show_timed("answer", &answer)?;
                if has_ended(&connection, &answer) {
                    return Ok(0);
                }
            }
            other => {
                let mut err = io::stderr();
                let printed = print::reply(&[], &other, &mut io::stdout(), &mut err);
                return printed.map_err(Failure::Output);
            }
        }
    }
    dialog::show("Bye\n")?;
    Ok(0)
}

/// Whether the operator at the server has typed a dot: the answer is then `Bye`, and the
/// connection closes. People also say Bye and stay.
fn has_ended(connection: &Connection, answer: &[u8]) -> bool {
    answer == b"Bye" && connection.next_within(Duration::from_secs(1)) == Next::End
}

fn say(message: &[u8]) -> [Vec<u8>; 2] {
    [b"SAY".to_vec(), message.to_vec()]
}

fn show_timed(what: &str, text: &[u8]) -> Result<(), Failure> {
    let time = proto::time_of_day(SystemTime::now());
    dialog::show(&format!(
        "{time} {what}: {}\n",
        String::from_utf8_lossy(text)
    ))
}
