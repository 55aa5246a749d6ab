//! What a server does for one client, on any thread.
//!
//! A server of the kit binds and accepts in its own `main`, decides there which thread
//! serves which client, and waits there for its threads to end. Everything else is here,
//! the same for every server.
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
//! The map, from the start of a server to its end:
//!
//! * [`Options`] are the flags of all servers (`options.rs`; `exposure.rs` warns about
//!   an address that other machines reach). `error.rs` says why a server cannot start.
//! * [`Service`] starts and prints `listening on`, [admits](Service::admit) clients and
//!   [finishes](Service::finish) (`service.rs`). `shared.rs` is what all clients share,
//!   `listening.rs` the listening socket and its backlog. `inherited.rs` lets the
//!   signals that stop the server through, and keeps the files that it inherited from
//!   being passed on to the programs of RUN.
//! * Letting a client in: `places.rs` counts who is connected; beyond `--max-clients`
//!   nobody is refused: the next client waits in the backlog. `accepting.rs` accepts,
//!   and tries again after a failure. A client is refused only if it can get no thread
//!   (the `drop` in `client_handler/mod.rs`). `machine.rs` knows how many the machine
//!   allows, and lowers `--max-clients` to that, with a warning. `client_memory.rs`
//!   closes the client that holds most memory, where all together hold more than
//!   `--max-client-memory`.
//! * [`ClientHandler`] is the loop *read, do, log, reply* (`client_handler/`: `mod.rs`
//!   ends it when the client has gone, and counts what was not sent as aborted,
//!   `answering.rs` does one request and writes it down before it replies; it closes a
//!   web browser's connection). It reads and writes through `connection.rs`, which has
//!   the deadlines for slow clients, and collects replies. They are sent once no whole
//!   request is left (`mod.rs`), or before one that may take long (`answering.rs`).
//!   `incoming.rs` makes requests of the bytes (`plain/` of text without frames),
//!   `outgoing.rs` sends a reply of 16 KiB or more while it is encoded, so that there
//!   is no second copy of it, and `lingering.rs` closes so that the last reply arrives.
//!   `other_end.rs` says whether the client has reset the connection, or has left.
//! * [`Session`] is the same for a server that waits for all clients at once
//!   (`session.rs`; `work.rs` says what is left to do for a request, `long_reply.rs`
//!   makes a long reply in pieces for such a server).
//! * The commands (`commands/`: `sleeping.rs` does SLEEP, `primes.rs` PRIMES,
//!   `counting.rs` INCR, `meeting.rs` MEET, `running.rs` RUN; the rest is listed in
//!   `commands/mod.rs`), and the state that clients share: `counters.rs` (whole numbers
//!   only; one that would overflow is refused; `--unlocked` loses updates),
//!   `meetings.rs`, and `roster.rs`. `roster_file.rs` is the roster on the disk, which
//!   only one server may use. `lock.rs` takes a mutex.
//! * RUN: `allowlist.rs` says which programs, `child.rs` runs one, `children.rs` starts
//!   it, knows all that run and ends what is left at the stop, `termination.rs` ends
//!   one that takes too long, prints too much, or whose client has reset.
//! * The person at the server: `operator.rs`, with `keyboard.rs` and `turns.rs`: one
//!   client after another has the terminal.
//! * What is written down: `recording.rs` words the lines of a request (`begins …` if
//!   it may take long, and one when it is done), and gives them to the `console.rs` and
//!   to the `request_log.rs` (JSON, `--log`), each through an `output/`, which has the
//!   print lock and waits 100 ms at most where nobody reads. `line_queue.rs` keeps the
//!   lines that a slow reader has not taken, drops and counts those without room, and
//!   `sink.rs` writes them. `printable.rs` shows a request as it was typed, and cuts a
//!   word after 1,024 bytes; `thread_name.rs` reads the name of the thread (`client-2`:
//!   made in `client_handler/mod.rs`, given by a server's `main`). `throttle.rs` limits
//!   each kind of warning (a browser or a panic, for example) to one a minute and counts
//!   the rest, and `accounting.rs` counts for the summary.
//! * The end: `signals.rs` hears Ctrl-C and SIGTERM, the first and the second, and says
//!   for how many clients the server waits. The first begins the stop in `shared.rs`:
//!   `listening.rs` resets the backlog, `places.rs` ends the reading of idle clients,
//!   and `stopping.rs` limits the time of requests that still run (`--grace`). It also
//!   wakes a SLEEP whose client has reset the connection.
//!
//! Open `client_handler/mod.rs` next.

mod accepting;
mod accounting;
mod allowlist;
mod child;
mod children;
mod client_handler;
mod client_memory;
mod commands;
mod connection;
mod console;
mod counters;
mod error;
mod exposure;
mod incoming;
mod inherited;
mod keyboard;
mod line_queue;
mod lingering;
mod listening;
mod lock;
mod long_reply;
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
mod termination;
mod thread_name;
mod throttle;
mod turns;
mod work;

pub use client_handler::ClientHandler;
pub use commands::Outcome;
pub use error::{Error, exit_code};
pub use machine::check_workers;
pub use options::Options;
pub use plain::Plain;
pub use service::{Admission, Service};
pub use session::Session;
pub use work::{Job, Task, Work};
