//! The chart as text: one character a cell.

use super::{
    about,
    axis::Axis,
    cells::Cells,
    rows::{Folding, Row, rows},
    seconds,
    signs::Legend,
};
use crate::{
    columns::{cut, to_left, width},
    line::{Ink, Line},
    record::{Run, ServerRun},
    style::Style,
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

/// The whole chart: axis, one block a server, legend. The verdicts are the servers', in order;
/// none while the run goes on.
///
/// `now` is the moment of a run that goes on: its axis reaches as far as the model has it.
#[must_use]
pub fn chart(
    run: &Run,
    verdicts: &[Verdict],
    now: Option<u64>,
    style: &Style,
) -> Vec<Line> {
    let layout = Layout::of(style);
    let foreseen = now.map(|now| now.max(run.horizon_us.unwrap_or(0)));
    let end = run.end_us().max(foreseen.unwrap_or(0));
    let axis = Axis::new(end, layout.bars);
    let cells = Cells {
        axis,
        count: layout.bars,
        ascii: style.ascii,
    };
    let folding = Folding::of(run);
    let mut legend = Legend::new();
    let mut lines = vec![axis_line(&axis, &layout)];
    for (index, server) in run.servers.iter().enumerate() {
        lines.push(heading(server, style));
        for row in rows(server, verdicts.get(index), now, folding) {
            legend.note(&row);
            lines.push(row_line(&row, &cells, &layout));
        }
    }
    lines.extend(legend.lines(style.ascii, layout.behind > 0, style.width));
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
    let room = style.width.saturating_sub(width(&name) + width(separator));
    let mut line = Line::of(Ink::Strong, name);
    if room > 3 {
        line.push(Ink::Plain, separator);
        line.push(Ink::Plain, &cut(&about(server), room, style.ascii));
    }
    line
}

fn row_line(row: &Row, cells: &Cells, layout: &Layout) -> Line {
    let label = if layout.ascii {
        row.label.replace('×', "x")
    } else {
        row.label.clone()
    };
    let label = cut(&label, layout.label - 2, layout.ascii);
    let mut line = Line::of(
        Ink::Plain,
        format!(" {}", to_left(&label, layout.label - 1)),
    );
    cells.draw(&row.drawn, &mut line);
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
