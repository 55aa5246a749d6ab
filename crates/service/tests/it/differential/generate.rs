//! What is sent: conversations in the protocol, half of them damaged.

use fixture::Dice;

/// One input, the same for the same seed.
pub(crate) struct Input {
    pub(crate) bytes: Vec<u8>,
    /// Where it is cut into writes.
    pub(crate) cuts: Vec<usize>,
    /// Part of each counter's name, so that no two inputs share a counter.
    pub(crate) token: String,
}

/// Bytes that mean something to the protocol, for damage that goes deep.
const MEANINGFUL: &[&[u8]] = &[
    b"\r\n",
    b"\r",
    b"\n",
    b"*",
    b"$",
    b"*1\r\n",
    b"$4\r\n",
    b"*0\r\n",
    b"*-1\r\n",
    b"$0\r\n",
    b"$-1\r\n",
    b"*-0\r\n",
    b"*01\r\n",
    b"$+4\r\n",
    b" ",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\"",
    b"'",
    b"\\",
    b"\\x4",
    b"\\x41",
    b"\\n",
    b"0",
    b"1",
    b"9",
    b"-",
    b"+",
    b"\xff",
    b"PING",
    b"QUIT",
    b"*2147483648\r\n",
    b"$536870913\r\n",
    b"$9223372036854775808\r\n",
];

const WORDS: &[&str] = &[
    "",
    "a",
    "hi",
    "two words",
    "line\r\nend",
    "\"",
    "'",
    "\\",
    "it's",
    "\t",
    "\x0b",
    "\u{e9}",
    "0",
    "-1",
    "007",
    "9223372036854775807",
    "*1",
    "$4",
    "PING",
];

const AMOUNTS: &[&str] = &[
    "1",
    "-1",
    "0",
    "-0",
    "+1",
    "01",
    "",
    "x",
    " 1",
    "1 ",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "4611686018427387904",
    "1.0",
];

const UNKNOWN: &[&str] = &[
    "NOPE", "pinG2", "", "x\r\ny", "a b", "'", "PING ", "\u{e9}", "GE",
];

pub(crate) fn input(seed: u64) -> Input {
    let mut dice = Dice::new(seed);
    let token = format!("{:016x}", dice.below(u64::MAX));
    let mut bytes = Vec::new();
    if dice.once_in(400) {
        long_line(&mut dice, &mut bytes);
    } else {
        for _ in 0..=dice.index(5) {
            request(&mut dice, &token, &mut bytes);
        }
        if dice.once_in(2) {
            for _ in 0..=dice.index(4) {
                damage(&mut dice, &mut bytes);
            }
        }
    }
    let pieces = if dice.once_in(2) { 0 } else { dice.index(6) };
    let cuts = (0..pieces).map(|_| dice.index(bytes.len() + 1)).collect();
    Input { bytes, cuts, token }
}

fn request(dice: &mut Dice, token: &str, out: &mut Vec<u8>) {
    let words = words(dice, token);
    match dice.index(8) {
        0 => out.extend_from_slice(dice.one_of(&[
            &b"\r\n"[..],
            b"*0\r\n",
            b"*-7\r\n",
            b" \n",
        ])),
        1..4 => typed(dice, &words, out),
        _ => proto::encode_request(&words, out),
    }
}

fn words(dice: &mut Dice, token: &str) -> Vec<String> {
    let mut words = match dice.index(16) {
        0..3 => vec!["PING"],
        3..5 => vec!["PING", dice.one_of(WORDS)],
        5..8 => vec!["ECHO", dice.one_of(WORDS)],
        8 => vec!["QUIT"],
        9 => vec![dice.one_of(&["POST", "Host:", "host:", "PoSt", "Host", "POST:"])],
        10 => vec!["HELLO", dice.one_of(&["4", "1", "x", "", "03", "-2"])],
        11..13 => vec![dice.one_of(UNKNOWN), dice.one_of(WORDS), dice.one_of(WORDS)],
        13 => vec!["ECHO"],
        _ => Vec::new(),
    }
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    if words.is_empty() {
        words = vec!["INCR".to_owned(), format!("c{token}")];
        if dice.once_in(2) {
            words = vec![
                "INCRBY".to_owned(),
                format!("c{token}"),
                dice.one_of(AMOUNTS).to_owned(),
            ];
        }
    }
    if dice.once_in(8) {
        words.push(dice.one_of(WORDS).to_owned());
    }
    if dice.once_in(12) {
        words.push("x".repeat(dice.index(300)));
    }
    if dice.once_in(4) {
        words[0] = words[0].to_lowercase();
    }
    words
}

/// The words as a person would type them, quoted where they must be and at times where
/// not.
fn typed(dice: &mut Dice, words: &[String], out: &mut Vec<u8>) {
    for word in words {
        let plain =
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if plain && !dice.once_in(4) {
            out.extend_from_slice(word.as_bytes());
        } else {
            out.push(b'"');
            for byte in word.bytes() {
                match byte {
                    b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    byte if dice.once_in(8) => {
                        out.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
                    }
                    byte => out.push(byte),
                }
            }
            out.push(b'"');
        }
        out.extend_from_slice(dice.one_of(&[&b" "[..], b"  ", b"\t", b" \x0b"]));
    }
    out.extend_from_slice(dice.one_of(&[&b"\r\n"[..], b"\n"]));
}

/// A line around the limit of 64 KiB, without an end: with one, Redis' answer depends on
/// how much it happened to read at once.
fn long_line(dice: &mut Dice, out: &mut Vec<u8>) {
    out.extend_from_slice(dice.one_of(&[&b""[..], b"*", b"*1\r\n$", b"*1\r\n"]));
    let length = 65_530 + dice.index(20);
    out.extend(std::iter::repeat_n(b'7', length));
}

fn damage(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let at = dice.index(bytes.len() + 1);
    let end = at + dice.index(8).min(bytes.len() - at);
    match dice.index(6) {
        0 => drop(bytes.drain(at..end)),
        1 => bytes.truncate(at),
        2 => {
            let piece = bytes[at..end].to_vec();
            let to = dice.index(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        3 => {
            let byte = u8::try_from(1 + dice.index(255)).expect("a byte, and no NUL");
            bytes.splice(at..at, [byte]);
        }
        _ => {
            let piece = dice.one_of(MEANINGFUL);
            bytes.splice(at..end, piece.iter().copied());
        }
    }
}
