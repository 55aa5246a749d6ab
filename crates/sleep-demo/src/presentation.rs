//! What is shown of a record: the last run as a chart or in sentences, then what all runs
//! say.

use timeline::{
    Style,
    chart::{plain, says_where, spread, table},
    line::Line,
    record::{Record, Run},
    verdict::Verdict,
};

use crate::{
    error::Error,
    options::Options,
    predict::Guesses,
    viewer::{Viewer, print},
};

fn judge(run: &Run) -> Vec<Verdict> {
    run.servers.iter().map(Verdict::of).collect()
}

/// Shows the last run and what all of them say; whether all was as expected.
pub(crate) fn present(
    record: &Record,
    guesses: Option<&Guesses>,
    options: &Options,
    viewer: &mut Viewer<'_>,
) -> Result<bool, Error> {
    let as_expected = record
        .runs
        .iter()
        .flat_map(judge)
        .all(|verdict| verdict.failures.is_empty());
    let Some(last) = record.runs.last() else {
        return Ok(as_expected);
    };
    if options.exports_to_stdout() {
        return Ok(as_expected);
    }
    let verdicts = judge(last);
    let style = viewer.style();
    let mut lines = Vec::new();
    if options.plain {
        let sentences = plain::sentences(last, &verdicts);
        let text: String = sentences.into_iter().map(|line| line + "\n").collect();
        print(&text)?;
        if let Some(guesses) = guesses {
            lines.push(Line::new());
            lines.extend(guesses.compare(last, &style));
        }
    } else {
        viewer.show_chart(last, &verdicts)?;
        viewer.before_verdict()?;
        viewer.print(&results(last, &verdicts, guesses, &style))?;
    }
    if record.runs.len() > 1 {
        lines.push(Line::new());
        lines.extend(spread::spread(record, &style));
    }
    viewer.print(&lines)?;
    Ok(as_expected)
}

/// The table, or the guesses beside the measurement, and the verdict in sentences.
///
/// With the chart these are 23 rows for two servers and four clients: what a server was
/// seen to have takes a row more, and there is no blank row then.
fn results(
    run: &Run,
    verdicts: &[Verdict],
    guesses: Option<&Guesses>,
    style: &Style,
) -> Vec<Line> {
    let blank = (!says_where(run)).then(Line::new);
    let mut lines: Vec<Line> = blank.iter().cloned().collect();
    lines.extend(match guesses {
        Some(guesses) => guesses.compare(run, style),
        None => table::comparison(verdicts, style),
    });
    lines.extend(blank);
    lines.extend(table::story(run, verdicts, style));
    lines
}
