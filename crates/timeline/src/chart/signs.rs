//! The signs of the text chart, their inks, and the legend that explains them.

use super::{
    cells::Cells,
    row::{Drawn, Row},
    spans::Kind,
};
use crate::line::{Ink, Line};

pub(super) fn ink(kind: Kind) -> Ink {
    match kind {
        Kind::Silent | Kind::Asked => Ink::Plain,
        Kind::Waiting | Kind::Backlog | Kind::Lock | Kind::Processor => Ink::Waiting,
        Kind::Served => Ink::Served,
        Kind::Failed => Ink::Failed,
    }
}

pub(super) fn glyph(kind: Kind, ascii: bool) -> &'static str {
    match (kind, ascii) {
        (Kind::Silent, false) => "·",
        (Kind::Silent, true) => "'",
        (Kind::Asked, false) => "─",
        (Kind::Asked, true) => "-",
        // Waiting is what a chart is about: it gets the heaviest sign.
        (Kind::Waiting, false) => "█",
        (Kind::Waiting, true) => "#",
        // Each place has a texture of its own, so that none needs colour: a shade, bars,
        // a grid.
        (Kind::Backlog, false) => "▒",
        (Kind::Backlog, true) => "b",
        (Kind::Lock, false) => "▌",
        (Kind::Lock, true) => "L",
        (Kind::Processor, false) => "▚",
        (Kind::Processor, true) => "p",
        (Kind::Served, false) => "▄",
        (Kind::Served, true) => "=",
        (Kind::Failed, false) => "×",
        (Kind::Failed, true) => "x",
    }
}

/// How many of eight parts of a group: nothing to all of it.
pub(super) fn level(eighths: usize, ascii: bool) -> char {
    let levels = if ascii {
        " 12345678"
    } else {
        " ▁▂▃▄▅▆▇█"
    };
    levels.chars().nth(eighths).unwrap_or(' ')
}

/// What a chart has drawn so far, beside the signs that every chart may hold.
pub(super) struct Legend {
    kinds: Vec<Kind>,
    has_histogram: bool,
    /// Whether rows say how long a request took, and whether some say more.
    says_took: bool,
    says_waited: bool,
    /// Whether the run goes on.
    is_live: bool,
    /// Whether the servers were observed.
    says_where: bool,
}

impl Legend {
    /// `says_where` where the servers were observed: then there are signs enough without
    /// those that were not drawn.
    pub(super) fn new(is_live: bool, says_where: bool) -> Self {
        let kinds = match says_where {
            true => vec![Kind::Served],
            false => vec![Kind::Waiting, Kind::Served, Kind::Failed],
        };
        Self {
            kinds,
            is_live,
            has_histogram: false,
            says_took: false,
            says_waited: false,
            says_where,
        }
    }

    /// Of a bar it explains the signs that its cells show.
    pub(super) fn note(&mut self, row: &Row, cells: &Cells) {
        self.says_waited |= row.waited.is_some();
        self.says_took |= row.waited.is_none() && row.took.is_some();
        match &row.drawn {
            Drawn::Spans(spans) => self.kinds.extend(cells.kinds(spans).iter().flatten()),
            Drawn::Histogram { .. } => self.has_histogram = true,
            Drawn::Counts(_) => {}
        }
    }

    /// In as many lines as the width asks for.
    pub(super) fn lines(
        &self,
        ascii: bool,
        names_blockers: bool,
        width: usize,
    ) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for entry in self.entries(ascii, names_blockers) {
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

    fn entries(&self, ascii: bool, names_blockers: bool) -> Vec<Line> {
        let signs = self.meanings().into_iter();
        let shown = signs.filter(|(kind, _)| self.kinds.contains(kind));
        let mut entries: Vec<Line> = shown
            .map(|(kind, meaning)| {
                let mut entry = Line::of(ink(kind), glyph(kind, ascii));
                entry.push(Ink::Plain, meaning);
                entry
            })
            .collect();
        if self.has_histogram {
            let levels = [1, 4, 8].map(|eighths| level(eighths, ascii));
            let levels = String::from_iter(levels);
            entries.push(Line::of(Ink::Plain, levels + " how many; numbers: medians"));
        }
        let columns = match names_blockers {
            true if self.says_where => "right: seconds, behind, where",
            true if self.says_took && !self.says_waited => {
                "right: seconds it took, behind"
            }
            true => "right: seconds waited, served, behind",
            false => "numbers: seconds",
        };
        entries.push(Line::of(Ink::Plain, columns));
        if self.is_live {
            let presumed = "no answer yet: the model's prediction";
            entries.push(Line::of(Ink::Plain, presumed));
        }
        entries
    }

    /// What each sign means; where there are many, in fewer words.
    fn meanings(&self) -> [(Kind, &'static str); 8] {
        let (waiting, served) = match self.says_where {
            true => (" unknown", " served"),
            false => (" waiting", " being served"),
        };
        [
            (Kind::Silent, " silent"),
            (Kind::Asked, " asked"),
            (Kind::Waiting, waiting),
            (Kind::Backlog, " in the backlog"),
            (Kind::Lock, " at a lock"),
            (Kind::Processor, " for a processor"),
            (Kind::Served, served),
            (Kind::Failed, " failed"),
        ]
    }
}
