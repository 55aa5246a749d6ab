//! `grade-class`: judges a folder of submissions and writes a report each and one
//! gradebook.
//!
//! `class.rs` is a run over a class. Its `workers.rs` take each submission of
//! `submission.rs` through `building.rs`, in a place of its own (`place.rs`), and
//! `judging.rs`; `hosts/` has other machines do that. `entry.rs` is what comes of it.
//! `gradebook.rs` and `class_report/` are made of entries alone. Every command runs below
//! a keeper and within a limit (`limited.rs`).

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
