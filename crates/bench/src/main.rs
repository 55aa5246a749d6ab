//! `bench`: measures the kit's servers beside others, in paired rounds.

use std::{
    fs::File,
    io::{self, Write},
    process::ExitCode,
};

use bench::{
    bench::Bench,
    error::Error,
    machine::Machine,
    measure::measure,
    options::Options,
    report::{Report, json, text},
};
use clap::Parser;
use launch::{Interrupt, raise_descriptors};

fn main() -> ExitCode {
    if let Some(status) = launch::keep() {
        return status;
    }
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(error.status())
        }
    }
}

fn run(options: &Options) -> Result<(), Error> {
    let unwritable = |source| Error::Report {
        path: options.json.clone().unwrap_or_default(),
        source,
    };
    // Opened before all the measuring, not after it.
    let file = options.json.as_deref().map(File::create);
    let file = file.transpose().map_err(unwritable)?;
    raise_descriptors();
    let interrupt = Interrupt::catch().map_err(Error::Signals)?;
    let bench = Bench::new(options, interrupt);
    let mut report = Report::new(Machine::here(), &bench);
    print(&text::heading(&report))?;
    for workload in options.workloads() {
        let findings = measure(workload, &bench)?;
        print(&text::section(workload, &findings))?;
        report.findings.extend(findings);
    }
    file.map_or(Ok(()), |file| json::write(&report, file))
        .map_err(unwritable)
}

fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::Output)
}
