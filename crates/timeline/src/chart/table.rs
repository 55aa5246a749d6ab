//! The table that compares the servers, and the verdict in sentences.

use super::seconds;
use crate::{
    columns::{cut, cut_apart, to_left, to_right, width, wrap},
    line::{Ink, Line},
    record::Run,
    stall,
    style::Style,
    verdict::Verdict,
};

/// What the longest of the rows' names takes.
const NAMES: usize = 24;

/// What stands where nobody was answered.
const NOTHING: &str = "–";

/// What the numbers of blocked clients, or of blocked requests, mean.
pub(super) fn legend(verdicts: &[Verdict]) -> &'static str {
    match counts_requests(verdicts) {
        true => {
            "N of M: N were blocked, of M that came while a client was served or silent"
        }
        false => {
            "N of M: M clients came while another was connected; N of these were blocked"
        }
    }
}

/// What a column takes at the least.
const COLUMN: usize = 13;

/// The comparison: one column a server, in as many tables as the width asks for.
#[must_use]
pub fn comparison(verdicts: &[Verdict], style: &Style) -> Vec<Line> {
    let names = NAMES.min(style.width / 2);
    let beside = (style.width - names) / COLUMN;
    let tables = verdicts.chunks(beside.max(1));
    let mut lines: Vec<Line> =
        tables.flat_map(|some| table(some, names, style)).collect();
    lines.extend(
        wrap(legend(verdicts), style.width - 1)
            .iter()
            .map(|line| Line::of(Ink::Plain, format!(" {line}"))),
    );
    lines
}

fn table(verdicts: &[Verdict], names: usize, style: &Style) -> Vec<Line> {
    let rows = rows(verdicts);
    let longest = |verdict: &Verdict| width(&verdict.server).max(10) + 3;
    let names_widest = verdicts.iter().map(longest).max().unwrap_or(0);
    let values = rows.iter().flat_map(|(_, values, _)| values);
    let widest = values
        .map(|value| width(value) + 2)
        .fold(names_widest, usize::max);
    let room = style.width.saturating_sub(names) / verdicts.len().max(1);
    let column = widest.min(room);
    let mut header = " ".repeat(names);
    let servers: Vec<&str> = verdicts.iter().map(|one| one.server.as_str()).collect();
    for name in cut_apart(&servers, column.saturating_sub(1), style.ascii) {
        header.push_str(&to_right(&name, column));
    }
    let mut lines = vec![Line::of(Ink::Strong, header)];
    for (name, values, note) in rows {
        let name = cut(&name, names - 1, style.ascii);
        let mut text = format!(" {}", to_left(&name, names - 1));
        for value in values {
            let value = match style.ascii {
                true => value.replace(NOTHING, "-"),
                false => value,
            };
            text.push_str(&to_right(&format!(" {value}"), column));
        }
        let room = style.width.saturating_sub(width(&text) + 3);
        let of_each = format!("each {note}");
        if let Some(note) = [&of_each, &note].into_iter().find(|one| width(one) <= room)
            && !note.ends_with(' ')
        {
            text.push_str(&format!("   {note}"));
        }
        lines.push(Line::of(Ink::Plain, text));
    }
    lines
}

/// The same as cells: the header, then the rows.
pub(super) fn values(verdicts: &[Verdict]) -> (Vec<String>, Vec<Vec<String>>) {
    let names = verdicts.iter().map(|verdict| verdict.server.clone());
    let header = [String::new()].into_iter().chain(names).collect();
    let cells = |(name, values, note): Row| {
        let name = if note.is_empty() {
            name
        } else {
            format!("{name} (each {note})")
        };
        [name].into_iter().chain(values).collect()
    };
    (header, rows(verdicts).into_iter().map(cells).collect())
}

/// A row: its name, a value for each server, and a note that holds for each of them.
type Row = (String, Vec<String>, String);

