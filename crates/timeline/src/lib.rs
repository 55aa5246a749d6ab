//! A recorded run: who was blocked by whom, in pictures and in sentences.
//!
//! In the order of the data's path:
//!
//! * [`record`] is what was measured, with its scenario's words. It is read from JSON
//!   (`record/read.rs`; `record/check.rs` refuses what no run can show), and
//!   `record/known_at.rs` is the record as it stood at a moment of the run,
//! * [`verdict`] decides from it who was blocked by whom, or leaves it undecided
//!   (`verdict/blocked.rs`; `verdict/waits/named.rs` picks whom it was behind), and
//!   what the run showed; [`stall`] says for how long the machine stood still (what
//!   follows from that, `sleep_demo::repetition` decides), and `no_room.rs` who found
//!   the backlog full,
//! * [`whereabouts`] says where each request waited, as far as that was seen,
//! * [`mod@events`] puts the run into sentences, in the order of time,
//! * [`chart`] draws it, on one time axis (`chart/axis.rs`): as text (`chart/text.rs`,
//!   which also shrinks a server to one line where the screen is too short), in
//!   sentences (`chart/plain.rs`), as SVG (`chart/svg/`; its `textures.rs` draws the
//!   strokes in the bars) and as HTML (`chart/html.rs`, with the buttons and the slider
//!   of `chart/stepper.rs`, and its keys in `chart/stepper.js`),
//! * [`designs`] is a table of what runs have shown of several designs,
//! * [`mod@line`] and [`style`] are what text is made of, and [`columns`] fits it to a
//!   width, also the names of those whom a request was behind (`A B…`),
//! * [`mod@trace`] writes the run for a trace viewer.
//!
//! Open `record/mod.rs` next.

pub mod chart;
pub mod columns;
pub mod designs;
pub mod events;
pub mod line;
mod no_room;
pub mod record;
pub mod stall;
pub mod style;
pub mod trace;
pub mod verdict;
pub mod whereabouts;

pub use record::{Expectation, Lesson, Places};
pub use style::Style;
