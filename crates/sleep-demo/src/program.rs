//! The program: from its options to its exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::SystemTime,
};

use launch::{Interrupt, raise_descriptors};
use timeline::{
    Style,
    chart::{plain, spread, table},
    columns::to_left,
    line::{Ink, Line},
    record::{Record, Run},
    stall,
    verdict::Verdict,
};

use crate::{
    audience::{Audience, print},
    casting, catalogue, doctor,
    error::Error,
    experiment::Experiment,
    export,
    options::Options,
    predict::Guesses,
    scenario::Folder,
    terminal,
};

/// How often a run is played that the machine spoils.
const TRIES: u32 = 3;

/// Does what the options say; errors go to standard error.
#[must_use]
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(code) => code,
        Err(error) => {
            // Where standard error is closed, the exit status alone says it.
            let _ = writeln!(io::stderr(), "sleep-demo: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, Error> {
    let folder = Folder::from_environment();
    let style = terminal::style(&io::stdout(), options.wishes());
    if options.doctor {
        let (can_run, findings) = doctor::examine(options, &folder);
        show(&findings, &style)?;
        return Ok(if can_run {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        });
    }
    if options.list {
        show(&catalogue::list(&folder, &style)?, &style)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(name) = &options.explain {
        show(&catalogue::explain(&folder, name, &style)?, &style)?;
        return Ok(ExitCode::SUCCESS);
    }
    play(options, &folder, &style)
}

/// Plays every scenario that is asked for, and says at the end which held.
fn play(options: &Options, folder: &Folder, style: &Style) -> Result<ExitCode, Error> {
    let names = match options.scenarios.as_slice() {
        _ if options.all => folder.names()?,
        [] => vec!["head-of-line".to_owned()],
        names => names.to_vec(),
    };
    if names.len() > 1 && options.exports() {
        return Err(Error::Usage(
            "an export holds one scenario; name one".to_owned(),
        ));
    }
    raise_descriptors();
    let interrupt = Interrupt::catch()?;
    let mut fates = Vec::new();
    for name in &names {
        if names.len() > 1 {
            show(&[Line::new(), Line::of(Ink::Strong, name.clone())], style)?;
        }
        fates.push((name, demonstrate(name, folder, options, &interrupt)?));
    }
    if names.len() > 1 {
        show(&summary(&fates), style)?;
    }
    let all_held = fates.iter().all(|(_, fate)| *fate != Fate::Failed);
    Ok(if all_held {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// What became of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Held,
    Failed,
    /// What its servers need is not installed.
    Skipped,
}

fn summary(fates: &[(&String, Fate)]) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    for (name, fate) in fates {
        let (ink, word) = match fate {
            Fate::Held => (Ink::Served, "held"),
            Fate::Failed => (Ink::Failed, "did not hold"),
            Fate::Skipped => (Ink::Plain, "skipped"),
        };
        let mut line = Line::of(Ink::Plain, format!(" {} ", to_left(name, 16)));
        line.push(ink, word);
        lines.push(line);
    }
    lines
}

/// Plays one scenario, shows it and exports it.
fn demonstrate(
    name: &str,
    folder: &Folder,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Fate, Error> {
    let scenario = folder.scenario(name)?.at_speed(options.speed)?;
    let (casts, skipped) = casting::cast(&scenario, options)?;
    for line in scenario.warnings.iter().chain(&skipped) {
        writeln!(io::stderr(), "sleep-demo: {line}")?;
    }
    if casts.is_empty() {
        return Ok(Fate::Skipped);
    }
    let guesses = match options.predict {
        true => Some(Guesses::ask(&scenario, &casts, interrupt)?),
        false => None,
    };
    let experiment = Experiment {
        scenario,
        speed: options.speed,
        casts,
    };
    let mut audience = Audience::new(options, interrupt);
    let started = SystemTime::now();
    let mut runs = Vec::new();
    for _ in 0..options.repeat {
        runs.push(steady_run(&experiment, options, interrupt, &mut audience)?);
    }
    let record = experiment.record(started, runs);
    let held = present(&record, guesses.as_ref(), options, &mut audience)?;
    export::all(&record, options)?;
    Ok(if held { Fate::Held } else { Fate::Failed })
}

/// Plays once, and once more where something expected did not hold while the machine stalled:
/// such a run says nothing about the servers.
fn steady_run(
    experiment: &Experiment,
    options: &Options,
    interrupt: &Interrupt,
    audience: &mut Audience<'_>,
) -> Result<Run, Error> {
    for _ in 1..TRIES {
        let run = experiment.run(options.step, interrupt, audience)?;
        let held = judge(&run)
            .iter()
            .all(|verdict| verdict.failures.is_empty());
        let stall = stall::of(&run).filter(|_| !held && !experiment.scenario.isolate);
        let Some(stall) = stall else { return Ok(run) };
        audience.start_anew();
        writeln!(
            io::stderr(),
            "sleep-demo: the machine stalled ({stall}); once more"
        )?;
    }
    experiment.run(options.step, interrupt, audience)
}

fn judge(run: &Run) -> Vec<Verdict> {
    run.servers.iter().map(Verdict::of).collect()
}

/// Shows the last run and what all of them say; whether everything expected held.
fn present(
    record: &Record,
    guesses: Option<&Guesses>,
    options: &Options,
    audience: &mut Audience<'_>,
) -> Result<bool, Error> {
    let held = record
        .runs
        .iter()
        .flat_map(judge)
        .all(|verdict| verdict.failures.is_empty());
    let Some(last) = record.runs.last() else {
        return Ok(held);
    };
    let verdicts = judge(last);
    let style = audience.style();
    if options.plain {
        let sentences = plain::sentences(last, &verdicts);
        print(
            &sentences
                .into_iter()
                .map(|line| line + "\n")
                .collect::<String>(),
        )?;
    } else {
        audience.show_chart(last, &verdicts)?;
        audience.before_verdict()?;
        let mut lines = vec![Line::new()];
        // Chart, either table and story are 23 rows for two servers and four clients.
        lines.extend(match guesses {
            Some(guesses) => guesses.compare(last, &style),
            None => table::comparison(&verdicts, &style),
        });
        lines.push(Line::new());
        lines.extend(table::story(last, &verdicts, &style));
        audience.print(&lines)?;
    }
    let mut lines = Vec::new();
    if let Some(guesses) = guesses.filter(|_| options.plain) {
        lines.push(Line::new());
        lines.extend(guesses.compare(last, &style));
    }
    if record.runs.len() > 1 {
        lines.push(Line::new());
        lines.extend(spread::spread(record, &style));
    }
    audience.print(&lines)?;
    Ok(held)
}

fn show(lines: &[Line], style: &Style) -> Result<(), Error> {
    let text: String = lines
        .iter()
        .map(|line| line.render(style.colour) + "\n")
        .collect();
    Ok(print(&text)?)
}
