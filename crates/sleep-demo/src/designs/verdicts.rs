//! Questions that are scenarios: played, and judged by the order of what happened.

use launch::Interrupt;
use timeline::{
    chart::seconds,
    designs::Cell,
    record::{Run, ServerRun},
    verdict::Verdict,
};

use super::{
    question::Answers,
    subjects::{Subjects, missing},
};
use crate::{
    choosing, error::Error, experiment::Experiment, options::Options,
    repetition::spoilt_by, viewer::Viewer,
};

/// How often a scenario is played in all: two replies that come together leave a cell
/// open, and a machine that stalls can spoil one.
const PLAYS: usize = 3;
const UNCLEAR: &str = "unclear";

/// Plays the scenarios of a question; `answer` reads a server's cell from its verdict.
pub(super) fn play(
    subjects: &Subjects,
    question: &str,
    answer: impl Fn(&ServerRun, &Verdict) -> Answer,
    interrupt: &Interrupt,
) -> Result<Answers, Error> {
    let mut answers = Answers::new();
    let silent = Options {
        plain: true, // the table is what is shown
        ..Options::default()
    };
    for scenario in subjects.scenarios(question)? {
        for spec in &scenario.servers {
            if let Some(why) = missing(spec) {
                answers.insert(spec.name.clone(), Cell::Missing { why });
            }
        }
        let (chosen_servers, _) = choosing::choose_servers(&scenario, &silent)?;
        if chosen_servers.is_empty() {
            continue;
        }
        let experiment = Experiment {
            is_observed: false,
            scenario,
            speed: 1.0,
            chosen_servers,
        };
        for _ in 0..PLAYS {
            let mut viewer = Viewer::new(&silent, interrupt)?;
            let (run, crashed) = experiment.run(silent.step, interrupt, &mut viewer)?;
            crashed.map_or(Ok(()), Err)?;
            let cells = cells(&run, &answer);
            let is_final = !cells.values().any(is_open) && spoilt_by(&run).is_none();
            answers.extend(cells);
            if is_final {
                break;
            }
        }
    }
    Ok(answers)
}

fn cells(run: &Run, answer: impl Fn(&ServerRun, &Verdict) -> Answer) -> Answers {
    let cell = |server: &ServerRun| {
        let verdict = Verdict::of(server);
        let cell = answer(server, &verdict).into_cell(&verdict);
        (server.name.clone(), cell)
    };
    run.servers.iter().map(cell).collect()
}

fn is_open(cell: &Cell) -> bool {
    matches!(cell, Cell::Answer { answer, .. } if answer == UNCLEAR)
}

/// What a cell says of a server that was judged.
pub(super) struct Answer {
    answer: String,
    means: String,
    harmed: bool,
    figure: f64,
}

impl Answer {
    fn into_cell(self, verdict: &Verdict) -> Cell {
        Cell::Answer {
            answer: self.answer,
            means: self.means,
            harmed: Some(self.harmed),
            figure: Some(self.figure),
            failures: verdict.failures.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Whether the scenario's last client, who asks for next to nothing, had to wait.
pub(super) fn wait(server: &ServerRun, verdict: &Verdict) -> Answer {
    let (request, judged) = server
        .requests()
        .map(|(_, request)| request)
        .zip(&verdict.requests)
        .last()
        .unzip();
    let behind: Vec<&str> = judged
        .iter()
        .flat_map(|judged| &judged.behind)
        .map(|blocker| blocker.name())
        .collect();
    let waited = request.and_then(|request| request.waited_us().or(request.latency_us()));
    let (waited, id) = (waited.unwrap_or(0), judged.map_or("", |judged| &judged.id));
    let harmed = !behind.is_empty();
    let is_open = judged.is_some_and(|judged| judged.undecided);
    let means = if is_open {
        format!("the order does not show whether {id} waited behind another client")
    } else if harmed {
        format!(
            "{id} waited {} s, behind {}",
            seconds(waited),
            behind.join(" and ")
        )
    } else {
        format!("{id} waited for nobody")
    };
    Answer {
        answer: match (is_open, harmed) {
            (true, _) => UNCLEAR,
            (false, true) => "waits",
            (false, false) => "no wait",
        }
        .to_owned(),
        means,
        harmed,
        figure: to_seconds(waited),
    }
}

/// How many updates of a counter were lost.
pub(super) fn updates(_: &ServerRun, verdict: &Verdict) -> Answer {
    let (lost, updates) = verdict
        .lost
        .as_ref()
        .map_or((0, 0), |counted| (counted.lost, counted.updates));
    Answer {
        answer: if lost == 0 {
            "none".to_owned()
        } else {
            format!("{lost} lost")
        },
        means: format!("{lost} of {updates} updates were lost"),
        harmed: lost > 0,
        figure: f64::from(u32::try_from(lost).unwrap_or(u32::MAX)),
    }
}

fn to_seconds(micros: u64) -> f64 {
    std::time::Duration::from_micros(micros).as_secs_f64()
}
