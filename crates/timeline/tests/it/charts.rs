//! Charts over made-up times, to the character.

use crate::made_up::{HEAD_OF_LINE, run, scenario};
use timeline::{
    Style,
    chart::{plain, table, text},
    line::Line,
    record::Run,
    verdict::Verdict,
};

fn style(width: usize) -> Style {
    Style {
        width,
        colour: false,
        ascii: false,
    }
}

fn verdicts(run: &Run) -> Vec<Verdict> {
    run.servers.iter().map(Verdict::of).collect()
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| line.render(false) + "\n").collect()
}

fn chart(run: &Run, style: &Style) -> String {
    text(&text::chart(run, &verdicts(run), None, style))
}

const CHART: &str = "
                0s    0.5s     1.0s     1.5s     2.0s   2.5s waited served
single-server · one thread serves every client in turn
 A SLEEP 2s     ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄            0.00   2.00
 B RUN date        ████████████████████████████████▄           1.80   0.00  A
 C RUN date            ████████████████████████████▄           1.60   0.00  A
 D SLEEP 500ms            █████████████████████████▄▄▄▄▄▄▄▄▄   1.40   0.50  A
threaded-server · a thread for each client
 A SLEEP 2s     ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄            0.00   2.00
 B RUN date        ▄                                           0.00   0.00
 C RUN date            ▄                                       0.00   0.00
 D SLEEP 500ms            ▄▄▄▄▄▄▄▄▄                            0.00   0.50
 █ waiting   ▄ being served   × failed   last column: behind whom
";

const TABLE: &str = "
                             single-server   threaded-server
 blocked clients                    3 of 3            0 of 3
 waited in all                      4.80 s            0.00 s
 most in service at once                 1                 2
 last answer after                  2.50 s            2.00 s
 queue model: waited                4.80 s            0.00 s   within 0 ms
";

#[test]
fn both_servers_stand_on_one_axis_with_waiting_and_service_told_apart() {
    let run = run(&scenario(HEAD_OF_LINE));
    assert_eq!(format!("\n{}", chart(&run, &style(80))), CHART);
}

#[test]
fn the_table_compares_and_the_verdict_says_who_waited_for_whom() {
    let run = run(&scenario(HEAD_OF_LINE));
    let verdicts = verdicts(&run);
    let table = text(&table::comparison(&verdicts, &style(80)));
    assert_eq!(format!("\n{table}"), TABLE);
    assert_eq!(
        text(&table::story(&run, &verdicts, &style(80))),
        " threaded-server answered B, C and D while A was still being served.\n \
         single-server answered B, C and D only after A.\n"
    );
}

#[test]
fn the_whole_demo_fits_a_screen_of_24_lines_with_the_prompt() {
    let run = run(&scenario(HEAD_OF_LINE));
    let verdicts = verdicts(&run);
    let (chart, table) = (
        chart(&run, &style(80)),
        table::comparison(&verdicts, &style(80)),
    );
    let story = table::story(&run, &verdicts, &style(80));
    let lines = chart.lines().count() + 1 + table.len() + 1 + story.len();
    assert!(lines <= 23, "{lines} lines");
}

#[test]
fn nothing_is_wider_than_the_width() {
    let long = "
        client = [
            { name = 'A', at = '0s', requests = ['ECHO a-rather-long-text-that-no-label-holds'] },
            { name = 'Silent-client-of-a-long-name', at = '0s', hold = '90s' },
            { name = 'Many', at = '1s', requests = ['INCR visits'], times = 9, count = 30 },
        ]
        [[server]]
        name = 'a server whose name alone is longer than forty characters'
        command = 'single-server'
        places = 1
        [[server]]
        command = 'threaded-server --max-clients 2 --quiet --meet-timeout 1s'
        places = 2
        [[server]]
        command = 'threaded-server'
        places = 'threads'";
    for clients in [HEAD_OF_LINE, long] {
        let run = run(&scenario(clients));
        let verdicts = verdicts(&run);
        for width in 40..=200 {
            let mut lines = text::chart(&run, &verdicts, None, &style(width));
            lines.extend(table::comparison(&verdicts, &style(width)));
            lines.extend(table::story(&run, &verdicts, &style(width)));
            for line in text(&lines).lines() {
                assert!(line.chars().count() <= width, "{width}: {line:?}");
            }
        }
    }
}

