//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::terminal::{ColourChoice, Wishes};

/// Plays clients against real servers and draws who waits for whom.
#[derive(Clone, Debug, Default, Parser)]
#[command(version, after_help = EXIT_CODES, max_term_width = 90)]
pub struct Options {
    /// Names of scenarios, or paths of scenario files [default: head-of-line]
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,

    /// Play CMD in place of the server NAME, and hold it to what NAME must show;
    /// without NAME=, play CMD beside the others
    #[arg(long = "server", value_name = "[NAME=]CMD")]
    pub servers: Vec<String>,

    /// Play against the server that runs at HOST:PORT, and no other
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "servers")]
    pub connect: Option<String>,

    /// Play every time of the scenario at this speed: 0.5 takes twice as long
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub speed: f64,

    /// A sentence a request instead of a chart
    #[arg(long)]
    pub plain: bool,

    /// Draw with ASCII alone
    #[arg(long)]
    pub ascii: bool,

    /// Colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColourChoice,

    /// Width in characters, 40 to 200
    #[arg(long, value_name = "N")]
    pub width: Option<usize>,

    /// Write the run record as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

const EXIT_CODES: &str = "\
Exit status:
  0    the scenario showed what it expects
  1    it ran, but something expected did not hold
  2    usage, or a scenario file that can't be read
  3    the environment: a program is missing, a file can't be written
  4    a server crashed, or never announced itself
  130  Ctrl-C";

impl Options {
    /// What is asked of the drawing.
    #[must_use]
    pub fn wishes(&self) -> Wishes {
        Wishes {
            colour: self.color,
            width: self.width,
            ascii: self.ascii,
        }
    }
}
