//! Two more designs of the same server, beside `crates/single-server` and
//! `crates/threaded-server`:
//!
//! * `src/bin/pool-server.rs`: a fixed number of threads, on `service` like those two;
//!   `scripts/diff.sh pool` shows what changes (its flag is [`Pool`], in `pool.rs`),
//! * `src/bin/event-server/`: one thread that waits for all clients at once, on `proto` and
//!   `mio`; its commands, lines and limits are those of `service`. Open its `main.rs` next.

mod pool;

pub use pool::Pool;
