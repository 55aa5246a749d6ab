//! The wire protocol of the kit: RESP2, the framing that Redis speaks.
//!
//! This is a pure codec without sockets and threads. Any kind of server or client can use
//! it: give it bytes in pieces of any size, and take out what is complete.
//!
//! In the order of the data's path:
//!
//! * [`RequestDecoder`] turns bytes into arguments, and refuses what is too large
//!   (`request_decoder.rs`; a line that a person types may end in `\n` alone).
//!   `received.rs` keeps what came in pieces and refuses a line that is too long,
//!   `inline.rs` splits the lines that a person types. `limits.rs` says how long one
//!   request or reply may be, and how deep the arrays of a reply may nest,
//! * [`Request::parse`] turns arguments into a typed request (`request.rs`, which also
//!   recognises a request that a web page has a browser send: POST, Host:).
//!   `command.rs` has the table of the commands: their names, which may be in small
//!   letters, and how many arguments each takes. `duration.rs` and `integer.rs` read
//!   single arguments,
//! * [`Reply::encode`] turns an answer into bytes (`reply.rs`). `rows.rs` is a long
//!   array, as ROSTER answers it: its items are made while it is sent, a few at a time,
//! * [`encode_request`] and [`ReplyDecoder`] do the same for a client
//!   (`request_encoder.rs`, `reply_decoder.rs`),
//! * `protocol_error.rs`, `request_error.rs` and `reply_error.rs` say what can be
//!   wrong,
//! * [`printable`] and [`time_of_day`] are how servers and clients show text and times
//!   to a person (`printable.rs`, `time_of_day.rs`).
//!
//! ```
//! use proto::{Reply, Request, RequestDecoder, Version};
//!
//! let mut decoder = RequestDecoder::new();
//! decoder.feed(b"*2\r\n$4\r\nECHO\r\n$2\r\nhi");
//! assert_eq!(decoder.next_request()?, None); // the end of the frame is still on its way
//! decoder.feed(b"\r\n");
//!
//! let arguments = decoder.next_request()?.ok_or("a whole frame")?;
//! let Request::Echo(text) = Request::parse(&arguments)? else {
//!     return Err("an ECHO".into());
//! };
//! let mut bytes = Vec::new();
//! Reply::Bulk(text).encode(Version::Resp2, &mut bytes);
//! assert_eq!(bytes, b"$2\r\nhi\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Open `request_decoder.rs` next.

mod command;
mod duration;
mod inline;
mod integer;
pub mod limits;
mod printable;
mod protocol_error;
mod received;
mod reply;
mod reply_decoder;
mod reply_error;
mod request;
mod request_decoder;
mod request_encoder;
mod request_error;
mod rows;
mod time_of_day;

pub use command::command_names;
pub use duration::parse_duration;
pub use inline::split_line;
pub use integer::parse_integer;
pub use printable::{blank_unless_printable, blanked, is_printable, printable};
pub use protocol_error::ProtocolError;
pub use reply::{Reply, Version};
pub use reply_decoder::ReplyDecoder;
pub use reply_error::ReplyError;
pub use request::Request;
pub use request_decoder::RequestDecoder;
pub use request_encoder::encode_request;
pub use request_error::RequestError;
pub use rows::Rows;
pub use time_of_day::time_of_day;

/// The name of a command and what follows it, as raw bytes.
pub type Arguments = Vec<Vec<u8>>;
