//! The chart as text: one character a cell.

use super::{
    about,
    axis::Axis,
    cells::Cells,
    row::{Drawn, Row},
    rows::{Folding, rows},
    says_where, seconds,
    signs::Legend,
    standing::Standing,
};
use crate::{
    columns::{cut, names, to_left, width},
    line::{Ink, Line},
    record::{Run, ServerRun},
    style::Style,
    verdict::Verdict,
};

/// `waited` and `served`, each with a blank before it.
const NUMBERS: usize = 14;

/// The longest name of a place, and a blank.
const PLACE: usize = 10;

/// What the columns of a chart measure.
struct Layout {
    label: usize,
    bars: usize,
    behind: usize,
    /// Where they waited; nothing where nobody looked.
    place: usize,
    ascii: bool,
}

impl Layout {
    fn of(style: &Style, says_where: bool) -> Self {
        let (label, behind) = match style.width {
            ..60 => (11, 0),
            60..100 => (16, 6),
            _ => (24, 12),
        };
        let place = match says_where && behind > 0 {
            true => PLACE,
            false => 0,
        };
        let taken = label + NUMBERS + behind + place;
        let bars = style.width.saturating_sub(taken).max(8);
        Self {
            label,
            bars,
            behind,
            place,
            ascii: style.ascii,
        }
    }
}

/// The whole chart: axis, one block a server, legend. The verdicts are the servers', in
/// order; none while the run goes on.
///
/// `now` is the moment of a run that goes on: its axis reaches as far as the model has
/// it.
#[must_use]
pub fn chart(
    run: &Run,
    verdicts: &[Verdict],
    now: Option<u64>,
    style: &Style,
) -> Vec<Line> {
    in_room(run, verdicts, now, style, usize::MAX)
}

/// The chart of a run that goes on, in at most `room` lines where that can be: servers
/// whose clients are done are folded into one line, then those that come last.
#[must_use]
pub fn in_room(
    run: &Run,
    verdicts: &[Verdict],
    now: Option<u64>,
    style: &Style,
    room: usize,
) -> Vec<Line> {
    let says_where = says_where(run);
    let layout = Layout::of(style, says_where);
    let foreseen = now.map(|now| now.max(run.horizon_us.unwrap_or(0)));
    let end = run.end_us().max(foreseen.unwrap_or(0));
    let axis = Axis::new(end, layout.bars);
    let cells = Cells {
        axis,
        count: layout.bars,
        ascii: style.ascii,
    };
    let folding = Folding::of(run);
    let mut legend = Legend::new(now.is_some(), says_where);
    let mut blocks = Vec::new();
    for (index, server) in run.servers.iter().enumerate() {
        let mut block = vec![heading(server, &about(server, verdicts.get(index)), style)];
        for row in rows(server, verdicts.get(index), now, folding) {
            legend.note(&row, &cells);
            block.push(row_line(&row, &cells, &layout));
        }
        blocks.push(block);
    }
    let legend = legend.lines(style.ascii, layout.behind > 0, style.width);
    let taken = 1 + legend.len();
    fold(&mut blocks, run, room.saturating_sub(taken), style);
    let mut lines = vec![axis_line(&axis, &layout)];
    lines.extend(blocks.into_iter().flatten());
    lines.extend(legend);
    lines
}

/// Folds blocks until they have room, but one.
fn fold(blocks: &mut [Vec<Line>], run: &Run, room: usize, style: &Style) {
    let standings: Vec<Standing> = run.servers.iter().map(Standing::of).collect();
    for index in Standing::folding_order(&standings) {
        let length: usize = blocks.iter().map(Vec::len).sum();
        if length <= room {
            return;
        }
        if let (Some(block), Some(server), Some(standing)) = (
            blocks.get_mut(index),
            run.servers.get(index),
            standings.get(index),
        ) {
            *block = vec![heading(server, &standing.words(), style)];
        }
    }
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

fn heading(server: &ServerRun, about: &str, style: &Style) -> Line {
    let separator = if style.ascii { " - " } else { " · " };
    let name = cut(&server.name, style.width, style.ascii);
    let room = style.width.saturating_sub(width(&name) + width(separator));
    let mut line = Line::of(Ink::Strong, name);
    if room > 3 {
        line.push(Ink::Plain, separator);
        line.push(Ink::Plain, &cut(about, room, style.ascii));
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
    if let Drawn::Counts(counts) = &row.drawn {
        let room = NUMBERS + layout.behind + layout.place;
        let most = cut(&counts.most(), room.saturating_sub(2), layout.ascii);
        line.push(Ink::Plain, &format!("  {most}"));
        return line;
    }
    line.push(Ink::Plain, &numbers);
    let mut beside = String::new();
    if layout.behind > 0 && !row.behind.is_empty() {
        let behind = names(&row.behind, layout.behind - 2, layout.ascii);
        beside = format!("  {behind}");
    }
    if let Some(place) = row.place.filter(|_| layout.place > 0) {
        beside = format!("{} {}", to_left(&beside, layout.behind), place.word());
    }
    line.push(Ink::Plain, &beside);
    line
}
