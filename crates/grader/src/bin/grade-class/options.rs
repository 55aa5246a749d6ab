//! The command line of `grade-class`.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{Parser, ValueEnum};
use grader::{Commands, Expectation, Weights};

use crate::{
    class_report::{Destination, PRINTED},
    confinement::Confinement,
    hosts, kit,
};

const HELP: &str = "\
{about}

Examples:
  grade-class submissions
  grade-class submissions reports --sandbox --expect serial
  grade-class submissions reports --regrade
  grade-class submissions reports --on host1,host2
  grade-class --gradebook reports --report --report class.svg

{usage-heading} {usage}

{all-args}

A submission is a folder with a Cargo package, server.py or an executable. A package is
built offline, beside the kit's crates. REPORTS gets NAME.json and NAME.txt for each,
gradebook.csv, and reteach.txt with what the class got wrong most.

Exit status: 0 the class was judged, 2 usage, 3 the environment, or the kit's own server
failed a check: then no result counts.";

/// Judges a folder of submissions and writes a report for each and one gradebook
#[derive(Debug, Parser)]
#[command(version, help_template = HELP, term_width = 0)]
pub(crate) struct Options {
    /// The folder that holds a folder for each submission
    pub(crate) folder: Option<PathBuf>,

    /// Where the reports go [default: FOLDER-reports]
    pub(crate) reports: Option<PathBuf>,

    /// Judge N submissions at once [default: four for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,

    /// Build N submissions at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) builds: Option<u16>,

    /// Confine builds and servers with bubblewrap
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// Confine builds and servers: none, user (a user of their own;
    /// for root), bubblewrap, or best (the strongest that works here)
    #[arg(long, value_name = "HOW", conflicts_with = "sandbox")]
    #[arg(hide_possible_values = true, verbatim_doc_comment)]
    pub(crate) confine: Option<Confinement>,

    /// Stop a grading after N seconds; it is judged again at the end
    #[arg(long, value_name = "N", default_value_t = 150)]
    pub(crate) limit: u64,

    /// Judge only what has no report yet
    #[arg(long)]
    pub(crate) resume: bool,

    /// Judge what the gradebook marks `regrade`, or has no report yet
    #[arg(long, conflicts_with = "resume")]
    pub(crate) regrade: bool,

    /// What each server is to be, as for `grader`
    #[arg(long, value_name = "KIND", default_value = "concurrent")]
    pub(crate) expect: Expectation,

    /// What each server knows, as for `grader`
    #[arg(long, value_name = "NAMES")]
    pub(crate) commands: Option<String>,

    /// Run these checks alone, as for `grader`
    #[arg(long, value_name = "CHECKS")]
    pub(crate) only: Option<String>,

    /// Take the points of the checks from FILE, as for `grader`
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,

    /// Spend TIME on races, as for `grader`
    #[arg(long, value_name = "TIME")]
    pub(crate) races: Option<humantime::Duration>,

