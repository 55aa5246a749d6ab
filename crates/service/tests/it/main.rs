//! The tests of `service`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test target; a test fails by panicking, and may be a long table"
)]

mod accept_failures;
mod accounting;
mod allowlist;
mod as_redis_answers;
mod backlog;
mod batching;
mod blocked_output;
mod child_surroundings;
mod client_memory;
mod clients_that_leave;
mod closing;
mod console_lines;
mod conversations;
mod deadlines;
mod differential;
mod documented;
mod exposure;
mod hostile_input;
mod hostile_storm;
mod log_after_kill;
mod long_replies;
mod no_threads;
mod operator;
mod places;
mod plain_clients;
mod quiet;
mod redis_clients;
mod request_log;
mod restarts;
mod roster;
mod run_limits;
mod run_output;
mod signals;
mod stop_announced;
mod stopping;
mod stops_anywhere;
mod subjects;
mod talking;
mod two_servers;
mod unread_console;
mod whole_lines;
