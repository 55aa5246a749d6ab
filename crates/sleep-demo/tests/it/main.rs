//! The tests of `sleep-demo`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod crashes;
mod interrupted;
mod on_a_terminal;
mod program;
mod queue_model;
mod resizing;
mod scenario_files;
