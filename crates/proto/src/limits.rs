//! How much a client or a server may send. Memory grows with the bytes received, never
//! with a length announced: `request_decoder.rs` and `reply_decoder.rs` see to that.

use std::time::Duration;

/// Bytes of an inline request or of a header line (`*N`, `$N`) without an end: 64 KiB.
pub const LINE: usize = 64 * 1024;

/// Arguments of one request, the command's name included.
pub const ARGUMENTS: usize = 1_024;

/// Bytes of one argument: 1 MiB.
pub const ARGUMENT: usize = 1024 * 1024;

/// Bytes of all arguments of one request: 16 MiB, so that as many clients as a server
/// takes cannot fill a machine. Redis has such a limit as well, of 1 GiB.
pub const REQUEST: usize = 16 * 1024 * 1024;

/// Bytes of a name or of the arguments that an error line repeats.
pub const ECHOED: usize = 128;

/// The largest n of `PRIMES n`.
pub const PRIMES: u64 = 10_000_000;

/// The largest n of `MEET n`.
pub const MEET: usize = 1_000;

/// The longest SLEEP, unless --max-sleep sets another limit.
pub const SLEEP: Duration = Duration::from_secs(60);

/// Arrays within arrays that a client reads in a reply.
pub const REPLY_DEPTH: usize = 32;

/// Bytes of one reply that a client reads, whatever it is made of: 128 MiB. Each part of
/// an array counts as [`REPLY_PART`] bytes more, which it takes in memory.
pub const REPLY: usize = 128 * 1024 * 1024;

/// What each part of a reply counts beside its bytes.
pub const REPLY_PART: usize = 64;

/// Bytes of one bulk string that a client reads in a reply: 64 MiB.
pub const REPLY_BULK: usize = 64 * 1024 * 1024;
