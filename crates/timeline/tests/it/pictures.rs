//! The SVG and the HTML, opened in headless Chromium and measured as they are drawn.

use std::{fs, process::Command};

use crate::made_up::{HEAD_OF_LINE, record};
use serde_json::Value;
use tempfile::TempDir;
use timeline::{
    chart::{html, plain, svg},
    record::Record,
    verdict::Verdict,
};

/// Opens a page in Chromium, and gives back what `browser/measure.js` measured in it;
/// `None` where there is no Chromium.
fn measured(page: &str) -> Option<Value> {
    run_in(page, include_str!("browser/measure.js"))
}

/// Opens a page in Chromium, runs a script in it, and gives back what that leaves there;
/// `None` where there is no Chromium.
fn run_in(page: &str, script: &str) -> Option<Value> {
    run_with(&[], page, script)
}

fn run_with(flags: &[&str], page: &str, script: &str) -> Option<Value> {
    if !fixture::has("chromium") {
        return None;
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, format!("{page}<script>\n{script}</script>\n")).unwrap();
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args([
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1100,900",
        ])
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .args(flags)
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let json = dom
        .split("measured\">measured")
        .nth(1)
        .and_then(|rest| rest.split("measured<").next());
    let json = json
        .unwrap_or_else(|| panic!("{dom}\n{}", String::from_utf8_lossy(&output.stderr)));
    Some(serde_json::from_str(json).unwrap())
}

fn page_of(svg: &str) -> String {
    format!("<!doctype html><meta charset=\"utf-8\"><body>{svg}")
}

#[test]
fn a_browser_draws_waiting_and_service_without_clipping_or_covering() {
    let Some(measured) = measured(&page_of(&svg::picture(&record(HEAD_OF_LINE)))) else {
        return;
    };
    assert_eq!(measured["faults"], serde_json::json!([]));
    assert_eq!(measured["waiting"], 3, "B, C and D on the single server");
    assert_eq!(measured["served"], 8);
    let pixels = |colour: &str| measured["pixels"][colour].as_u64().unwrap();
    assert!(pixels("served") > 5_000, "{measured}");
    assert!(pixels("waiting") > 15_000, "{measured}");
}

/// How many pixels of a PNG have each of these colours.
fn pixels<const N: usize>(png: &[u8], colours: [[u8; 3]; N]) -> [usize; N] {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::ALPHA);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    colours.map(|colour| {
        bytes
            .chunks(4)
            .filter(|one| one.starts_with(&colour))
            .count()
    })
}

/// Slide programs draw a picture with libraries that know little of CSS.
#[test]
fn renderers_that_know_little_css_draw_the_colours_too() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("picture.svg");
    fs::write(&file, svg::picture(&record(HEAD_OF_LINE))).unwrap();
    let file = file.to_str().unwrap();
    let cairo =
        "import cairosvg, sys; cairosvg.svg2png(url=sys.argv[1], write_to='/dev/stdout')";
    let rsvg = fixture::has("rsvg-convert").then(|| Command::new("rsvg-convert"));
    let cairo = fixture::python_with("cairosvg").map(|python| {
        let mut command = Command::new(python);
        command.args(["-c", cairo]);
        command
    });
    for mut renderer in rsvg.into_iter().chain(cairo) {
        let drawn = renderer.arg(file).output().unwrap();
        assert!(drawn.status.success(), "{drawn:?}");
        let [paper, waiting, served, black] = pixels(
            &drawn.stdout,
            [[255; 3], [0xd7, 0x5f, 0], [0, 0x87, 0xaf], [0; 3]],
        );
        assert!(paper > 200_000, "{renderer:?}: {paper} pixels are white");
        assert!(
            waiting > 15_000,
            "{renderer:?}: {waiting} pixels are waiting"
        );
        assert!(served > 5_000, "{renderer:?}: {served} pixels are served");
        assert!(black < 1_000, "{renderer:?}: {black} pixels are black");
    }
}

#[test]
fn long_names_and_a_crowd_stay_inside_the_picture() {
    let clients = "
        client = [
            { name = 'Client-with-a-very-long-name', at = '0s', requests = ['ECHO a-long-long-long-text'] },
            { name = 'Silent-client-of-a-long-name', at = '0s', hold = '90s' },
            { name = 'Sleepers', at = '0s', requests = ['SLEEP 2s'], count = 300 },
        ]
        [[server]]
        name = 'a server whose name alone is much longer than any heading of a picture can hold'
        command = 'single-server'
        places = 1";
    let Some(measured) = measured(&page_of(&svg::picture(&record(clients)))) else {
        return;
    };
    assert_eq!(measured["faults"], serde_json::json!([]));
}

#[test]
fn the_page_has_the_picture_the_numbers_and_hover_text_and_loads_nothing() {
    let Some(measured) = measured(&html::page(&record(HEAD_OF_LINE))) else {
        return;
    };
    assert_eq!(measured["faults"], serde_json::json!([]));
    assert_eq!(measured["rows"], 8, "one for each request");
    assert_eq!(measured["titles"], 8);
}

#[test]
fn what_a_request_says_is_text_and_never_markup() {
    let record = record(
        "client = [{ name = 'A', at = '0s', requests = [\"ECHO <script>&\\u001b\"] }]",
    );
    for text in [svg::picture(&record), html::page(&record)] {
        assert!(text.contains("ECHO &lt;script&gt;&amp;"), "{text}");
        assert!(
            !text.contains("<script>&") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
}

#[test]
fn an_arrow_leads_from_each_wait_to_the_request_in_the_way() {
    let picture = svg::picture(&record(HEAD_OF_LINE));
    assert_eq!(
        picture.matches("class=\"arrow\"").count(),
        4,
        "three, and their legend"
    );
    let Some(seen) = run_in(&page_of(&picture), include_str!("browser/arrows.js")) else {
        return;
    };
    assert_eq!(seen["faults"], serde_json::json!([]));
    assert_eq!(
        seen["ends"],
        serde_json::json!([["B", "A"], ["C", "A"], ["D", "A"]])
    );
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

/// Drawn from the recorded run, as `scripts/picture.sh --replay head-of-line` does it.
#[test]
fn the_picture_and_the_page_of_the_book_are_drawn_from_the_recorded_run() {
    let root = fixture::workspace();
    let recorded = fs::read(root.join("demos/recorded/head-of-line.json")).unwrap();
    let recorded = Record::read(&recorded).unwrap();
    for (file, drawn) in [
        ("docs/head-of-line.svg", svg::picture(&recorded)),
        ("docs/head-of-line.html", html::page(&recorded)),
    ] {
        if std::env::var_os("KIT_UPDATE_DOCS").is_some() {
            fs::write(root.join(file), &drawn).unwrap();
        }
        let stands = fs::read_to_string(root.join(file)).unwrap();
        let again = "scripts/picture.sh --replay head-of-line";
        assert!(stands == drawn, "{file} is not as {again} draws it");
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
