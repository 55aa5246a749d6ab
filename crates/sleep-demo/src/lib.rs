//! The experiment: who waits for whom on two real servers, predicted, measured and
//! drawn.
//!
//! In the order of the data's path:
//!
//! * [`program`] goes from the [`options`] to an exit status; `help.rs` has the words
//!   around them, [`error`] lists what ends the program early,
//! * [`catalogue`] lists the scenarios, and [`doctor`] checks what the demo needs,
//! * [`scenario`] reads what to play (`scenario/clients.rs` makes clients of `count`,
//!   `gap` and `times`, `scenario/duration.rs` reads a time, `scenario/wording.rs` says
//!   which key is wrong, and suggests the right one), and [`choosing`] chooses the
//!   servers to play it against (`launch` finds their programs, in `program.rs`), and
//!   leaves out one whose `needs` is not installed,
//! * [`queue_model`] predicts every wait (`queue_model/event_loop.rs` for one thread
//!   that waits for all clients),
//! * [`course`] plays several scenarios, [`repetition`] one of them once or more: if
//!   the machine was too slow for a run to prove anything, it plays that run again.
//!   [`experiment`] is each run,
//! * [`play`] launches the servers and plays the clients, until all are done or Ctrl-C
//!   ends them (`play/client.rs` is one client, and adds TIMED to its requests),
//! * [`timeline`] has the record that comes out, judges it and draws it,
//! * [`viewer`] is the terminal and the instructor (with `--step` it waits for Enter):
//!   [`live`] redraws the chart there, also when the window changes its size, and
//!   discards what is typed meanwhile, `presentation.rs` shows the result, `paging.rs`
//!   cuts it to the screen, `prompt.rs` reads a line, [`terminal`] decides width,
//!   colour and, from the locale, Unicode or ASCII, also where there is no terminal,
//!   `suspension.rs` handles Ctrl-Z,
//! * [`predict`] asks a class for its predictions (`predict/questions.rs` reads the
//!   numbers that are typed), and [`designs`] asks several designs the same questions,
//! * [`replay`] shows a recorded run again, and [`export`] writes it for other
//!   programs.
//!
//! Open `scenario/mod.rs` next.

pub mod catalogue;
pub mod choosing;
pub mod course;
pub mod designs;
pub mod doctor;
pub mod error;
pub mod experiment;
pub mod export;
mod help;
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
pub mod viewer;
