//! The marks of a picture: a shape for each kind of span.

use super::super::{
    axis::Axis,
    spans::{Kind, Span, most_at_once},
};
use super::{escape, textures};

/// How thick a bar is. Waiting is what a chart is about.
fn thickness(kind: Kind) -> usize {
    match kind {
        kind if kind.is_wait() => 20,
        _ => 10,
    }
}

/// The part of the axis that one row has.
pub(super) struct Place {
    pub(super) axis: Axis,
    pub(super) left: usize,
    pub(super) length: usize,
    pub(super) top: usize,
    pub(super) height: usize,
}

pub(super) fn span(span: &Span, place: &Place) -> String {
    let (from, to) = (place.axis.place(span.from), place.axis.place(span.to));
    let (x, end) = (place.left + from, place.left + to);
    let middle = place.top + place.height / 2;
    match span.kind {
        Kind::Failed => cross(end, middle),
        Kind::Silent | Kind::Asked => line(span.kind, x, end, middle),
        kind => {
            // However short a service was, it can be seen; a wait of a hair's breadth is
            // none.
            let width = match to.saturating_sub(from) {
                ..3 if kind.is_wait() => return String::new(),
                width => width.max(3),
            };
            let height = thickness(kind);
            bar(kind, (x, middle - height / 2), (width, height))
        }
    }
}

/// One bar for each few pixels of the axis, as high as there are clients.
pub(super) fn histogram(
    kind: Kind,
    spans: &[Span],
    clients: usize,
    place: &Place,
) -> String {
    const STEP: usize = 5;
    let cell = |moment| place.axis.place(moment) / STEP;
    let counts = most_at_once(spans, place.length / STEP, cell);
    let (full, bottom) = (place.height - 6, place.top + place.height - 3);
    let bar = |(index, count): (usize, usize)| {
        let height = (count * full).div_ceil(clients.max(1)).min(full);
        let (x, top) = (place.left + index * STEP, bottom - height);
        match kind {
            Kind::Silent | Kind::Asked => line(kind, x, x + STEP, top),
            kind => rectangle(kind, (x, top), (STEP, height)),
        }
    };
    counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .map(bar)
        .collect()
}

/// The sign of a kind in the legend, on a line of text at `y`.
pub(super) fn sign(kind: Kind, x: usize, y: usize) -> String {
    match kind {
        Kind::Failed => cross(x + 13, y - 5),
        Kind::Silent | Kind::Asked => line(kind, x, x + 26, y - 5),
        kind => {
            let height = thickness(kind);
            bar(kind, (x, y - 5 - height / 2), (26, height))
        }
    }
}

/// Words whose line stands at `y`.
pub(super) fn text((x, y): (usize, usize), class: &str, text: &str) -> String {
    let text = escape(text);
    format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>")
}

fn bar(kind: Kind, at: (usize, usize), size: (usize, usize)) -> String {
    match textures::strokes(kind, at, size) {
        Some(strokes) => strokes,
        None => rectangle(kind, at, size),
    }
}

fn rectangle(
    kind: Kind,
    (x, y): (usize, usize),
    (width, height): (usize, usize),
) -> String {
    let class = class(kind);
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
         height=\"{height}\"/>"
    )
}

fn line(kind: Kind, from: usize, to: usize, y: usize) -> String {
    let class = class(kind);
    format!("<line class=\"{class}\" x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\"/>")
}

fn cross(x: usize, y: usize) -> String {
    let (left, up) = (x.saturating_sub(6), y - 6);
    format!("<path class=\"failed\" d=\"M{left} {up}l12 12m0 -12l-12 12\"/>")
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Silent => "silent",
        Kind::Asked => "asked",
        Kind::Waiting => "waiting",
        Kind::Backlog => "backlog",
        Kind::Lock => "lock",
        Kind::Processor => "processor",
        Kind::Served => "served",
        Kind::Failed => "failed",
    }
}
