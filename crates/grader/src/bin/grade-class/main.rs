//! `grade-class`: judges a folder of submissions and writes a report each and one
//! gradebook.
//!
//! `class.rs` takes each submission of `submission.rs` through `building.rs`, in a place
//! of its own (`place.rs`), and `judging.rs`; `entry.rs` is what comes of it, and
//! `gradebook.rs` is made of entries alone. Every command runs below a keeper and within
//! a limit (`limited.rs`).

mod building;
mod canary;
mod class;
mod confinement;
mod entry;
mod files;
mod found;
mod gradebook;
mod judging;
mod kit;
mod limited;
mod mistakes;
mod one;
mod options;
mod place;
mod platform;
mod reteach;
mod started;
mod submission;

use std::process::ExitCode;

use clap::Parser;

use crate::options::Options;

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    let options = Options::parse();
    match class::run(&options) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("grade-class: {error}");
            ExitCode::from(error.status())
        }
    }
}
