//! A recorded run, shown again: no server is started, no client connects.

use std::{
    cmp::Ordering,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use launch::Interrupt;
use thiserror::Error;
use timeline::record::{MOST_BYTES, Moment, Record, RecordError, Run};

use crate::{
    error::Error,
    export,
    options::Options,
    presentation::present,
    scenario::{Folder, SpeedError},
    viewer::Viewer,
};

/// How often the chart is redrawn.
const FRAME: Duration = Duration::from_millis(100);

/// Faster than that is over at once.
const FASTEST: f64 = 1e6;

/// A record that cannot be shown again.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// Occurs when it cannot be read from its file or from standard input.
    #[error("cannot read the record {name}: {source}")]
    Unreadable {
        /// As it was named.
        name: String,
        /// The system's reason.
        source: io::Error,
    },
    /// Occurs when it is no record of a run.
    #[error("cannot replay {name}: {source}")]
    Invalid {
        /// As it was named.
        name: String,
        /// What is wrong, and where in it.
        source: RecordError,
    },
    /// Occurs when no recorded run has that name, and no file either.
    #[error(
        "no recorded run '{name}' in {}; there are: {}. A path to a file works too",
        .folder.display(), shown(.known)
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// What there is.
        known: Vec<String>,
    },
}

fn shown(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

/// Shows a recorded run as it was shown when it was played.
///
/// # Errors
///
/// An [`enum@Error`]: no such record, a bad one, Ctrl-C, an export that cannot be
/// written.
pub fn run(name: &str, options: &Options, folder: &Folder) -> Result<ExitCode, Error> {
    SpeedError::check(options.speed)?;
    if name == "-" && options.step {
        let what = "--step waits for Enter on standard input, which --replay - reads";
        return Err(Error::Usage(what.to_owned()));
    }
    export::check_places(options)?;
    // Ctrl-C is caught once the record is read: reading standard input can take for ever.
    let record = read(name, folder)?;
    let interrupt = Interrupt::catch()?;
    let mut viewer = Viewer::new(options, &interrupt)?;
    viewer.ask(&record.scenario)?;
    if let Some(last) = record.runs.last() {
        show(last, options.speed, options.step, &interrupt, &mut viewer)?;
    }
    let as_expected = present(&record, None, options, &mut viewer)?;
    export::all(&record, options)?;
    viewer.answer(&record.scenario)?;
    Ok(ExitCode::from(u8::from(!as_expected)))
}

/// Reads a record: `-` is standard input, what has a `/` or ends in `.json` is a file's
/// path, and everything else the name of a recorded run of the folder.
///
/// # Errors
///
/// A [`ReplayError`].
fn read(name: &str, folder: &Folder) -> Result<Record, ReplayError> {
    let bytes = if name == "-" {
        all_of(io::stdin().lock())
    } else {
        let path = find(name, folder)?;
        File::open(path).and_then(all_of)
    };
    let shown = if name == "-" { "standard input" } else { name };
    let bytes = bytes.map_err(|source| ReplayError::Unreadable {
        name: shown.to_owned(),
        source,
    })?;
    Record::read(&bytes).map_err(|source| ReplayError::Invalid {
        name: shown.to_owned(),
        source,
    })
}

/// No more than a record may hold, and one byte, so that more is noticed.
fn all_of(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn find(name: &str, folder: &Folder) -> Result<PathBuf, ReplayError> {
    let path = Path::new(name);
    if name.contains('/') || name.ends_with(".json") {
        return Ok(path.to_owned());
    }
    let recorded = folder.recorded();
    let file = recorded.join(format!("{name}.json"));
    match file.exists() {
        true => Ok(file),
        false if path.is_file() => Ok(path.to_owned()),
        false => Err(ReplayError::Unknown {
            name: name.to_owned(),
            known: folder.recorded_names(),
            folder: recorded,
        }),
    }
}

/// Lets the chart of a run grow as it did, `speed` times as fast; one server after
/// another if it was played so, or if `in_turn` says so. Takes no time where nobody
/// watches.
///
/// # Errors
///
/// [`Error::Stopped`] when a signal came, and those of the terminal.
fn show(
    run: &Run,
    speed: f64,
    in_turn: bool,
    interrupt: &Interrupt,
    viewer: &mut Viewer<'_>,
) -> Result<(), Error> {
    let at_once = match in_turn || run.in_turn {
        true => 1,
        false => run.servers.len().max(1),
    };
    for (turn, group) in run.servers.chunks(at_once).enumerate() {
        let names: Vec<&str> = group.iter().map(|server| server.name.as_str()).collect();
        viewer.before(&names)?;
        if !viewer.is_live() {
            continue;
        }
        let end = group
            .iter()
            .map(|server| server.end_us())
            .max()
            .unwrap_or(0);
        let start = Instant::now();
        let mut now = 0;
        while now < end {
            let passed = start.elapsed().mul_f64(speed.min(FASTEST));
            now = u64::try_from(passed.as_micros()).unwrap_or(end).min(end);
            let known = run.known_at(|server| match (server / at_once).cmp(&turn) {
                Ordering::Less => Moment::Over,
                Ordering::Equal => Moment::At(now),
                Ordering::Greater => Moment::Before,
            });
            viewer.during(&known, now);
            let next = interrupt.sleep_until(Instant::now() + FRAME);
            next.map_err(|stop| Error::Stopped { signal: stop.0 })?;
        }
    }
    Ok(())
}
