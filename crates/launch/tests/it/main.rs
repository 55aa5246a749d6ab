//! The tests of `launch`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test target; a test fails by panicking, and may be a long table"
)]

mod gate;
mod observer;
mod shell_servers;
