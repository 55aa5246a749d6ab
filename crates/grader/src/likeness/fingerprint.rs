//! What a server looks like in a report, as a line of `fingerprints.tsv`.

use std::{collections::BTreeMap, fmt};

use super::kind::{ON_STANDARD_ERROR, kind};
use crate::{report::Report, verdict::Verdict};

/// What a server looks like in a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The checks that failed, and the kind of what was observed in each.
    failed: BTreeMap<String, String>,
    /// What was seen of it while A was idle, and while A was being served.
    idle: Option<String>,
    slow: Option<String>,
}

impl Fingerprint {
    /// What the server of a report looks like; `None` where no check failed.
    #[must_use]
    pub fn of(report: &Report) -> Option<Self> {
        let failed = |name: &str| {
            let mut entries = report.entries.iter();
            entries.find_map(|entry| match &entry.verdict {
                Verdict::Failed(failure) if entry.name == name => Some(failure),
                _ => None,
            })
        };
        let print = |name| Some(failed(name)?.seen.as_ref()?.print.clone());
        let names = report.entries.iter().map(|entry| entry.name);
        let kinds = names.filter_map(|name| Some((name, kind(&failed(name)?.observed))));
        let fingerprint = Self {
            failed: kinds
                .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
                .collect(),
            idle: print("idle"),
            slow: print("slow"),
        };
        (!fingerprint.failed.is_empty()).then_some(fingerprint)
    }

    /// Reads what `to_string` wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('\t');
        let failed = parts.next()?.split(',').map(|check| {
            let (name, kind) = check.split_once('=')?;
            Some((name.to_owned(), kind.to_owned()))
        });
        let failed = failed.collect::<Option<_>>()?;
        let print = |part: &str| (part != "-").then(|| part.to_owned());
        Some(Self {
            failed,
            idle: print(parts.next()?),
            slow: print(parts.next()?),
        })
    }

    /// Where the log goes to standard error, and another check failed too: the log alone,
    /// and all the rest.
    pub(super) fn without_its_log(&self) -> Option<(Self, Self)> {
        let mut rest = self.clone();
        let log = rest.failed.remove_entry("log")?;
        let log =
            (log.1 == ON_STANDARD_ERROR && !rest.failed.is_empty()).then_some(log)?;
        let failed = BTreeMap::from([log]);
        let (idle, slow) = (None, None);
        Some((Self { failed, idle, slow }, rest))
    }

    /// Without the checks that did not come to an end in a report.
    pub(super) fn within(mut self, report: &Report) -> Self {
        let is_judged = |name: &String, _: &mut String| {
            report.entries.iter().any(|entry| {
                let verdict = &entry.verdict;
                entry.name == *name
                    && matches!(verdict, Verdict::Passed { .. } | Verdict::Failed(_))
            })
        };
        self.failed.retain(is_judged);
        if !self.failed.contains_key("idle") {
            self.idle = None;
        }
        if !self.failed.contains_key("slow") {
            self.slow = None;
        }
        self
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self
            .failed
            .iter()
            .map(|(name, kind)| format!("{name}={kind}"));
        let failed: Vec<String> = failed.collect();
        let print =
            |print: &Option<String>| print.clone().unwrap_or_else(|| "-".to_owned());
        let (idle, slow) = (print(&self.idle), print(&self.slow));
        write!(formatter, "{}\t{idle}\t{slow}", failed.join(","))
    }
}
