//! Records that anybody may have written: what is refused, with its place, and that
//! nothing which is read makes a drawing panic, hang or grow without bound.

use serde_json::{Value, json};
use timeline::{
    Style,
    chart::{html, plain, spread, table, text},
    record::{Moment, Record},
    trace::trace,
    verdict::Verdict,
};

use crate::made_up::{HEAD_OF_LINE, record};

fn head_of_line() -> Value {
    serde_json::to_value(record(HEAD_OF_LINE)).unwrap()
}

/// What is said of the record after this value of it has been replaced.
fn refused(pointer: &str, value: Value) -> String {
    let mut record = head_of_line();
    *record.pointer_mut(pointer).unwrap() = value;
    let json = serde_json::to_vec_pretty(&record).unwrap();
    let error = Record::read(&json).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn what_was_written_is_read_back() {
    let record = record(HEAD_OF_LINE);
    let json = serde_json::to_vec_pretty(&record).unwrap();
    assert_eq!(Record::read(&json), Ok(record));
}

#[test]
fn keys_that_nobody_knows_are_left_aside() {
    let mut json = head_of_line();
    json["samples"] = json!({ "threads": [1, 2, 3] });
    json["runs"][0]["servers"][0]["backlog"] = json!([[0, 1]]);
    assert!(Record::read(json.to_string().as_bytes()).is_ok());
}

#[test]
fn a_value_that_no_run_has_shown_is_refused_with_its_place() {
    let request = "/runs/0/servers/1/connections/2/requests/0";
    let of = |key: &str| format!("{request}/{key}");
    for (pointer, value, place, what) in [
        (
            "/version".to_owned(),
            json!(99),
            ".version: ",
            "replay it with sleep-demo",
        ),
        ("/version".to_owned(), json!(0), ".version: ", "version 0"),
        ("/version".to_owned(), json!("1"), "line ", "expected u64"),
        (
            "/version".to_owned(),
            Value::Null,
            "not a run record",
            "no 'version'",
        ),
        (
            "/runs".to_owned(),
            json!([]),
            ".runs: ",
            "expected at least one",
        ),
        (
            "/runs".to_owned(),
            json!("none"),
            "line ",
            "expected a sequence",
        ),
        (
            "/runs/0/servers".to_owned(),
            json!([]),
            ".runs[0].servers: ",
            "no server",
        ),
        (
            "/runs/0/servers/0/connections".to_owned(),
            json!(1_000_000_000),
            "line ",
            "expected a sequence",
        ),
        ("/speed".to_owned(), json!(-1.0), ".speed: ", "more than 0"),
        ("/cores".to_owned(), json!(-1), "line ", "expected usize"),
        (of("sent_us"), json!("soon"), "line ", "expected u64"),
        (
            of("sent_us"),
            Value::Null,
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "never sent",
        ),
        (
            of("sent_us"),
            json!(399_999),
            ".runs[0].servers[1].connections[2].requests[0].sent_us: ",
            "399999 is before opened_us at 400000",
        ),
        (
            of("replied_us"),
            json!(400),
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "400 is before opened_us",
        ),
        (
            of("replied_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "expected at most",
        ),
        (
            of("service_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].service_us: ",
            "expected at most",
        ),
        (
            of("model/waited_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].model.waited_us: ",
            "expected at most",
        ),
        (
            "/runs/0/servers/0/connections/0/closed_us".to_owned(),
            json!(1),
            ".runs[0].servers[0].connections[0].closed_us: ",
            "1 is before replied_us",
        ),
        (
            "/runs/0/servers/0/connections/0/due_us".to_owned(),
            json!(u64::MAX),
            ".runs[0].servers[0].connections[0].due_us: ",
            "expected at most",
        ),
    ] {
        let error = refused(&pointer, value);
        assert!(error.starts_with(place), "{error}");
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn what_is_no_record_is_refused_in_one_short_line() {
    let long = format!("{{\"version\": \"{}\"}}", "\\u001b[2J".repeat(10_000));
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"version\":1,\"runs\":{deep}");
    for (text, what) in [
        ("", "empty"),
        (" \n", "empty"),
        ("{", "cut short"),
        ("null", "a run record"),
        ("[]", "a run record"),
        (
            "{\"name\": \"kit\", \"dependencies\": {}}",
            "not a run record",
        ),
        ("digraph { a -> b }", "no JSON"),
        ("\u{feff}{}", "no JSON"),
        (&long, "expected u64"),
        (&deep, "line 1, column"),
        (&deeper, "cut short"),
    ] {
        let error = Record::read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
        assert!(
            error.len() < 300 && !error.contains(char::is_control),
            "{error}"
        );
    }
    assert!(Record::read(&[0xff, 0xfe, 0x00]).is_err());
    let whole = serde_json::to_vec_pretty(&head_of_line()).unwrap();
    for end in (0..whole.len()).step_by(7) {
        assert!(Record::read(&whole[..end]).is_err(), "cut at {end}");
    }
}

/// Everything that is made of a record; how many bytes it is. The page holds the picture.
fn draw(record: &Record) -> usize {
    let last = record.runs.last().unwrap();
    let verdicts: Vec<Verdict> = last.servers.iter().map(Verdict::of).collect();
    let style = Style {
        width: 80,
        colour: true,
        ascii: false,
    };
    let mut lines = text::chart(last, &verdicts, None, &style);
    for moment in [Moment::Before, Moment::At(500_000), Moment::Over] {
        let known = last.known_at(|_| moment);
        lines.extend(text::chart(&known, &[], Some(500_000), &style));
    }
    lines.extend(table::comparison(&verdicts, &style));
    lines.extend(table::story(last, &verdicts, &style));
    lines.extend(spread::spread(record, &style));
    let trace = serde_json::to_string(&trace(record)).unwrap();
    let text: usize = lines.iter().map(|line| line.render(true).len()).sum();
    let sentences: usize = plain::sentences(last, &verdicts)
        .iter()
        .map(String::len)
        .sum();
    text + sentences + trace.len() + html::page(record).len()
}

/// Numbers that look random and are the same in every run of the test.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// The places of a value below this one, by chance.
fn somewhere<'a>(value: &'a mut Value, dice: &mut Dice) -> &'a mut Value {
    let inner = match value {
        Value::Array(items) if !items.is_empty() => {
            let index = dice.below(items.len());
            value.as_array_mut().and_then(|items| items.get_mut(index))
        }
        Value::Object(members) if !members.is_empty() => {
            let index = dice.below(members.len());
            value
                .as_object_mut()
                .and_then(|members| members.values_mut().nth(index))
        }
        _ => return value,
    };
    somewhere(inner.unwrap(), dice)
}

/// A value of the same type more often than not, or of any.
fn another(value: &Value, dice: &mut Dice) -> Value {
    let numbers = [
        0,
        1,
        30_000_000,
        1_000_000_000_000,
        1_000_000_000_001,
        u64::MAX,
    ];
    let texts = [
        "",
        "INCRBY c -9223372036854775808",
        "PRIMÉS 日本 \u{1b}[2J\u{0}",
        "MEET 18446744073709551615",
        ":9223372036854775807",
        "threads",
    ];
    match (value, dice.below(12)) {
        (Value::Number(_), 0..9) => json!(numbers[dice.below(numbers.len())]),
        (Value::String(_), 0..8) => json!(texts[dice.below(texts.len())]),
        (Value::String(_), 8) => json!("x".repeat(1_000)),
        (Value::Bool(it), 0..9) => json!(!it),
        (Value::Array(items), 0..4) => items.iter().chain(items).cloned().collect(),
        (Value::Array(items), 4..9) => items.iter().rev().skip(1).cloned().collect(),
        (_, 9) => Value::Null,
        (_, 10) => json!([]),
        (_, 11) => json!(-1),
        (value, _) => value.clone(),
    }
}

fn mutated(record: &Value, dice: &mut Dice) -> Vec<u8> {
    let mut record = record.clone();
    for _ in 0..=dice.below(3) {
        let value = somewhere(&mut record, dice);
        *value = another(value, dice);
    }
    let mut bytes = record.to_string().into_bytes();
    if dice.below(4) == 0 {
        let index = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes[index] ^= 1 << dice.below(8),
            1 => drop(bytes.remove(index)),
            2 => bytes.truncate(index.max(1)),
            _ => bytes.insert(index, b"0123456789{}[],:\"-e."[dice.below(20)]),
        }
    }
    bytes
}

#[test]
fn ten_thousand_mutated_records_are_refused_or_drawn_in_bounds() {
    let mut dice = Dice(16);
    let record = serde_json::to_value(record(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s', 'INCRBY c -1'], pipeline = true },
            { name = 'B', at = '200ms', requests = ['PRIMES 1s', 'INCR c'], hold = '1s' },
            { name = 'C', at = '300ms', hold = '1s' },
            { name = 'S', at = '400ms', requests = ['MEET 2'], count = 2 },
        ]",
    ));
    let record = record.unwrap();
    let (mut drawn, mut refused) = (0, 0);
    for _ in 0..10_000 {
        let bytes = mutated(&record, &mut dice);
        match Record::read(&bytes) {
            Ok(record) => {
                let size = draw(&record);
                assert!(
                    size < 200_000 + 100 * bytes.len(),
                    "{size} of {}",
                    bytes.len()
                );
                drawn += 1;
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.lines().count() == 1 && error.len() < 400, "{error}");
                refused += 1;
            }
        }
    }
    assert!(
        drawn > 1_000 && refused > 1_000,
        "{drawn} drawn, {refused} refused"
    );
}
