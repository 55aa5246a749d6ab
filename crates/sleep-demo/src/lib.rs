//! The experiment: who waits for whom on two real servers, predicted, measured and drawn.
//!
//! In the order of the data's path:
//!
//! * [`scenario`] reads what is to be played,
//! * [`queue_model`] predicts every wait from it,
//! * [`play`] launches the servers and acts the clients' parts,
//! * [`timeline`] has the record that comes out, judges it and draws it; [`live`] redraws it while clients wait,
//! * [`designs`] asks several designs the same questions, for one table,
//! * [`replay`] shows a recorded run again,
//! * [`export`] writes it for other programs.
//!
//! Open `scenario/mod.rs` next.

pub mod audience;
pub mod casting;
pub mod catalogue;
pub mod course;
pub mod designs;
pub mod doctor;
pub mod error;
pub mod experiment;
pub mod export;
pub mod live;
pub mod options;
mod paging;
pub mod play;
pub mod predict;
mod presentation;
pub mod program;
mod prompt;
pub mod queue_model;
pub mod repetition;
pub mod replay;
pub mod scenario;
mod suspension;
pub mod terminal;
