//! The table of commands of `docs/protocol.md`: lines as a person types them, the
//! requests they mean, and the whole error line where they mean none.

use std::time::Duration;

use proto::{Reply, Request, Request::*, RequestError, Version};

fn parse(line: &[u8]) -> Result<Request, RequestError> {
    Request::parse(&proto::split_line(line).unwrap())
}

/// The bytes that answer a line which means no request.
fn error_line(line: &[u8]) -> String {
    let error = parse(line).expect_err(&line.escape_ascii().to_string());
    encoded(&error.to_reply())
}

fn encoded(reply: &Reply) -> String {
    let mut bytes = Vec::new();
    reply.encode(Version::Resp2, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn seconds(seconds: f64) -> Request {
    Sleep(Duration::from_secs_f64(seconds))
}

fn run(program: &str, arguments: &[&str]) -> Request {
    Run {
        program: program.into(),
        arguments: arguments.iter().map(|text| (*text).into()).collect(),
    }
}

fn incr(counter: &str, amount: i64) -> Request {
    IncrBy {
        counter: counter.into(),
        amount,
    }
}

#[test]
fn a_line_means_the_request_of_the_table() {
    let register = Register {
        name: "Ada L".into(),
        student_id: "s1".into(),
        github: "ada".into(),
    };
    #[rustfmt::skip]
    let table = [
        ("PING",                          Ping(None)),
        ("pInG hi",                       Ping(Some("hi".into()))),
        ("ECHO \"\"",                     Echo(Vec::new())),
        ("SLEEP 2s",                      seconds(2.0)),
        ("SLEEP 0",                       seconds(0.0)),
        ("SLEEP 0.5",                     seconds(0.5)),
        ("SLEEP .5",                      seconds(0.5)),
        ("SLEEP \"1s 500ms\"",            seconds(1.5)),
        ("SLEEP 61",                      seconds(61.0)), // the server has a limit
        ("PRIMES 0",                      Primes(0)),
        ("PRIMES 10000000",               Primes(10_000_000)),
        ("RUN date",                      run("date", &[])),
        ("RUN date -u +%s",               run("date", &["-u", "+%s"])),
        ("MEET 1",                        Meet(1)),
        ("MEET 1000",                     Meet(1_000)),
        ("SAY one  two \"three four\"",   Say("one two three four".into())),
        ("REGISTER \"Ada L\" s1 ada",     register),
        ("ROSTER",                        Roster),
        ("INCR visits",                   incr("visits", 1)),
        ("INCRBY visits -7",              incr("visits", -7)),
        ("INCRBY v 9223372036854775807",  incr("v", i64::MAX)),
        ("GET visits",                    Get("visits".into())),
        ("TIMED SLEEP 2s",                Timed(Box::new(Ok(seconds(2.0))))),
        ("timed ping",                    Timed(Box::new(Ok(Ping(None))))),
        ("HELLO",                         Hello(None)),
        ("HELLO 2",                       Hello(Some(Version::Resp2))),
        ("HELLO 3",                       Hello(Some(Version::Resp3))),
        ("QUIT",                          Quit),
        ("QUIT now please",               Quit),
    ];
    for (line, request) in table {
        assert_eq!(parse(line.as_bytes()), Ok(request), "{line}");
    }
}

#[test]
fn a_wrong_number_of_arguments_names_the_command_in_lower_case() {
    let table = [
        "PING a b",
        "ECHO",
        "ECHO a b",
        "SLEEP",
        "SLEEP 1s 500ms",
        "PRIMES",
        "PRIMES 1 2",
        "RUN",
        "MEET",
        "MEET 1 2",
        "SAY",
        "REGISTER a b",
        "REGISTER a b c d",
        "ROSTER x",
        "INCR",
        "INCR a b",
        "INCRBY a",
        "INCRBY a 1 2",
        "GET",
        "GET a b",
        "TIMED",
    ];
    for line in table {
        let name = line.split(' ').next().unwrap_or_default().to_lowercase();
        let expected = format!("-ERR wrong number of arguments for '{name}' command\r\n");
        assert_eq!(error_line(line.as_bytes()), expected, "{line}");
    }
}

#[test]
fn a_bad_value_says_what_was_wrong_and_what_is_accepted() {
    #[rustfmt::skip]
    let table = [
        ("SLEEP abc",      "ERR invalid duration 'abc': try 500ms, 2s or 1m"),
        ("SLEEP -1",       "ERR invalid duration '-1': try 500ms, 2s or 1m"),
        ("SLEEP \"\"",     "ERR invalid duration '': try 500ms, 2s or 1m"),
        ("SLEEP \"a\\nb\"", "ERR invalid duration 'a b': try 500ms, 2s or 1m"),
        ("PRIMES x",       "ERR invalid number 'x': PRIMES takes 0 to 10000000"),
        ("PRIMES -1",      "ERR invalid number '-1': PRIMES takes 0 to 10000000"),
        ("PRIMES 10000001", "ERR invalid number '10000001': PRIMES takes 0 to 10000000"),
        ("MEET 0",         "ERR invalid number '0': MEET takes 1 to 1000"),
        ("MEET 1001",      "ERR invalid number '1001': MEET takes 1 to 1000"),
        ("INCRBY v one",   "ERR value is not an integer or out of range"),
        ("INCRBY v 01",    "ERR value is not an integer or out of range"),
        ("INCRBY v 9223372036854775808", "ERR value is not an integer or out of range"),
        ("HELLO x",        "ERR Protocol version is not an integer or out of range"),
        ("HELLO 4",        "NOPROTO unsupported protocol version"),
        ("HELLO 1",        "NOPROTO unsupported protocol version"),
        ("HELLO -2",       "NOPROTO unsupported protocol version"),
        ("HELLO 3 SETNAME me", "ERR Syntax error in HELLO option 'SETNAME'"),
        ("HELLO 9 SETNAME me", "NOPROTO unsupported protocol version"),
    ];
    for (line, text) in table {
        assert_eq!(
            error_line(line.as_bytes()),
            format!("-{text}\r\n"),
            "{line}"
        );
    }
}

#[test]
fn an_unknown_command_is_answered_in_the_words_of_redis() {
    let unknown = "-ERR unknown command";
    let args = "with args beginning with:";
    let long = "x".repeat(200);
    #[rustfmt::skip]
    let table = [
        ("NOPE".to_owned(),             format!("{unknown} 'NOPE', {args} \r\n")),
        ("nope a \"b c\"".to_owned(),   format!("{unknown} 'nope', {args} 'a' 'b c' \
            \r\n")),
        ("\"\"".to_owned(),             format!("{unknown} '', {args} \r\n")),
        ("\"a\\r\\nb\" \"\\n\"".to_owned(), format!("{unknown} 'a  b', {args} ' ' \r\n")),
        (long.clone(),                  format!("{unknown} '{}', {args} \
            \r\n", &long[..128])),
        // arguments are added until 128 bytes stand, quotes and blanks counted
        (format!("n {long} b"),         format!("{unknown} 'n', {args} '{}' \
            \r\n", &long[..128])),
        (format!("n {} bcd e", &long[..123]),
                                        format!("{unknown} 'n', {args} '{}' 'bc' \
                                            \r\n", &long[..123])),
        (format!("n {} b", &long[..125]),
                                        format!("{unknown} 'n', {args} '{}' \
                                            \r\n", &long[..125])),
    ];
    for (line, text) in table {
        assert_eq!(error_line(line.as_bytes()), text, "{line}");
    }
}

#[test]
fn an_error_line_repeats_bytes_that_are_no_text_as_they_came() {
    let error = parse(b"\"\\xff\\x00\"").unwrap_err();
    let Reply::Error(line) = error.to_reply() else {
        panic!("an error")
    };
    let expected = b"ERR unknown command '\xff\0', with args beginning with: ";
    assert_eq!(line, expected);
}

#[test]
fn timed_keeps_the_error_of_its_request() {
    let timed = |error| Ok(Timed(Box::new(Err(error))));
    let no_such = RequestError::UnknownCommand(vec![b"nope".to_vec()]);
    assert_eq!(parse(b"TIMED nope"), timed(no_such));
    let arity = RequestError::WrongNumberOfArguments { command: "echo" };
    assert_eq!(parse(b"TIMED ECHO"), timed(arity));
    for (line, command) in [("TIMED TIMED PING", "timed"), ("timed quit", "quit")] {
        let refused = RequestError::NotTimed { command };
        assert_eq!(parse(line.as_bytes()), timed(refused.clone()), "{line}");
        let text = format!("-ERR TIMED does not take '{command}'\r\n");
        assert_eq!(encoded(&refused.to_reply()), text);
    }
}

#[test]
fn every_protocol_error_has_the_line_of_redis() {
    use proto::ProtocolError::*;
    #[rustfmt::skip]
    let table: [(_, &[u8]); 9] = [
        (InlineTooBig,         b"ERR Protocol error: too big inline request"),
        (CountLineTooBig,      b"ERR Protocol error: too big mbulk count string"),
        (LengthLineTooBig,     b"ERR Protocol error: too big bulk count string"),
        (InvalidCount,         b"ERR Protocol error: invalid multibulk length"),
        (InvalidLength,        b"ERR Protocol error: invalid bulk length"),
        (ExpectedBulk(b':'),   b"ERR Protocol error: expected '$', got ':'"),
        (ExpectedBulk(b'\n'),  b"ERR Protocol error: expected '$', got ' '"),
        (ExpectedBulk(b'\xe9'), b"ERR Protocol error: expected '$', got '\xe9'"),
        (UnbalancedQuotes,     b"ERR Protocol error: unbalanced quotes in request"),
    ];
    for (error, line) in table {
        assert_eq!(error.to_reply(), Reply::Error(line.to_vec()), "{error:?}");
    }
}

#[test]
fn what_a_browser_sends_is_told_from_requests() {
    for (name, from_browser) in [
        ("POST", true),
        ("post", true),
        ("Host:", true),
        ("HOST:", true),
        ("GET", false),
        ("Host", false),
        ("POST:", false),
        ("", false),
    ] {
        let arguments = [name.into(), b"/".to_vec()];
        assert_eq!(Request::is_from_browser(&arguments), from_browser, "{name}");
    }
}
