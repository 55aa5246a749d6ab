//! What a server does for one client, whoever schedules it.
//!
//! A server of the kit binds and accepts in its own `main`, and decides there which thread
//! serves whom. Everything else is here, the same for every server:
//!
//! * [`Options`]: the flags that all servers take (`options.rs`),
//! * [`Service`]: [`start`](Service::start), [`admit`](Service::admit) a client,
//!   [`finish`](Service::finish) (`service.rs`, with `shared.rs` for what all clients share,
//!   `admission.rs` for accepting, `places.rs` for who is connected, `signals.rs` and
//!   `stopping.rs` for the end),
//! * [`ClientHandler`]: the loop *read, do, log, reply* (`client_handler.rs`, on the
//!   `connection.rs` that knows deadlines, within the bound of `client_memory.rs`),
//! * [`Session`]: the same for a server that waits for all its clients at once, and so does
//!   the reading, the writing and the waiting itself (`session.rs`),
//! * the commands, one file each (`commands/`), and the state that clients share
//!   (`counters.rs`, `meetings.rs`, `roster.rs`),
//! * what is written down: `console.rs`, `request_log.rs`, each through an `output.rs`, where
//!   the print lock is.
//!
//! A complete server, which serves one client after another:
//!
//! ```no_run
//! use std::net::TcpListener;
//! use service::{Options, Service};
//!
//! let options = Options::from_command_line("my-server", "Serves one client at a time");
//! let listener = TcpListener::bind(options.listen)?;
//! let service = Service::start(&options, &listener)?;
//! while let Some(client) = service.admit(|| listener.accept()) {
//!     client.serve();
//! }
//! service.finish();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Open `client_handler.rs` next.

mod accounting;
mod admission;
mod allowlist;
mod child;
mod children;
mod client_handler;
mod client_memory;
mod commands;
mod connection;
mod console;
mod counters;
mod ending;
mod error;
mod exposure;
mod incoming;
mod inherited;
mod keyboard;
mod line_queue;
mod listening;
mod lock;
mod machine;
mod meetings;
mod operator;
mod options;
mod other_end;
mod outgoing;
mod output;
mod places;
mod plain;
mod printable;
mod recording;
mod request_log;
mod roster;
mod roster_file;
mod service;
mod session;
mod shared;
mod signals;
mod sink;
mod stopping;
mod thread_name;
mod throttle;
mod turns;

pub use client_handler::ClientHandler;
pub use commands::Outcome;
pub use error::{Error, exit_code};
pub use machine::carry_workers;
pub use options::Options;
pub use plain::Plain;
pub use service::{Admission, Service};
pub use session::{Job, Session, Task, Work};
