//! The chart as a picture that stands alone: readable on a slide, on paper, light and
//! dark.
//!
//! Slide programs draw it with libraries that know little of CSS: so each colour is
//! written out, no text has an outline, and no fill is a pattern. The two colours are a
//! vermillion and a blue that colour-blind people see as different; their contrast is
//! above 3 to 1 on either paper (WCAG 2, 1.4.11). Waiting is a thick bar and being served
//! a thin one, so that neither needs colour.
//!
//! The style sheet, with every colour, is in this file. `canvas.rs` says where everything
//! stands, `marks.rs` draws it with `textures.rs` and `arrows.rs`, and `legend.rs`
//! explains it.

mod arrows;
mod canvas;
mod legend;
mod marks;
mod textures;

use canvas::{BARS, Canvas, LEFT};

use super::{rows::Folding, says_where};
use crate::{columns::wrap, record::Record, verdict::Verdict};

const STYLE: &str = "\
text{font-family:system-ui,'Segoe \
UI',Helvetica,Arial,sans-serif;font-size:16px;fill:#111111}
.paper{fill:#ffffff}.grid{stroke:#d0d0d0}
.title{font-size:22px;font-weight:700}.server{font-weight:700}.small{font-size:14px}
.name{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation \
Mono',monospace;\
font-size:15px}
.end{text-anchor:end}.middle{text-anchor:middle}.number{font-variant-numeric:tabular-nums}
.waiting{fill:#d75f00}.backlog,.lock,.processor{fill:none;stroke:#d75f00}
.backlog{stroke-width:4}.lock{stroke-width:5}.processor{stroke-width:10}
.served{fill:#0087af}
.asked{stroke:#111111;stroke-width:2}
.silent{stroke:#111111;stroke-width:3;stroke-dasharray:1 7;stroke-linecap:round}
.failed{fill:none;stroke:#c00000;stroke-width:4;stroke-linecap:round}
.arrow{fill:#111111;stroke:#111111;stroke-width:1.5}
.row:hover .arrow,.row:focus .arrow{stroke-width:4}
@media (prefers-color-scheme:dark){text{fill:#f2f2f2}.paper{fill:#14171a}\
.grid{stroke:#3a4046}
.asked,.silent{stroke:#f2f2f2}.failed{stroke:#ff6b5e}.arrow{fill:#f2f2f2;\
stroke:#f2f2f2}}";

/// The last run of a record as SVG, under its title and with its verdict.
#[must_use]
pub fn picture(record: &Record) -> String {
    draw(record, true)
}

/// Where the axis of a picture begins and how long it is, in pixels of its view box.
pub(super) const AXIS: (usize, usize) = (LEFT, BARS);

/// The same without words around it, for a page that has them.
pub(super) fn draw(record: &Record, with_words: bool) -> String {
    let Some(run) = record.runs.last() else {
        return String::new();
    };
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let story = super::story(run, &verdicts);
    let title = &record.scenario.title;
    let mut canvas = Canvas::new(run.end_us(), !with_words, says_where(run));
    if with_words {
        canvas.title(title);
    }
    canvas.axis_labels();
    for (server, verdict) in run.servers.iter().zip(&verdicts) {
        canvas.block(server, verdict, Folding::of(run));
    }
    canvas.legend();
    if with_words {
        story
            .iter()
            .flat_map(|text| wrap(text, 110))
            .for_each(|text| canvas.sentence(&text));
    }
    let (width, height) = (canvas.width(), canvas.height());
    // What is an image holds nothing that can be reached with the keyboard.
    let role = if with_words { "img" } else { "group" };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"{role}\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">{}</title>\n<desc \
         id=\"d\">{}</desc>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
        escape(title),
        escape(&story.join(" ")),
        canvas.into_body()
    )
}

/// Text as XML has it; what XML cannot hold becomes a blank.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            control if control.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
