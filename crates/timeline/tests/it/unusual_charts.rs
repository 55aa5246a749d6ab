//! Charts of unusual runs: crowds, wide and hostile names, long times.

use crate::{
    charts::{chart, style, text, verdicts},
    live_charts::live,
    made_up::{HEAD_OF_LINE, run, scenario},
};
use timeline::{
    chart::{plain, table, text},
    line::Line,
};

#[test]
fn a_crowd_folds_into_how_many_wait_and_how_many_are_served() {
    let run = run(&scenario(
        "client = [
            { name = 'S', at = '0s', requests = ['SLEEP 2s'], count = 1000 },
            { name = 'W', at = '1s', requests = ['PING'] },
        ]
        [[server]]
        command = 'threaded-server'
        places = 500",
    ));
    let drawn = chart(&run, &style(80));
    assert!(drawn.lines().count() <= 7, "{drawn}");
    assert!(drawn.contains(" S×1000 waiting ▄▄▄▄"), "{drawn}");
    assert!(drawn.contains(" S×1000 served  ▄▄▄▄"), "{drawn}");
}

#[test]
fn a_crowd_that_asks_for_nothing_shows_how_many_are_connected() {
    let run = run(&scenario(
        "client = [
            { name = 'S', at = '0s', hold = '2s', count = 20 },
            { name = 'W', at = '1s', requests = ['PING'] },
        ]
        [[server]]
        command = 'threaded-server'
        places = 'threads'",
    ));
    let drawn = chart(&run, &style(80));
    assert!(drawn.contains(" S×20 silent    ████"), "{drawn}");
    assert!(!drawn.contains("S×20 waiting"), "{drawn}");
}

#[test]
fn wide_names_and_arguments_keep_the_columns_aligned() {
    let run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s'] },
            { name = '안나', at = '200ms', requests = ['ECHO 日本'] },
            { name = 'C', at = '400ms', requests = ['ECHO 日本語日本語日本語'] },
        ]
        [[server]]
        name = '서버'
        command = 'single-server'
        places = 1
        [[server]]
        command = 'threaded-server'
        places = 'threads'",
    ));
    let lines = text::chart(&run, &verdicts(&run), None, &style(80));
    let numbers: Vec<usize> = lines[2..=4].iter().map(Line::length).collect();
    let rendered: Vec<String> = lines.iter().map(|line| line.render(false)).collect();
    assert_eq!(numbers, [74, 77, 77], "{rendered:#?}");
    assert!(rendered[3].starts_with(" 안나 ECHO 日本 "), "{rendered:#?}");
    assert!(
        rendered[4].starts_with(" C ECHO 日本語…   "),
        "{rendered:#?}"
    );
    let table = table::comparison(&verdicts(&run), &style(80));
    let lengths: Vec<usize> = table[..4].iter().map(Line::length).collect();
    assert_eq!(lengths, [lengths[0]; 4], "{:#?}", text(&table));
}

#[test]
fn no_escape_sequence_comes_out_of_a_record() {
    let mut run = run(&scenario(HEAD_OF_LINE));
    let hostile = "\u{1b}[2J\u{9b}31m\r\n".to_owned();
    for server in &mut run.servers {
        (server.name, server.about) = (hostile.clone(), hostile.clone());
        for connection in &mut server.connections {
            connection.client = hostile.clone();
            for request in &mut connection.requests {
                request.request.push_str(&hostile);
                request.id.push_str(&hostile);
                request.reply = Some(format!("-{hostile}"));
            }
        }
    }
    let verdicts = verdicts(&run);
    let style = style(80);
    let mut shown = text(&text::chart(&run, &verdicts, None, &style));
    shown += &text(&table::comparison(&verdicts, &style));
    shown += &text(&table::story(&run, &verdicts, &style));
    shown += &plain::sentences(&run, &verdicts).join("\n");
    let obeyed = |letter: char| letter.is_control() && letter != '\n';
    assert!(!shown.contains(obeyed), "{shown:?}");
    assert!(
        !plain::sentences(&run, &verdicts)
            .iter()
            .any(|one| one.contains('\n'))
    );
}

/// On a server with one thread one client is served at a time, however many requests are.
#[test]
fn a_histogram_counts_clients_and_not_requests() {
    let run = run(&scenario(
        "client = [
            { name = 'V', at = '0s', requests = ['SLEEP 100ms'], count = 8, times = 5 },
            { name = 'W', at = '0s', requests = ['PING'], count = 20 },
        ]",
    ));
    let lines: Vec<String> = chart(&run, &style(80)).lines().map(str::to_owned).collect();
    let bars = |row: &str| -> String {
        let line = lines.iter().find(|line| line.starts_with(row)).unwrap();
        line.chars()
            .skip(16)
            .take(44)
            .filter(|sign| *sign != ' ')
            .collect()
    };
    assert!(
        bars(" V×8 served").chars().all(|sign| sign == '▁'),
        "{lines:#?}"
    );
    assert!(bars(" V×8 waiting").starts_with('▇'), "{lines:#?}");
    let threaded = lines
        .iter()
        .rfind(|line| line.starts_with(" V×8 served"))
        .unwrap();
    let full = threaded.chars().filter(|sign| *sign == '█').count();
    assert!(full >= 4, "all of them at once: {threaded}");
}

#[test]
fn the_axis_of_a_long_run_reaches_to_its_end_and_not_to_what_was_foreseen() {
    let mut run = run(&scenario(
        "client = [{ name = 'A', at = '0s', requests = ['SLEEP 20h'] }]",
    ));
    run.horizon_us = Some(1_000_000);
    let drawn = chart(&run, &style(80));
    let axis = drawn.lines().next().unwrap();
    assert!(axis.contains("60000s"), "{axis}");
    let shown = live(&run, 3_600_000_000, 23);
    assert!(shown[0].contains("3000s"), "{shown:#?}");
    assert!(drawn.contains("72000.00"), "{drawn}");
}

/// Wherever it lies between two cells: a chart that draws a wait says that there was one.
#[test]
fn a_wait_that_is_much_shorter_than_a_cell_is_not_drawn() {
    let mut run = run(&scenario(HEAD_OF_LINE));
    for sent in (200_000..300_000).step_by(1_000) {
        for waited in [2_000, 19_000] {
            let b = &mut run.servers[1].connections[1];
            b.opened_us = Some(sent);
            b.closed_us = Some(sent + waited + 200_001);
            let request = &mut b.requests[0];
            request.sent_us = Some(sent);
            request.replied_us = Some(sent + waited + 200_000);
            request.service_us = Some(200_000);
            let drawn = chart(&run, &style(80));
            let row = drawn.lines().nth(8).unwrap();
            assert!(
                row.starts_with(" B RUN date ") && !row.contains('█'),
                "{row}"
            );
        }
    }
}
