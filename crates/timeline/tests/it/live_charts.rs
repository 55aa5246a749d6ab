//! Charts of a run that goes on.

use crate::{
    charts::style,
    made_up::{run, scenario},
};
use sleep_demo::scenario::{Folder, Scenario};
use timeline::{
    chart::text,
    record::{Moment, Run},
};

/// The chart as it stood at a moment, in `rows` rows.
pub(crate) fn live(run: &Run, now: u64, rows: usize) -> Vec<String> {
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
fn a_client_that_leaves_the_backlog_gives_nobody_a_place() {
    let mut run = run(&scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 1500ms'] },
            { name = 'B', at = '100ms', hold = '200ms' },
            { name = 'C', at = '200ms', requests = ['PING'] },
        ]",
    ));
    run.horizon_us = Some(2_000_000);
    run.servers[0].connections[1].closed_us = Some(300_000);
    let lines = live(&run, 1_000_000, 40);
    let c = lines[4].trim_start_matches(" C PING").trim();
    assert!(lines[4].starts_with(" C PING"), "{lines:#?}");
    assert!(c.chars().all(|sign| sign == '█'), "{lines:#?}");
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
    let whole = headings(2_600_000, 40);
    assert!(
        whole.iter().all(|line| !line.contains("done")),
        "{whole:#?}"
    );
    let folded = headings(2_600_000, 23);
    assert_eq!(folded[3], "limit 4 · done after 2.50 s", "{folded:#?}");
    assert_eq!(&folded[..3], &whole[..3], "the others are whole");
    let less = headings(2_600_000, 16);
    assert_eq!(less[2], "limit 2 · 1 being served", "{less:#?}");
    let least = headings(2_600_000, 3);
    assert_eq!(
        least[1], "limit 1 · 1 being served, 3 waiting",
        "{least:#?}"
    );
    assert_eq!(least[0], whole[0]);
}
