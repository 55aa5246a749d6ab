//! A prompt: each line is a request.

use std::io;

use client::options::Options;

use crate::{
    connecting,
    dialog::{self, Line},
    failure::Failure,
    help, print,
};

/// Asks for requests until `close`, `.`, QUIT or Ctrl-D. `help` lists them and is not
/// sent.
pub(crate) fn run(options: &Options) -> Result<u8, Failure> {
    let open = || connecting::open(options);
    let mut kept = if options.keep { Some(open()?) } else { None };
    loop {
        let line = match dialog::prompt(&format!("{}> ", options.connect))? {
            Line::End => return Ok(0),
            Line::Text(line) => line,
            Line::TooLong => {
                dialog::explain("that line is longer than any server takes")?;
                continue;
            }
        };
        if matches!(line.trim_ascii(), b"close" | b".") {
            return Ok(0);
        }
        if help::is_asked_for(&line) {
            dialog::show(&help::text())?;
            continue;
        }
        let request = match proto::split_line(&line) {
            Ok(request) => request,
            Err(_) => {
                dialog::explain("a quote is open, or something follows a closing one")?;
                continue;
            }
        };
        let Some(name) = request.first() else {
            continue;
        };
        let reply = match &mut kept {
            Some(connection) => connection.request(&request)?,
            None => open()?.request(&request)?,
        };
        show(&request, &reply)?;
        if name.eq_ignore_ascii_case(b"quit") {
            return Ok(0);
        }
    }
}

fn show(request: &[Vec<u8>], reply: &client::Reply) -> Result<(), Failure> {
    let status = print::reply(request, reply, &mut io::stdout(), &mut io::stderr())
        .map_err(Failure::Output)?;
    if status > 1 || (status == 1 && !matches!(reply, client::Reply::Error(_))) {
        dialog::explain(&format!("exit status {status}"))?;
    }
    Ok(())
}
