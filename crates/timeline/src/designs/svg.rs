//! The table as a picture that stands alone, for a slide.

use super::{Cell, Table};
use crate::{chart::svg::escape, columns::wrap};

/// In pixels, as is everything here.
const TITLE: usize = 170;
const COLUMN: usize = 118;
const HEADING: usize = 92;
const ROW: usize = 44;
const LINE: usize = 22;

/// A cell that does harm is framed as well as coloured: the colours are those of Okabe
/// and Ito, and shapes repeat them.
const STYLE: &str = "\
svg{--paper:#fff;--ink:#111;--grid:#d0d0d0;font:16px system-ui,'Segoe \
UI',Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#14171a;--ink:#f2f2f2;--grid:#3a4046}}
text{fill:var(--ink)}.paper{fill:var(--paper)}.grid{stroke:var(--grid)}
.heading{font-weight:700}.middle{text-anchor:middle;font-variant-numeric:tabular-nums}\
.small{font-size:14px}
.harmed{fill:none;stroke:#E69F00;stroke-width:3}.unharmed{fill:#0072B2;fill-opacity:.18}
.failed{fill:none;stroke:#D55E00;stroke-width:4}";

/// The table as SVG.
#[must_use]
pub fn picture(table: &Table) -> String {
    let width = TITLE + COLUMN * table.questions.len() + 16;
    let mut body = String::new();
    headings(&mut body, table);
    let mut y = HEADING;
    for design in &table.designs {
        body.push_str(&format!(
            "<line class=\"grid\" x1=\"16\" y1=\"{y}\" x2=\"{width}\" y2=\"{y}\"/>\n"
        ));
        text(&mut body, 16, y + 28, "heading", &design.title);
        for (index, cell) in design.cells.iter().enumerate() {
            draw(&mut body, TITLE + COLUMN * index, y, cell);
        }
        y += ROW;
    }
    y += LINE;
    let reasons = table.reasons();
    for note in reasons.iter().flat_map(|reason| wrap(reason, width / 8)) {
        text(&mut body, 16, y, "small", &note);
        y += LINE;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {y}\" \
         width=\"{width}\" \
         height=\"{y}\" role=\"img\" aria-labelledby=\"t\">\n<title id=\"t\">Which \
         design \
         survives which client</title>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{y}\"/>\n{body}</svg>\n"
    )
}

/// The questions, each in a few lines above its column.
fn headings(body: &mut String, table: &Table) {
    for (index, question) in table.questions.iter().enumerate() {
        let lines = wrap(&question.title, 13);
        let top = HEADING.saturating_sub(14 + LINE * lines.len().saturating_sub(1));
        for (row, line) in lines.iter().enumerate() {
            text(
                body,
                middle(index),
                top + LINE * row,
                "heading middle",
                line,
            );
        }
    }
}

fn middle(column: usize) -> usize {
    TITLE + COLUMN * column + COLUMN / 2
}

fn text(body: &mut String, x: usize, y: usize, class: &str, text: &str) {
    let text = escape(text);
    body.push_str(&format!(
        "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>\n"
    ));
}

fn draw(body: &mut String, x: usize, y: usize, cell: &Cell) {
    let (class, words) = match cell {
        Cell::Answer { failures, .. } if !failures.is_empty() => {
            ("failed", failures.join("; "))
        }
        Cell::Answer { harmed, means, .. } => {
            let class = match harmed {
                Some(true) => "harmed",
                Some(false) => "unharmed",
                None => "paper",
            };
            (class, means.clone())
        }
        Cell::Missing { why } => ("paper", why.clone()),
    };
    body.push_str(&format!(
        "<g><title>{}</title><rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" \
         height=\"{}\" rx=\"5\"/>\n",
        escape(&words),
        x + 5,
        y + 5,
        COLUMN - 10,
        ROW - 10
    ));
    text(body, x + COLUMN / 2, y + 28, "middle", cell.short());
    body.push_str("</g>\n");
}
