//! What is shown of a record: the last run as a chart or in sentences, then what all runs
//! say.

use timeline::{
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

/// Shows the last run and what all of them say; whether everything expected held.
pub(crate) fn present(
    record: &Record,
    guesses: Option<&Guesses>,
    options: &Options,
    viewer: &mut Viewer<'_>,
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
    let style = viewer.style();
    if options.exports_to_stdout() {
        return Ok(held);
    }
    if options.plain {
        let sentences = plain::sentences(last, &verdicts);
        print(
            &sentences
                .into_iter()
                .map(|line| line + "\n")
                .collect::<String>(),
        )?;
    } else {
        viewer.show_chart(last, &verdicts)?;
        viewer.before_verdict()?;
        // Chart, either table and story are 23 rows for two servers and four clients:
        // what a server was seen to have takes a row more, and there is no blank row
        // then.
        let mut lines = match says_where(last) {
            true => Vec::new(),
            false => vec![Line::new()],
        };
        lines.extend(match guesses {
            Some(guesses) => guesses.compare(last, &style),
            None => table::comparison(&verdicts, &style),
        });
        if !says_where(last) {
            lines.push(Line::new());
        }
        lines.extend(table::story(last, &verdicts, &style));
        viewer.print(&lines)?;
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
    viewer.print(&lines)?;
    Ok(held)
}
