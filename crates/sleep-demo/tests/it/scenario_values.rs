//! Values of the wrong kind, and texts that are none: what to write instead.

use std::path::Path;

use sleep_demo::scenario::Scenario;

use crate::{
    scenario_faults::refused,
    scenario_files::{HEAD, ONE_CLIENT},
};

#[test]
fn a_value_of_the_wrong_kind_is_answered_with_a_line_to_copy() {
    for (rest, place, what) in [
        (
            "[client]\nname = 'A'",
            "7:1",
            "write [[client]] on a line of its own",
        ),
        (
            "client = 'A'",
            "7:10",
            "write [[client]] on a line of its own",
        ),
        (
            "clients = []",
            "7:1",
            "no key 'clients' here. Did you mean 'client'?",
        ),
        (
            "minutes = 5",
            "7:1",
            "'minutes' stands here for the second time",
        ),
        (
            "[[client]]\nname = A",
            "8:8",
            "'name' takes a text in quotes; write name = \"A\"",
        ),
        (
            "[[client]]\nname = 'A'",
            "7:1",
            "'at' is missing; write at = \"200ms\"",
        ),
        (
            "[[client]]\nname = 'A'\nat = 5",
            "9:6",
            "'at' takes a time in quotes",
        ),
        (
            "[[client]]\nname = 'A'\nat = 0s",
            "9:6",
            "'at' takes a time in quotes",
        ),
        (
            "[[client]]\nrequests = 'PING'",
            "8:12",
            "write requests = [\"SLEEP 2s\", \"PING\"]",
        ),
        (
            "[[client]]\nrequests = ['a = b',\n 1]",
            "9:2",
            "'requests' takes a list of requests",
        ),
        ("[[client]]\ncount = '3'", "8:9", "write count = 8"),
        ("[[client]]\ncount = -1", "8:9", "write count = 8"),
        (
            "[[server]]\nplaces = 'many'",
            "8:10",
            "'places' takes a number from 1, \"threads\" or \"event-loop\"",
        ),
        (
            "[server]\ncommand = 'x'",
            "7:1",
            "write [[server]] on a line of its own",
        ),
        (
            "[expect]\nblocked = []",
            "8:11",
            "write [expect.single-server] on a line of its own",
        ),
        (
            "[expect.x]\nblocked = 'A'",
            "8:11",
            "write blocked = [\"B\", \"C\"]",
        ),
        (
            "[expect.x]\nreplies = ['A']",
            "8:11",
            "write replies = { A = \"+OK\" }",
        ),
        ("[expect.x]\nlost = 'no'", "8:8", "write lost = true"),
        (
            "[expect.x]\nin_service = 'two'",
            "8:14",
            "write in_service = 2",
        ),
        (
            "a scenario",
            "7:3",
            "a line is a key and its value, as in minutes = 5",
        ),
    ] {
        let error = refused(rest);
        assert!(
            error.starts_with(&format!("lesson.toml:{place}: ")),
            "{rest:?}: {error}"
        );
        assert!(error.contains(what), "{rest:?}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_refused_in_names_and_escaped_in_texts() {
    let server = "[[server]]\nname = \"a\\u202Eb\"\ncommand = 'x'\nplaces = 1\n";
    let error = refused(&format!("{ONE_CLIENT}{server}"));
    assert!(error.starts_with("lesson.toml:12:8: "), "{error}");
    assert!(
        error.contains("a server's name that can be printed"),
        "{error}"
    );
    let text = HEAD.replace("title='t'", "title = \"a\\u001B[2J한\\nb\"");
    let path = Path::new("lesson.toml");
    let scenario = Scenario::parse(path, &format!("{text}{ONE_CLIENT}")).unwrap();
    assert_eq!(scenario.lesson.title, "a\\u{1b}[2J한 b");
}

#[test]
fn a_file_that_is_no_text_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lesson.toml");
    let utf_16: Vec<u8> = "\u{feff}title"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, what) in [
        (utf_16, "1:1: the file is UTF-16 text; save it as UTF-8"),
        (
            b"title = 't'\nlesson = '\xe9'".to_vec(),
            "2:11: this byte is not UTF-8 text",
        ),
        (vec![b'#'; 2 << 20], "1:1: the file is longer than"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let error = Scenario::from_file(&file).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}
