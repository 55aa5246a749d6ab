//! Which inputs both servers can be asked, and how they are to be sent.

use std::collections::HashSet;

use proto::{Arguments, Request, RequestDecoder};

use super::generate::Input;

/// What both servers know.
const SHARED: &[&str] = &["ping", "echo", "incr", "incrby", "quit"];
/// What ours knows and Redis does not, or knows as something else.
const OURS: &[&str] = &[
    "sleep", "primes", "run", "meet", "say", "register", "roster", "get", "timed",
    "hello",
];

/// How an input ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The server closes by itself; without this the client's half-close ends it.
    Closes,
    /// As `Closes`, and replies that were collected are dropped: what is sent must arrive
    /// at once for that to be the same twice.
    ClosesAtOnce,
    /// The connection stays.
    Stays,
}

/// How the input should end, or `None` where the two servers differ on purpose: a NUL is
/// an ordinary byte to ours, and so on.
pub(crate) fn ending(input: &Input, known_to_redis: &HashSet<String>) -> Option<Ending> {
    if input.bytes.contains(&0) || names_a_limit_of_ours(&input.bytes) {
        return None;
    }
    let mut decoder = RequestDecoder::new();
    decoder.feed(&input.bytes);
    loop {
        let arguments = match decoder.next_request() {
            Ok(Some(arguments)) => arguments,
            Ok(None) => return Some(Ending::Stays),
            Err(_) => return Some(Ending::Closes),
        };
        // Quoted as \x00 it gets past the first look.
        if arguments.iter().any(|argument| argument.contains(&0)) {
            return None;
        }
        let name = String::from_utf8_lossy(&arguments[0]).to_lowercase();
        if Request::is_from_browser(&arguments) {
            return (input.bytes.len() <= 4096).then_some(Ending::ClosesAtOnce);
        }
        if !is_shared(&name, &arguments, input, known_to_redis) {
            return None;
        }
        if name == "quit" {
            return Some(Ending::Closes);
        }
    }
}

fn is_shared(
    name: &str,
    arguments: &Arguments,
    input: &Input,
    known_to_redis: &HashSet<String>,
) -> bool {
    let counter = arguments.get(1).map(|name| String::from_utf8_lossy(name));
    match name {
        "hello" => {
            let is_option = |word: &Vec<u8>| {
                word.eq_ignore_ascii_case(b"auth")
                    || word.eq_ignore_ascii_case(b"setname")
            };
            Request::parse(arguments).is_err() && !arguments.iter().any(is_option)
        }
        "incr" | "incrby" => counter.is_none_or(|name| name.contains(&input.token)),
        name if SHARED.contains(&name) => true,
        name => !OURS.contains(&name) && !known_to_redis.contains(name),
    }
}

/// Whether a `*N` or `$N` is above our limit and within that of Redis.
fn names_a_limit_of_ours(bytes: &[u8]) -> bool {
    (0..bytes.len()).any(|at| {
        let range = match bytes[at] {
            b'*' => 1_025..=2_147_483_647,
            b'$' => 1_048_577..=536_870_912,
            _ => return false,
        };
        let digits = bytes[at + 1..]
            .iter()
            .take(20)
            .take_while(|byte| byte.is_ascii_digit());
        let digits: Vec<u8> = digits.copied().collect();
        proto::parse_integer(&digits).is_some_and(|number| range.contains(&number))
    })
}
