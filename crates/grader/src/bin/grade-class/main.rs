//! `grade-class`: judges a folder of submissions and writes a report for each of them
//! and one gradebook.
//!
//! * `options.rs` is the command line, and `error.rs` lists what keeps a class from
//!   being judged.
//! * `class.rs` is a run over a class. `canary.rs` judges the kit's own server before
//!   and after it: without its full marks nothing counts.
//! * `submission.rs` lists the submissions, and refuses links that lead out of one.
//!   `found.rs` decides which file of a submission is the server.
//! * `workers.rs` builds and judges side by side, and judges again, fewer at once, what
//!   came to no grade. A submission goes through `building.rs`, in a place of its own
//!   (`place.rs`) with the crates that `kit.rs` lays out, and through one of the
//!   `judges.rs`. `started.rs` says how its server is started, and `judging.rs` runs
//!   `grader`, and believes only a report that agrees with its exit status.
//! * `hosts/` has other machines do that, over ssh.
//! * `confinement.rs` keeps builds and servers from the grader's files and processes,
//!   and every command runs below a keeper and within a limit (`limited.rs`).
//! * `run_folders.rs` makes the folders of a run and removes them, `files.rs` copies
//!   folders and replaces files.
//! * `entry.rs` is what comes of a submission. `reports.rs` is the folder of the
//!   reports, locked, so that a second run is refused: each submission is marked there
//!   as unfinished before it is judged, so that `--resume`, after a run that was
//!   killed, judges what is left. From entries alone, `gradebook.rs` makes the table of
//!   grades and `class_report/` counts the mistakes of the class.
//! * `one.rs` judges one submission (`--one`), and `platform.rs` writes the heading of
//!   its report for Gradescope.
//!
//! Open `class.rs` next.

mod building;
mod canary;
mod class;
mod class_report;
mod confinement;
mod entry;
mod error;
mod files;
mod found;
mod gradebook;
mod hosts;
mod judges;
mod judging;
mod kit;
mod limited;
mod one;
mod options;
mod place;
mod platform;
mod reports;
mod run_folders;
mod started;
mod submission;
mod workers;

use std::{path::Path, process::ExitCode};

use clap::Parser;
use launch::{Interrupt, raise_descriptors};

use crate::{
    class::{Class, sum_up},
    confinement::Confinement,
    error::Error,
    options::Options,
    place::Place,
};

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    let options = Options::parse();
    match run(&options) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("grade-class: {error}");
            ExitCode::from(error.status())
        }
    }
}

/// Does what the options say.
fn run(options: &Options) -> Result<ExitCode, Error> {
    options.check().map_err(Error::Usage)?;
    if let Some(manifest) = &options.program_of {
        println!("{}", building::program_of(manifest).map_err(Error::Usage)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(reports) = &options.gradebook {
        return sum_up(reports, options);
    }
    raise_descriptors();
    let interrupt = Interrupt::catch().map_err(Error::at(Path::new("signals")))?;
    if !options.on.is_empty() {
        let class = Class::open(named(options)?, options, Confinement::None, &interrupt)?;
        return class.judge_on_hosts();
    }
    let confinement = options.confinement().resolve();
    let confinement = confinement.map_err(Error::Environment)?;
    if options.prepare {
        Place::take(confinement, &interrupt).map_err(Error::Environment)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = &options.one {
        return one::judge(folder, options, confinement, &interrupt);
    }
    Class::open(named(options)?, options, confinement, &interrupt)?.judge()
}

/// The folder of submissions on the command line.
fn named(options: &Options) -> Result<&Path, Error> {
    let folder = options.folder.as_deref();
    folder.ok_or_else(|| Error::Usage("which folder? see --help".to_owned()))
}
