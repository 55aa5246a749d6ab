//! The servers that these tests are about, also under the names that the tests of
//! `service` use.

pub(crate) const EVENT: &str = "event-server";
pub(crate) const POOL: &str = "pool-server";

pub(crate) const THREADED: &str = EVENT;
pub(crate) const SINGLE: &str = POOL;
pub(crate) const BOTH: [&str; 2] = [POOL, EVENT];
