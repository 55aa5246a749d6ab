//! The legend of a picture: each sign that was drawn, and what it means.

use super::{
    super::spans::Kind,
    arrows,
    marks::{self, text},
};

/// What a picture holds that needs a word.
pub(super) struct Drawn<'a> {
    pub(super) kinds: &'a [Kind],
    pub(super) arrows: bool,
    /// Whether waits are drawn by the place where they were.
    pub(super) places: bool,
}

/// The signs in one line that begins at `x` and stands at `y`.
pub(super) fn signs(drawn: &Drawn<'_>, (mut x, y): (usize, usize)) -> Vec<String> {
    let mut signs = Vec::new();
    for (kind, meaning, length) in meanings(drawn.places) {
        if drawn.kinds.contains(&kind) {
            signs.push(marks::sign(kind, x, y));
            signs.push(text((x + 34, y), "small", meaning));
            x += 34 + length + 28;
        }
    }
    if drawn.arrows {
        signs.push(arrows::sign(x + 5, y));
        signs.push(text((x + 18, y), "small", "waits for"));
    }
    signs
}

/// Each kind with its meaning, and how many pixels that takes.
fn meanings(by_place: bool) -> [(Kind, &'static str, usize); 8] {
    let waiting = match by_place {
        true => (Kind::Waiting, "unknown where", 104),
        false => (Kind::Waiting, "waiting", 54),
    };
    [
        (Kind::Backlog, "in the backlog", 98),
        (Kind::Lock, "at a lock", 60),
        (Kind::Processor, "for a processor", 102),
        waiting,
        (Kind::Served, "being served", 92),
        (Kind::Failed, "failed", 44),
        (Kind::Silent, "silent", 40),
        (Kind::Asked, "asked, no more is known", 166),
    ]
}
