//! Where everything stands on a picture, which grows downwards.

use super::{
    super::{
        about,
        axis::Axis,
        row::{Drawn, Row},
        rows::{Folding, rows},
        seconds,
        spans::{Kind, Span},
    },
    arrows::Arrows,
    escape, legend,
    marks::{self, Place},
    textures,
};
use crate::{columns, columns::cut, record::ServerRun, verdict::Verdict};

/// In pixels, as is everything here.
const WIDTH: usize = 1_000;
/// What the column of places adds to it.
const PLACES: usize = 96;
/// Where the bars begin and how long the axis is; the numbers follow.
pub(super) const LEFT: usize = 190;
pub(super) const BARS: usize = 550;
const WAITED: usize = LEFT + BARS + 84;
const SERVED: usize = WAITED + 68;
const BEHIND: usize = SERVED + 20;
const ROW: usize = 28;
/// In columns. A letter of the fonts named for it takes 9.4 pixels at most.
const LABEL: usize = 17;

/// A picture so far.
pub(super) struct Canvas {
    axis: Axis,
    body: String,
    y: usize,
    /// Where the grid lines belong: before the rows, which are drawn over them.
    grid: (usize, usize),
    seen: Vec<Kind>,
    /// Whether a row can be pointed at and reached with the keyboard.
    is_interactive: bool,
    servers: usize,
    has_arrows: bool,
    /// Whether the servers were observed.
    says_where: bool,
}

impl Canvas {
    pub(super) fn new(horizon_us: u64, is_interactive: bool, says_where: bool) -> Self {
        Self {
            is_interactive,
            servers: 0,
            has_arrows: false,
            axis: Axis::new(horizon_us, BARS),
            body: String::new(),
            y: 32,
            grid: (0, 0),
            seen: match says_where {
                true => vec![Kind::Served],
                false => vec![Kind::Waiting, Kind::Served],
            },
            says_where,
        }
    }

    pub(super) fn width(&self) -> usize {
        WIDTH + if self.says_where { PLACES } else { 0 }
    }

    pub(super) fn height(&self) -> usize {
        self.y + 4
    }

    /// All that was drawn, the grid behind it.
    pub(super) fn into_body(self) -> String {
        let (top, bottom) = self.grid;
        let line = |(x, _)| {
            format!(
                "<line class=\"grid\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" \
                 y2=\"{bottom}\"/>\n"
            )
        };
        self.ticks().into_iter().map(line).collect::<String>() + &self.body
    }

    fn put(&mut self, text: &str) {
        self.body.push_str(text);
        self.body.push('\n');
    }

    fn text(&mut self, x: usize, class: &str, text: &str) {
        self.put(&marks::text((x, self.y), class, text));
    }

    pub(super) fn title(&mut self, text: &str) {
        self.text(16, "title", &cut(text, 70, false));
        self.y += 44;
    }

    pub(super) fn sentence(&mut self, text: &str) {
        self.text(16, "", text);
        self.y += 24;
    }

    fn ticks(&self) -> Vec<(usize, String)> {
        let ticks = self.axis.ticks(|label| label.len() * 10 + 30);
        ticks
            .into_iter()
            .map(|(at, label)| (LEFT + self.axis.place(at), label))
            .collect()
    }

    pub(super) fn axis_labels(&mut self) {
        for (x, label) in self.ticks() {
            self.text(x, "small middle", &label);
        }
        self.text(WAITED, "small end", "waited");
        self.text(SERVED, "small end", "served");
        self.text(BEHIND, "small", "behind");
        if self.says_where {
            self.text(WIDTH, "small", "where");
        }
        self.y += 8;
        self.grid = (self.y, self.y);
    }

