//! Text in columns of a terminal: how wide it is there, cut, padded and wrapped to a
//! width.
//!
//! A character takes no column, one or two: `日` takes two. What a terminal would obey
//! instead of showing takes one, as the blank that it is shown as.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `width` columns, cut with `…` (`~` in ASCII).
#[must_use]
pub fn cut(text: &str, width: usize, ascii: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mark = if ascii { '~' } else { '…' };
    let mut cut = start(text, width.saturating_sub(1)).to_owned();
    cut.push(mark);
    cut
}

/// The words of a request as a sentence has them: 60 columns at most.
#[must_use]
pub fn in_a_sentence(words: &str) -> String {
    const MOST: usize = 60;
    match words.width() > MOST {
        true => format!("{}...", start(words, MOST - 3)),
        false => words.to_owned(),
    }
}

/// These texts in at most `width` columns each. Where the starts of two of them are the
/// same, both are cut at the start, so that their ends stay different.
#[must_use]
pub fn cut_apart(texts: &[&str], width: usize, ascii: bool) -> Vec<String> {
    let cut_all: Vec<String> = texts.iter().map(|text| cut(text, width, ascii)).collect();
    let is_twice =
        |text: &String| cut_all.iter().filter(|other| *other == text).count() > 1;
    let apart = texts
        .iter()
        .zip(&cut_all)
        .map(|(text, cut)| match is_twice(cut) {
            true => cut_start(text, width, ascii),
            false => cut.clone(),
        });
    apart.collect()
}

/// The end of the text in at most `width` columns, `…` (`~` in ASCII) before it.
fn cut_start(text: &str, width: usize, ascii: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mark = if ascii { '~' } else { '…' };
    let fits = |(at, _): &(usize, char)| {
        text.get(*at..).is_some_and(|rest| rest.width() < width)
    };
    let end = text.char_indices().find(fits);
    let end = end.and_then(|(at, _)| text.get(at..)).unwrap_or_default();
    format!("{mark}{end}")
}

/// Whole names with blanks between them in at most `width` columns, and `…` behind them
/// for those that are left out; a first name that is too long is cut.
#[must_use]
pub fn names(names: &[String], width: usize, ascii: bool) -> String {
    let all = names.join(" ");
    let fits = |count: &usize| {
        let some = names.get(..*count).unwrap_or_default();
        some.join(" ").width() < width
    };
    let most = (1..names.len()).rev().find(fits);
    match most.filter(|_| all.width() > width) {
        Some(most) => {
            let mark = if ascii { '~' } else { '…' };
            format!("{}{mark}", names.get(..most).unwrap_or_default().join(" "))
        }
        None => cut(&all, width, ascii),
    }
}

/// As much of the start of a text as `width` columns hold.
#[must_use]
pub fn start(text: &str, width: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, letter)| {
        taken += letter.width().unwrap_or(1);
        taken > width
    });
    end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The text with blanks behind it, so that it takes at least `width` columns.
#[must_use]
pub fn to_left(text: &str, width: usize) -> String {
    format!("{text}{}", blanks(text, width))
}

/// The text with blanks before it, so that it takes at least `width` columns.
#[must_use]
pub fn to_right(text: &str, width: usize) -> String {
    format!("{}{text}", blanks(text, width))
}

fn blanks(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.width()))
}

/// Whole words in lines of at most `width` columns; a longer word is broken.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2); // room for a wide character
    let mut lines = Vec::new();
    let mut line = String::new();
    for mut word in text.split_whitespace() {
        while word.width() > width {
            let (begin, rest) = word.split_at(start(word, width).len());
            lines.extend([std::mem::take(&mut line), begin.to_owned()]);
            word = rest;
        }
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, start, to_left, to_right, width, wrap};

    #[test]
    fn long_text_is_cut_with_a_mark_and_long_sentences_wrap_at_blanks() {
        assert_eq!(cut("A RUN date", 6, false), "A RUN…");
        assert_eq!(cut("A RUN date", 6, true), "A RUN~");
        assert_eq!(cut("A RUN", 6, false), "A RUN");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a longer-word b", 5), ["a", "longe", "r-wor", "d b"]);
    }

    #[test]
    fn a_wide_character_takes_two_columns_and_is_never_cut_in_half() {
        assert_eq!(width("ECHO 日本"), 9);
        assert_eq!(cut("ECHO 日本", 9, false), "ECHO 日本");
        assert_eq!(cut("ECHO 日本", 8, false), "ECHO 日…");
        assert_eq!(cut("ECHO 日本", 7, false), "ECHO …");
        assert_eq!(start("日本", 3), "日");
        assert_eq!(to_left("日", 4), "日  ");
        assert_eq!(to_right("안나", 5), " 안나");
        assert_eq!(wrap("日本 日本語", 4), ["日本", "日本", "語"]);
        assert_eq!(wrap("日", 1), ["日"], "a line holds at least one");
    }

    #[test]
    fn a_mark_on_a_letter_stays_on_it() {
        let accented = "e\u{301}e\u{301}e\u{301}";
        assert_eq!(width(accented), 3);
        assert_eq!(start(accented, 2), "e\u{301}e\u{301}");
    }
}
