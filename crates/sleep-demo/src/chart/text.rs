//! The chart as text: one character a cell.

use super::{
    about,
    axis::Axis,
    line::{Ink, Line, cut},
    rows::{Drawn, Folding, Row, rows},
    seconds,
    spans::{Kind, Span},
};
use crate::{
    record::{Run, ServerRun},
    terminal::Style,
    verdict::Verdict,
};

/// `waited` and `served`, each with a blank before it.
const NUMBERS: usize = 14;

/// What the columns of a chart measure.
struct Layout {
    label: usize,
    bars: usize,
    behind: usize,
    ascii: bool,
}

impl Layout {
    fn of(style: &Style) -> Self {
        let (label, behind) = match style.width {
            ..60 => (11, 0),
            60..100 => (16, 6),
            _ => (24, 12),
        };
        let bars = style.width.saturating_sub(label + NUMBERS + behind).max(8);
        Self {
            label,
            bars,
            behind,
            ascii: style.ascii,
        }
    }
}

/// The whole chart: axis, one block a server, legend.
///
/// `horizon_us` is where the axis ends at the least; `now` the moment of a run that goes on.
#[must_use]
pub fn chart(
    run: &Run,
    verdicts: &[Verdict],
    horizon_us: u64,
    now: Option<u64>,
    style: &Style,
) -> Vec<Line> {
    let layout = Layout::of(style);
    let end = run.end_us().max(horizon_us).max(now.unwrap_or(0));
    let axis = Axis::new(end, layout.bars);
    let folding = Folding::of(run);
    let mut lines = vec![axis_line(&axis, &layout)];
    let mut has_histogram = false;
    let mut seen = vec![Kind::Waiting, Kind::Served, Kind::Failed];
    for server in &run.servers {
        let verdict = verdicts
            .iter()
            .find(|verdict| verdict.server == server.name);
        lines.push(heading(server, style));
        for row in rows(server, verdict, now, folding) {
            match &row.drawn {
                Drawn::Spans(spans) => seen.extend(spans.iter().map(|span| span.kind)),
                Drawn::Histogram { .. } => has_histogram = true,
            }
            lines.push(row_line(&row, &axis, &layout));
        }
    }
    lines.extend(legend(&seen, has_histogram, &layout, style.width));
    lines
}

fn axis_line(axis: &Axis, layout: &Layout) -> Line {
    let mut cells = vec![' '; layout.bars];
    for (moment, label) in axis.ticks(|label| label.len() + 3) {
        let room = layout.bars.saturating_sub(label.len());
        let centred = axis.place(moment).saturating_sub(label.len() / 2).min(room);
        let start = if moment == 0 { 0 } else { centred };
        for (cell, letter) in cells.iter_mut().skip(start).zip(label.chars()) {
            *cell = letter;
        }
    }
    let mut line = Line::of(Ink::Plain, " ".repeat(layout.label));
    line.push(Ink::Plain, &cells.iter().collect::<String>());
    line.push(Ink::Plain, " waited served");
    line
}

fn heading(server: &ServerRun, style: &Style) -> Line {
    let separator = if style.ascii { " - " } else { " · " };
    let name = cut(&server.name, style.width, style.ascii);
    let room = style
        .width
        .saturating_sub(name.chars().count() + separator.len());
    let mut line = Line::of(Ink::Strong, name);
    if room > 3 {
        line.push(Ink::Plain, separator);
        line.push(Ink::Plain, &cut(&about(server), room, style.ascii));
    }
    line
}

fn row_line(row: &Row, axis: &Axis, layout: &Layout) -> Line {
    let label = if layout.ascii {
        row.label.replace('×', "x")
    } else {
        row.label.clone()
    };
    let label = cut(&label, layout.label - 2, layout.ascii);
    let mut line = Line::of(
        Ink::Plain,
        format!(" {label:<width$}", width = layout.label - 1),
    );
    match &row.drawn {
        Drawn::Spans(spans) => bars(spans, axis, layout, &mut line),
        Drawn::Histogram {
            kind,
            spans,
            clients,
        } => {
            histogram(*kind, spans, *clients, axis, layout, &mut line);
        }
    }
    let number = |micros: Option<u64>| micros.map(seconds).unwrap_or_default();
    let numbers = match (row.waited.or(row.served), row.took) {
        (None, Some(took)) => format!(" {:>13}", format!("took {}", seconds(took))),
        _ => format!(" {:>6} {:>6}", number(row.waited), number(row.served)),
    };
    line.push(Ink::Plain, &numbers);
    if layout.behind > 0 && !row.behind.is_empty() {
        let behind = cut(&row.behind.join(" "), layout.behind - 2, layout.ascii);
        line.push(Ink::Plain, &format!("  {behind}"));
    }
    line
}

