//! The HTML, opened in headless Chromium: what it shows, and how one steps through it.

use std::fs;

use crate::{
    chromium::{measured, run_in, run_with},
    made_up::{HEAD_OF_LINE, record},
};
use timeline::{
    chart::{html, plain},
    record::Record,
    verdict::Verdict,
};

#[test]
fn the_page_has_the_picture_the_numbers_and_hover_text_and_loads_nothing() {
    let Some(measured) = measured(&html::page(&record(HEAD_OF_LINE))) else {
        return;
    };
    assert_eq!(measured["faults"], serde_json::json!([]));
    assert_eq!(measured["rows"], 8, "one for each request");
    assert_eq!(measured["titles"], 8);
}

/// C waits for B, and B has waited for A.
const CHAIN: &str = "client = [
    { name = 'A', at = '0s', requests = ['SLEEP 1s'] },
    { name = 'B', at = '100ms', requests = ['SLEEP 1s'] },
    { name = 'C', at = '1900ms', requests = ['PING'] },
    { name = 'D', at = '3s', requests = ['PING'] },
]";

#[test]
fn a_row_that_is_pointed_at_or_reached_with_tab_shows_its_chain() {
    let page = html::page(&record(CHAIN));
    let Some(seen) = run_in(&page, include_str!("browser/chain.js")) else {
        return;
    };
    assert_eq!(seen["faults"], serde_json::json!([]));
    let chain = serde_json::json!(["A SLEEP 1s", "B SLEEP 1s", "C PING"]);
    assert_eq!(seen["pointed"], chain);
    assert_eq!(seen["focused"], chain);
    assert_eq!(seen["after"], serde_json::json!([]));
    assert_eq!(seen["alone"], serde_json::json!(["D PING"]));
}

#[test]
fn play_goes_through_all_events_and_moves_only_where_motion_is_wanted() {
    let page = html::page(&record(CHAIN));
    let script = include_str!("browser/play.js");
    for (flags, moves) in [
        (&[][..], true),
        (&["--force-prefers-reduced-motion"][..], false),
    ] {
        let Some(seen) = run_with(flags, &page, script) else {
            return;
        };
        assert_eq!(seen["faults"], serde_json::json!([]), "{flags:?}");
        assert_eq!(seen["calm"], !moves, "{flags:?}");
        assert_eq!(seen["shown"], seen["events"], "each is shown once");
        assert_eq!(seen["end"], true);
        let between = seen["between"].as_u64().unwrap();
        assert_eq!(between > 5, moves, "{flags:?}: {between} places in between");
    }
}

fn sentences(record: &Record) -> Vec<String> {
    let run = &record.runs[0];
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let is_event = |line: &String| line.starts_with(|first: char| first.is_ascii_digit());
    let mut sentences = plain::sentences(run, &verdicts);
    sentences.retain(is_event);
    sentences.sort_unstable();
    sentences
}

#[test]
fn a_page_steps_with_the_keyboard_through_the_sentences_of_plain() {
    let record = record(HEAD_OF_LINE);
    let Some(seen) = run_in(&html::page(&record), include_str!("browser/step.js")) else {
        return;
    };
    assert_eq!(seen["faults"], serde_json::json!([]));
    let states = seen["states"].as_array().unwrap();
    let mut shown: Vec<&str> = states
        .iter()
        .map(|state| state["sentence"].as_str().unwrap())
        .collect();
    assert!(
        shown[0].starts_with("0.00 s") && shown[shown.len() - 1].starts_with("2.50 s")
    );
    shown.sort_unstable(); // plain goes server by server, a page by time
    assert_eq!(shown, sentences(&record));
    let d = states.iter().find(|state| {
        state["sentence"]
            .as_str()
            .unwrap()
            .contains("single-server: D connects")
    });
    let d = d.unwrap();
    assert_eq!(
        d["standing"][0],
        serde_json::json!(["single-server", "A", "B, C, D"])
    );
    assert_eq!(d["current"], 1);
    let lines: Vec<f64> = states
        .iter()
        .map(|state| state["line"].as_f64().unwrap())
        .collect();
    assert!(
        lines.is_sorted() && lines[0] < lines[lines.len() - 1],
        "{lines:?}"
    );
}

/// axe-core as `scripts/install-test-tools.sh` puts it beside the other tools.
fn axe() -> Option<String> {
    let this = std::env::current_exe().unwrap();
    let target = this.ancestors().nth(3).unwrap(); // target/PROFILE/deps/TEST
    let file = target.join("test-tools/axe-core/node_modules/axe-core/axe.min.js");
    if !file.is_file() && !fixture::skip("axe-core is not installed") {
        return None;
    }
    Some(fs::read_to_string(file).unwrap())
}

#[test]
fn axe_finds_nothing_to_object_to_in_a_page() {
    let Some(axe) = axe() else { return };
    let page = html::page(&record(HEAD_OF_LINE));
    let script = format!("{axe}\n{}", include_str!("browser/step.js"));
    let Some(seen) = run_in(&page, &script) else {
        return;
    };
    assert_eq!(seen["axe"], serde_json::json!([]));
}

#[test]
fn without_a_script_a_page_lists_every_event() {
    let record = record(HEAD_OF_LINE);
    let page = html::page(&record);
    let (before, _) = page.split_once("<script>").unwrap();
    for sentence in sentences(&record) {
        assert!(before.contains(&format!(">{sentence}</li>")), "{sentence}");
    }
    assert!(before.contains("id=\"player\" aria-label=\"Step through the run\" hidden"));
}

#[test]
fn what_is_still_to_come_is_pale_wherever_it_waits() {
    let recorded = fixture::workspace().join("demos/recorded/lock-too-long.json");
    let record = Record::read(&fs::read(recorded).unwrap()).unwrap();
    let page = html::page(&record);
    let seen = run_in(&page, include_str!("browser/pale.js"));
    let Some(seen) = seen else { return };
    assert_eq!(seen["bright"], serde_json::json!([]), "{seen}");
    assert!(seen["marks"].as_u64() > Some(3), "{seen}");
}
