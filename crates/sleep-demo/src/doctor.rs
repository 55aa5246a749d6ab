//! `--doctor`: what the demo needs, what is there, and what to do about the rest.

use std::{
    env,
    io::{self, IsTerminal},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    thread,
};

use crate::{
    casting::in_path,
    chart::line::{Ink, Line, wrap},
    descriptors,
    options::Options,
    scenario::Folder,
    terminal::{Style, can_show_unicode, colour},
};

/// What `crowd` opens: a thousand connections, and what a program has open anyway.
const DESCRIPTORS: u64 = 1_100;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    found: String,
    /// What to do; `None` where all is well.
    fix: Option<String>,
    /// Whether the demo can't do without.
    is_needed: bool,
}

impl Finding {
    fn well(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            what,
            found: found.into(),
            fix: None,
            is_needed: false,
        }
    }

    fn needed(
        what: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            is_needed: true,
            ..Self::poor(what, found, fix)
        }
    }

    fn poor(
        what: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            what,
            found: found.into(),
            fix: Some(fix.into()),
            is_needed: false,
        }
    }
}

/// Looks at everything; whether the demo can run, and what to show.
#[must_use]
pub fn examine(options: &Options, folder: &Folder) -> (bool, Vec<Line>) {
    let style = Style::of(&io::stdout(), options.wishes());
    let findings = [
        toolchain(),
        server("single-server"),
        server("threaded-server"),
        faulty_servers(),
        python(),
        scenarios(folder),
        loopback(),
        cores(),
        open_files(),
        terminal(&style),
        colours(options),
        signs(options),
    ];
    let can_run = findings
        .iter()
        .all(|finding| finding.fix.is_none() || !finding.is_needed);
    (
        can_run,
        findings
            .iter()
            .flat_map(|finding| lines(finding, &style))
            .collect(),
    )
}

fn lines(finding: &Finding, style: &Style) -> Vec<Line> {
    let (mark, ink) = match (&finding.fix, finding.is_needed) {
        (None, _) => ("ok", Ink::Served),
        (Some(_), false) => ("--", Ink::Waiting),
        (Some(_), true) => ("NO", Ink::Failed),
    };
    let mut line = Line::of(ink, format!(" {mark}  "));
    line.push(
        Ink::Plain,
        &format!("{:<16} {}", finding.what, finding.found),
    );
    let mut lines = vec![line];
    for text in finding
        .fix
        .iter()
        .flat_map(|fix| wrap(fix, style.width - 22))
    {
        lines.push(Line::of(Ink::Plain, format!("{:22}{text}", "")));
    }
    lines
}

fn toolchain() -> Finding {
    let version = Command::new("cargo").arg("--version").output();
    match version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    {
        Ok(version) if !version.is_empty() => Finding::well("toolchain", version),
        _ => Finding::poor(
            "toolchain",
            "no cargo in PATH",
            "to build the servers anew, install Rust: https://rustup.rs",
        ),
    }
}

fn server(name: &'static str) -> Finding {
    match find(name) {
        Some(path) => Finding::well(name, path.display().to_string()),
        None => Finding::needed(
            name,
            "not built",
            format!("cargo build --release -p {name}"),
        ),
    }
}

fn faulty_servers() -> Finding {
    match find("lock-too-long") {
        Some(path) => Finding::well("faulty servers", path.display().to_string()),
        None => Finding::poor(
            "faulty servers",
            "not built; lock-too-long needs one",
            "cargo build --release -p faulty-servers",
        ),
    }
}

fn python() -> Finding {
    if in_path("python3") {
        Finding::well("python3", "in PATH")
    } else {
        Finding::poor(
            "python3",
            "not in PATH; python-gil is skipped",
            "install python3 with the system's packages",
        )
    }
}

/// Beside this program, else in PATH: where a server is looked for.
fn find(name: &str) -> Option<PathBuf> {
    let beside = env::current_exe()
        .ok()
        .and_then(|this| Some(this.parent()?.join(name)));
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = env::split_paths(&path)
        .map(|folder| folder.join(name))
        .collect();
    beside
        .into_iter()
        .chain(in_path)
        .find(|file| file.is_file())
}

fn scenarios(folder: &Folder) -> Finding {
    let read: Result<Vec<String>, _> = folder.names();
    let fix = "set SLEEP_DEMO_SCENARIOS to the folder demos of the repository";
    match read {
        Err(error) => Finding::needed("scenarios", error.to_string(), fix),
        Ok(names) if names.is_empty() => Finding::needed("scenarios", "none", fix),
        Ok(names) => {
            let errors = names.iter().filter_map(|name| folder.scenario(name).err());
            match errors.map(|error| error.to_string()).next() {
                Some(error) => Finding::poor("scenarios", error, "correct the file"),
                None => {
                    Finding::well("scenarios", format!("{}, all readable", names.len()))
                }
            }
        }
    }
}

fn loopback() -> Finding {
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

fn cores() -> Finding {
    match thread::available_parallelism().map_or(1, usize::from) {
        1 => Finding::poor(
            "cores",
            "1",
            "nothing to fix: with one core, cpu-bound shows no gain at all",
        ),
        cores => Finding::well("cores", cores.to_string()),
    }
}

fn open_files() -> Finding {
    match descriptors::raise() {
        limit if limit < DESCRIPTORS => Finding::poor(
            "open files",
            limit.to_string(),
            "ulimit -n 4096, as root or in limits.conf: crowd opens a thousand connections",
        ),
        limit => Finding::well("open files", format!("up to {limit}")),
    }
}

fn terminal(style: &Style) -> Finding {
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

fn colours(options: &Options) -> Finding {
    let variable = |name: &str| env::var(name).ok();
    let (is_on, why) = colour(options.color, variable, io::stdout().is_terminal());
    let found = format!("{}, because {why}", if is_on { "on" } else { "off" });
    Finding::well("colour", found)
}

fn signs(options: &Options) -> Finding {
    if options.ascii {
        Finding::well("signs", "ASCII, because of --ascii")
    } else if can_show_unicode(|name| env::var(name).ok()) {
        Finding::well("signs", "░ █ ×, because the locale has UTF-8")
    } else {
        let fix = "export LANG=C.UTF-8 for the shapes of the charts; ASCII works too";
        Finding::poor(
            "signs",
            "ASCII: the locale has no UTF-8, or TERM is dumb",
            fix,
        )
    }
}
