//! The servers that these tests are about.

pub(crate) const SINGLE: &str = "single-server";
pub(crate) const THREADED: &str = "threaded-server";
pub(crate) const BOTH: [&str; 2] = [SINGLE, THREADED];
