//! The tests of `grader`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test target; a test fails by panicking, and may be a long table"
)]

mod cheats;
mod class;
mod class_report;
mod graded_crates;
mod hosts;
mod kit;
mod lab_crates;
mod likeness;
mod matrix;
mod ownership;
mod patience;
mod processes;
mod program;
mod reports;
mod sandbox;
mod scripts;
mod stall;
mod true_reports;
mod weights;
