//! Several runs of one scenario: medians, the spread, and how far off the queue model
//! was.

use super::seconds;
use crate::{
    columns::{cut, to_left},
    line::{Ink, Line},
    record::{Record, Run},
    style::Style,
    verdict::Verdict,
};

/// A figure of one server in one run; `None` where it is not known.
type Figure = (&'static str, fn(&Verdict) -> Option<u64>, fn(u64) -> String);

const FIGURES: [Figure; 3] = [
    (
        "waited in all",
        |verdict| verdict.waited_us,
        |micros| seconds(micros) + " s",
    ),
    (
        "last answer after",
        |verdict| verdict.last_reply_us,
        |micros| seconds(micros) + " s",
    ),
    (
        "blocked",
        |verdict| Some(verdict.blocked().len() as u64),
        |count| count.to_string(),
    ),
];

/// The medians of all runs with the least and the most, then the model's error.
#[must_use]
pub fn spread(record: &Record, style: &Style) -> Vec<Line> {
    let judge = |run: &Run| run.servers.iter().map(Verdict::of).collect();
    let runs: Vec<Vec<Verdict>> = record.runs.iter().map(judge).collect();
    let heading = format!(
        "{}{:>9}{:>9}{:>9}",
        to_left(&runs_of(record), 32),
        "median",
        "least",
        "most"
    );
    let mut lines = vec![Line::of(
        Ink::Strong,
        cut(&heading, style.width, style.ascii),
    )];
    let servers = runs.first().map_or(0, Vec::len);
    for index in 0..servers {
        let verdicts: Vec<&Verdict> =
            runs.iter().filter_map(|run| run.get(index)).collect();
        lines.extend(of_server(&verdicts, style));
    }
    lines
        .extend(model_error(record).map(|text| Line::of(Ink::Plain, format!(" {text}"))));
    let text = match record.runs.iter().any(Run::has_expectations) {
        true => format!(" {}", as_expected(&runs)),
        false => format!(" {} runs; the scenario expects nothing of them", runs.len()),
    };
    lines.push(Line::of(Ink::Plain, text));
    lines
}

/// How many runs were as expected, and which were not.
fn as_expected(runs: &[Vec<Verdict>]) -> String {
    let failed: Vec<String> = (1..)
        .zip(runs)
        .filter(|(_, run)| run.iter().any(|one| !one.failures.is_empty()))
        .map(|(number, _)| number.to_string())
        .collect();
    let expected = runs.len() - failed.len();
    let summary = format!("{expected} of {} runs showed what was expected", runs.len());
    match failed.as_slice() {
        [] => summary,
        [one] => format!("{summary}, not in run {one}"),
        some => format!("{summary}, not in runs {}", some.join(", ")),
    }
}

fn of_server(verdicts: &[&Verdict], style: &Style) -> Vec<Line> {
    let name = verdicts
        .first()
        .map_or("", |verdict| verdict.server.as_str());
    let name = cut(name, style.width - 1, style.ascii);
    let mut lines = vec![Line::of(Ink::Plain, format!(" {name}"))];
    for (what, of, unit) in FIGURES {
        let mut values: Vec<u64> =
            verdicts.iter().filter_map(|verdict| of(verdict)).collect();
        values.sort_unstable();
        let last = values.len().saturating_sub(1);
        let [median, least, most] = [last / 2, 0, last].map(|index| {
            values
                .get(index)
                .map_or_else(|| "unknown".to_owned(), |one| unit(*one))
        });
        let text = format!("   {what:<29}{median:>9}{least:>9}{most:>9}");
        lines.push(Line::of(Ink::Plain, cut(&text, style.width, style.ascii)));
    }
    lines
}

fn runs_of(record: &Record) -> String {
    format!("{} runs of {}", record.runs.len(), record.scenario.name)
}

/// How far the measured waits were from the model's: the 95th percentile, and the worst.
fn model_error(record: &Record) -> Option<String> {
    let servers = record.runs.iter().flat_map(|run| &run.servers);
    let mut errors: Vec<u64> = Vec::new();
    for server in servers.filter(|server| server.timed) {
        let judged = Verdict::of(server).requests;
        errors.extend(server.requests().zip(judged).filter_map(
            |((_, request), judged)| {
                Some(judged.waited_us?.abs_diff(request.model?.waited_us))
            },
        ));
    }
    errors.sort_unstable();
    let percentile = errors.get((errors.len() * 95).div_ceil(100).checked_sub(1)?)?;
    let milliseconds =
        |micros: u64| format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100);
    Some(format!(
        "95 % of the waits within {} of the queue model; the worst of {} within {}",
        milliseconds(*percentile),
        errors.len(),
        milliseconds(*errors.last()?)
    ))
}