fn bars(spans: &[Span], axis: &Axis, layout: &Layout, line: &mut Line) {
    let mut cells = vec![None; layout.bars];
    for span in spans {
        let (from, to) = cells_of(span, axis, layout.bars);
        for cell in cells.iter_mut().take(to).skip(from) {
            *cell = (*cell).max(Some(span.kind));
        }
    }
    for cell in cells {
        match cell {
            None => line.push(Ink::Plain, " "),
            Some(kind) => line.push(ink(kind), glyph(kind, layout.ascii)),
        }
    }
}

/// A service is at least one cell long, however short it was; a wait may vanish; a failure
/// marks the end.
fn cells_of(span: &Span, axis: &Axis, bars: usize) -> (usize, usize) {
    let last = bars.saturating_sub(1);
    let (from, to) = (axis.place(span.from).min(last), axis.place(span.to));
    match span.kind {
        Kind::Served | Kind::Asked => (from, to.max(from + 1)),
        Kind::Silent | Kind::Waiting => (from, to),
        Kind::Failed => (to.min(last), to.min(last) + 1),
    }
}

fn histogram(
    kind: Kind,
    spans: &[Span],
    clients: usize,
    axis: &Axis,
    layout: &Layout,
    line: &mut Line,
) {
    let mut counts = vec![0_usize; layout.bars];
    for span in spans {
        let (from, to) = cells_of(span, axis, layout.bars);
        for count in counts.iter_mut().take(to).skip(from) {
            *count += 1;
        }
    }
    for count in counts {
        let eighths = (count * 8).div_ceil(clients.max(1)).min(8);
        let glyphs = if layout.ascii {
            " 12345678"
        } else {
            " ▁▂▃▄▅▆▇█"
        };
        let glyph = glyphs.chars().nth(eighths).unwrap_or(' ');
        line.push(ink(kind), glyph.encode_utf8(&mut [0; 4]));
    }
}

fn ink(kind: Kind) -> Ink {
    match kind {
        Kind::Silent | Kind::Asked => Ink::Plain,
        Kind::Waiting => Ink::Waiting,
        Kind::Served => Ink::Served,
        Kind::Failed => Ink::Failed,
    }
}

fn glyph(kind: Kind, ascii: bool) -> &'static str {
    match (kind, ascii) {
        (Kind::Silent, false) => "·",
        (Kind::Silent, true) => "'",
        (Kind::Asked, false) => "─",
        (Kind::Asked, true) => "-",
        (Kind::Waiting, false) => "░",
        (Kind::Waiting, true) => ".",
        (Kind::Served, false) => "█",
        (Kind::Served, true) => "#",
        (Kind::Failed, false) => "×",
        (Kind::Failed, true) => "x",
    }
}

/// The signs that a chart may hold, and those that this one does.
fn legend(
    seen: &[Kind],
    has_histogram: bool,
    layout: &Layout,
    width: usize,
) -> Vec<Line> {
    let signs = [
        (Kind::Silent, "silent"),
        (Kind::Asked, "asked"),
        (Kind::Waiting, "waiting"),
        (Kind::Served, "being served"),
        (Kind::Failed, "failed"),
    ];
    let shown = signs.into_iter().filter(|(kind, _)| seen.contains(kind));
    let mut entries: Vec<Line> = shown
        .map(|(kind, meaning)| {
            let mut entry = Line::of(ink(kind), glyph(kind, layout.ascii));
            entry.push(Ink::Plain, &format!(" {meaning}"));
            entry
        })
        .collect();
    if has_histogram {
        let glyphs = if layout.ascii { "148" } else { "▁▄█" };
        entries.push(Line::of(Ink::Plain, format!("{glyphs} how many of them")));
    }
    if layout.behind > 0 {
        entries.push(Line::of(Ink::Plain, "last column: behind whom"));
    }
    let mut lines: Vec<Line> = Vec::new();
    for entry in entries {
        let fits = |line: &Line| line.length() + 3 + entry.length() <= width;
        match lines.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.push(Ink::Plain, "   ");
                line.append(entry);
            }
            None => {
                let mut line = Line::of(Ink::Plain, " ");
                line.append(entry);
                lines.push(line);
            }
        }
    }
    lines
}
