//! The tests of the pool and of the event loop. What the other servers are held to, in
//! `crates/service/tests`, is asked of them as well; what differs by design is in
//! `by_design.rs`, and in the table of docs/four-designs.md.
#![allow(
    missing_docs,
    dead_code,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod by_design;
mod command_lines;
mod redis_shim;
mod talking;
