//! The report of a class as text, for a terminal.

use super::ClassReport;

/// The longest bar, in characters.
const BAR: usize = 20;

impl ClassReport {
    /// How many are right, what failed how often, and what to teach next.
    pub(crate) fn table(&self) -> String {
        let mut text = self.heading().join("\n") + "\n";
        if !self.failed.is_empty() {
            text.push_str("\nchecks that failed\n");
        }
        let width = self.failed.iter().map(|one| one.check.len()).max();
        let width = width.unwrap_or_default();
        for one in &self.failed {
            let (count, check) = (one.submissions, &one.check);
            text.push_str(&format!(
                "{count:>5}  {:<BAR$}  {check:<width$}  {}\n{:indent$}reteach {}\n",
                bar(count, self.graded),
                one.title,
                "",
                one.page,
                indent = 5 + 2 + BAR + 2 + width + 2,
            ));
        }
        if !self.failed.is_empty() {
            text.push_str("\nmistakes\n");
        }
        for (count, names) in self.mistake_rows() {
            let bar = bar(count, self.graded);
            text.push_str(&format!("{count:>5}  {bar:<BAR$}  {names}\n"));
        }
        if let Some(file) = &self.start_with {
            text.push_str(&format!("\nstart the next lecture with {file}\n"));
        }
        text
    }

    /// How many submissions there are, how they came out, and how many are right.
    pub(super) fn heading(&self) -> Vec<String> {
        let verdicts: Vec<_> = self
            .verdicts
            .iter()
            .map(|(verdict, count)| format!("{count} {verdict}"))
            .collect();
        let submissions = match self.submissions {
            1 => "1 submission".to_owned(),
            count => format!("{count} submissions"),
        };
        vec![
            match verdicts.is_empty() {
                true => submissions,
                false => format!("{submissions}: {}", verdicts.join(", ")),
            },
            format!("{} of {} got full marks", self.full_marks, self.graded),
        ]
    }

    /// Each mistake with its count, and last those that look like no faulty server.
    pub(super) fn mistake_rows(&self) -> Vec<(usize, String)> {
        let rows = self.mistakes.iter();
        let mut rows: Vec<_> = rows
            .map(|one| match one.like.split_first() {
                Some((first, others)) if !others.is_empty() => {
                    let others = others.join(", ");
                    (
                        one.submissions,
                        format!("{first} (looks the same: {others})"),
                    )
                }
                _ => (one.submissions, one.like.join(", ")),
            })
            .collect();
        if self.unrecognised > 0 {
            rows.push((self.unrecognised, "not recognised".to_owned()));
        }
        rows
    }
}

/// A bar of a count; some of it shows however small the count is.
fn bar(count: usize, of: usize) -> String {
    let length = (count * BAR).checked_div(of).unwrap_or_default();
    "#".repeat(length.clamp(1, BAR))
}

#[cfg(test)]
mod tests {
    use crate::class_report::{ClassReport, tests::class};

    #[test]
    fn it_says_how_many_are_right_and_what_to_teach_next() {
        let text = class().table();
        let head = "5 submissions: 1 does-not-build, 4 graded\n1 of 4 got full marks\n";
        assert!(text.starts_with(head), "{text}");
        for line in [
            "    2  ##########            slow  t<1>\n",
            "                             reteach docs",
            "    2  ##########            b (looks the same: c)\n",
            "    1  #####                 not recognised\n",
            "\nstart the next lecture with demos/faulty-servers/src/bin/b.rs\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_class_without_a_mistake_has_no_empty_tables() {
        let text = ClassReport::of(&[]).table();
        assert_eq!(text, "0 submissions\n0 of 0 got full marks\n");
    }
}
