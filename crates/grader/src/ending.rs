//! How a process ended, in words.

use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

use launch::Stream;

use crate::verdict::Failure;

const SIGCHLD: &str = "an accept that a signal interrupts, as SIGCHLD does at the end of \
                       a child, and that is taken for an error";

const TIMEOUT: &str = "an accept with a timeout, whose end also ends the server";

/// What an end means that nobody asked for, after this many clients have connected, and
/// what usually stands behind it.
pub(crate) fn early(end: &str, clients: usize) -> (String, Vec<String>) {
    let after = match clients {
        0 | 1 => String::new(),
        _ => format!(" after {clients} clients had connected,"),
    };
    let means = format!("the server {end}{after} and served no client any more");
    (means, causes(end, clients))
}

/// Leaves out the signal where the server has printed another error, and puts first what
/// is behind the one that it printed.
pub(crate) fn heed_printed(failure: &mut Failure) {
    const POISONED: &str = "a lock poisoned by a panic";
    const MAP: &str = "a map that several threads change without a lock";
    let errors = failure.printed.iter();
    let errors = errors.filter(|line| line.stream == Stream::Stderr);
    let errors: Vec<&str> = errors.map(|line| line.text.as_str()).collect();
    let has = |words: &str| errors.iter().any(|line| line.contains(words));
    let causes = &mut failure.likely_causes;
    if !errors.is_empty() && !has("nterrupted") {
        causes.retain(|cause| cause != SIGCHLD);
    }
    if has("fatal error: concurrent map") {
        causes.insert(0, MAP.to_owned());
    }
    if has("PoisonError") {
        causes.sort_by_key(|cause| !cause.contains(POISONED));
    }
}

fn causes(end: &str, clients: usize) -> Vec<String> {
    let causes: &[&str] = match end {
        end if end.contains("SIGPIPE") => {
            &["a write to a client that has left: ignore SIGPIPE, and look at the error"]
        }
        end if end.contains("SIGSEGV") || end.contains("SIGBUS") => &[
            "a pointer, or an index, that is out of range",
            "memory that another thread has freed, or that is freed twice",
            "the words of a client as the format of printf",
        ],
        end if end.contains("SIGABRT") => &[
            "an abort by the language: memory freed twice, a failed assertion, two \
             threads in \
             one map",
            "see the printed lines above",
        ],
        end if end.contains("SIGKILL") || end.contains("SIGXCPU") => {
            &["the server used more memory or more time than it may"]
        }
        end if end.contains("status 0") && clients > 2 => &[
            SIGCHLD,
            "a return, a break or an exit that ends the server instead of one client",
            TIMEOUT,
        ],
        end if end.contains("status 0") => &[
            "no loop around accept",
            "a return, a break or an exit that ends the server instead of one client",
            TIMEOUT,
            "a wait for standard input, which is at its end here",
            SIGCHLD,
        ],
        _ => &[
            "an error, a panic or an exception of one client that ends the server",
            SIGCHLD,
            "see the printed lines above",
        ],
    };
    causes.iter().map(|&cause| cause.to_owned()).collect()
}

/// Words of the causes that are ruled out after SIGTERM, by whether the server has ended.
fn cannot_be(has_ended: bool) -> &'static [&'static str] {
    match has_ended {
        true => &[
            "no signal ends",
            "nobody stops",
            "goes on after",
            "sys.exit",
        ],
        false => &["exits at once", "end with the program"],
    }
}

/// Why a server that stops in order has another status than 0.
const SET: &str =
    "the handler, or what it ends, sets another status: an exception, or an exit(1)";
/// Why it is the one that a shell shows for a program that SIGTERM has killed.
const OF_THE_SIGNAL: &str = "status 143 is 128 + 15: the signal was handled, and the \
                             runtime ended the program. In Java, end the shutdown hook \
                             with Runtime.getRuntime().halt(0)";

/// What the end after SIGTERM says of the handler. The first process of a sandbox is
/// killed by no signal that it does not handle.
pub(crate) fn blame_handler(failure: &mut Failure, end: Option<&str>, is_confined: bool) {
    const CAUSE: &str = "no handler for SIGTERM";
    let causes = &mut failure.likely_causes;
    match end {
        Some(end) if end.contains("SIGTERM") => *causes = vec![CAUSE.to_owned()],
        _ if is_confined => {}
        _ => causes.retain(|cause| !cause.contains(CAUSE)),
    }
    let cannot_be = cannot_be(end.is_some());
    causes.retain(|cause| !cannot_be.iter().any(|words| cause.contains(words)));
    if end.is_some_and(|end| end.contains("with status") && !end.ends_with("status 0")) {
        let is_of_the_signal = end.is_some_and(|end| end.ends_with("status 143"));
        let status = if is_of_the_signal { OF_THE_SIGNAL } else { SET };
        causes.insert(0, status.to_owned());
    }
}

/// The likely cause where a server that still runs has printed one.
pub(crate) const EXCEPTION: &str =
    "an exception or a panic while it served a client: see the printed lines above";

/// How Python begins to report an exception, and Rust a panic.
pub(crate) fn is_of_an_exception(line: &str) -> bool {
    line.starts_with("Traceback (most recent call last)")
        || (line.starts_with("thread '") && line.contains(" panicked at "))
}

const SIGNALS: &[(i32, &str)] = &[
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (13, "SIGPIPE"),
    (14, "SIGALRM"),
    (15, "SIGTERM"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
];

/// `died of signal 11 (SIGSEGV)` or `ended with status 0`. What confines a server reports
/// its signal as a shell does, as a status of 128 and more.
pub(crate) fn ended(status: ExitStatus, confined: bool) -> String {
    let of_shell = status.code().filter(|code| confined && *code > 128);
    match (
        status.signal().or(of_shell.map(|code| code - 128)),
        status.code(),
    ) {
        (Some(signal), _) => {
            let name = SIGNALS.iter().find(|(number, _)| *number == signal);
            let name = name.map_or(String::new(), |(_, name)| format!(" ({name})"));
            format!("died of signal {signal}{name}")
        }
        (None, Some(code)) => format!("ended with status {code}"),
        (None, None) => "ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{SIGCHLD, early, ended, heed_printed};
    use crate::verdict::Failure;
    use launch::{OutputLine, Stream};
    use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

    #[test]
    fn what_a_server_printed_at_its_end_rules_out_other_causes() {
        let first_cause = |printed: &str| {
            let line = OutputLine {
                stream: Stream::Stderr,
                text: printed.to_owned(),
                goes_on: false,
            };
            let mut failure = Failure {
                printed: vec![line],
                likely_causes: early("ended with status 0", 9).1,
                ..Failure::default()
            };
            heed_printed(&mut failure);
            failure.likely_causes.remove(0)
        };
        assert_eq!(first_cause("accept: Interrupted system call"), SIGCHLD);
        assert!(first_cause("fatal error: concurrent map writes").contains("a map"));
        assert!(first_cause("KeyError").contains("a return"));
    }

    #[test]
    fn a_signal_has_its_name_inside_a_sandbox_too() {
        let shown = |raw, confined| ended(ExitStatus::from_raw(raw), confined);
        assert_eq!(shown(11, false), "died of signal 11 (SIGSEGV)");
        assert_eq!(shown(139 << 8, true), "died of signal 11 (SIGSEGV)");
        assert_eq!(shown(139 << 8, false), "ended with status 139");
        assert_eq!(shown(0, true), "ended with status 0");
    }
}
