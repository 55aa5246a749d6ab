//! Behaviour 2 of `docs/reliability.md`: RUN starts what is listed, and nothing else.

use crate::talking::{BOTH, HUNG, THREADED, ask_alone};
use launch::{Launch, Server, Stream};
use proto::Reply;

fn text(reply: &Reply) -> String {
    let mut bytes = Vec::new();
    reply.encode(proto::Version::Resp2, &mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn ask(server: &Server, line: &str) -> String {
    text(&ask_alone(server, line))
}

const NAMES: &str =
    "date, echo, false, hostname, id, pwd, sleep, true, uname, uptime, whoami";

#[test]
fn only_the_bare_names_of_the_list_are_started() {
    let server = fixture::start(THREADED, &[]);
    for program in [
        "rm",
        "sh",
        "/bin/date",
        "../bin/date",
        "./date",
        "",
        "DATE",
        "date ",
    ] {
        let answer = ask(&server, &format!("RUN \"{program}\""));
        let expected =
            format!("-NOPERM '{program}' is not on the allowlist ({NAMES})\r\n");
        assert_eq!(answer, expected);
    }
    let nul = ask(&server, "RUN \"date\\x00\"");
    assert!(nul.starts_with("-NOPERM 'date\0'"), "{nul:?}");
    assert_eq!(ask(&server, "RUN true"), "*3\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n");
    assert_eq!(
        ask(&server, "RUN false"),
        "*3\r\n:1\r\n$0\r\n\r\n$0\r\n\r\n"
    );
}

#[test]
fn arguments_that_could_do_harm_are_refused() {
    let server = fixture::start(THREADED, &[]);
    for (line, argument, program) in [
        ("RUN date -f /etc/hostname", "-f", "date"),
        ("RUN date -f/etc/hostname", "-f/etc/hostname", "date"),
        ("RUN date -u -s 12:00", "-s", "date"),
        ("RUN date --set=12:00", "--set=12:00", "date"),
        ("RUN date 010100002030", "010100002030", "date"),
        ("RUN hostname other", "other", "hostname"),
        (
            "RUN hostname -F/etc/hostname",
            "-F/etc/hostname",
            "hostname",
        ),
    ] {
        let expected =
            format!("-NOPERM '{argument}' is not an allowed argument of '{program}'\r\n");
        assert_eq!(ask(&server, line), expected, "{line}");
    }
    assert_eq!(
        ask(&server, "RUN date -u +%Z"),
        "*3\r\n:0\r\n$4\r\nUTC\n\r\n$0\r\n\r\n"
    );
}

#[test]
fn no_shell_reads_the_arguments() {
    let server = fixture::start(THREADED, &[]);
    let answer = ask(&server, "RUN echo \"$HOME; `id` * && exit 3\"");
    assert_eq!(
        answer,
        "*3\r\n:0\r\n$24\r\n$HOME; `id` * && exit 3\n\r\n$0\r\n\r\n"
    );
}

#[test]
fn allow_adds_a_program_with_any_arguments() {
    let server =
        fixture::start(THREADED, &["--allow", "expr", "--allow", "no-such-program"]);
    assert_eq!(
        ask(&server, "RUN expr 2 + 3"),
        "*3\r\n:0\r\n$2\r\n5\n\r\n$0\r\n\r\n"
    );
    let missing = ask(&server, "RUN no-such-program");
    assert!(
        missing.starts_with("*3\r\n:127\r\n$0\r\n\r\n"),
        "{missing:?}"
    );
    assert!(
        missing.contains("no-such-program: is not installed"),
        "{missing:?}"
    );
}

#[test]
fn a_program_that_is_not_found_is_warned_of_at_the_start() {
    for name in BOTH {
        let flags = ["--allow", "expr", "--allow", "no-such-program"];
        let mut server = fixture::start(name, &flags);
        assert_eq!(ask(&server, "PING"), "+PONG\r\n", "{name}");
        server.stop(HUNG).unwrap();
        let warning = "warning: no program 'no-such-program' in PATH for --allow: \
                       install it, then start the server again";
        assert_eq!(server.lines(Stream::Stderr), [warning], "{name}");
    }
}

#[test]
fn the_path_is_searched_once_when_the_server_starts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Launch::new(fixture::program(THREADED))
        .args(["--listen", "127.0.0.1:0", "--allow", "planted"])
        .env("PATH", folder.path())
        .start()
        .unwrap();
    let planted = folder.path().join("planted");
    std::fs::copy("/bin/true", &planted).unwrap();
    let answer = ask(&server, "RUN planted");
    assert!(answer.starts_with("*3\r\n:127\r\n"), "{answer:?}");
}
