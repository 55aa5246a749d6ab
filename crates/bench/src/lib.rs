//! Measures what a thread for each client costs: our servers beside other servers.
//!
//! No number stands alone. A round runs every server once, and the next round runs them
//! in the opposite order. The report shows the ratio of two servers that ran in the same
//! round: its median and its quartiles over all rounds. If the machine is slow for a
//! minute, it slows both servers.
//!
//! A workload has a name, its code and its report, and these are three things. In the
//! order of a run:
//!
//! * `main.rs` reads the [`options`], which name a [`workload`] and the number of
//!   rounds (9, or 3 with `--quick`),
//! * [`mod@bench`] says how long a run takes, and leaves out servers that are not
//!   installed; [`machine`] describes the computer,
//! * [`mod@measure`] has the code of each workload. It starts a [`contestant`], which
//!   is a server to measure; `redis_server.rs` is the one that does not start like a
//!   server of the kit, and `bin/pong-server.rs` one that is here only to be measured,
//! * [`redis_benchmark`] runs a load generator that others wrote; where that is
//!   missing, `measure/rates.rs` leaves its workload out, and says so,
//! * [`rounds`] alternates the order of the servers, [`ratio`] is the statistics, and a
//!   [`finding`] is one line of the report,
//! * [`report`] writes the findings as text and as JSON,
//! * [`error`] lists what can go wrong.
//!
//! Open `measure/mod.rs` next.

pub mod bench;
pub mod contestant;
pub mod error;
pub mod finding;
pub mod machine;
pub mod measure;
pub mod options;
pub mod ratio;
pub mod redis_benchmark;
mod redis_server;
pub mod report;
pub mod rounds;
pub mod workload;
