//! A server as a process: start it, read its address, drain its output, end all that came of it.
//!
//! A [`Launch`] says what to run; [`Launch::start`] waits until the program has printed
//! `listening on ADDR` as its first line, and gives back a [`Server`]. Whatever goes wrong,
//! no process is left behind: a server that is dropped is killed, with everything it started,
//! and so it is when this program is killed, if `main` begins with [`keep`].
//!
//! ```no_run
//! use std::{net::TcpStream, time::Duration};
//! use launch::Launch;
//!
//! let mut server = Launch::new("threaded-server").args(["--listen", "127.0.0.1:0"]).start()?;
//! let stream = TcpStream::connect(server.address())?;
//! # drop(stream);
//! let status = server.stop(Duration::from_secs(10))?;
//! assert!(status.success());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In the order of a server's life: `program.rs` finds what to run,
//! `launch.rs` starts it below a keeper (`process.rs`, `keeper/`), the threads of `watch.rs`
//! read its pipes (`drain.rs`) into `observed.rs`, which keeps the lines of `output.rs`, and
//! `server.rs` stops it. `interrupt.rs` tells a program that starts servers that a signal came,
//! so that they end with it, and `descriptors.rs` makes room for many of them, and for their
//! clients. `observer/` sees what a server's threads do and who waits to be accepted. `tree.rs` finds the processes below one, `strays.rs` those whose keeper was killed.

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
pub use output::{OutputLine, Stream};
pub use process::Ender;
pub use program::{find_in_path, find_program};
pub use server::Server;
