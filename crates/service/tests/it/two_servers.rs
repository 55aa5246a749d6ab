//! The diff of the two servers is the product: it is the thread, and fits on a screen.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

/// Lines added plus lines removed, without comments and blank lines.
const BUDGET: usize = 20;

fn files(server: &str) -> BTreeMap<String, String> {
    let top = fixture::workspace().join("crates").join(server);
    let mut files = BTreeMap::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&top).unwrap().display().to_string();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn changed_lines(one: &Path, other: &Path) -> Vec<String> {
    let diff = Command::new("diff").arg(one).arg(other).output().unwrap();
    let changed = String::from_utf8(diff.stdout).unwrap();
    let code = |line: &&str| {
        let text = line.get(2..).unwrap_or_default().trim();
        line.starts_with(['<', '>']) && !text.is_empty() && !text.starts_with("//")
    };
    changed.lines().filter(code).map(str::to_owned).collect()
}

#[test]
fn nothing_differs_but_main_the_names_and_the_test_of_who_waits() {
    let (single, threaded) = (files("single-server"), files("threaded-server"));
    let names =
        |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&single), names(&threaded));
    assert_eq!(
        names(&single),
        ["Cargo.toml", "src/main.rs", "tests/who_waits.rs"]
    );

    let neutral = |manifest: &str| {
        let named =
            |line: &&str| !line.starts_with("name") && !line.starts_with("description");
        manifest
            .lines()
            .filter(named)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        neutral(&single["Cargo.toml"]),
        neutral(&threaded["Cargo.toml"])
    );
}

#[test]
fn the_two_main_files_differ_in_at_most_twenty_lines_of_code() {
    let main = |server| {
        fixture::workspace()
            .join("crates")
            .join(server)
            .join("src/main.rs")
    };
    let changed = changed_lines(&main("single-server"), &main("threaded-server"));
    assert!(!changed.is_empty(), "the servers are the same");
    assert!(
        changed.len() <= BUDGET,
        "{} lines differ:\n{}",
        changed.len(),
        changed.join("\n")
    );
}

#[test]
fn bind_accept_and_spawn_stand_in_plain_sight() {
    let (single, threaded) = (files("single-server"), files("threaded-server"));
    for main in [&single["src/main.rs"], &threaded["src/main.rs"]] {
        assert!(
            main.contains("bind(") && main.contains("accept()"),
            "{main}"
        );
    }
    assert!(threaded["src/main.rs"].contains("spawn"));
    assert!(!single["src/main.rs"].contains("spawn"));
}
