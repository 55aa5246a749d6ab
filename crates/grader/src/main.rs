//! The program `grader`: `main` reads as its table of contents.

mod output;

use std::process::ExitCode;

use clap::Parser;
use grader::{Format, Grading, NoServer, Registry, Report, options::Options};
use launch::Interrupt;

use crate::output::Output;

/// Exit statuses.
const PASSED: u8 = 0;
const FAILED: u8 = 1;
const USAGE: u8 = 2; // clap's own
const INCONCLUSIVE: u8 = 3;
const NO_SERVER: u8 = 4;

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    match run(Options::parse()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("grader: {error}");
            ExitCode::from(INCONCLUSIVE)
        }
    }
}

fn run(options: Options) -> Result<u8, output::Error> {
    let sandbox = options.confinement();
    if let Some(sandbox) = sandbox.as_ref().filter(|sandbox| !sandbox.is_entered()) {
        return Err(output::Error::Sandbox(sandbox.enter()));
    }
    let (format, output) = (options.format, Output::to(options.output.clone()));
    let confined = sandbox.is_some();
    let Some(grading) = options.grading() else {
        return Ok(NO_SERVER);
    };
    if grading.is_empty() {
        eprintln!("grader: --commands, --expect and --only leave no check to run");
        return Ok(USAGE);
    }
    output.begin(&grading.unfinished(), format)?;
    let registry = Registry::default();
    let interrupt = Interrupt::catch().map_err(output::Error::Signals)?;
    let judged = interrupt
        .during(|| registry.close(), || grading.run(&registry))
        .map_err(output::Error::Signals)?;
    let left = registry.left_behind();
    // What a sandbox held is on its way out with it.
    if left > 0 && !confined {
        eprintln!(
            "grader: processes that the server left behind: {left}; the grader ended them"
        );
    }
    if let Some(signal) = interrupt.signal() {
        eprintln!("grader: stopped by signal {signal}, and ended its servers");
        return Ok(128 + signal);
    }
    let (report, status) = conclude(&grading, judged, format);
    if status == NO_SERVER && format == Format::Text {
        return Ok(status); // the one line on standard error says it all
    }
    output.finish(&report, format)?;
    Ok(status)
}

fn conclude(
    grading: &Grading,
    judged: Result<Report, NoServer>,
    format: Format,
) -> (Report, u8) {
    let (report, status) = match judged {
        Err(why) => {
            eprintln!("grader: {why}");
            let status = match why.is_the_machines() {
                true => INCONCLUSIVE,
                false => NO_SERVER,
            };
            (grading.without_server(&why), status)
        }
        Ok(report) if !report.is_conclusive() => (report, INCONCLUSIVE),
        Ok(report) if report.has_failures() => (report, FAILED),
        Ok(report) => (report, PASSED),
    };
    (report, status_for(format, status))
}

/// A platform takes a status other than 0 for a grader that broke, and reads the report;
/// but nothing may look green that did not run.
fn status_for(format: Format, status: u8) -> u8 {
    match (format.is_for_a_platform(), status) {
        (true, FAILED) => PASSED,
        (true, NO_SERVER) => FAILED,
        (_, status) => status,
    }
}