#[test]
fn in_ascii_there_is_nothing_but_ascii() {
    let run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', hold = '3s' },
            { name = 'S', at = '0s', requests = ['SLEEP 1s'], count = 30 },
            { name = 'M', at = '0s', requests = ['INCR x'], times = 30 },
        ]",
    ));
    let style = Style {
        ascii: true,
        ..style(80)
    };
    let drawn = chart(&run, &style);
    assert!(drawn.is_ascii(), "{drawn}");
    let drawn = text(&table::story(&run, &verdicts(&run), &style));
    assert!(drawn.is_ascii(), "{drawn}");
}

#[test]
fn colour_repeats_what_the_shapes_say() {
    let run = run(&scenario(HEAD_OF_LINE));
    let lines = text::chart(&run, &verdicts(&run), None, &style(80));
    let coloured: String = lines.iter().map(|line| line.render(true)).collect();
    for code in coloured.split("\x1b[").skip(1) {
        let code = code.split('m').next().unwrap();
        assert!(
            ["0", "1", "38;5;166", "38;5;31", "31;1"].contains(&code),
            "{code}"
        );
    }
}

#[test]
fn what_goes_on_is_drawn_as_asked_until_its_reply_is_in() {
    let mut run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s'] },
            { name = 'B', at = '1s', hold = '1s' },
            { name = 'C', at = '3s', requests = ['PING'] },
        ]",
    ));
    run.servers.truncate(1);
    run.horizon_us = Some(4_000_000);
    let connections = &mut run.servers[0].connections;
    for connection in connections.iter_mut() {
        connection.closed_us = None;
        for request in &mut connection.requests {
            (request.replied_us, request.service_us) = (None, None);
        }
    }
    connections[2].requests[0].sent_us = None;
    let lines = text::chart(&run, &[], Some(2_000_000), &style(80));
    assert_eq!(
        lines[2].render(false),
        " A SLEEP 2s     ──────────────────────"
    );
    assert_eq!(
        lines[3].render(false),
        " B (silent)                ···········"
    );
    assert_eq!(lines[4].render(false), " C PING");
}

#[test]
fn a_request_that_failed_ends_in_a_cross() {
    let mut run = run(&scenario(HEAD_OF_LINE));
    let request = &mut run.servers[0].connections[0].requests[0];
    request.reply = Some("-ERR no".to_owned());
    let drawn = chart(&run, &style(80));
    assert!(drawn.contains("▄▄▄▄▄×  "), "{drawn}");
}

#[test]
fn without_timed_only_the_latency_is_drawn() {
    let mut run = run(&scenario(HEAD_OF_LINE));
    for server in &mut run.servers {
        server.timed = false;
        for request in server
            .connections
            .iter_mut()
            .flat_map(|one| &mut one.requests)
        {
            request.service_us = None;
        }
    }
    let drawn = chart(&run, &style(80));
    assert!(drawn.contains("     took 2.00"), "{drawn}");
    assert!(
        !drawn.contains('▄') || drawn.contains("▄ being served"),
        "{drawn}"
    );
}

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
fn plain_is_a_sentence_a_request() {
    let run = run(&scenario(HEAD_OF_LINE));
    let sentences = plain::sentences(&run, &verdicts(&run));
    let told =
        "B (RUN date) waited 1.80 s behind A (SLEEP 2s), then was served in 0.00 s.";
    assert_eq!(sentences[2], told);
    assert_eq!(
        sentences
            .iter()
            .filter(|line| line.contains("(RUN date) waited"))
            .count(),
        4
    );
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
