//! A server as a process: starts it, reads its address, keeps its output, and ends it
//! with every process that it started.
//!
//! A [`Launch`] says what to run. [`Launch::start`] waits until the program has printed
//! `listening on ADDR` as its first line, and returns a [`Server`]. Whatever goes
//! wrong, no process is left behind. A server that is dropped is killed, with all that
//! it started. The same happens when this program is killed, if its `main` begins with
//! [`keep`].
//!
//! ```no_run
//! use std::{net::TcpStream, time::Duration};
//! use launch::Launch;
//!
//! let launch = Launch::new("threaded-server").args(["--listen", "127.0.0.1:0"]);
//! let mut server = launch.start()?;
//! let stream = TcpStream::connect(server.address())?;
//! # drop(stream);
//! let status = server.stop(Duration::from_secs(10))?;
//! assert!(status.success());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In the order of a server's life:
//!
//! * `program.rs` looks for the program beside this one, and then in PATH. `launch.rs`
//!   starts it, says so if it is in neither, waits for its first line (10 s) and reads
//!   its address. `descriptors.rs` makes room for many servers and clients,
//! * `process.rs` is its process, below a keeper (`keeper/`). The keeper
//!   (`keeper/guard.rs`) ends the server and all that it started, also when this
//!   program is killed. Tests cannot be their own keeper: `bin/keeper.rs` is one for
//!   them,
//! * the threads of `watch.rs` read its pipes to their end (`drain.rs`) into
//!   `observed.rs`, which keeps the lines of `output.rs`: the newest, up to a limit,
//! * `observer/` looks from outside: `threads.rs` at what the threads do, `sockets.rs`
//!   at how many connections wait in the backlog (read in `diag.rs` or `tables.rs`),
//! * `server.rs` stops it, `tree.rs` finds and kills what is below it, and `strays.rs`
//!   what is left where the keeper itself was killed,
//! * `interrupt.rs` reports Ctrl-C and other signals, so that servers end with the
//!   program that started them,
//! * `error.rs` lists what can go wrong.
//!
//! Open `launch.rs` next.

mod descriptors;
mod drain;
mod error;
mod interrupt;
mod keeper;
mod launch;
mod observed;
mod observer;
mod output;
mod process;
mod program;
mod server;
mod strays;
mod tree;
mod watch;

pub use descriptors::raise_descriptors;
pub use error::LaunchError;
pub use interrupt::{Interrupt, Interrupted};
pub use keeper::{keep, keep_with};
pub use launch::Launch;
pub use observer::{
    Activity, Ends, Missing, Observer, Sample, SeenThread, Stay, what_is_missing,
};
pub use output::{Mark, OutputLine, Stream};
pub use process::Ender;
pub use program::{find_in_path, find_program};
pub use server::Server;
