//! Judges any server program from outside: by its replies, and by its process.
//!
//! It must never fail a correct server because the machine was slow, nor pass a faulty
//! one because it was quick. So a check proves by order and by counts, and elapsed time
//! proves nothing. Before a check fails because nothing came, a control must show that
//! the machine is alive (`control.rs`).
//!
//! ```no_run
//! use grader::{Commands, Expectation, Format, Grading, Registry, Subject, Weights};
//!
//! let grading = Grading {
//!     subject: Subject {
//!         program: "threaded-server".into(),
//!         arguments: Vec::new(),
//!         sandbox: None,
//!     },
//!     expectation: Expectation::Concurrent,
//!     commands: Commands::default(),
//!     only: vec!["slow".to_owned()],
//!     weights: Weights::default(),
//!     races: grader::RACES,
//!     repeat: "grader --only CHECK threaded-server".to_owned(),
//! };
//! let report = grading.run(&Registry::default())?;
//! print!("{}", report.render(Format::Text));
//! # Ok::<(), grader::NoServer>(())
//! ```
//!
//! In the order of a grading:
//!
//! * `options.rs` is the command line, [`Subject`] the server to judge (`subject.rs`
//!   lists the environment variables that it gets), [`Expectation`] and [`Commands`]
//!   what it must do (`expectation.rs`, `commands.rs`), and [`Weights`] what each check
//!   is worth (`weights.rs`),
//! * [`Grading`] runs the checks side by side (`grading.rs`), after a first look
//!   (`probe.rs`), which finds the report's *main fault*: the server ends after its
//!   first client, or only one can run at a time; `control.rs` runs a check again where
//!   the machine may be at fault, and calls it inconclusive if it stays so,
//! * [`CHECKS`] lists them, each with a file or a folder of its name (`check/`).
//!   `lab_tests.rs` runs them as the tests of a student's crate (the steps of lab 4
//!   stand in `scripts/new-lab/steps.rs`),
//! * `workbench.rs` gives each check fresh servers of its own, and limits each wait (10
//!   s). `running.rs` is a server that runs; `starting.rs` says that there is no server
//!   to grade: no first line within 10 s, a wrong one, an early end. `watched.rs`
//!   decides whether a late first line is the server's fault or the machine's.
//!   `python.rs` makes Python's threads take turns, `temporary.rs` is a folder for what
//!   a server leaves, `sandbox.rs` confines a server, `registry.rs` knows all that run,
//! * a check asks through `test_client/`, with words of `nonce.rs`,
//! * `pulse.rs` shows whether a server sleeps and what it holds, `descriptors.rs`
//!   limits what it may open, and `vigil.rs` ends a wait that the server has slept
//!   through. To make a race show, `shake.rs` stops the server's threads again and
//!   again, and `cores.rs` gives them another core than the check's (`no_cores.rs`
//!   where that is not Linux); `rounds.rs` says how long a check looks for it,
//! * `early_end.rs` says why a check stopped early, `ending.rs` how a server ended,
//! * each check comes to a [`Verdict`] (`verdict.rs`), and all of them to a [`Report`]
//!   (`report/`, with a file for each format: `text.rs`, `json.rs`, `junit.rs`,
//!   `gradescope.rs`), which `output.rs` prints or writes to a file,
//! * where a client had to wait, `sighting/` looks at the server once more, and
//!   `likeness/` says which faulty server of the kit it looks like.
//!
//! The program `grader` begins in `main.rs`, which decides its exit status, too. The
//! program `grade-class` (`bin/grade-class/`) judges a class; its `found.rs` decides
//! which file of a submission is the server, its `gradebook.rs` writes the grades as CSV,
//! and its `class_report/` counts the class's mistakes, and draws them as SVG
//! (`picture.rs`).
//!
//! Open `check/slow/mod.rs` next.

mod check;
mod commands;
mod control;
#[cfg(target_os = "linux")]
mod cores;
#[cfg(not(target_os = "linux"))]
#[path = "no_cores.rs"]
mod cores;
mod descriptors;
mod early_end;
mod ending;
mod expectation;
mod grading;
#[cfg(feature = "lab")]
mod lab_tests;
mod likeness;
mod nonce;
pub mod options;
mod probe;
mod pulse;
mod python;
mod registry;
mod report;
mod rounds;
mod running;
mod sandbox;
mod shake;
mod sighting;
mod starting;
mod subject;
mod temporary;
mod test_client;
mod verdict;
mod vigil;
mod watched;
mod weights;
mod workbench;

pub use check::{CHECKS, Check};
pub use commands::{Commands, UnknownCommand};
pub use expectation::{Expectation, UnknownExpectation};
pub use grading::{Grading, NoServer};
#[cfg(feature = "lab")]
pub use lab_tests::{LabStep, LabTests};
pub use likeness::Fingerprint;
pub use registry::Registry;
pub use report::{Entry, Format, Report};
pub use rounds::RACES;
pub use sandbox::{Confinement, Sandbox};
pub use sighting::Sighting;
pub use subject::Subject;
pub use verdict::{Failure, Verdict};
pub use weights::{Weights, WeightsError};
