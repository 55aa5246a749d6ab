//! The tests of `launch`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod gate;
mod observer;
mod shell_servers;
