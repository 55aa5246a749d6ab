//! The server's console, and its print lock: lines of two clients never mix.

use std::{
    fmt::Display,
    io::{self, Write},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::SystemTime,
};

use crate::lock::lock;

/// Standard output for what happens, standard error for warnings.
#[derive(Debug)]
pub(crate) struct Console {
    quiet: bool,
    print_lock: Mutex<()>,
    lost: AtomicU64,
}

impl Console {
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            print_lock: Mutex::new(()),
            lost: AtomicU64::new(0),
        }
    }

    /// Prints what every run must show, also with `--quiet`.
    pub(crate) fn announce(&self, text: impl Display) {
        self.print(&format!("{text}\n"));
    }

    /// Prints whole lines about a client, with the time; nothing with `--quiet`.
    pub(crate) fn show(&self, text: impl Display) {
        if !self.quiet {
            self.print(&format!("{} {text}\n", time_of_day()));
        }
    }

    /// Prints a warning.
    pub(crate) fn warn(&self, text: impl Display) {
        let _guard = lock(&self.print_lock);
        let _ = io::stderr().write_all(format!("warning: {text}\n").as_bytes());
    }

    /// How many lines could not be printed.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Relaxed)
    }

    /// Runs `talk` while no other line can be printed.
    pub(crate) fn hold<T>(&self, talk: impl FnOnce() -> T) -> T {
        let _guard = lock(&self.print_lock);
        talk()
    }

    /// `println!` would panic where standard output is full or closed.
    fn print(&self, lines: &str) {
        let written = self.hold(|| {
            let mut out = io::stdout().lock();
            out.write_all(lines.as_bytes()).and_then(|()| out.flush())
        });
        if let Err(error) = written
            && self.lost.fetch_add(1, Relaxed) == 0
        {
            self.warn(format!(
                "standard output can't be written ({error}); serving goes on"
            ));
        }
    }
}

/// The time of day in UTC, to the second: `10:02:11Z`.
pub(crate) fn time_of_day() -> String {
    let stamp = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    stamp
        .split_once('T')
        .map_or_else(|| stamp.clone(), |(_, time)| time.to_owned())
}
