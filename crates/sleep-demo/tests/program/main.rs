//! The program from end to end, against the real servers. Judged by order and counts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod lesson;
mod modes;
mod playing;
