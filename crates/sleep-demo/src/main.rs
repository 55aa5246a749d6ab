//! `sleep-demo`: plays clients against real servers and draws who waits for whom.
//!
//! Each server runs below a second process of this program, its keeper, which ends it
//! also when the demo is killed (`crates/launch/src/keeper/mod.rs`).

use std::process::ExitCode;

use clap::Parser;
use sleep_demo::{options::Options, program};

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    program::main(&Options::parse())
}
