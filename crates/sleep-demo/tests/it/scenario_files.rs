//! Scenario files: what is read, and what is refused with its line, column and what was
//! due.

use std::{path::Path, time::Duration};

use sleep_demo::scenario::{Folder, Scenario};
use timeline::Places;

/// What every scenario says before its clients.
const HEAD: &str =
    "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n";

/// A scenario of these clients.
fn scenario(clients: &str) -> Scenario {
    Scenario::parse(Path::new("made-up.toml"), &format!("{HEAD}{clients}")).unwrap()
}

const ONE_CLIENT: &str = "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n";

fn refused(rest: &str) -> String {
    let text = format!("{HEAD}{rest}");
    Scenario::parse(Path::new("lesson.toml"), &text)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_fault_is_told_with_its_place_and_what_was_expected() {
    // The head takes six lines.
    for (rest, place, what) in [
        (
            "",
            "lesson.toml:1:1",
            "the key 'client' is missing; write [[client]]",
        ),
        ("client = []", "lesson.toml:7:10", "at least one client"),
        (
            "colour = 'red'",
            "lesson.toml:7:1",
            "there is no key 'colour' here. The keys are title,",
        ),
        (
            "isolate = 'yes'",
            "lesson.toml:7:11",
            "'isolate' takes true or false; write isolate = true",
        ),
        (
            "[[client]]\nname = 'A",
            "lesson.toml:8:10",
            "write name = \"A\"",
        ),
        (
            "[[client]]\nname = 'A B'\nat = '0s'",
            "lesson.toml:8:8",
            "letters, digits",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\npipeline = true\nread_delay = '1s'",
            "lesson.toml:11:14",
            "remove one of the two",
        ),
        (
            "[[client]]\nname = 'A'\nat = 'soon'",
            "lesson.toml:9:6",
            "such as 500ms, 2s or 1m",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['']",
            "lesson.toml:10:13",
            "expected a request",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['SAY \"x']",
            "lesson.toml:10:13",
            "unbalanced quotes",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ncount = 0",
            "lesson.toml:10:9",
            "expected 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ntimes = 0",
            "lesson.toml:10:9",
            "expected 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nhold = '1 parsec'",
            "lesson.toml:10:8",
            "is not a duration",
        ),
    ] {
        let error = refused(rest);
        assert!(error.starts_with(place), "{rest:?}: {error}");
        assert!(error.contains(what), "{rest:?}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
    }
}

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
fn what_would_fill_the_memory_or_the_week_is_refused() {
    let client = "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n";
    for (rest, what) in [
        (
            "count = 10000\ntimes = 100000",
            "at most 1000000 requests in all",
        ),
        ("count = 10001", "expected 1 to 10000"),
        ("pause = '25h'", "longer than a day"),
        ("hold = '600000000years'", "longer than a day"),
        ("count = 9\ngap = '1day'", "after more than a day"),
    ] {
        let error = refused(&format!("{client}{rest}"));
        assert!(error.contains(what), "{rest:?}: {error}");
    }
}

#[test]
fn a_burst_has_a_gap_between_its_clients() {
    let scenario = scenario(
        "[[client]]\nname = 'V'\nat = '1s'\nrequests = ['PING']\ncount = 3\ngap = '100ms'",
    );
    let times = scenario.clients.iter().map(|one| one.at.as_millis());
    assert_eq!(times.collect::<Vec<_>>(), [1000, 1100, 1200]);
}

#[test]
fn a_group_and_a_client_stand_for_all_of_their_requests() {
    let scenario = scenario(
        "[[client]]\nname = 'F'\nat = '0s'\nrequests = ['PING']\ncount = 3\n\
         [[client]]\nname = 'P'\nat = '0s'\nrequests = ['PING', 'PING', 'PING']\n\
         [expect.single-server]\nblocked = ['P.2', 'F']\nfailed = ['P']",
    );
    let expect = scenario.servers[0].expect.clone().unwrap();
    assert_eq!(expect.blocked.unwrap(), ["F-1", "F-2", "F-3", "P.2"]);
    assert_eq!(expect.failed.unwrap(), ["P.1", "P.2", "P.3"]);
}

#[test]
fn a_name_that_count_makes_is_taken_in_either_order() {
    let one = "[[client]]\nname = 'A-2'\nat = '0s'\n";
    let many = "[[client]]\nname = 'A'\nat = '0s'\ncount = 2\n";
    for rest in [format!("{one}{many}"), format!("{many}{one}")] {
        let error = refused(&rest);
        assert!(error.contains("the client 'A-2' is given twice"), "{error}");
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
fn a_slip_in_a_request_is_a_warning_where_the_kits_servers_get_it() {
    let client = |request: &str| {
        format!("[[client]]\nname = 'A'\nat = '0s'\nrequests = ['{request}']\n")
    };
    let warnings = |text: &str| scenario(text).warnings;
    assert_eq!(
        warnings(&client("SLEP 2s")),
        [
            "made-up.toml:10:13: the kit's servers know no request 'SLEP'; did you mean SLEEP?"
        ]
    );
    assert_eq!(
        warnings(&client("SLEEP soon")),
        ["made-up.toml:10:13: the kit's servers will answer \
          '-ERR invalid duration 'soon': try 500ms, 2s or 1m'"]
    );
    for quiet in [
        client("PING"),
        client("BLPOP q 2") + "[[server]]\ncommand = 'redis.sh'\nplaces = 1\n",
        client("SLEP 2s") + "[expect.single-server]\nfailed = ['A']\n",
        client("SLEP 2s") + "[expect.single-server]\nreplies = { A = '-ERR' }\n",
    ] {
        assert_eq!(warnings(&quiet), [""; 0], "{quiet}");
    }
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

#[test]
fn a_name_given_twice_is_refused_where_it_stands() {
    let twice = format!("{ONE_CLIENT}{ONE_CLIENT}");
    assert!(
        refused(&twice).starts_with("lesson.toml:12:8: the client 'A' is given twice")
    );
    let server = "[[server]]\ncommand = 'x'\nplaces = 1\n";
    let twice = format!("{ONE_CLIENT}{server}{server}");
    assert!(
        refused(&twice).starts_with("lesson.toml:15:11: the server 'x' is given twice")
    );
}

#[test]
fn an_expectation_of_nobody_is_refused_where_it_stands() {
    for (expect, place, what) in [
        (
            "[expect.'no server']",
            "11:9",
            "no server is called 'no server'",
        ),
        (
            "[expect.single-server]\nblocked = ['A', 'Z']",
            "12:17",
            "no request is called 'Z'; expected one of A",
        ),
        (
            "[expect.single-server]\nfailed = ['A.2']",
            "12:11",
            "no request is called 'A.2'",
        ),
        (
            "[expect.single-server]\nreplies = { Z = '+OK' }",
            "12:13",
            "no client is called 'Z'",
        ),
        (
            "[expect.single-server]\nslow = true",
            "12:1",
            "there is no key 'slow' here",
        ),
    ] {
        let error = refused(&format!("{ONE_CLIENT}{expect}"));
        assert!(
            error.starts_with(&format!("lesson.toml:{place}: ")),
            "{error}"
        );
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn places_are_a_number_or_the_word_threads() {
    for (places, accepted) in [
        ("1", true),
        ("'threads'", true),
        ("0", false),
        ("-1", false),
        ("'many'", false),
    ] {
        let text =
            format!("{HEAD}{ONE_CLIENT}[[server]]\ncommand = 'x'\nplaces = {places}");
        let read = Scenario::parse(Path::new("lesson.toml"), &text);
        assert_eq!(read.is_ok(), accepted, "{places}");
    }
}

#[test]
fn what_is_left_out_is_the_two_servers_and_a_lone_connection() {
    let scenario = scenario(ONE_CLIENT);
    let servers: Vec<_> = scenario
        .servers
        .iter()
        .map(|spec| (spec.name.as_str(), spec.places))
        .collect();
    let expected = [
        ("single-server", Places::Limited(1)),
        ("threaded-server", Places::THREADS),
    ];
    assert_eq!(servers, expected);
    assert_eq!(scenario.lesson.name, "made-up");
    assert_eq!(scenario.clients[0].pause, Duration::ZERO);
    assert!(!scenario.clients[0].pipeline && !scenario.isolate);
}

#[test]
fn count_and_times_unfold() {
    let scenario = scenario(
        "[[client]]\nname = 'V'\nat = '1s'\nrequests = ['INCR a', 'INCR b']\ncount = 2\ntimes = 3",
    );
    let names: Vec<&str> = scenario
        .clients
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["V-1", "V-2"]);
    assert_eq!(scenario.clients[1].requests.len(), 6);
    assert_eq!(scenario.clients[1].request_id(5), "V-2.6");
    assert_eq!(scenario.clients[1].requests[5], "INCR b");
}

#[test]
fn at_another_speed_every_time_is_divided_and_the_labels_say_so() {
    let slow = scenario(
        "[[client]]\nname = 'A'\nat = '1s'\nrequests = ['sleep 2s', 'PING']\npause = '3s'\nhold = '4s'",
    );
    let slow = slow.at_speed(0.5).unwrap();
    let client = &slow.clients[0];
    assert_eq!(client.requests, ["SLEEP 4s", "PING"]);
    let times = [client.at, client.pause, client.hold].map(|time| time.as_secs());
    assert_eq!(times, [2, 6, 8]);
}

#[test]
fn every_scenario_of_the_kit_can_be_read() {
    let folder = Folder::new(fixture::workspace().join("demos"));
    let names = folder.names().unwrap();
    assert_eq!(names.first().map(String::as_str), Some("head-of-line"));
    for name in &names {
        let scenario = folder.scenario(name).unwrap();
        assert!(
            scenario.servers.iter().any(|spec| spec.expect.is_some()),
            "{name}"
        );
    }
}

#[test]
fn an_unknown_name_is_answered_with_those_there_are() {
    let folder = Folder::new(fixture::workspace().join("demos"));
    let error = folder.scenario("nonesuch").unwrap_err().to_string();
    assert!(error.contains("no scenario 'nonesuch'"), "{error}");
    assert!(error.contains("head-of-line"), "{error}");
}