    /// Judge on these machines, over ssh: names with commas between them.
    /// Each must have the kit
    #[arg(
        long,
        value_name = "HOSTS",
        value_delimiter = ',',
        verbatim_doc_comment
    )]
    #[arg(value_parser = hosts::host)]
    #[arg(conflicts_with_all = ["gradebook", "one", "servers", "prepare"])]
    pub(crate) on: Vec<String>,

    /// With --on: the folder of the kit on the machines [default: as here]
    #[arg(long, value_name = "FOLDER", requires = "on")]
    pub(crate) kit: Option<PathBuf>,

    /// Judge nothing: make the gradebook of the reports in REPORTS,
    /// for example after copying several machines' reports together
    #[arg(long, value_name = "REPORTS", verbatim_doc_comment)]
    #[arg(conflicts_with_all = ["folder", "reports"])]
    pub(crate) gradebook: Option<PathBuf>,

    /// Print how many submissions got full marks, how many failed each
    /// check, and how many made each mistake. With FILE, write this to
    /// FILE instead: as a picture (.svg), as JSON (.json) or as text
    /// (.txt). May be given several times
    #[arg(long, value_name = "FILE", num_args = 0..=1, verbatim_doc_comment)]
    #[arg(default_missing_value = PRINTED)]
    #[arg(conflicts_with_all = ["one", "program_of", "prepare"])]
    pub(crate) report: Vec<Destination>,

    /// Judge the submission in this folder alone, as `grader` judges
    #[arg(long, value_name = "FOLDER", verbatim_doc_comment)]
    #[arg(conflicts_with_all = ["folder", "reports", "gradebook"])]
    pub(crate) one: Option<PathBuf>,

    /// With --one: the format of the report, as for `grader`
    #[arg(long, value_name = "FORMAT", requires = "one")]
    pub(crate) format: Option<String>,

    /// With --one: the file for the report
    #[arg(long, value_name = "FILE", requires = "one")]
    pub(crate) output: Option<PathBuf>,

    /// Print the name of the program that a Cargo manifest makes
    #[arg(long, value_name = "MANIFEST", hide = true)]
    pub(crate) program_of: Option<PathBuf>,

    /// The folder of the kit's own servers [default: beside this program]
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub(crate) servers: Option<PathBuf>,

    /// Prepare the places where submissions are built, without one
    #[arg(long, hide = true)]
    pub(crate) prepare: bool,
}

impl Options {
    /// How long a grading may take; one takes a minute at most by itself.
    pub(crate) fn limit(&self) -> Duration {
        Duration::from_secs(self.limit)
    }

    /// How builds and servers are to be confined.
    pub(crate) fn confinement(&self) -> Confinement {
        match (self.confine, self.sandbox) {
            (Some(confinement), _) => confinement,
            (None, true) => Confinement::Bubblewrap,
            (None, false) => Confinement::None,
        }
    }

    /// What the grader is given beside the server.
    pub(crate) fn for_grader(&self) -> Vec<OsString> {
        let mut words = vec![format!("--expect={}", self.expect)];
        words.extend(
            self.commands
                .iter()
                .map(|names| format!("--commands={names}")),
        );
        words.extend(self.only.iter().map(|names| format!("--only={names}")));
        words.extend(self.races.iter().map(|time| format!("--races={time}")));
        let mut words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
        if let Some(file) = &self.weights {
            words.push("--weights".into());
            words.push(file.into());
        }
        words
    }

    /// The folder of the kit on other machines.
    pub(crate) fn kit_there(&self) -> PathBuf {
        self.kit.clone().unwrap_or_else(kit::root)
    }

    /// What another machine is given, a word in each line; the file of weights is sent
    /// as `weights.json`.
    pub(crate) fn for_a_host(&self) -> String {
        let confine = self.confinement().to_possible_value();
        let confine = confine.map(|value| value.get_name().to_owned());
        let mut words = vec![
            format!("--expect={}", self.expect),
            format!("--limit={}", self.limit),
        ];
        let mut add = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("--{name}={value}")));
        };
        add("confine", confine);
        add("commands", self.commands.clone());
        add("only", self.only.clone());
        add("races", self.races.map(|time| time.to_string()));
        add("jobs", self.jobs.map(|jobs| jobs.to_string()));
        add("builds", self.builds.map(|builds| builds.to_string()));
        let weights = self.weights.as_ref().map(|_| "weights.json".to_owned());
        add("weights", weights);
        words.join("\n") + "\n"
    }

    /// Refuses before anything is built what the grader would refuse each time.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(file) = &self.weights {
            Weights::read(file)
                .map_err(|error| format!("--weights {}: {error}", file.display()))?;
        }
        self.report.iter().try_for_each(Destination::check)?;
        let Some(names) = &self.commands else {
            return Ok(());
        };
        names
            .parse::<Commands>()
            .map(drop)
            .map_err(|error| error.to_string())
    }
}
