//! Talking to the servers as the tests of `service` do, with these servers in place of
//! theirs.

#[path = "../../../../crates/service/tests/it/talking.rs"]
mod theirs;

pub(crate) use theirs::*;

pub(crate) const EVENT: &str = "event-server";
pub(crate) const POOL: &str = "pool-server";

pub(crate) const THREADED: &str = EVENT;
pub(crate) const SINGLE: &str = POOL;
pub(crate) const BOTH: [&str; 2] = [POOL, EVENT];
