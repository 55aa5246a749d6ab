//! `--doctor`: what the demo needs, what is there, and what to do about the rest.
//!
//! `programs.rs` looks for Rust, the servers, Python and the scenarios, `machine.rs` at
//! the cores, the limit on open files and the terminal.

mod machine;
mod programs;

use std::io;

use timeline::{
    Style,
    columns::wrap,
    line::{Ink, Line},
};

use crate::{options::Options, scenario::Folder, terminal};

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    found: String,
    /// What to do; `None` where all is well.
    fix: Option<String>,
    /// Whether the demo cannot do without.
    is_needed: bool,
}

impl Finding {
    fn well(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            what,
            found: found.into(),
            fix: None,
            is_needed: false,
        }
    }

    fn needed(
        what: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            is_needed: true,
            ..Self::poor(what, found, fix)
        }
    }

    fn poor(
        what: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            what,
            found: found.into(),
            fix: Some(fix.into()),
            is_needed: false,
        }
    }
}

/// Looks at everything; whether the demo can run, and what to show.
#[must_use]
pub fn examine(options: &Options, folder: &Folder) -> (bool, Vec<Line>) {
    let style = terminal::style(&io::stdout(), options.wishes());
    let findings = [
        programs::toolchain(),
        programs::server("single-server"),
        programs::server("threaded-server"),
        programs::faulty_servers(),
        programs::python(),
        programs::scenarios(folder),
        machine::loopback(),
        machine::cores(),
        machine::open_files(),
        machine::observer(),
        machine::terminal(&style),
        machine::colours(options),
        machine::signs(options),
    ];
    let can_run = findings
        .iter()
        .all(|finding| finding.fix.is_none() || !finding.is_needed);
    (
        can_run,
        findings
            .iter()
            .flat_map(|finding| lines(finding, &style))
            .collect(),
    )
}

fn lines(finding: &Finding, style: &Style) -> Vec<Line> {
    let (mark, ink) = match (&finding.fix, finding.is_needed) {
        (None, _) => ("ok", Ink::Served),
        (Some(_), false) => ("--", Ink::Waiting),
        (Some(_), true) => ("NO", Ink::Failed),
    };
    let mut line = Line::of(ink, format!(" {mark}  "));
    line.push(
        Ink::Plain,
        &format!("{:<16} {}", finding.what, finding.found),
    );
    let mut lines = vec![line];
    for text in finding
        .fix
        .iter()
        .flat_map(|fix| wrap(fix, style.width - 22))
    {
        lines.push(Line::of(Ink::Plain, format!("{:22}{text}", "")));
    }
    lines
}
