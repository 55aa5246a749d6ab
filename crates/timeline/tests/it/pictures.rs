//! The SVG, drawn by headless Chromium and by programs that know little CSS.

use std::{fs, process::Command};

use crate::{
    chromium::{measured, page_of, run_in},
    made_up::{HEAD_OF_LINE, record},
};
use tempfile::TempDir;
use timeline::{
    chart::{html, svg},
    record::Record,
};

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
            { name = 'Client-with-a-very-long-name', at = '0s', requests = ['ECHO \
            a-long-long-long-text'] },
            { name = 'Silent-client-of-a-long-name', at = '0s', hold = '90s' },
            { name = 'Sleepers', at = '0s', requests = ['SLEEP 2s'], count = 300 },
        ]
        [[server]]
        name = 'a server whose name alone is much longer than any heading of a picture \
        can hold'
        command = 'single-server'
        places = 1";
    let Some(measured) = measured(&page_of(&svg::picture(&record(clients)))) else {
        return;
    };
    assert_eq!(measured["faults"], serde_json::json!([]));
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
