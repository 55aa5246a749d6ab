//! Scenario files: what is read of them.

use std::{path::Path, time::Duration};

use sleep_demo::scenario::{Folder, Scenario};
use timeline::Places;

/// What every scenario says before its clients.
pub(crate) const HEAD: &str =
    "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n";

/// A scenario of these clients.
fn scenario(clients: &str) -> Scenario {
    Scenario::parse(Path::new("made-up.toml"), &format!("{HEAD}{clients}")).unwrap()
}

pub(crate) const ONE_CLIENT: &str =
    "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n";

#[test]
fn a_burst_has_a_gap_between_its_clients() {
    let scenario = scenario(
        "[[client]]\nname = 'V'\nat = '1s'\nrequests = ['PING']\ncount = 3\ngap = \
         '100ms'",
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
fn a_slip_in_a_request_is_a_warning_where_the_kits_servers_get_it() {
    let client = |request: &str| {
        format!("[[client]]\nname = 'A'\nat = '0s'\nrequests = ['{request}']\n")
    };
    let warnings = |text: &str| scenario(text).warnings;
    assert_eq!(
        warnings(&client("SLEP 2s")),
        [
            "made-up.toml:10:13: the kit's servers know no request 'SLEP'; did you \
             mean SLEEP?"
        ]
    );
    assert_eq!(
        warnings(&client("SLEEP soon")),
        ["made-up.toml:10:13: the kit's servers will answer \
          '-ERR invalid duration 'soon': try 500ms, 2s or 1m'"]
    );
    for (slip, hint) in [
        (
            "SLEEP 1 s",
            "; write the time without a blank: \"SLEEP 1s\"",
        ),
        (
            "SLEEP 1s PING",
            "; write one request in each pair of quotes",
        ),
        ("PING; PING", "; write one request in each pair of quotes"),
        (
            "SLEEP 500",
            "refuse a SLEEP of 8m 20s, unless their --max-sleep says",
        ),
        ("ECHO two words", "; a text with blanks needs quotes"),
        ("MEET 2 3", "'meet' command'"),
    ] {
        let warning = warnings(&client(slip)).join("\n");
        assert!(warning.contains(hint), "{warning}");
    }
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
fn what_never_happens_is_a_warning() {
    let client = |name: &str, keys: &str| {
        format!("[[client]]\nname = '{name}'\nat = '0s'\n{keys}\n")
    };
    let warnings = |text: &str| scenario(text).warnings.join("\n");
    let pause = client("A", "requests = ['PING']\npause = '1s'");
    assert_eq!(
        warnings(&pause),
        "made-up.toml:11:9: 'pause' is the time between two requests, and this client \
         does not send two; 'hold' is how long it stays"
    );
    let quit = client("A", "requests = ['QUIT', 'PING']");
    assert_eq!(
        warnings(&quit),
        "made-up.toml:10:13: QUIT ends the connection; the requests after it get no \
         answer"
    );
    let two = client("A", "requests = ['MEET 3']\ncount = 2");
    assert_eq!(
        warnings(&two),
        "made-up.toml:10:13: MEET 3 waits for 3 clients, and 2 send it"
    );
    for (keys, what) in [
        ("", "'hold' is how long it stays"),
        (
            "times = 3\nhold = '1s'",
            "repeats the requests, and there are none",
        ),
        (
            "requests = ['PING', 'PING']\npipeline = true\npause = '1s'",
            "'pause' has no effect with 'pipeline'",
        ),
    ] {
        let warning = warnings(&client("A", keys));
        assert!(warning.contains(what), "{warning}");
    }
    for quiet in [
        two.clone() + &client("B", "requests = ['meet 3']"),
        two + "[expect.threaded-server]\nfailed = ['A']\n",
        client("A", "requests = ['PING']\ntimes = 2\npause = '1s'"),
        client("A", "requests = ['PING', 'QUIT']"),
    ] {
        assert_eq!(warnings(&quiet), "", "{quiet}");
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
        "[[client]]\nname = 'V'\nat = '1s'\nrequests = ['INCR a', 'INCR b']\ncount = \
         2\ntimes = 3",
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
        "[[client]]\nname = 'A'\nat = '1s'\nrequests = ['sleep 2s', 'PING']\npause = \
         '3s'\nhold = '4s'",
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
