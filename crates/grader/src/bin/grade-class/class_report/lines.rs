//! `reteach.txt`: a line for each check that failed and each mistake that was recognised.

use super::ClassReport;

impl ClassReport {
    /// The lines, the most frequent first; empty if no check failed.
    pub(crate) fn lines(&self) -> String {
        let graded = self.graded;
        let failed = self.failed.iter().map(|one| {
            format!(
                "{:>4} of {graded} failed {}: {}; reteach {}\n",
                one.submissions, one.check, one.title, one.page
            )
        });
        let mistakes = self.mistakes.iter().map(|one| {
            let names = one.like.join(", ");
            format!("{:>4} of {graded} look like {names}\n", one.submissions)
        });
        let start = self.start_with.iter();
        let start = start.map(|file| format!("start the next lecture with {file}\n"));
        failed.chain(mistakes).chain(start).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::class_report::{ClassReport, tests::class};

    #[test]
    fn each_check_has_its_page_and_each_mistake_its_names() {
        let due = "   2 of 4 failed slow: t<1>; reteach docs/labs/2-read-it.md\n   \
                   1 of 4 failed idle: t<1>; reteach docs/labs/2-read-it.md\n   \
                   1 of 4 failed log: t<1>; reteach \
                   docs/labs/4-write-it.md#step-5-a-print-lock\n   \
                   2 of 4 look like b, c\n\
                   start the next lecture with demos/faulty-servers/src/bin/b.rs\n";
        assert_eq!(class().lines(), due);
        assert_eq!(ClassReport::of(&[]).lines(), "");
    }
}
