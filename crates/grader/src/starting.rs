//! A server that could not be started, and whose fault that is.

use std::{io, process::ExitStatus, time::Duration};

use launch::{LaunchError, OutputLine};
use proto::printable;

use crate::{ending::ended, verdict::Failure, watched::Watched};

/// Why a server did not come to listen.
#[derive(Debug)]
pub(crate) struct StartFailure {
    /// Whether another machine, or another time, could end otherwise.
    pub(crate) is_the_machines: bool,
    /// One line for a person.
    pub(crate) why: String,
    /// What the server printed.
    pub(crate) printed: Vec<OutputLine>,
}

impl StartFailure {
    /// `name` is the server's in the words of its owner; a sandbox ends it by a status.
    pub(crate) fn new(
        error: LaunchError,
        name: &str,
        confined: bool,
        watched: &Watched,
    ) -> Self {
        let own = |why: String, printed| Self {
            is_the_machines: false,
            why,
            printed,
        };
        match error {
            LaunchError::ExitedEarly { status, output, .. } => {
                own(exited(name, status, confined, &output), output)
            }
            LaunchError::NotAnnounced { output, within, .. } => Self {
                is_the_machines: !watched.had_its_time(),
                why: unannounced(name, within, watched.port()),
                printed: output,
            },
            LaunchError::BadAnnouncement { line, output, .. } => {
                own(badly_announced(name, &line), output)
            }
            LaunchError::GivenUp { .. } => own(
                format!("{name} stops itself (SIGSTOP) each time it is continued"),
                Vec::new(),
            ),
            LaunchError::CannotStart { source, .. } => Self {
                is_the_machines: is_shortage(&source),
                why: format!("{name} cannot be started: {source}"),
                printed: Vec::new(),
            },
            error @ (LaunchError::NotFound { .. }
            | LaunchError::NoFile { .. }
            | LaunchError::BadCommand { .. }) => own(error.to_string(), Vec::new()),
            other => Self {
                is_the_machines: true,
                why: other.to_string(),
                printed: Vec::new(),
            },
        }
    }

    /// What a check says of it.
    pub(crate) fn into_failure(self) -> Failure {
        Failure {
            server: self.why.clone(),
            printed: self.printed,
            did: "started one more server for this check".to_owned(),
            expected: "it starts each time, and prints where it listens".to_owned(),
            observed: self.why,
            means: "this check cannot judge it".to_owned(),
            likely_causes: vec![
                "a fixed port instead of the one that --listen names".to_owned(),
                "no SO_REUSEADDR before bind".to_owned(),
                "a file or a folder that only one process can use".to_owned(),
            ],
            ..Failure::default()
        }
    }
}

fn unannounced(name: &str, within: Duration, port: Option<u16>) -> String {
    match port {
        Some(port) => format!(
            "{name} listens on port {port}, but its first line never came: flush \
             standard \
             output after `listening on ADDR`"
        ),
        None => format!(
            "{name} printed no first line within {within:.0?}; it must be \
             `listening on ADDR`, flushed"
        ),
    }
}

fn badly_announced(name: &str, line: &str) -> String {
    let line: String = printable(line).chars().take(120).collect();
    format!("the first line of {name} must be `listening on IP:PORT`, and is `{line}`")
}

fn exited(
    name: &str,
    status: ExitStatus,
    confined: bool,
    output: &[OutputLine],
) -> String {
    let end = ended(status, confined);
    let last = output
        .iter()
        .rev()
        .find(|line| !line.text.trim().is_empty());
    match last {
        Some(last) => {
            let line: String = printable(&last.text).chars().take(200).collect();
            format!("{name} {end} before its first line was out; it printed: {line}")
        }
        None => format!("{name} {end} before its first line was out; it printed nothing"),
    }
}

/// Whether a machine that has more to give could do it.
fn is_shortage(error: &io::Error) -> bool {
    const AGAIN: i32 = 11;
    const NO_MEMORY: i32 = 12;
    const TOO_MANY_FILES: [i32; 2] = [23, 24];
    error.raw_os_error().is_some_and(|number| {
        number == AGAIN || number == NO_MEMORY || TOO_MANY_FILES.contains(&number)
    })
}
