//! The tests of `proto`, in one program, so that they are linked once.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod commands;
mod cutting;
mod decoded_replies;
mod decoded_requests;
mod framing;
mod limits;
mod properties;
