//! Spans as cells of text: one character each.

use std::collections::HashSet;

use super::{
    axis::Axis,
    row::Drawn,
    signs::{glyph, ink, level},
    spans::{Kind, Span, most_at_once},
};
use crate::line::{Ink, Line};

/// The part of a line that stands for the axis.
pub(super) struct Cells {
    pub(super) axis: Axis,
    pub(super) count: usize,
    pub(super) ascii: bool,
}

impl Cells {
    pub(super) fn draw(&self, drawn: &Drawn, line: &mut Line) {
        match drawn {
            Drawn::Spans(spans) => self.bars(spans, line),
            Drawn::Histogram {
                kind,
                spans,
                clients,
            } => {
                self.histogram(*kind, spans, *clients, line);
            }
            Drawn::Counts(counts) => {
                counts.draw(&self.axis, self.count, self.ascii, line)
            }
        }
    }

    fn bars(&self, spans: &[Span], line: &mut Line) {
        for cell in self.kinds(spans) {
            match cell {
                None => line.push(Ink::Plain, " "),
                Some(kind) => line.push(ink(kind), glyph(kind, self.ascii)),
            }
        }
    }

    /// What each cell shows of the spans.
    pub(super) fn kinds(&self, spans: &[Span]) -> Vec<Option<Kind>> {
        let mut cells = vec![None; self.count];
        for span in self.seen(spans) {
            let (from, to) = self.of(span);
            for cell in cells.iter_mut().take(to).skip(from) {
                *cell = (*cell).max(Some(span.kind));
            }
        }
        cells
    }

    /// All but short waits. A cell of waiting would say that there was a wait, where two
    /// moments of one request only lie in two cells. But a short piece of a longer wait
    /// leaves no hole in it, and what a service waits for a processor counts together.
    fn seen<'a>(&self, spans: &'a [Span]) -> impl Iterator<Item = &'a Span> {
        let is_wait = |span: &&Span| span.kind.is_wait() && span.kind != Kind::Processor;
        let waits = spans.iter().filter(is_wait).filter(|it| it.from < it.to);
        let (begin, end): (HashSet<u64>, HashSet<u64>) =
            waits.map(|wait| (wait.from, wait.to)).unzip();
        spans.iter().filter(move |span| {
            let is_short = self.axis.hides(span.to.saturating_sub(span.from));
            let goes_on = begin.contains(&span.to) || end.contains(&span.from);
            !is_wait(span) || !is_short || goes_on
        })
    }

    fn histogram(&self, kind: Kind, spans: &[Span], clients: usize, line: &mut Line) {
        let last = self.count.saturating_sub(1);
        let cell = |moment| self.axis.place(moment).min(last);
        let counts = most_at_once(spans, self.count, cell);
        for count in counts {
            let eighths = (count * 8).div_ceil(clients.max(1)).min(8);
            line.push(
                ink(kind),
                level(eighths, self.ascii).encode_utf8(&mut [0; 4]),
            );
        }
    }

    /// A service is at least one cell long, however short it was; a wait may vanish; a
    /// failure marks the end.
    fn of(&self, span: &Span) -> (usize, usize) {
        let last = self.count.saturating_sub(1);
        let (from, to) = (
            self.axis.place(span.from).min(last),
            self.axis.place(span.to),
        );
        match span.kind {
            Kind::Served | Kind::Asked => (from, to.max(from + 1)),
            Kind::Silent
            | Kind::Waiting
            | Kind::Backlog
            | Kind::Lock
            | Kind::Processor => (from, to),
            Kind::Failed => (to.min(last), to.min(last) + 1),
        }
    }
}
