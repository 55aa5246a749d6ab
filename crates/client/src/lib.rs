//! A client that blocks: it sends a request and waits for the reply. Everything that it
//! does has a deadline.
//!
//! ```no_run
//! use std::time::Duration;
//! use client::{Connection, Reply};
//!
//! let mut connection = Connection::open("127.0.0.1:12000", Duration::from_secs(5))?;
//! assert_eq!(connection.request(&["ECHO", "hi"])?, Reply::text("hi"));
//! # Ok::<(), client::ClientError>(())
//! ```
//!
//! * [`Connection`] connects (`stream.rs`), sends and receives (`connection.rs`), and
//!   `deadline.rs` gives each of these a limit,
//! * [`ClientError`] lists what can go wrong (`error.rs`),
//! * the program `client` begins in `main.rs`, which names its other files;
//!   `options.rs` is its command line, and `print.rs` shows a reply to a person (texts
//!   and the output of a program as they are, the rest with escapes for what a terminal
//!   would obey), with a hint where a command is unknown or a program is not
//!   on the allowlist, and returns the exit status.
//!
//! Open `connection.rs` next.

mod connection;
mod deadline;
mod error;
#[cfg(feature = "program")]
pub mod options;
mod stream;

pub use connection::{Connection, Next};
pub use error::ClientError;
pub use proto::Reply;
