//! Charts over made-up times, to the character.

use crate::made_up::{HEAD_OF_LINE, run, scenario};
use timeline::{
    Style,
    chart::{plain, table, text},
    line::Line,
    record::Run,
    verdict::Verdict,
};

pub(crate) fn style(width: usize) -> Style {
    Style {
        width,
        colour: false,
        ascii: false,
    }
}

pub(crate) fn verdicts(run: &Run) -> Vec<Verdict> {
    run.servers.iter().map(Verdict::of).collect()
}

pub(crate) fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| line.render(false) + "\n").collect()
}

pub(crate) fn chart(run: &Run, style: &Style) -> String {
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
 █ waiting   ▄ being served   × failed   right: seconds waited, served, behind
";

const TABLE: &str = "
                             single-server   threaded-server
 blocked clients                    3 of 3            0 of 3
 waited in all                      4.80 s            0.00 s
 requests served at once                 1                 2
 last answer after                  2.50 s            2.00 s
 queue model: waited                4.80 s            0.00 s   each within 0 ms
 N of M: M clients came while another was connected; N of these were blocked
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
            { name = 'A', at = '0s', requests = ['ECHO \
            a-rather-long-text-that-no-label-holds'] },
            { name = 'Silent-client-of-a-long-name', at = '0s', hold = '90s' },
            { name = 'Many', at = '1s', requests = ['INCR visits'], times = 9, count = \
            30 },
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
fn plain_is_a_sentence_a_request() {
    let run = run(&scenario(HEAD_OF_LINE));
    let sentences = plain::sentences(&run, &verdicts(&run));
    let printed =
        "B (RUN date) waited 1.80 s behind A (SLEEP 2s), then was served in 0.00 s.";
    assert_eq!(sentences[2], printed);
    assert_eq!(
        sentences
            .iter()
            .filter(|line| line.contains("(RUN date) waited"))
            .count(),
        4
    );
}
