//! The chart as a picture that stands alone: readable on a slide, light and dark, in colours
//! that the colour-blind tell apart (Okabe and Ito), with shapes that repeat them.

mod canvas;
mod marks;

use canvas::{Canvas, WIDTH};

use super::rows::Folding;
use crate::{columns::wrap, record::Record, verdict::Verdict};

const STYLE: &str = "\
svg{--paper:#fff;--ink:#111;--grid:#d0d0d0;font:16px system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#14171a;--ink:#f2f2f2;--grid:#3a4046}}
text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:5px}
.paper{fill:var(--paper)}.grid{stroke:var(--grid)}
.title{font-size:22px;font-weight:700}.server{font-weight:700}.small{font-size:14px}
.end{text-anchor:end}.middle{text-anchor:middle}.number{font-variant-numeric:tabular-nums}
.served{fill:#0072B2}.waiting{fill:url(#hatch)}.hatch{stroke:#E69F00;stroke-width:5}
.asked{stroke:var(--ink);stroke-width:2}
.silent{stroke:var(--ink);stroke-width:3;stroke-dasharray:1 7;stroke-linecap:round}
.failed{fill:none;stroke:#D55E00;stroke-width:4;stroke-linecap:round}";

const HATCH: &str = "\
<defs><pattern id=\"hatch\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"2.5\" y1=\"0\" x2=\"2.5\" y2=\"10\"/>\
</pattern></defs>";

/// The last run of a record as SVG, under its title and with its verdict.
#[must_use]
pub fn picture(record: &Record) -> String {
    draw(record, true)
}

/// The same without words around it, for a page that has them.
pub(super) fn draw(record: &Record, with_words: bool) -> String {
    let Some(run) = record.runs.last() else {
        return String::new();
    };
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let told = run
        .servers
        .iter()
        .zip(&verdicts)
        .flat_map(|(one, verdict)| verdict.story(one));
    let story: Vec<String> = told.collect();
    let title = &record.scenario.title;
    let mut canvas = Canvas::new(run.end_us());
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
    let height = canvas.height();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>\n{STYLE}\n</style>\n{HATCH}\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n{}</svg>\n",
        escape(title),
        escape(&story.join(" ")),
        canvas.into_body()
    )
}

/// Text as XML has it; what XML can't hold becomes a blank.
pub(super) fn escape(text: &str) -> String {
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
