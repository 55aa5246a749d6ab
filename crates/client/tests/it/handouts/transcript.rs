//! Holds docs/handouts.md to what the programs really print.
//!
//! `KIT_UPDATE_DOCS=1 cargo test -p client handouts` writes the document's blocks anew
//! from that run.

use std::{fs, sync::Mutex};

static DOCUMENT: Mutex<()> = Mutex::new(());

/// What the document says of where the servers listen; the tests' servers take a free
/// port.
const LISTENING: &str = "127.0.0.1:12000";

/// Compares `printed` with the block after the line `<!-- NAME -->` of docs/handouts.md.
/// Times, ports and durations may differ.
pub(crate) fn hold(name: &str, address: impl ToString, printed: &str) {
    let printed = printed.replace(&address.to_string(), LISTENING);
    let printed: String = printed
        .trim_end()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    let _guard = DOCUMENT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = fixture::workspace().join("docs/handouts.md");
    let document = fs::read_to_string(&path).unwrap();
    let marker = format!("<!-- {name} -->\n```console\n");
    let start = document
        .find(&marker)
        .unwrap_or_else(|| panic!("no block {name}"));
    let start = start + marker.len();
    let end = start + document[start..].find("```").unwrap();
    let shown = &document[start..end];
    // The command stands in the document alone: here it has a free port among its words.
    let (command, shown) = match shown.split_once('\n') {
        Some((command, rest)) if command.starts_with("$ ") => {
            (format!("{command}\n"), rest)
        }
        _ => (String::new(), shown),
    };
    if steady(shown) == steady(&printed) {
        return;
    }
    if std::env::var_os("KIT_UPDATE_DOCS").is_some() {
        let (before, after) = (&document[..start], &document[end..]);
        fs::write(&path, format!("{before}{command}{printed}{after}")).unwrap();
        return;
    }
    assert_eq!(
        steady(shown),
        steady(&printed),
        "docs/handouts.md, block {name}"
    );
}

/// The text without what differs from run to run: numbers in words with `:` or `.`, and
/// dates.
fn steady(text: &str) -> String {
    let steady_line = |line: &str| {
        line.split(' ')
            .map(steady_word)
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.lines().map(steady_line).collect::<Vec<_>>().join("\n")
}

fn steady_word(word: &str) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
        "Dec",
    ];
    let is_year = word.len() == 4 && word.starts_with("20");
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    if DAYS.contains(&word) || MONTHS.contains(&word) {
        return "DATE".to_owned();
    }
    if word.contains([':', '.']) || (is_number && (is_year || word.len() <= 2)) {
        let digits = word.split(|letter: char| letter.is_ascii_digit());
        return digits
            .filter(|piece| !piece.is_empty())
            .collect::<Vec<_>>()
            .join("0");
    }
    word.to_owned()
}
