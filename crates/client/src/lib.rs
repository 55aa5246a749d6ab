//! A client that blocks: it sends a request and waits for the reply, with a deadline on
//! everything it does.
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
//! `connection.rs` holds the [`Connection`], `deadline.rs` what makes its deadlines hold. The
//! program `client` (`main.rs`) is one use of it.

mod connection;
mod deadline;
mod error;

pub use connection::Connection;
pub use error::ClientError;
pub use proto::Reply;
