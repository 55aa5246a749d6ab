//! Records over made-up times: judged, drawn and exported, without a server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test target; a test fails by panicking, and may be a long table"
)]

mod believed;
mod cases;
mod charts;
mod chromium;
mod contradicted;
mod definition;
mod designs;
mod doubted;
mod event_sentences;
mod expectations;
mod in_the_way;
mod left_open;
mod live_charts;
mod lost_updates;
mod made_up;
mod mutated_records;
mod no_places;
mod pages;
mod pictures;
mod pipelined;
mod racy_updates;
mod records;
mod said_of_servers;
mod schema;
mod shown;
mod simulated;
mod strange_servers;
mod traces;
mod true_places;
mod truth;
mod unusual_charts;
mod verdicts;
mod whereabouts;
mod whose_place;