fn rows(verdicts: &[Verdict]) -> Vec<Row> {
    let each = |of: &dyn Fn(&Verdict) -> String| verdicts.iter().map(of).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut row = |name: &str, values: Vec<String>| {
        rows.push((name.to_owned(), values, String::new()));
    };
    if verdicts.iter().any(|verdict| verdict.lost.is_some()) {
        row("lost updates", each(&lost));
    }
    row(blocked_what(verdicts), each(&blocked));
    row("waited in all", each(&waited));
    row("requests served at once", each(&most));
    if verdicts.iter().any(|verdict| verdict.stretch.is_some()) {
        row("served, against alone", each(&stretch));
    }
    row("last answer after", each(&last));
    let timed = verdicts
        .iter()
        .filter(|verdict| verdict.waited_us.is_some());
    let fits = timed.filter_map(|verdict| verdict.model);
    if let Some(worst) = fits.map(|fit| fit.worst_us).max() {
        let predicted = || verdicts.iter().filter(|one| one.model.is_some());
        let note = match predicted().all(|one| one.waited_us.is_some()) {
            true => format!("within {} ms", worst.div_ceil(1_000)),
            false => String::new(), // of some there is nothing to compare with
        };
        rows.push(("queue model: waited".to_owned(), each(&model), note));
    }
    rows
}

fn lost(verdict: &Verdict) -> String {
    match &verdict.lost {
        Some(lost) if lost.lost > 0 && !lost.is_exact => {
            format!("{} or more of {}", lost.lost, lost.updates)
        }
        Some(lost) => format!("{} of {}", lost.lost, lost.updates),
        None => String::new(),
    }
}

fn waited(verdict: &Verdict) -> String {
    match verdict.waited_us {
        Some(waited) if verdict.waits_are_missing => {
            format!("{} s or more", seconds(waited))
        }
        Some(waited) => format!("{} s", seconds(waited)),
        None => unknown(verdict),
    }
}

fn most(verdict: &Verdict) -> String {
    match verdict.in_service {
        Some(most) => most.to_string(),
        None if verdict.surely_at_once > 1 => {
            format!("{} or more", verdict.surely_at_once)
        }
        None => unknown(verdict),
    }
}

fn stretch(verdict: &Verdict) -> String {
    match verdict.stretch {
        Some(times) => format!("{times:.1} times"),
        None => String::new(),
    }
}

fn last(verdict: &Verdict) -> String {
    match verdict.last_reply_us {
        Some(last) => format!("{} s", seconds(last)),
        None => NOTHING.to_owned(),
    }
}

fn model(verdict: &Verdict) -> String {
    match verdict.model {
        Some(fit) => format!("{} s", seconds(fit.waited_us)),
        None => "unknown".to_owned(),
    }
}

/// How many were blocked, of those who came while somebody held a place.
pub(super) fn blocked(verdict: &Verdict) -> String {
    let (blocked, undecided) = (verdict.blocked().len(), verdict.undecided().len());
    let came_behind = verdict.came_behind;
    match undecided {
        _ if verdict.last_reply_us.is_none() => NOTHING.to_owned(),
        0 => format!("{blocked} of {came_behind}"),
        some => format!("{blocked} to {} of {came_behind}", blocked + some),
    }
}

/// What is not known of a server; nothing is known of one that answered nobody.
fn unknown(verdict: &Verdict) -> String {
    match verdict.last_reply_us {
        Some(_) => "unknown".to_owned(),
        None => NOTHING.to_owned(),
    }
}

fn blocked_what(verdicts: &[Verdict]) -> &'static str {
    match counts_requests(verdicts) {
        true => "blocked requests",
        false => "blocked clients",
    }
}

/// Whether a client sends several requests, so that clients and requests differ.
fn counts_requests(verdicts: &[Verdict]) -> bool {
    let mut all = verdicts.iter().flat_map(|verdict| &verdict.requests);
    all.any(|judged| judged.id.contains('.'))
}

/// The verdict: a sentence or two for each server, then what was expected and did not
/// hold.
#[must_use]
pub fn story(run: &Run, verdicts: &[Verdict], style: &Style) -> Vec<Line> {
    let mut lines = Vec::new();
    let width = style.width.saturating_sub(1);
    let mut say = |ink, text: &str| {
        for line in wrap(text, width) {
            lines.push(Line::of(ink, format!(" {line}")));
        }
    };
    for (server, verdict) in run.servers.iter().zip(verdicts).rev() {
        for sentence in verdict.story(server) {
            say(Ink::Plain, &sentence);
        }
    }
    for sentence in stall::sentences(run) {
        say(Ink::Plain, &sentence);
    }
    for failure in verdicts.iter().flat_map(|verdict| &verdict.failures) {
        let mark = if style.ascii { "x" } else { "×" };
        say(Ink::Failed, &format!("{mark} {failure}"));
    }
    lines
}
