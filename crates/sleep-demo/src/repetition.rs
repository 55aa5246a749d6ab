//! One scenario, once or several times: played, shown and exported.

use std::{
    io::{self, Write},
    time::SystemTime,
};

use launch::Interrupt;
use timeline::{record::Run, stall, verdict::Verdict};

use crate::{
    error::Error, experiment::Experiment, export, options::Options, predict::Guesses,
    presentation::present, viewer::Viewer,
};

/// How often a run is played that the machine spoils.
const TRIES: u32 = 3;

/// Plays the scenario as often as the options say; whether all was as expected.
///
/// # Errors
///
/// An [`Error`]. After Ctrl-C, what was played before it has been shown and exported; so
/// has the run in which a server crashed.
pub fn play(
    experiment: &Experiment,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<bool, Error> {
    let lesson = &experiment.scenario.lesson;
    let mut viewer = Viewer::new(options, interrupt)?;
    viewer.ask(lesson)?;
    let (scenario, servers) = (&experiment.scenario, &experiment.chosen_servers);
    let guesses = match options.predict {
        true => Some(Guesses::ask(scenario, servers, interrupt)?),
        false => None,
    };
    let started = SystemTime::now();
    let mut runs = Vec::new();
    let mut ended = None;
    for number in 1..=options.repeat {
        match steady_run(experiment, options, interrupt, &mut viewer) {
            Err(error) if error.is_interrupt() && !runs.is_empty() => {
                ended = Some(error);
                break;
            }
            played => {
                let (run, crashed) = played?;
                runs.push(run);
                ended = crashed;
            }
        }
        if options.repeat > 1 {
            let result = runs.last().map_or("", result);
            viewer.note(&format!("run {number} of {}: {result}", options.repeat))?;
        }
        if ended.is_some() {
            break;
        }
    }
    let record = experiment.record(started, runs);
    let as_expected = present(&record, guesses.as_ref(), options, &mut viewer)?;
    export::all(&record, options)?;
    if ended.is_none() {
        viewer.answer(lesson)?;
    }
    ended.map_or(Ok(as_expected), Err)
}

fn result(run: &Run) -> &'static str {
    match is_as_expected(run) {
        _ if !run.has_expectations() => "played",
        true => "as expected",
        false => "not as expected",
    }
}

/// Plays once, and again where the machine spoiled the run.
fn steady_run(
    experiment: &Experiment,
    options: &Options,
    interrupt: &Interrupt,
    viewer: &mut Viewer<'_>,
) -> Result<(Run, Option<Error>), Error> {
    for _ in 1..TRIES {
        let (run, crashed) = experiment.run(options.step, interrupt, viewer)?;
        let Some(stall) = spoilt_by(&run).filter(|_| crashed.is_none()) else {
            return Ok((run, crashed));
        };
        viewer.start_anew();
        writeln!(io::stderr(), "sleep-demo: {stall}; once more")?;
    }
    experiment.run(options.step, interrupt, viewer)
}

/// The stall of a machine that kept the run from saying anything about the servers:
/// something was not as expected, or order cannot decide whether it was.
pub(crate) fn spoilt_by(run: &Run) -> Option<String> {
    match is_as_expected(run) {
        true => stall::of(run).filter(|_| !is_decided(run)),
        false => stall::may_decide(run),
    }
}

/// Whether order decides all that is expected of who is blocked.
fn is_decided(run: &Run) -> bool {
    run.servers.iter().all(|server| {
        let expect = server.expect.as_ref();
        let checks_blocked = expect.is_some_and(|one| one.blocked.is_some());
        !checks_blocked || Verdict::of(server).undecided().is_empty()
    })
}

fn is_as_expected(run: &Run) -> bool {
    let verdicts = run.servers.iter().map(Verdict::of);
    verdicts.into_iter().all(|one| one.failures.is_empty())
}
