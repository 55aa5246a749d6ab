//! The tests of the pool and of the event loop. What the other servers are held to in
//! `crates/service/tests` is asked of them as well, by the same files: there `THREADED`
//! is the event loop here, and `SINGLE` the pool. What differs by design is in
//! `by_design.rs` and `pool.rs`, and in the table of docs/four-designs.md.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod by_design;
mod command_lines;
mod pool;
mod redis_shim;
mod subjects;

#[path = "../../../../crates/service/tests/it/accept_failures.rs"]
mod accept_failures;
#[path = "../../../../crates/service/tests/it/accounting.rs"]
mod accounting;
#[path = "../../../../crates/service/tests/it/as_redis_answers.rs"]
mod as_redis_answers;
#[path = "../../../../crates/service/tests/it/batching.rs"]
mod batching;
#[path = "../../../../crates/service/tests/it/blocked_output.rs"]
mod blocked_output;
#[path = "../../../../crates/service/tests/it/client_memory.rs"]
mod client_memory;
#[path = "../../../../crates/service/tests/it/clients_that_leave.rs"]
mod clients_that_leave;
#[path = "../../../../crates/service/tests/it/closing.rs"]
mod closing;
#[path = "../../../../crates/service/tests/it/deadlines.rs"]
mod deadlines;
#[path = "../../../../crates/service/tests/it/differential/mod.rs"]
mod differential;
#[path = "../../../../crates/service/tests/it/hostile_input.rs"]
mod hostile_input;
#[path = "../../../../crates/service/tests/it/hostile_storm.rs"]
mod hostile_storm;
#[path = "../../../../crates/service/tests/it/log_after_kill.rs"]
mod log_after_kill;
#[path = "../../../../crates/service/tests/it/long_replies.rs"]
mod long_replies;
#[path = "../../../../crates/service/tests/it/places.rs"]
mod places;
#[path = "../../../../crates/service/tests/it/plain_clients.rs"]
mod plain_clients;
#[path = "../../../../crates/service/tests/it/quiet.rs"]
mod quiet;
#[path = "../../../../crates/service/tests/it/restarts.rs"]
mod restarts;
#[path = "../../../../crates/service/tests/it/run_limits.rs"]
mod run_limits;
#[path = "../../../../crates/service/tests/it/run_output.rs"]
mod run_output;
#[path = "../../../../crates/service/tests/it/signals.rs"]
mod signals;
#[path = "../../../../crates/service/tests/it/stop_announced.rs"]
mod stop_announced;
#[path = "../../../../crates/service/tests/it/stopping.rs"]
mod stopping;
#[path = "../../../../crates/service/tests/it/talking.rs"]
mod talking;
#[path = "../../../../crates/service/tests/it/unread_console.rs"]
mod unread_console;
