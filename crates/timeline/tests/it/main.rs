//! Records over made-up times: judged, drawn and exported, without a server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cases;
mod charts;
mod definition;
mod designs;
mod lost_updates;
mod made_up;
mod pictures;
mod records;
mod schema;
mod simulated;
mod told;
mod traces;
mod truth;
mod verdicts;
mod whereabouts;
