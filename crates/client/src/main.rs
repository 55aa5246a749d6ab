//! The client program: one request, a prompt, a talk, or a registration.

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
