//! Judges any server program by its process and its socket.
//!
//! It must never fail a correct server because the machine was slow, nor pass a broken one
//! because it was quick. So a check proves by order and by counts, and elapsed time proves
//! nothing; before a check fails because nothing came, a control has to show that the machine
//! is alive (`control.rs`).
//!
//! * [`Grading`] holds the checks side by side (`grading.rs`),
//! * [`CHECKS`] lists them, one file each (`check/`); they start fresh servers in a `lab.rs`
//!   and ask through a `peer.rs`,
//! * each comes to a [`Verdict`] (`verdict.rs`), and all of them to a [`Report`] (`report/`).
//!
//! ```no_run
//! use grader::{Commands, Expectation, Format, Grading, Registry, Subject, Weights};
//!
//! let grading = Grading {
//!     subject: Subject { program: "threaded-server".into(), arguments: Vec::new(), sandbox: None },
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
//! Open `check/slow.rs` next.

mod check;
mod commands;
mod control;
mod cores;
mod ending;
mod expectation;
mod grading;
mod halt;
mod lab;
#[cfg(feature = "lab")]
mod lab_tests;
mod nonce;
pub mod options;
mod peer;
mod probe;
mod pulse;
mod python;
mod registry;
mod report;
mod rounds;
mod running;
mod sandbox;
mod shake;
mod starting;
mod subject;
mod verdict;
mod vigil;
mod watched;
mod weights;

pub use check::{CHECKS, Check};
pub use commands::{Commands, UnknownCommand};
pub use expectation::{Expectation, UnknownExpectation};
pub use grading::{Grading, NoServer};
#[cfg(feature = "lab")]
pub use lab_tests::{LabStep, LabTests};
pub use registry::Registry;
pub use report::{Entry, Format, Report};
pub use rounds::RACES;
pub use sandbox::{Confinement, Sandbox};
pub use subject::Subject;
pub use verdict::{Failure, Verdict};
pub use weights::{Weights, WeightsError};
