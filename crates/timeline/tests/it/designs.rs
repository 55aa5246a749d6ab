//! The table of designs over made-up answers: drawn in every way, without a server.

use timeline::{
    Style,
    designs::{Cell, Design, Question, Table, lines, picture, sentences},
};

fn answer(answer: &str, harmed: Option<bool>, failure: Option<&str>) -> Cell {
    Cell::Answer {
        answer: answer.to_owned(),
        means: format!("it answered {answer}"),
        harmed,
        figure: None,
        failures: failure.map(str::to_owned).into_iter().collect(),
    }
}

fn missing() -> Cell {
    Cell::Missing {
        why: "the <others> wait".to_owned(),
    }
}

fn table(failure: Option<&str>) -> Table {
    let question = |name: &str, heading: &str| Question {
        name: name.to_owned(),
        title: format!("a {name}"),
        heading: heading.split(' ').map(str::to_owned).collect(),
    };
    let design = |server: &str, title: &str, cells| Design {
        server: server.to_owned(),
        title: title.to_owned(),
        cells,
    };
    Table {
        questions: vec![question("slow", "slow request"), question("idle", "memory")],
        designs: vec![
            design(
                "single-server",
                "one thread",
                vec![answer("waits", Some(true), None), missing()],
            ),
            design(
                "event-server",
                "event loop",
                vec![
                    answer("no wait", Some(false), failure),
                    answer("2.0 KiB", None, None),
                ],
            ),
        ],
        ..Table::default()
    }
}

fn text(table: &Table, width: usize) -> Vec<String> {
    let style = Style {
        width,
        colour: false,
        ascii: false,
    };
    let lines = lines(table, &style);
    lines.iter().map(|line| line.render(false)).collect()
}

#[test]
fn a_cell_that_is_empty_says_why_below_the_table() {
    assert_eq!(
        text(&table(None), 80),
        [
            "                    slow",
            "                 request   memory",
            "one thread         waits        -",
            "event loop       no wait  2.0 KiB",
            "",
            " - one thread: the <others> wait",
        ]
    );
}

#[test]
fn a_narrow_terminal_gets_the_table_in_parts() {
    let mut wide = table(None);
    for _ in 0..2 {
        let questions = wide.questions.clone();
        wide.questions.extend(questions);
        for design in &mut wide.designs {
            let cells = design.cells.clone();
            design.cells.extend(cells);
        }
    }
    let lines = text(&wide, 40);
    let titles = lines.iter().filter(|line| line.starts_with("one thread"));
    assert_eq!(titles.count(), 4);
    assert!(
        lines.iter().all(|line| line.chars().count() <= 40),
        "{lines:#?}"
    );
}

#[test]
fn what_did_not_hold_is_said_in_every_form() {
    let broken = table(Some("expected [B], observed []"));
    assert!(!broken.is_as_expected() && table(None).is_as_expected());
    let said = "event loop, a slow: expected [B], observed []";
    assert_eq!(text(&broken, 80).last().unwrap(), &format!(" ! {said}"));
    let plain = sentences(&broken);
    assert_eq!(plain.last().unwrap(), &format!("did not hold: {said}"));
    assert!(picture(&broken).contains("class=\"failed\""));
}

#[test]
fn a_sentence_for_each_cell() {
    assert_eq!(
        sentences(&table(None)),
        [
            "one thread (single-server), a slow: it answered waits",
            "one thread (single-server), a idle: not known: the <others> wait",
            "event loop (event-server), a slow: it answered no wait",
            "event loop (event-server), a idle: it answered 2.0 KiB",
        ]
    );
}

#[test]
fn the_picture_is_well_formed_and_the_file_reads_back() {
    let table = table(None);
    let picture = picture(&table);
    assert!(picture.contains("the &lt;others&gt; wait"), "{picture}");
    assert_eq!(
        picture.matches("<g>").count(),
        picture.matches("</g>").count()
    );
    assert_eq!(picture.matches("<g>").count(), 4);
    let file = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Table>(&file).unwrap(), table);
}