    /// One server: its heading and its rows.
    pub(super) fn block(
        &mut self,
        server: &ServerRun,
        verdict: &Verdict,
        folding: Folding,
    ) {
        self.y += 28;
        let name = cut(&server.name, 50, false);
        let room = 95 - columns::width(&name);
        let about = escape(&cut(&about(server, Some(verdict)), room, false));
        let name = escape(&name);
        self.put(&format!(
            "<text x=\"16\" y=\"{}\"><tspan class=\"server\">{name}</tspan> · \
             {about}</text>",
            self.y
        ));
        self.y += 8;
        let rows = rows(server, Some(verdict), None, folding);
        let mut arrows = Arrows::of(&rows, self.y + ROW / 2, ROW, self.axis);
        for row in &rows {
            self.row(row, &mut arrows);
        }
        self.grid.1 = self.y;
        self.servers += 1;
    }

    /// The beginning of a row's group, by which a script finds those whom it waited for.
    fn begin(&mut self, row: &Row) {
        let (names, behind) = (row.names.join(" "), row.behind.join(" "));
        let (names, behind) = (escape(&names), escape(&behind));
        let reached = match self.is_interactive {
            true => format!(
                " tabindex=\"0\" role=\"img\" data-server=\"{}\" data-names=\"{names}\" \
                 data-behind=\"{behind}\"",
                self.servers
            ),
            false => String::new(),
        };
        self.put(&format!(
            "<g class=\"row\"{reached}><title>{}</title>",
            escape(&row.sentence)
        ));
    }

    fn row(&mut self, row: &Row, arrows: &mut Arrows<'_>) {
        let (y, width) = (self.y, self.width());
        self.begin(row);
        // The whole row answers to the pointer, not its ink alone.
        self.put(&format!(
            "<rect x=\"0\" y=\"{y}\" width=\"{width}\" height=\"{ROW}\" \
             fill=\"none\" pointer-events=\"all\"/>"
        ));
        self.marks(&row.drawn);
        let drawn = arrows.from(row, y + ROW / 2);
        drawn.iter().for_each(|arrow| self.put(arrow));
        self.has_arrows |= !drawn.is_empty();
        self.y += ROW - 9;
        self.words(row);
        self.y += 9;
        self.put("</g>");
    }

    fn marks(&mut self, drawn: &Drawn) {
        let place = Place {
            axis: self.axis,
            left: LEFT,
            length: BARS,
            top: self.y,
            height: ROW,
        };
        match drawn {
            Drawn::Spans(spans) => {
                self.seen.extend(spans.iter().filter_map(Span::sign));
                for span in spans {
                    self.put(&marks::span(span, &place));
                }
            }
            Drawn::Histogram {
                kind,
                spans,
                clients,
            } => self.put(&marks::histogram(*kind, spans, *clients, &place)),
            Drawn::Counts(counts) => self.put(&textures::counts(counts, &place)),
        }
    }

    /// The label of a row, and what stands on the right of its marks.
    fn words(&mut self, row: &Row) {
        self.text(28, "name", &cut(&row.label, LABEL, false));
        for (x, number) in [(WAITED, row.waited), (SERVED, row.served)] {
            if let Some(number) = number {
                self.text(x, "end number", &format!("{} s", seconds(number)));
            }
        }
        if let (None, None, Some(took)) = (row.waited, row.served, row.took) {
            self.text(SERVED, "end number", &format!("took {} s", seconds(took)));
        }
        if !row.behind.is_empty() {
            let names = columns::names(&row.behind, 8, false);
            self.text(BEHIND, "name", &names);
        }
        if let Some(at) = row.place {
            self.text(WIDTH, "name", at.word());
        }
        if let Drawn::Counts(counts) = &row.drawn {
            self.text(LEFT + BARS + 20, "small", &counts.most());
        }
    }

    /// The signs that were drawn.
    pub(super) fn legend(&mut self) {
        self.y += 26;
        let drawn = legend::Drawn {
            kinds: &self.seen,
            arrows: self.has_arrows,
            places: self.says_where,
        };
        let signs = legend::signs(&drawn, (LEFT, self.y));
        signs.iter().for_each(|sign| self.put(sign));
        self.y += 32;
    }
}
