//! A command that runs below a keeper, for a limited time, and prints a limited text.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::ExitStatus,
    time::{Duration, Instant},
};

use launch::{Interrupt, Launch, LaunchError};

const GLANCE: Duration = Duration::from_millis(100);

/// How a command ended, with everything that came of it.
pub(crate) enum Ended {
    /// By itself, with this status, and what it printed on both streams.
    Itself(ExitStatus, String),
    /// Its time was over; with what it printed.
    Late(String),
    /// A signal asked us to end.
    Interrupted,
}

/// Runs a command to its end, for `limit` at most.
///
/// # Errors
///
/// Those of its start.
pub(crate) fn run(
    launch: Launch,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<Ended, LaunchError> {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut process = launch.start_at(nowhere)?;
    let end = Instant::now() + limit;
    let status = loop {
        match process.wait(GLANCE) {
            Ok(status) => break Some(status),
            Err(LaunchError::StillRuns { .. }) => {}
            Err(error) => return Err(error),
        }
        if interrupt.signal().is_some() {
            process.kill()?;
            return Ok(Ended::Interrupted);
        }
        if Instant::now() >= end {
            process.kill()?;
            break None;
        }
    };
    let lines = process.output().into_iter();
    let text = lines.map(|line| line.text + "\n").collect();
    Ok(match status {
        Some(status) => Ended::Itself(status, text),
        None => Ended::Late(text),
    })
}
