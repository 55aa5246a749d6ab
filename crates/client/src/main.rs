//! The client program: one request, a prompt, a chat, or a registration.
//!
//! * `one_shot.rs` sends the request of the command line,
//! * `prompt.rs` reads requests from a person, and `help.rs` has the answer to `help`,
//! * `chat.rs` says lines to the operator or the greeting of a server,
//! * `register.rs` puts a student on the roster, and asks for what the flags leave open.
//!
//! All of them open their connection in `connecting.rs`. There a reply has 90 s, and in a
//! chat any time, unless `--timeout` says otherwise. `dialog.rs` reads a line from the
//! person or from a pipe, up to a limit; `chat.rs` and `prompt.rs` refuse a longer one.
//! `print.rs` shows a reply to the person, and returns the exit status. `failure.rs`
//! lists the program's own failures: each is one line on standard error, and status 255.

mod chat;
mod connecting;
mod dialog;
mod failure;
mod help;
mod one_shot;
mod print;
mod prompt;
mod register;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use client::options::Options;

use crate::failure::Failure;

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) => {
            // Help is no error; and where it cannot be printed, neither can the reason.
            let _ = error.print();
            let status = if error.use_stderr() {
                failure::STATUS
            } else {
                0
            };
            return ExitCode::from(status);
        }
    };
    match run(&options) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            // With standard error closed, the exit status is all that is left to say it.
            let _ = writeln!(io::stderr(), "client: {failure}");
            ExitCode::from(failure::STATUS)
        }
    }
}

fn run(options: &Options) -> Result<u8, Failure> {
    match &options.chat {
        Some(Some(message)) => chat::repeat(options, message),
        Some(None) => chat::talk(options),
        None if options.register => register::run(options),
        None if options.request.is_empty() => prompt::run(options),
        None => one_shot::run(options),
    }
}
