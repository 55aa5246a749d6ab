//! Charts over made-up times, to the character.

use crate::made_up::{HEAD_OF_LINE, run, scenario};
use sleep_demo::scenario::{Folder, Scenario};
use timeline::{
    Style,
    chart::{plain, table, text},
    line::Line,
    record::{Moment, Run},
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
 █ waiting   ▄ being served   × failed   seconds waited and served, behind whom
";

const TABLE: &str = "
                             single-server   threaded-server
 blocked clients                    3 of 3            0 of 3
 waited in all                      4.80 s            0.00 s
 most in service at once                 1                 2
 last answer after                  2.50 s            2.00 s
 queue model: waited                4.80 s            0.00 s   each within 0 ms
 N of M: M came while another was still there; N of them waited for it
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

/// The chart as it stood at a moment, in so many rows.
fn live(run: &Run, now: u64, rows: usize) -> Vec<String> {
    let known = run.known_at(|_| Moment::At(now));
    let lines = text::in_room(&known, &[], Some(now), &style(80), rows);
    lines.iter().map(|line| line.render(false)).collect()
}

#[test]
fn while_a_run_goes_on_the_first_is_served_and_the_others_wait_for_its_place() {
    let mut run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s'] },
            { name = 'B', at = '1s', requests = ['SLEEP 2s'] },
            { name = 'C', at = '1s', hold = '4s' },
            { name = 'D', at = '3500ms', requests = ['PING'] },
        ]",
    ));
    run.horizon_us = Some(4_000_000);
    let lines = live(&run, 1_500_000, 40);
    assert_eq!(lines[2], " A SLEEP 2s     ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄");
    assert_eq!(lines[3], " B SLEEP 2s                █████");
    assert_eq!(lines[4], " C (silent)                ·····");
    assert_eq!(lines[5], " D PING");
    assert_eq!(
        lines[8], " B SLEEP 2s                ▄▄▄▄▄",
        "a thread each"
    );
    assert!(
        lines[12].ends_with("no answer yet: the model's prediction"),
        "{lines:#?}"
    );
    // A has left: its place is B's.
    let lines = live(&run, 3_000_000, 40);
    assert!(lines[3].contains("███████████▄▄▄▄▄▄▄▄▄▄"), "{lines:#?}");
    // Nothing is known of a server that may be anything.
    run.servers[0].places = None;
    let lines = live(&run, 1_500_000, 40);
    assert_eq!(lines[2], " A SLEEP 2s     ────────────────");
    assert_eq!(lines[3], " B SLEEP 2s                ─────");
}

#[test]
fn in_an_event_loop_only_what_computes_keeps_the_others_waiting() {
    let run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s'] },
            { name = 'B', at = '1s', requests = ['PRIMES 2s'] },
            { name = 'C', at = '2s', requests = ['PING'] },
        ]
        [[server]]
        command = 'event-server'
        places = 'event-loop'",
    ));
    let signs = |now| -> Vec<char> {
        let lines = live(&run, now, 40);
        let rows = lines[2..5].iter();
        rows.map(|row| row.chars().last().unwrap()).collect()
    };
    assert_eq!(signs(1_500_000), ['▄', '▄', 'G']);
    assert_eq!(signs(2_500_000)[1..], ['▄', '█']);
}

/// While they grow, the longest charts of the kit have room on a small screen.
#[test]
fn every_scenario_fits_24_rows_of_80_columns_while_it_is_played() {
    let folder = Folder::from_environment();
    for name in folder.names().unwrap() {
        let scenario = folder.scenario(&name).unwrap();
        let run = played_in_time(&scenario);
        let end = run.end_us();
        for step in 0..=20 {
            let lines = live(&run, end * step / 20, 23);
            assert!(lines.len() <= 23, "{name}: {lines:#?}");
            for server in &run.servers {
                let heading = format!("{} · ", server.name);
                let is_there = lines.iter().any(|line| line.starts_with(&heading));
                assert!(is_there, "{name}, {}: {lines:#?}", server.name);
            }
        }
    }
}

/// The scenario as the model has it, with a MEET that takes no time.
fn played_in_time(scenario: &Scenario) -> Run {
    let mut short = scenario.clone();
    for client in &mut short.clients {
        client.requests.retain(|one| !one.starts_with("PRIMES"));
    }
    run(&short)
}

#[test]
fn servers_that_are_done_are_folded_first_and_the_first_that_goes_on_is_kept() {
    let folder = Folder::from_environment();
    let run = run(&folder.scenario("thread-limit").unwrap());
    let headings = |now, rows| -> Vec<String> {
        let mut lines = live(&run, now, rows);
        lines.retain(|line| !line.starts_with(' '));
        lines
    };
    let whole = headings(2_500_000, 40);
    assert!(
        whole.iter().all(|line| !line.contains("done")),
        "{whole:#?}"
    );
    let folded = headings(2_500_000, 23);
    assert_eq!(folded[3], "limit 4 · done after 2.00 s", "{folded:#?}");
    assert_eq!(&folded[..3], &whole[..3], "the others are whole");
    let less = headings(2_500_000, 16);
    assert_eq!(less[2], "limit 2 · 1 being served", "{less:#?}");
    let least = headings(2_500_000, 3);
    assert_eq!(
        least[1], "limit 1 · 1 being served, 3 waiting",
        "{least:#?}"
    );
    assert_eq!(least[0], whole[0]);
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
