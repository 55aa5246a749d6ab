//! One scenario after another: all are read before the first is played, one that cannot
//! be played does not keep the others from it, and a summary ends them.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use launch::{Interrupt, raise_descriptors};
use timeline::{
    Style,
    columns::{cut, to_left, width},
    line::{Ink, Line},
};

use crate::{
    choosing, error::Error, experiment::Experiment, export, options::Options,
    play::PlayError, repetition, scenario::Folder, viewer::show,
};

/// Whether all was as expected, or why the scenario was not played to its
/// end.
type Outcome = Result<bool, Error>;

/// A scenario that can be played, or why it cannot.
type Prepared = Result<Experiment, Error>;

/// Plays every scenario that is asked for, and says at the end which were as expected.
///
/// # Errors
///
/// An [`Error`]: of the only scenario, of a name that no scenario has, of Ctrl-C.
pub fn play(
    options: &Options,
    folder: &Folder,
    style: &Style,
) -> Result<ExitCode, Error> {
    let names = match options.scenarios.as_slice() {
        _ if options.all => folder.names()?,
        [] => vec!["head-of-line".to_owned()],
        names => names.to_vec(),
    };
    if names.len() > 1 && options.exports() {
        return Err(Error::Usage(
            "an export has only one scenario: name one".to_owned(),
        ));
    }
    export::check_places(options)?;
    let prepared = names.iter().map(|name| prepare(name, folder, options));
    let prepared: Vec<Prepared> = match options.all {
        true => prepared.collect(),
        // One that was named and cannot be played is a slip: nothing is played then.
        false => prepared.map(|one| one.map(Ok)).collect::<Result<_, _>>()?,
    };
    raise_descriptors();
    let interrupt = Interrupt::catch()?;
    let status = match names.len() {
        1 => only(prepared, options, &interrupt)?,
        _ => several(&names, prepared, options, &interrupt, style)?,
    };
    Ok(ExitCode::from(status))
}

/// Reads a scenario, and finds the servers that it can be played against.
fn prepare(name: &str, folder: &Folder, options: &Options) -> Prepared {
    let scenario = folder.scenario(name)?.at_speed(options.speed)?;
    let (chosen_servers, skipped) = choosing::choose_servers(&scenario, options)?;
    for warning in &scenario.warnings {
        writeln!(io::stderr(), "sleep-demo: warning: {warning}")?;
    }
    if chosen_servers.is_empty() {
        return Err(Error::NothingToPlay {
            scenario: scenario.lesson.name,
            why: skipped.join("; "),
        });
    }
    for line in &skipped {
        writeln!(io::stderr(), "sleep-demo: {line}")?;
    }
    Ok(Experiment {
        is_observed: options.observes(&scenario),
        scenario,
        speed: options.speed,
        chosen_servers,
    })
}

fn only(
    prepared: Vec<Prepared>,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<u8, Error> {
    let mut as_expected = true;
    for experiment in prepared {
        as_expected &= repetition::play(&experiment?, options, interrupt)?;
    }
    Ok(u8::from(!as_expected))
}

/// The exit status: the greatest of all scenarios'.
fn several(
    names: &[String],
    prepared: Vec<Prepared>,
    options: &Options,
    interrupt: &Interrupt,
    style: &Style,
) -> Result<u8, Error> {
    let mut outcomes = Vec::new();
    for (name, experiment) in names.iter().zip(prepared) {
        show(&[Line::new(), Line::of(Ink::Strong, name.clone())], style)?;
        let outcome =
            experiment.and_then(|one| repetition::play(&one, options, interrupt));
        match outcome {
            Err(error) if error.is_interrupt() => {
                show(&summary(&outcomes, style), style)?;
                return Err(error);
            }
            Err(error) => {
                writeln!(io::stderr(), "sleep-demo: {error}")?;
                outcomes.push((name, Err(error)));
            }
            played => outcomes.push((name, played)),
        }
    }
    show(&summary(&outcomes, style), style)?;
    let status = |outcome: &Outcome| match outcome {
        Ok(as_expected) => u8::from(!as_expected),
        // Nobody who plays all of them asked for a program that is not installed.
        Err(Error::NothingToPlay { .. }) if options.all => 0,
        Err(error) => error.exit_status(),
    };
    let statuses = outcomes.iter().map(|(_, outcome)| status(outcome));
    Ok(statuses.max().unwrap_or(0))
}

fn summary(outcomes: &[(&String, Outcome)], style: &Style) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    for (name, outcome) in outcomes {
        let (ink, words) = match outcome {
            Ok(true) => (Ink::Plain, "as expected".to_owned()),
            Ok(false) => (Ink::Failed, "not as expected".to_owned()),
            Err(Error::NothingToPlay { why, .. }) => (Ink::Plain, why.clone()),
            Err(Error::Play(crashed @ PlayError::Crashed { .. })) => {
                (Ink::Failed, crashed.to_string())
            }
            Err(error) => (Ink::Failed, format!("not played: {error}")),
        };
        let name = format!(" {} ", to_left(name, 16));
        let first = words.lines().next().unwrap_or_default();
        let room = style.width.saturating_sub(width(&name));
        let mut line = Line::of(Ink::Plain, name);
        line.push(ink, &cut(first, room, style.ascii));
        lines.push(line);
    }
    lines
}
