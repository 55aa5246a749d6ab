//! The tests of `sleep-demo`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test target; a test fails by panicking, and may be a long table"
)]

mod crashes;
mod interrupted;
mod mutated_files;
mod on_a_terminal;
mod program;
mod queue_model;
mod queue_simulated;
mod resizing;
mod scenario_faults;
mod scenario_files;
mod scenario_habits;
mod scenario_values;
mod stopped;
