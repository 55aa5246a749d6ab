//! Charts: one block for each server, all on one time axis, and one row for each
//! request.
//!
//! * `rows.rs` turns a record into rows. `row.rs` is one of them, `crowd.rs` folds many
//!   clients into two or three.
//! * Each row is a series of the spans of `spans.rs`. In a run that goes on,
//!   `presumed.rs` says who is being served. `since.rs` says where an arrow begins.
//! * `axis.rs` is the time axis and its labels, `counts.rs` the line of a server's
//!   threads and backlog.
//! * `text.rs` draws a text of the cells of `cells.rs`. `signs.rs` has the character of
//!   each thing, such as waiting at a lock, and the legend. Where a screen has no room
//!   for a server's rows, `standing.rs` says how far it is.
//! * `svg/` draws a picture, and `html.rs` a page around it, with the buttons and the
//!   slider of `stepper.rs`; its script, `stepper.js`, knows the keys.
//! * `table.rs` compares the servers and has the verdict, `spread.rs` compares several
//!   runs.
//! * `plain.rs` says the same in sentences, and `places.rs` says where a request waited.

mod axis;
mod cells;
mod counts;
mod crowd;
pub mod html;
mod places;
pub mod plain;
mod presumed;
mod row;
mod rows;
mod signs;
mod since;
mod spans;
pub mod spread;
mod standing;
mod stepper;
pub mod svg;
pub mod table;
pub mod text;

pub(crate) use since::Since;
pub(crate) use spans::silences;

use crate::{
    record::{Design, Places, Run, ServerRun},
    stall,
    verdict::Verdict,
};

/// Whether the servers of a run were observed: then charts say where clients waited.
#[must_use]
pub fn says_where(run: &Run) -> bool {
    run.servers.iter().any(|server| server.observed.is_some())
}

/// What the verdict says of every server, what the machine did, and what was not as
/// expected.
pub(crate) fn story(run: &Run, verdicts: &[Verdict]) -> Vec<String> {
    let both = run.servers.iter().zip(verdicts);
    let mut sentences: Vec<String> = both
        .flat_map(|(server, verdict)| verdict.story(server))
        .collect();
    sentences.extend(stall::sentences(run));
    let failures = verdicts.iter().flat_map(|verdict| &verdict.failures);
    sentences.extend(failures.map(|failure| format!("Not as expected: {failure}.")));
    sentences
}

/// What a server's heading says beside its name. What the scenario says of its places is
/// said as the scenario's once the run has shown something else.
pub(crate) fn about(server: &ServerRun, verdict: Option<&Verdict>) -> String {
    if !server.about.is_empty() {
        return server.about.clone();
    }
    let Some(places) = server.places else {
        return server.address.clone();
    };
    let said = match places {
        _ if server.has_one_thread()
            && verdict.is_none_or(|one| one.keeps_order(server)) =>
        {
            "one thread serves every client in turn".to_owned()
        }
        Places::Limited(1) => "one client at a time".to_owned(),
        Places::Limited(places) => format!("at most {places} clients at once"),
        Places::All(Design::Threads) => "a thread for each client".to_owned(),
        Places::All(Design::EventLoop) => {
            "one thread waits for all clients at once".to_owned()
        }
    };
    match verdict.is_some_and(|verdict| verdict.contradicts(server, places)) {
        true => format!("according to the scenario, {said}"),
        false => said,
    }
}

/// What ends a sentence that may have an end of its own.
pub(crate) fn full_stop(sentence: &str) -> &'static str {
    if sentence.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    }
}

/// Seconds with two decimals, as every number of a chart is written.
#[must_use]
pub fn seconds(micros: u64) -> String {
    let hundredths = micros.saturating_add(5_000) / 10_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
