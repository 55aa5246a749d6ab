//! The program: from its options to its exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::SystemTime,
};

use crate::{
    casting,
    chart::{line::Line, plain, table, text},
    error::Error,
    experiment::{Audience, Experiment},
    export,
    interrupt::Interrupt,
    options::Options,
    play::Journal,
    record::Record,
    scenario::Folder,
    terminal::Style,
    verdict::Verdict,
};

/// Does what the options say; errors go to standard error.
#[must_use]
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // Where standard error is closed, the exit status alone says it.
            let _ = writeln!(io::stderr(), "sleep-demo: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}

/// Plays every scenario; whether all showed what they expect.
fn run(options: &Options) -> Result<bool, Error> {
    let folder = Folder::from_environment();
    let interrupt = Interrupt::catch()?;
    let names = match options.scenarios.as_slice() {
        [] => &["head-of-line".to_owned()][..],
        names => names,
    };
    let mut all_held = true;
    for name in names {
        all_held &= demonstrate(name, &folder, options, &interrupt)?;
    }
    Ok(all_held)
}

fn demonstrate(
    name: &str,
    folder: &Folder,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<bool, Error> {
    let scenario = folder.scenario(name)?.at_speed(options.speed)?;
    let (casts, skipped) = casting::cast(&scenario, options)?;
    for line in skipped {
        writeln!(io::stderr(), "sleep-demo: {line}")?;
    }
    if casts.is_empty() {
        return Ok(true);
    }
    let folder = folder.path().to_owned();
    let experiment = Experiment {
        scenario,
        speed: options.speed,
        casts,
        folder,
    };
    let started = SystemTime::now();
    let runs = vec![experiment.run(false, interrupt, &mut Nobody)?];
    let record = experiment.record(started, runs);
    show(&record, options)?;
    if let Some(file) = &options.json {
        export::json(&record, file)?;
    }
    Ok(has_held(&record))
}

struct Nobody;

impl Audience for Nobody {
    fn before(&mut self, _servers: &[&str]) -> Result<(), Error> {
        Ok(())
    }

    fn during(&mut self, _journal: &Journal, _horizon_us: u64) {}
}

fn show(record: &Record, options: &Options) -> Result<(), Error> {
    let style = Style::of(&io::stdout(), options.wishes());
    let mut text = String::new();
    for run in &record.runs {
        let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
        if options.plain {
            text.extend(
                plain::sentences(run, &verdicts)
                    .into_iter()
                    .map(|line| line + "\n"),
            );
            continue;
        }
        let mut lines = text::chart(run, &verdicts, 0, None, &style);
        lines.push(Line::new());
        lines.extend(table::comparison(&verdicts, &style));
        lines.push(Line::new());
        lines.extend(table::story(run, &verdicts, &style));
        text.extend(lines.iter().map(|line| line.render(style.colour) + "\n"));
    }
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn has_held(record: &Record) -> bool {
    let servers = record.runs.iter().flat_map(|run| &run.servers);
    servers
        .map(Verdict::of)
        .all(|verdict| verdict.failures.is_empty())
}
