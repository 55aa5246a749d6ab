//! The kit's own server, judged like a submission: without full marks nothing else
//! counts.

use std::path::{Path, PathBuf};

use grader::Expectation;
use launch::Interrupt;

use crate::{
    building,
    confinement::Confinement,
    judging::{self, Judged, Task},
    options::Options,
};

/// The machine may stall more than once.
const TRIES: u32 = 4;

/// Judges the server that is right for what is expected.
///
/// # Errors
///
/// Says that it did not get full marks, and why.
pub(crate) fn judge(
    options: &Options,
    confinement: Confinement,
    run: &Path,
    own: &Path,
    interrupt: &Interrupt,
) -> Result<(), String> {
    let (name, arguments) = server_for(options.expect);
    let server = install(options, name, run)?;
    let command = std::iter::once(server.clone().into_os_string());
    let command: Vec<_> = command
        .chain(arguments.into_iter().map(Into::into))
        .collect();
    let task = Task {
        command: &command,
        seen: run,
        confinement,
        options: &options.for_grader(),
        limit: options.limit(),
        repeat: format!("grader --only CHECK {name}"),
        own,
    };
    let mut last = String::new();
    for _ in 0..TRIES {
        let (judged, text) = judging::judge(&task, interrupt);
        match judged {
            Judged::Graded(report) if report.get("score") == report.get("max_score") => {
                return Ok(());
            }
            Judged::Interrupted => return Err("interrupted".to_owned()),
            _ => last = text,
        }
    }
    Err(format!(
        "the kit's own server {name} did not get full marks here, so nothing \
         counts:\n{last}"
    ))
}

/// Brings the kit's server of this name to the folder `run`.
fn install(options: &Options, name: &str, run: &Path) -> Result<PathBuf, String> {
    let beside = judging::program(name);
    let folder = options.servers.as_ref();
    let built = folder.map_or(beside, |folder| folder.join(name));
    let server = run.join(name);
    building::install(&built, &server).map_err(|error| {
        format!(
            "the kit's own server {name} is missing ({error}): \
             cargo build --release -p {name}"
        )
    })?;
    Ok(server)
}

/// The kit's server that does what is expected, and its arguments.
fn server_for(expectation: Expectation) -> (&'static str, Vec<String>) {
    match expectation {
        Expectation::Serial => ("single-server", Vec::new()),
        Expectation::Limit(most) => (
            "threaded-server",
            vec!["--max-clients".to_owned(), most.to_string()],
        ),
        Expectation::Concurrent => ("threaded-server", Vec::new()),
    }
}
