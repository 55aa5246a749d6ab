//! The command line.

use std::path::{Path, PathBuf};

use clap::Parser;

use crate::{
    help::{DRAWING, EXPORTS, HELP},
    scenario::Scenario,
    terminal::{ColourChoice, Wishes},
};

/// Plays clients against real servers and draws who waits for whom.
#[derive(Clone, Debug, Default, Parser)]
#[command(version, help_template = HELP, term_width = 0)]
pub struct Options {
    /// Names or files of scenarios to play [default: head-of-line]
    #[arg(value_name = "SCENARIO", conflicts_with = "all")]
    pub scenarios: Vec<String>,

    /// Play every scenario in teaching order and check each
    #[arg(long)]
    pub all: bool,

    /// Compare one thread, a thread each, a pool, an event loop
    /// and Redis: seven questions, half a minute
    #[arg(long, verbatim_doc_comment, conflicts_with_all = [
        "scenarios", "all", "servers", "connect", "speed", "repeat", "step", "predict",
        "html", "trace", "says_where",
    ])]
    pub designs: bool,

    /// List the scenarios, with their lessons and minutes
    #[arg(long, conflicts_with_all = ["scenarios", "all", "designs"])]
    pub list: bool,

    /// Print the question for the class, and its answers
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["scenarios", "all", "designs", "list"]
    )]
    pub explain: Option<String>,

    /// Show a recorded run again, without a server. FILE was written
    /// by --json, or is a name in demos/recorded, or - for standard
    /// input
    #[arg(long, value_name = "FILE", verbatim_doc_comment, conflicts_with_all = REPLAYED)]
    pub replay: Option<String>,

    /// Check what the demo needs, and print how to get the rest
    #[arg(long, conflicts_with_all = ["scenarios", "all", "designs", "list", "explain"])]
    pub doctor: bool,

    /// Start CMD in place of the server NAME. The scenario expects of
    /// it what it expects of NAME. Without NAME=, add a server
    #[arg(long = "server", value_name = "[NAME=]CMD", verbatim_doc_comment)]
    pub servers: Vec<String>,

    /// Play only these servers of the scenario, for example
    /// --only "limit 2,limit 4"
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "connect",
        verbatim_doc_comment
    )]
    pub only: Vec<String>,

    /// Play only against the server that runs there; the demo deletes
    /// the counters that it made there
    #[arg(
        long,
        value_name = "HOST:PORT",
        conflicts_with = "servers",
        verbatim_doc_comment
    )]
    pub connect: Option<String>,

    /// Divide all times by FACTOR: 0.5 is half speed
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub speed: f64,

    /// Play N times and show medians and spread
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub repeat: u32,

    /// Show the question, and wait for Enter before each server, the
    /// verdict and the answer. The servers run one after another, and
    /// not at the same time
    #[arg(long, verbatim_doc_comment)]
    pub step: bool,

    /// Ask for each client's wait first; then show prediction,
    /// model and measurement side by side, and the answer
    #[arg(long, verbatim_doc_comment, conflicts_with_all = ["step", "repeat"])]
    pub predict: bool,

    /// Show where each client waits: in the backlog, at a lock,
    /// for a processor. WHEN is auto (as the scenario says),
    /// always or never; `--where` alone means always
    #[arg(
        long = "where",
        value_name = "WHEN",
        value_enum,
        default_value_t,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always",
        hide_default_value = true,
        hide_possible_values = true,
        verbatim_doc_comment
    )]
    pub says_where: Where,

    /// Print one sentence for each request instead of a chart
    #[arg(long, help_heading = DRAWING)]
    pub plain: bool,

    /// Draw the chart once, at the end
    #[arg(long, help_heading = DRAWING)]
    pub no_live: bool,

    /// Draw with ASCII characters only
    #[arg(long, help_heading = DRAWING)]
    pub ascii: bool,

    /// Use colour: auto, always or never; stronger than NO_COLOR,
    /// CLICOLOR_FORCE, CLICOLOR and TERM
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true
    )]
    #[arg(help_heading = DRAWING, verbatim_doc_comment)]
    pub color: ColourChoice,

    /// Draw N characters wide, 40 to 200 [default: the terminal's, or 80]
    #[arg(long, value_name = "N", help_heading = DRAWING)]
    pub width: Option<usize>,

    /// Write the run record as JSON (docs/run-record.md)
    #[arg(long, value_name = "FILE", help_heading = EXPORTS)]
    pub json: Option<PathBuf>,

    /// Write the chart as SVG, for a slide
    #[arg(long, value_name = "FILE", help_heading = EXPORTS)]
    pub svg: Option<PathBuf>,

    /// Write the chart and its numbers as a web page
    #[arg(long, value_name = "FILE", help_heading = EXPORTS)]
    pub html: Option<PathBuf>,

    /// Write Chrome trace events, for Perfetto
    #[arg(long, value_name = "FILE", help_heading = EXPORTS)]
    pub trace: Option<PathBuf>,
}

/// `--where`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Where {
    /// As the scenario says.
    #[default]
    Auto,
    /// Look at the servers.
    Always,
    /// Do not look.
    Never,
}

/// Options that say how to play have no meaning for a run that is only shown again.
const REPLAYED: [&str; 10] = [
    "says_where",
    "scenarios",
    "all",
    "list",
    "explain",
    "doctor",
    "servers",
    "connect",
    "repeat",
    "predict",
];

impl Options {
    /// Whether one scenario is played, and once.
    #[must_use]
    pub fn plays_once(&self) -> bool {
        self.scenarios.len() <= 1 && !self.all && self.repeat == 1
    }

    /// Whether the record of one scenario is to be written somewhere.
    #[must_use]
    pub fn exports(&self) -> bool {
        self.places().next().is_some()
    }

    /// Whether the servers of a scenario are looked at while they are played.
    pub(crate) fn observes(&self, scenario: &Scenario) -> bool {
        match self.says_where {
            Where::Auto => scenario.says_where,
            Where::Always => true,
            Where::Never => false,
        }
    }

    /// Whether an export goes to standard output, and nothing else does.
    #[must_use]
    pub fn exports_to_stdout(&self) -> bool {
        self.places().any(|place| place == Path::new("-"))
    }

    /// Where the exports go.
    pub(crate) fn places(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.json, &self.svg, &self.html, &self.trace]
            .into_iter()
            .flatten()
    }

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
