//! The report of a class as a picture for a slide: a bar for each check and mistake.

use super::ClassReport;

/// In pixels, as is everything here.
const WIDTH: usize = 960;
const MARGIN: usize = 24;
const LINE: usize = 24;
/// A row is a line of text and a bar below it, so that no text meets a bar.
const ROW: usize = 50;
const BAR: usize = 14;
const LONGEST_BAR: usize = 780;
/// What fits in a line: the widest letters of the font take 10 pixels.
const LETTERS: usize = (WIDTH - 2 * MARGIN) / 10;

/// The paper is drawn, so that the picture is the same on a white page and a dark one.
const FONT: &str =
    "font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"16\"";
const PAPER: &str = "#ffffff";
const INK: &str = "#111111";
const GRID: &str = "#d0d0d0";
const CHECK: &str = "#d75f00";
const MISTAKE: &str = "#0087af";

struct Picture {
    body: String,
    /// Where the next line goes.
    y: usize,
    /// What the longest bar stands for.
    most: usize,
}

impl ClassReport {
    /// The counts as SVG.
    pub(crate) fn picture(&self) -> String {
        let mut picture = Picture {
            body: String::new(),
            y: MARGIN + LINE,
            most: self.graded.max(1),
        };
        for line in self.heading() {
            picture.heading(&line);
        }
        if !self.failed.is_empty() {
            picture.title("Checks that failed");
        }
        for one in &self.failed {
            let text = format!("{}: {}", one.check, one.title);
            picture.row(one.submissions, &text, CHECK);
        }
        let mistakes = self.mistake_rows();
        if !mistakes.is_empty() {
            picture.title("Mistakes");
        }
        for (count, text) in mistakes {
            picture.row(count, &text, MISTAKE);
        }
        if let Some(file) = &self.start_with {
            picture.y += LINE / 2;
            picture.heading(&format!("Start the next lecture with {file}"));
        }
        picture.finish()
    }
}

impl Picture {
    fn heading(&mut self, text: &str) {
        self.text(MARGIN, "font-weight=\"700\"", text);
        self.y += LINE;
    }

    fn title(&mut self, text: &str) {
        self.y += LINE / 2;
        self.heading(text);
    }

    /// A count, its text, and below them its bar on a line as long as the whole class.
    fn row(&mut self, count: usize, text: &str, colour: &str) {
        self.text(MARGIN, "", text);
        let top = self.y + 8;
        let length = (LONGEST_BAR * count.min(self.most) / self.most).max(2);
        let (middle, end) = (top + BAR / 2, MARGIN + LONGEST_BAR);
        self.body.push_str(&format!(
            "<line x1=\"{MARGIN}\" y1=\"{middle}\" x2=\"{end}\" y2=\"{middle}\" \
             stroke=\"{GRID}\"/>\n\
             <rect x=\"{MARGIN}\" y=\"{top}\" width=\"{length}\" height=\"{BAR}\" \
             fill=\"{colour}\"/>\n"
        ));
        self.y = top + BAR;
        self.text(end + 12, "", &format!("{count} of {}", self.most));
        self.y = top + ROW - 8;
    }

    fn text(&mut self, x: usize, attributes: &str, text: &str) {
        let text = escape(&shortened(text));
        self.body.push_str(&format!(
            "<text x=\"{x}\" y=\"{}\" fill=\"{INK}\" {attributes}>{text}</text>\n",
            self.y
        ));
    }

    fn finish(self) -> String {
        let (height, body) = (self.y, self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" \
             height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" {FONT}>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{PAPER}\"/>\n\
             {body}</svg>\n"
        )
    }
}

/// As much of a text as fits in a line.
fn shortened(text: &str) -> String {
    match text.chars().count() > LETTERS {
        false => text.to_owned(),
        true => text.chars().take(LETTERS - 1).chain(['…']).collect(),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, escape, shortened};
    use crate::class_report::{ClassReport, tests::class};

    #[test]
    fn each_count_has_a_bar_as_long_as_its_share_of_the_class() {
        let picture = class().picture();
        let bars = |width: usize| {
            let width = format!("width=\"{width}\" height=\"14\"");
            picture.matches(&width).count()
        };
        assert_eq!((bars(390), bars(195)), (2, 3), "{picture}");
        assert!(picture.contains("slow: t&lt;1&gt;"), "{picture}");
        assert!(!ClassReport::of(&[]).picture().contains("<line"));
    }

    #[test]
    fn a_long_text_ends_within_the_picture_and_markup_is_text() {
        let long = shortened(&"w".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (LETTERS, true));
        assert_eq!(escape("a<b>&\u{1b}"), "a&lt;b&gt;&amp;\u{fffd}");
    }
}
