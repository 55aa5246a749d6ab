//! The machine and the terminal that the demo runs on.

use std::{
    env,
    io::{self, IsTerminal},
    net::{TcpListener, TcpStream},
    thread,
};

use launch::{raise_descriptors, what_is_missing};
use timeline::Style;

use super::Finding;
use crate::{
    options::Options,
    terminal::{can_show_unicode, colour},
};

/// What `crowd` opens: a thousand connections, and what a program has open anyway.
const DESCRIPTORS: u64 = 1_100;

pub(super) fn loopback() -> Finding {
    let connected = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| TcpStream::connect(listener.local_addr()?));
    match connected {
        Ok(_) => Finding::well("loopback", "127.0.0.1 can be bound and reached"),
        Err(error) => Finding::needed(
            "loopback",
            error.to_string(),
            "ip link set lo up, or leave the sandbox that forbids it",
        ),
    }
}

pub(super) fn cores() -> Finding {
    match thread::available_parallelism().map_or(1, usize::from) {
        1 => Finding::poor(
            "cores",
            "1",
            "nothing to fix: with one core, cpu-bound shows no gain at all",
        ),
        cores => Finding::well("cores", cores.to_string()),
    }
}

pub(super) fn open_files() -> Finding {
    match raise_descriptors() {
        limit if limit < DESCRIPTORS => Finding::poor(
            "open files",
            limit.to_string(),
            "ulimit -n 4096, as root or in limits.conf: crowd opens a thousand \
             connections",
        ),
        limit => Finding::well("open files", format!("up to {limit}")),
    }
}

/// What `--where` reads.
pub(super) fn observer() -> Finding {
    let missing = what_is_missing();
    let why = match &missing {
        Ok(missing) => {
            let reasons = [&missing.threads, &missing.backlog];
            let reasons = reasons.map(|one| one.clone().unwrap_or_default());
            reasons.join(" ").trim().to_owned()
        }
        Err(error) => error.to_string(),
    };
    match why.as_str() {
        "" => Finding::well("observer", "threads and backlog of a server can be seen"),
        _ => Finding::poor(
            "observer",
            why,
            "the chart of --where leaves that part out. Linux shows it to the user who \
             started \
             the server, where kernel.yama.ptrace_scope is 0 or 1",
        ),
    }
}

pub(super) fn terminal(style: &Style) -> Finding {
    let kind = env::var("TERM").unwrap_or_else(|_| "not set".to_owned());
    let found = format!("{} columns, TERM {kind}", style.width);
    if !io::stdout().is_terminal() {
        return Finding::well(
            "output",
            format!("no terminal: the chart is printed once; {found}"),
        );
    }
    let rows = crossterm::terminal::size().map_or(24, |(_, rows)| rows);
    let found = format!("{found}, {rows} rows");
    if style.width < 80 || rows < 24 {
        Finding::poor(
            "terminal",
            found,
            "enlarge it: charts are made for 80 columns and 24 rows",
        )
    } else {
        Finding::well("terminal", found)
    }
}

pub(super) fn colours(options: &Options) -> Finding {
    let variable = |name: &str| env::var(name).ok();
    let (is_on, why) = colour(options.color, variable, io::stdout().is_terminal());
    let found = format!("{}, because {why}", if is_on { "on" } else { "off" });
    Finding::well("colour", found)
}

pub(super) fn signs(options: &Options) -> Finding {
    if options.ascii {
        Finding::well("signs", "ASCII, because of --ascii")
    } else if can_show_unicode(|name| env::var(name).ok()) {
        Finding::well("signs", "█ ▄ ×, because the locale has UTF-8")
    } else {
        let fix = "export LANG=C.UTF-8 for the shapes of the charts; ASCII works too";
        Finding::poor(
            "signs",
            "ASCII: the locale has no UTF-8, or TERM is dumb",
            fix,
        )
    }
}
