//! The report as a table for people.

use std::fmt::Write;

use super::{Report, chart};
use crate::{finding::Finding, workload::Workload};

/// What every table is to be read with.
#[must_use]
pub fn heading(report: &Report) -> String {
    let machine = &report.machine;
    let caution = if report.quick {
        "--quick: this shows that everything works, not how fast it is.\n"
    } else {
        ""
    };
    format!(
        "{} cores, {}; {} rounds, in alternating order.\n\
         Each line: the median of all rounds (lower and upper quartile). × is a ratio \
         of two\n\
         runs of the same round.\n{caution}",
        machine.cores, machine.system, report.rounds
    )
}

/// One workload's findings, a heading for each load.
#[must_use]
pub fn section(workload: Workload, findings: &[Finding]) -> String {
    let mut text = format!("\n{workload}: {}\n", workload.question());
    let widest = findings
        .iter()
        .map(|finding| finding.subject.chars().count())
        .max();
    let width = widest.unwrap_or_default();
    let mut load = "";
    for finding in findings {
        let Some(quartiles) = finding.quartiles() else {
            continue;
        };
        if finding.load != load {
            load = &finding.load;
            let _ = writeln!(text, "  {load}");
        }
        let unit = finding.unit;
        let _ = writeln!(
            text,
            "    {:width$}  {:>7} {:3} ({} – {})",
            finding.subject,
            unit.format(quartiles.median),
            unit.to_string(),
            unit.format(quartiles.lower),
            unit.format(quartiles.upper),
        );
    }
    if workload == Workload::Crossover {
        text.push_str(&chart::crossover(findings));
    }
    if findings.is_empty() {
        text.push_str("  left out: see standard error\n");
    }
    text
}
