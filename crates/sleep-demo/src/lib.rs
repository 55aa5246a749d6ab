//! The experiment: who waits for whom on two real servers, predicted, measured and drawn.
//!
//! In the order of the data's path:
//!
//! * [`scenario`] reads what is to be played,
//! * [`queue_model`] predicts every wait from it,
//! * [`play`] launches the servers and acts the clients' parts; [`record`] is what comes out,
//! * [`verdict`] says from the record who was blocked by whom, and what held,
//! * [`chart`] draws it: as text, live, in sentences, as SVG and HTML,
//! * [`export`] writes it for other programs.
//!
//! Open `scenario/mod.rs` next.

pub mod audience;
pub mod casting;
pub mod catalogue;
pub mod chart;
pub mod doctor;
pub mod error;
pub mod experiment;
pub mod export;
pub mod options;
pub mod play;
pub mod predict;
pub mod program;
pub mod queue_model;
pub mod record;
pub mod scenario;
pub mod stall;
pub mod terminal;
pub mod verdict;
