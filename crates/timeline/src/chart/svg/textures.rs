//! What makes the places of a wait different without colour: strokes, because slide
//! programs do not draw patterns. The backlog is a queue of lanes, a lock a row of bars,
//! a processor a chequered bar.

use std::fmt::Write;

use super::super::{counts::Counts, spans::Kind};
use super::marks::Place;

/// The strokes that fill a bar of this place; `None` for a bar that is filled.
pub(super) fn strokes(
    kind: Kind,
    (x, y): (usize, usize),
    (width, height): (usize, usize),
) -> Option<String> {
    Some(match kind {
        Kind::Backlog => path("backlog", &lanes(x, y, width, height)),
        Kind::Lock => path("lock", &bars(x, y, width, height)),
        // It is drawn over a service that it interrupts.
        Kind::Processor => format!(
            "<rect class=\"paper\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\"/>{}",
            path("processor", &chequers(x, y, width, height))
        ),
        _ => return None,
    })
}

fn path(class: &str, path: &str) -> String {
    format!("<path class=\"{class}\" d=\"{path}\"/>")
}

fn lanes(x: usize, y: usize, width: usize, height: usize) -> String {
    let lane = |at| format!("M{x} {at}h{width}");
    [y + 2, y + height / 2, y + height - 2].map(lane).concat()
}

fn bars(x: usize, y: usize, width: usize, height: usize) -> String {
    const APART: usize = 8;
    let count = (width / APART).max(1);
    let bar = |index| format!("M{} {y}v{height}", x + 2 + index * APART);
    (0..count).map(bar).collect()
}

/// Two rows of squares, one a square behind the other.
fn chequers(x: usize, y: usize, width: usize, height: usize) -> String {
    const SQUARE: usize = 5;
    let count = width.div_ceil(SQUARE);
    let square = |index| {
        let from = x + index * SQUARE;
        let length = SQUARE.min((x + width).saturating_sub(from));
        let row = y + height / 4 + (index % 2) * (height / 2);
        format!("M{from} {row}h{length}")
    };
    (0..count).map(square).collect()
}

/// Threads and backlog of a server: how high the backlog is, and a number where the
/// number of threads changes.
pub(super) fn counts(counts: &Counts, place: &Place) -> String {
    /// As high as that many clients a bar can be.
    const HIGHEST: usize = 8;
    let (bottom, full) = (place.top + place.height - 3, place.height - 6);
    let x = |at| place.left + place.axis.place(at);
    let mut drawn = String::new();
    for (from, to, backlog) in counts.backlog() {
        let height = (backlog.min(HIGHEST) * full).div_ceil(HIGHEST);
        let (from, to, y) = (x(from), x(to), bottom - height);
        let width = to.saturating_sub(from).max(1);
        let written = write!(
            drawn,
            "<rect class=\"waiting\" x=\"{from}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\"/>"
        );
        debug_assert!(written.is_ok(), "a String takes every text");
    }
    for (at, threads) in apart(counts.threads(), x) {
        let y = place.top + 13;
        drawn.push_str(&format!(
            "<text x=\"{at}\" y=\"{y}\" class=\"small\">{threads}</text>"
        ));
    }
    drawn
}

/// The numbers with their places; where there is no room for one, the next one counts.
fn apart(threads: Vec<(u64, usize)>, x: impl Fn(u64) -> usize) -> Vec<(usize, usize)> {
    const DIGIT: usize = 10;
    let mut shown: Vec<(usize, usize)> = Vec::new();
    for (at, threads) in threads {
        let at = x(at) + 2;
        match shown.last_mut() {
            Some((begin, before)) if at < *begin + DIGIT * before.to_string().len() => {
                *before = threads;
            }
            _ => shown.push((at, threads)),
        }
    }
    shown
}
