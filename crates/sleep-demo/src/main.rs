//! `sleep-demo`: plays clients against real servers and draws who waits for whom.

use std::process::ExitCode;

use clap::Parser;
use sleep_demo::{options::Options, program};

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    program::main(&Options::parse())
}
