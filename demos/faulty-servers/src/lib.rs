//! Servers with one classic mistake each, for people to find and for the grader to catch.
//!
//! Each program in `src/bin/` is as short as its mistake allows, and its first lines name
//! the mistake: `head -n 2 src/bin/*.rs` lists them all. No race is made wider than it
//! is: the grader disturbs the threads until it shows (`crates/grader/src/shake.rs`). If
//! the mistake is in `main`, the program uses `service`, as the reference servers do. If
//! it is made while serving, the program uses these few files, written on `proto`:
//!
//! * [`serve_clients`] binds, announces, accepts, starts a thread for each client, and
//!   stops (`serving.rs`, `stopping.rs`); [`serve_until_a_flag`] leaves the stop to its
//!   program (`flagged.rs`),
//! * [`converse`] serves the requests of one connection, one by one
//!   (`conversation.rs`),
//! * [`SharedState`] is the state that clients share, and what the requests do with it
//!   (`shared_state.rs`; `meeting.rs` for MEET, `running.rs` for RUN). It also prints
//!   the line of each request,
//! * [`Places`] is a limit on how many do something at once (`places.rs`).
//!
//! [`refused`] shows the mistakes that Rust's compiler refuses, in its own words
//! (`refused.rs`).
//!
//! Open `src/bin/handler-called.rs` next.

mod conversation;
mod flagged;
mod meeting;
mod places;
pub mod refused;
mod running;
mod serving;
mod shared_state;
mod stopping;

pub use conversation::{converse, request, requests, send};
pub use flagged::serve_until_a_flag;
pub use places::Places;
pub use serving::{serve_accepted, serve_clients};
pub use shared_state::{SharedState, Student, lock};
