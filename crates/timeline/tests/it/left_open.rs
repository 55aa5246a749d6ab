//! What a run leaves open, or does not show at all: no sentence and no number says more.

use timeline::{
    Expectation, Places,
    chart::{spread, svg, table},
    record::{Record, ServerRun},
    style::Style,
    verdict::Verdict,
};

use crate::{
    made_up::{HEAD_OF_LINE, record, scenario, server},
    shown::{plain, requests, row, story},
};

const ONE: Places = Places::Limited(1);

fn head_of_line(places: Places) -> ServerRun {
    server(&scenario(HEAD_OF_LINE), "made-up", places)
}

#[test]
fn a_request_without_a_reply_may_have_been_in_service() {
    let mut threaded = head_of_line(Places::THREADS);
    assert_eq!(row(&threaded, "requests served at once"), "2");
    let a = requests(&mut threaded).next().unwrap();
    (a.replied_us, a.service_us, a.reply) = (None, None, None);
    a.failure = Some("the server closed the connection".to_owned());
    assert_eq!(row(&threaded, "requests served at once"), "1 to 2");
    let printed = plain(&threaded);
    assert!(
        printed.contains("at most 1, perhaps 2, served at once"),
        "{printed}"
    );
}

#[test]
fn a_heading_that_the_run_contradicts_is_the_scenarios() {
    let heading = |server: &ServerRun| plain(server).lines().next().unwrap().to_owned();
    let mut threaded = head_of_line(Places::THREADS);
    assert_eq!(heading(&threaded), "made-up: a thread for each client.");
    threaded.places = Some(ONE);
    assert_eq!(
        heading(&threaded),
        "made-up: according to the scenario, one thread serves every client in turn."
    );
    let mut single = head_of_line(ONE);
    single.places = Some(Places::THREADS);
    assert_eq!(
        heading(&single),
        "made-up: according to the scenario, a thread for each client."
    );
}

#[test]
fn the_model_says_nothing_where_the_server_refused_what_others_would_wait_for() {
    let mut single = head_of_line(ONE);
    assert_eq!(
        row(&single, "queue model: waited"),
        "4.80 s   each within 0 ms"
    );
    let a = requests(&mut single).next().unwrap();
    a.reply = Some("-ERR unknown command".to_owned());
    assert_eq!(row(&single, "queue model: waited"), "none");
}

#[test]
fn an_expectation_that_cannot_be_looked_at_is_told() {
    let mut untimed = head_of_line(Places::THREADS);
    untimed.timed = false;
    requests(&mut untimed).for_each(|request| request.service_us = None);
    untimed.expect = Some(Expectation {
        in_service: Some(4),
        lost: Some(false),
        ..Expectation::default()
    });
    let printed = story(&untimed);
    for told in [
        "made-up: in_service = 4 was not checked, as the server does not know TIMED.",
        "made-up: lost = false was not checked, as no update was answered.",
    ] {
        assert!(printed.contains(told), "{printed}");
    }
    assert!(Verdict::of(&untimed).failures.is_empty());
}

#[test]
fn several_runs_of_which_nothing_is_expected_are_not_as_expected() {
    let style = Style {
        width: 80,
        colour: false,
        ascii: false,
    };
    let last = |record: &Record| {
        let lines = spread::spread(record, &style);
        lines.last().unwrap().render(false)
    };
    let mut twice = record(HEAD_OF_LINE);
    twice.runs.push(twice.runs[0].clone());
    assert_eq!(
        last(&twice),
        " 2 runs; the scenario expects nothing of them"
    );
    for run in &mut twice.runs {
        run.servers[0].expect = Some(Expectation::default());
    }
    assert_eq!(last(&twice), " 2 of 2 runs showed what was expected");
}

#[test]
fn the_counter_that_lost_an_update_is_named_where_there_are_several() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['INCR tea', 'INCR milk'] },
        { name = 'B', at = '10ms', requests = ['INCR tea', 'INCR milk'] },
    ]";
    let mut racy = server(&scenario(clients), "racy", Places::THREADS);
    let replies = [":1", ":1", ":2", ":1"];
    for (request, reply) in requests(&mut racy).zip(replies) {
        request.reply = Some(reply.to_owned());
    }
    let printed = story(&racy);
    assert!(
        printed.contains("1 was lost: A.2 and B.2 both got 1 of milk."),
        "{printed}"
    );
}

#[test]
fn servers_whose_names_begin_alike_are_told_apart_in_the_table() {
    let style = Style {
        width: 60,
        colour: false,
        ascii: false,
    };
    let names = [
        "threaded-server --max-clients 2",
        "threaded-server --max-clients 4",
    ];
    let verdicts = names.map(|name| {
        let named = server(&scenario(HEAD_OF_LINE), name, Places::THREADS);
        Verdict::of(&named)
    });
    let head = table::comparison(&verdicts, &style)[0].render(false);
    assert!(
        head.contains("-clients 2") && head.contains("-clients 4"),
        "{head}"
    );
}

#[test]
fn a_row_of_many_requests_says_if_they_differ_and_shows_services_on_top() {
    let clients = "client = [{ name = 'A', at = '0s', pipeline = true, requests = [
        'SLEEP 100ms', 'PING', 'PING', 'SLEEP 200ms', 'PING'] }]";
    let drawn = svg::picture(&record(clients));
    assert!(drawn.contains("A 5 requests"), "{drawn}");
    assert!(
        !drawn.contains("according to"),
        "it blocked itself: {drawn}"
    );
    let drawn = drawn.split("class=\"row\"").nth(1).unwrap();
    let last_wait = drawn.rfind("class=\"waiting\"");
    let first_service = drawn.find("class=\"served\"");
    assert!(last_wait < first_service, "{drawn}");
}

#[test]
fn who_is_in_the_way_with_a_request_and_with_a_silence_is_named_once_in_a_row() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 1s'], hold = '1s' },
        { name = 'B', at = '100ms', requests = ['PING'] },
    ]";
    let drawn = svg::picture(&record(clients));
    assert!(drawn.contains("class=\"name\">A</text>"), "{drawn}");
    assert!(!drawn.contains(">A A<"), "{drawn}");
}
