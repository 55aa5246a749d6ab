//! Two more designs of the same server, beside `crates/single-server` and
//! `crates/threaded-server`:
//!
//! * `src/bin/pool-server.rs` has a fixed number of threads and uses `service`, as those
//!   two do. `scripts/diff.sh pool` shows what changes. Its own flag is [`Pool`], in
//!   `pool.rs`.
//! * `src/bin/event-server/` has one thread that waits for all clients at once, with
//!   `proto` and `mio`: `event_loop.rs` waits, `waiting.rs` says what a request waits
//!   for, and `timers.rs` when to wake. Its commands, lines and limits are those of
//!   `service`.
//!
//! Open `src/bin/event-server/main.rs` next.

mod pool;

pub use pool::Pool;
