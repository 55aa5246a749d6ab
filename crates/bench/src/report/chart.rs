//! The chart of the crossover: a bar for each amount of work, beside a line at 1 ×, where
//! both servers answer as many requests.

use std::fmt::Write;

use crate::finding::Finding;

/// Columns of a bar of 1 ×.
const ONE: usize = 20;
/// The longest bar: 3 ×.
const MOST: usize = 3 * ONE;

/// One chart for each pair of servers; a bar that is too long ends with `>`.
#[must_use]
pub fn crossover(findings: &[Finding]) -> String {
    let mut subjects: Vec<_> = findings.iter().map(|finding| &finding.subject).collect();
    subjects.sort();
    subjects.dedup();
    let mut text = String::new();
    for subject in subjects {
        let scale = " ".repeat(ONE);
        let _ = writeln!(text, "\n  {subject}\n  {:>8} {scale}| 1 ×", "");
        for finding in findings
            .iter()
            .filter(|finding| finding.subject == *subject)
        {
            let Some(quartiles) = finding.quartiles() else {
                continue;
            };
            let load = finding.load.split(" of ").next().unwrap_or_default();
            let median = quartiles.median;
            let _ = writeln!(text, "  {load:>8} {} {median:.2}", bar(median));
        }
    }
    text
}

fn bar(ratio: f64) -> String {
    let long = (ratio * ONE as f64).round() as usize;
    let cell = |column| match column {
        _ if column == MOST => '>',
        _ if column == ONE && column >= long => '|',
        _ if column < long => '#',
        _ => ' ',
    };
    let columns = long.clamp(ONE + 1, MOST + 1);
    (0..columns).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::{ONE, bar};

    #[test]
    fn a_bar_is_as_long_as_its_ratio_and_shows_where_1_is() {
        assert_eq!(bar(0.5), format!("{}{}|", "#".repeat(10), " ".repeat(10)));
        assert_eq!(bar(1.0), format!("{}|", "#".repeat(ONE)));
        assert_eq!(bar(1.5), "#".repeat(30));
        assert_eq!(bar(9.0), format!("{}>", "#".repeat(60)));
    }
}
