//! Servers with one classic mistake each, for people to find and for the grader to catch.
//!
//! Each program in `src/bin/` is as short as its mistake allows, and says it in its first
//! lines. Where the mistake is made in `main`, it stands on `service`, like the reference
//! servers; where it is made while serving, on the few rooms below, written by hand on `proto`:
//!
//! * [`serve_clients`]: bind, announce, accept, a thread for each client, stop (`serving.rs`),
//! * [`converse`]: the requests of one connection, one by one (`conversation.rs`),
//! * [`World`]: what the requests do, and the state that they share (`world.rs`).
//!
//! [`refused`] shows the mistakes that Rust's compiler refuses, in its own words.

mod conversation;
mod meeting;
pub mod refused;
mod running;
mod serving;
mod stopping;
mod world;

pub use conversation::{converse, requests, send};
pub use serving::{serve_accepted, serve_clients};
pub use world::{Student, World, lock};
