//! How many threads a pool has.

use std::num::NonZeroUsize;

use clap::Args;
use service::Options;

/// What `pool-server` takes beside the flags of every server.
#[derive(Args, Clone, Copy, Debug)]
pub struct Pool {
    /// How many threads serve. Each serves one client after another
    #[arg(long, value_name = "N", default_value = "4", value_parser = workers)]
    pub workers: NonZeroUsize,
}

impl Pool {
    /// Reads the command line of the program `name`. Ends the process, as clap does,
    /// after `--help` (status 0) and after a usage error (status 2).
    #[must_use]
    pub fn from_command_line(name: &'static str) -> (Options, Self) {
        let about = "Serves clients on a fixed number of threads";
        Options::from_command_line_with(name, about)
    }
}

fn workers(text: &str) -> Result<NonZeroUsize, String> {
    let expected = |_| "expected a number of threads, 1 or more".to_owned();
    text.parse().map_err(expected)
}
