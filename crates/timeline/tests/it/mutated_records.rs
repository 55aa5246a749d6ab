//! Ten thousand records with values that no run has shown: nothing which is read makes a
//! drawing panic, hang or grow without bound.

use serde_json::{Value, json};
use timeline::{
    Style,
    chart::{html, plain, spread, table, text},
    record::{Moment, Record},
    trace::trace,
    verdict::Verdict,
};

use fixture::Dice;

use crate::made_up::record;

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

/// The places of a value below this one, by chance.
fn somewhere<'a>(value: &'a mut Value, dice: &mut Dice) -> &'a mut Value {
    let inner = match value {
        Value::Array(items) if !items.is_empty() => {
            let index = dice.index(items.len());
            value.as_array_mut().and_then(|items| items.get_mut(index))
        }
        Value::Object(members) if !members.is_empty() => {
            let index = dice.index(members.len());
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
    match (value, dice.index(12)) {
        (Value::Number(_), 0..9) => json!(numbers[dice.index(numbers.len())]),
        (Value::String(_), 0..8) => json!(texts[dice.index(texts.len())]),
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
    for _ in 0..=dice.index(3) {
        let value = somewhere(&mut record, dice);
        *value = another(value, dice);
    }
    let mut bytes = record.to_string().into_bytes();
    if dice.index(4) == 0 {
        let index = dice.index(bytes.len());
        match dice.index(4) {
            0 => bytes[index] ^= 1 << dice.index(8),
            1 => drop(bytes.remove(index)),
            2 => bytes.truncate(index.max(1)),
            _ => bytes.insert(index, b"0123456789{}[],:\"-e."[dice.index(20)]),
        }
    }
    bytes
}

#[test]
fn mutated_records_are_refused_or_drawn_in_bounds() {
    let mut dice = Dice::new(16);
    let record = serde_json::to_value(record(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s', 'INCRBY c -1'], pipeline \
            = true },
            { name = 'B', at = '200ms', requests = ['PRIMES 1s', 'INCR c'], hold = '1s' },
            { name = 'C', at = '300ms', hold = '1s' },
            { name = 'S', at = '400ms', requests = ['MEET 2'], count = 2 },
        ]",
    ));
    let record = record.unwrap();
    let (mut drawn, mut refused) = (0, 0);
    let records = Dice::rounds(10_000);
    for _ in 0..records {
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
        drawn > records / 10 && refused > records / 10,
        "{drawn} drawn, {refused} refused"
    );
}
