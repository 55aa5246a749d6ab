//! `docs/reliability.md` names tests that are there, and leaves none of the behaviours
//! out.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where the page's files stand: most in the one test program, some in programs of their
/// own.
fn folders() -> [PathBuf; 2] {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    [tests.join("it"), tests]
}

/// What stands between backquotes and ends like this.
fn quoted<'a>(text: &'a str, ending: &str) -> Vec<&'a str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.ends_with(ending))
        .collect()
}

#[test]
fn every_behaviour_has_a_row_and_every_file_named_there_exists() {
    let page = fixture::workspace().join("docs/reliability.md");
    let page = fs::read_to_string(page).unwrap();
    let is_numbered =
        |line: &&str| line[2..].starts_with(|first: char| first.is_ascii_digit());
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .filter(is_numbered);
    assert!(rows.clone().count() >= 20, "rows are missing");
    for (behaviour, row) in (1..).zip(rows) {
        let cells = row.trim_matches('|').split('|').map(str::trim);
        let cells: Vec<&str> = cells.collect();
        assert_eq!(
            cells[0],
            behaviour.to_string(),
            "a number is missing: {row}"
        );
        assert!(cells.len() == 4 && !cells.contains(&""), "{row}");
        let files = quoted(row, ".rs");
        assert!(!files.is_empty(), "{row}");
        for file in files {
            let path = folders().map(|folder| folder.join(file));
            let path = path.into_iter().find(|path| path.exists()).expect(file);
            let source = fs::read_to_string(path).unwrap();
            let names_it = source.contains(&format!("ehaviour {behaviour} of"));
            assert!(
                names_it || file.starts_with("../"),
                "{file} is of another behaviour"
            );
        }
    }
}

#[test]
fn every_figure_can_be_measured_by_its_name() {
    let page = fixture::workspace().join("docs/reliability.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, figures) = page.split_once("| figure | measured | NAME |").unwrap();
    let (figures, _) = figures.split_once("\n\n").unwrap();
    let mut sources = String::new();
    for entry in folders()
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
    {
        sources += &fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
    }
    let names = quoted(figures, "");
    assert!(names.len() > 5, "{names:?}");
    for name in names.iter().filter(|name| **name != "kill -9") {
        let test = |line: &str| line.starts_with("fn ") && line.contains(name);
        assert!(sources.lines().any(test), "no test's name holds {name}");
    }
}
