//! A thousand scenario files with slips of the keyboard, and worse: each is played or
//! refused with its place and what to write instead.

use std::{fs, path::Path};

use sleep_demo::scenario::{Folder, Scenario};

use fixture::Dice;

/// What people and programs write where something else belongs.
const SLIPS: [&str; 26] = [
    "",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "#",
    "\n",
    " ",
    "-1",
    "0",
    "1.5",
    "true",
    "99999999999999999999",
    "\"\"",
    "[]",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "日本",
    "nan",
    "'1y'",
    "[[client]]",
];

/// The text with one place of it changed.
fn slip(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = dice.index(lines.len());
    match dice.index(6) {
        0 => {
            lines.remove(line);
        }
        1 => lines.insert(line, lines[line].clone()),
        2 => {
            let other = dice.index(lines.len());
            lines.swap(line, other);
        }
        3 => {
            // Another value for the key.
            let key = lines[line].split('=').next().unwrap_or_default();
            lines[line] = format!("{key}= {}", dice.one_of(&SLIPS));
        }
        _ => {
            let mut letters: Vec<char> = lines[line].chars().collect();
            let from = dice.index(letters.len() + 1);
            let to = (from + dice.index(3)).min(letters.len());
            letters.splice(from..to, dice.one_of(&SLIPS).chars());
            lines[line] = letters.into_iter().collect();
        }
    }
    lines.join("\n")
}

/// Every message ends with what to do, in one of these ways.
const ADVICE: [&str; 8] = [
    "expected",
    "write ",
    "remove ",
    "Did you mean",
    "The keys are",
    "as in ",
    "save ",
    "takes ",
];

#[test]
fn a_thousand_changed_files_are_played_or_refused_with_their_place_and_what_to_write() {
    let folder = Folder::from_environment();
    let demos = fixture::workspace().join("demos");
    let texts: Vec<String> = folder
        .names()
        .unwrap()
        .iter()
        .map(|name| fs::read_to_string(demos.join(format!("{name}.toml"))).unwrap())
        .collect();
    let mut dice = Dice::new(15);
    let mut refused = 0;
    for number in 0..1_000 {
        let mut text = texts[dice.index(texts.len())].clone();
        for _ in 0..=dice.index(3) {
            text = slip(&text, &mut dice);
        }
        let Err(error) = Scenario::parse(Path::new("lesson.toml"), &text) else {
            continue;
        };
        refused += 1;
        let message = error.to_string();
        let case = format!("file {number}: {message}\n{text}");
        let place = message
            .strip_prefix("lesson.toml:")
            .unwrap_or_else(|| panic!("{case}"));
        let mut place = place.splitn(3, ':');
        let line: usize = place.next().unwrap().parse().unwrap();
        let column: usize = place.next().unwrap().parse().unwrap();
        assert!(
            line >= 1 && line <= text.lines().count().max(1) + 1 && column >= 1,
            "{case}"
        );
        let what = place.next().unwrap();
        assert!(ADVICE.iter().any(|one| what.contains(one)), "{case}");
        assert!(!message.contains(char::is_control), "{case}");
        assert!(message.len() < 600, "{case}");
        for word in ["untagged", "usize", "struct ", "u32", "`"] {
            assert!(!message.contains(word), "{word}: {case}");
        }
    }
    assert!(refused > 400, "{refused}");
}

#[test]
fn mutated_files_are_refused_with_a_place_and_never_panic() {
    let demos = fixture::workspace().join("demos");
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 16).unwrap() % below
    };
    let names = Folder::new(&demos).names().unwrap();
    for round in 0..1000 {
        let name = &names[round % names.len()];
        let text = std::fs::read_to_string(demos.join(format!("{name}.toml"))).unwrap();
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=next(4) {
            let at = next(letters.len());
            let other = letters[next(letters.len())];
            match next(4) {
                0 => letters.truncate(at.max(1)),
                1 => letters.insert(at, other),
                2 => letters[at] = ['9', '-', '"', '[', '\n', '\0', 'é'][next(7)],
                _ => drop(letters.remove(at)),
            }
        }
        let text: String = letters.into_iter().collect();
        if let Err(error) = Scenario::parse(Path::new("m.toml"), &text) {
            let error = error.to_string();
            let place: Vec<&str> = error.splitn(4, ':').collect();
            assert!(place[1].parse::<usize>().is_ok(), "{error}");
            assert!(place[2].parse::<usize>().is_ok(), "{error}");
            assert!(!error.contains(['\n', '\0']), "{error}");
            let says_what_to_write = ["write", "expected", "remove", "keys are", "as in"];
            assert!(
                says_what_to_write.iter().any(|word| error.contains(word)),
                "{error}"
            );
        }
    }
}
