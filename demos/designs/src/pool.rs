//! How many threads a pool has.

use std::num::NonZeroUsize;

use clap::Args;

/// What `pool-server` takes beside the flags of every server.
#[derive(Args, Clone, Copy, Debug)]
pub struct Pool {
    /// How many threads serve. Each serves one client after another
    #[arg(long, value_name = "N", default_value = "4", value_parser = workers)]
    pub workers: NonZeroUsize,
}

fn workers(text: &str) -> Result<NonZeroUsize, String> {
    let expected = |_| "expected a number of threads, 1 or more".to_owned();
    text.parse().map_err(expected)
}
