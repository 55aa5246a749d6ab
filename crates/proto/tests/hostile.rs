//! Peers that announce much and send little: memory grows with the bytes received alone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

use std::{fs, sync::Mutex};

use proto::{Reply, ReplyDecoder, ReplyError, RequestDecoder, limits};

/// Memory is counted for the process, so one test at a time may look at it; and no test
/// of another file, which is why this is a program of its own.
static MEMORY: Mutex<()> = Mutex::new(());

/// Less than what is announced, more than the 64 MiB that the allocator may set aside for
/// each thread of the test.
const MUCH: usize = 1024 * 1024 * 1024;

/// How many bytes of address space `work` takes while what it made is alive; untouched
/// memory counts as well.
fn address_space_of<T>(work: impl FnOnce() -> T) -> usize {
    growth("VmSize:", work)
}

fn growth<T>(of: &str, work: impl FnOnce() -> T) -> usize {
    let _alone = MEMORY.lock().unwrap();
    let before = status(of);
    let made = work();
    let after = status(of);
    drop(made);
    after.saturating_sub(before)
}

/// A line of what the system says of this process, in bytes.
fn status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    let kib: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1024
}

#[test]
fn a_request_costs_what_was_sent_and_not_what_it_announces() {
    let announced = format!("*{}\r\n${}\r\n", limits::ARGUMENTS, limits::ARGUMENT);
    let taken = address_space_of(|| {
        let begun = |_| {
            let mut decoder = RequestDecoder::new();
            decoder.feed(announced.as_bytes());
            assert_eq!(decoder.next_request(), Ok(None));
            decoder
        };
        (0..2_000).map(begun).collect::<Vec<_>>()
    });
    assert!(
        taken < MUCH,
        "{taken} bytes for 2,000 requests that have begun"
    );
}

#[test]
fn a_reply_costs_what_was_sent_and_not_what_it_announces() {
    for announced in [
        "$67108864\r\n",
        "*4611686018427387903\r\n",
        "%4611686018427387903\r\n",
    ] {
        let taken = address_space_of(|| {
            let begun = |_| {
                let mut decoder = ReplyDecoder::new();
                decoder.feed(announced.as_bytes());
                assert_eq!(decoder.next_reply(), Ok(None));
                decoder
            };
            (0..2_000).map(begun).collect::<Vec<_>>()
        });
        assert!(taken < MUCH, "{taken} bytes for 2,000 × {announced}");
    }
}

#[test]
fn a_decoder_that_has_been_drained_gives_memory_back() {
    let mut request = Vec::new();
    proto::encode_request(&[vec![b'a'; limits::ARGUMENT]], &mut request);
    let taken = growth("VmRSS:", || {
        let drained = |_| {
            let mut decoder = RequestDecoder::new();
            decoder.feed(&request);
            assert!(decoder.next_request().unwrap().is_some());
            decoder.feed(b"");
            decoder
        };
        (0..200).map(drained).collect::<Vec<_>>()
    });
    assert!(
        taken < 100 * limits::ARGUMENT,
        "{taken} bytes for 200 idle connections"
    );
}

#[test]
fn replies_nest_no_deeper_than_a_client_reads() {
    let nested = |depth: usize| {
        let mut decoder = ReplyDecoder::new();
        decoder.feed("*1\r\n".repeat(depth).as_bytes());
        decoder.feed(b":7\r\n");
        decoder.next_reply()
    };
    assert!(matches!(
        nested(limits::REPLY_DEPTH),
        Ok(Some(Reply::Array(_)))
    ));
    assert_eq!(nested(limits::REPLY_DEPTH + 1), Err(ReplyError::TooBig));
    assert_eq!(nested(100_000), Err(ReplyError::TooBig));
}

#[test]
fn a_reply_that_breaks_the_protocol_is_refused_for_good() {
    let bad_number = |text: &str| ReplyError::InvalidNumber(text.into());
    let endless = format!("+{}", "x".repeat(limits::LINE + 1));
    #[rustfmt::skip]
    let table = [
        ("PONG\r\n",        ReplyError::UnknownType(b'P')),
        ("\r\n",            ReplyError::UnknownType(b'\r')),
        (":\r\n",           bad_number("")),
        (":+1\r\n",         bad_number("+1")),
        ("*-2\r\n",         bad_number("-2")),
        ("%x\r\n",          bad_number("x")),
        ("$67108865\r\n",   ReplyError::TooBig),
        (&endless,          ReplyError::TooBig),
        ("+OK\rX\n",        ReplyError::MissingEnd),
        ("$2\r\nOKxx",      ReplyError::MissingEnd),
        ("*2\r\n:1\r\n?",   ReplyError::UnknownType(b'?')),
    ];
    for (bytes, error) in table {
        let mut decoder = ReplyDecoder::new();
        decoder.feed(bytes.as_bytes());
        if bytes.ends_with('?') {
            decoder.feed(b"\r\n");
        }
        assert_eq!(decoder.next_reply(), Err(error.clone()), "{bytes:.40}");
        decoder.feed(b"\r\n+OK\r\n");
        assert_eq!(decoder.next_reply(), Err(error), "{bytes:.40}");
    }
}

/// An array that announces more than anybody sends, and goes on.
#[test]
fn a_reply_without_end_is_refused_before_it_fills_a_machine() {
    for part in [&b":1\r\n"[..], &[&b"+"[..], &[b'x'; 900], b"\r\n"].concat()] {
        let mut decoder = ReplyDecoder::new();
        decoder.feed(b"*999999999\r\n");
        let chunk = part.repeat(4096);
        let most = limits::REPLY / limits::REPLY_PART / 4096 + 1;
        let refused = (0..=most).find_map(|_| {
            decoder.feed(&chunk);
            decoder.next_reply().err()
        });
        assert_eq!(refused, Some(ReplyError::TooBig), "{}", part.escape_ascii());
    }
}
