//! Some submissions of a class as one archive, and the archive of their reports.
//!
//! An archive is sent through ssh's standard input and output: what a submission is
//! called reaches no command line. `scripts/grade-all.sh --batch` judges it over there.

use std::{
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use launch::Launch;

use super::packing;
use crate::{
    class::Class,
    entry::Entry,
    error::Error,
    files,
    limited::{self, Ended},
    one::{quoted, renamed},
    submission::Submission,
    workers::ROUNDS,
};

/// What a host may need before it judges: it may have to build the kit.
const BUILDS_KIT: Duration = Duration::from_secs(1800);
/// What it may need to build a submission.
const BUILDS: Duration = Duration::from_secs(300);
/// How long a host may say nothing before it counts as dead: three times five seconds.
const SSH: &[&str] = &[
    "-T",
    "-oBatchMode=yes",
    "-oConnectTimeout=10",
    "-oServerAliveInterval=5",
    "-oServerAliveCountMax=3",
];

/// Submissions that one host judges together.
pub(super) struct Batch {
    submissions: Vec<Submission>,
    /// A folder with the archive, where the reports come to as well.
    folder: PathBuf,
    /// On how many hosts it came to nothing.
    pub(super) failed: usize,
}

/// What came of a batch.
pub(super) enum Returned {
    Reports,
    /// No reports, for this reason.
    Nothing(String),
    Interrupted,
}

impl Batch {
    pub(super) fn pack(
        class: &Class<'_>,
        number: usize,
        submissions: Vec<Submission>,
    ) -> Result<Self, Error> {
        let folder = class.folders.own.join(format!("batch-{number}"));
        fs::create_dir(&folder).map_err(packing)?;
        let options = class.options.for_a_host();
        fs::write(folder.join("options"), options.as_bytes()).map_err(packing)?;
        let mut names = Vec::new();
        for submission in &submissions {
            names.extend_from_slice(b"./");
            names.extend_from_slice(submission.name.as_bytes());
            names.push(0);
        }
        fs::write(folder.join("names"), names).map_err(packing)?;
        let mut more = vec!["options"];
        if let Some(file) = &class.options.weights {
            fs::copy(file, folder.join("weights.json")).map_err(packing)?;
            more.push("weights.json");
        }
        let archive = folder.join("batch.tar");
        let mut tar = Command::new("tar");
        tar.arg("-C").arg(&class.folder).arg("-cf").arg(&archive);
        // Not the targets of links.
        tar.arg("--transform=flags=rh;s,^[.]/,submissions/,");
        tar.arg("--null").arg("-T").arg(folder.join("names"));
        run(&mut tar)?;
        let mut tar = Command::new("tar");
        tar.arg("-C")
            .arg(&folder)
            .arg("-rf")
            .arg(&archive)
            .args(more);
        run(&mut tar)?;
        Ok(Self {
            submissions,
            folder,
            failed: 0,
        })
    }

    /// Judges the batch on a host, and takes in the reports.
    pub(super) fn judge_on(
        &self,
        host: &str,
        class: &Class<'_>,
    ) -> Result<Returned, Error> {
        let script = class.options.kit_there().join("scripts/grade-all.sh");
        let there = format!("{} --batch", quoted(&script.to_string_lossy()));
        let ssh = "exec ssh \"$@\" < batch.tar > reports.tar";
        let ssh = Launch::new("sh")
            .args(["-c", ssh, "ssh"])
            .args(SSH)
            .args(["--", host, &there])
            .current_dir(&self.folder);
        let each = ROUNDS * class.options.limit() + BUILDS;
        let count = u32::try_from(self.submissions.len()).unwrap_or(u32::MAX);
        let limit = BUILDS_KIT + each.saturating_mul(count);
        let last = |text: &str| text.lines().last().unwrap_or("no word").to_owned();
        let ended = limited::run(ssh, limit, class.interrupt);
        match ended.map_err(|error| Error::Environment(error.to_string()))? {
            Ended::Interrupted => Ok(Returned::Interrupted),
            Ended::Late(_) => Ok(Returned::Nothing(format!("not within {limit:?}"))),
            Ended::Itself(status, text) if !status.success() => {
                Ok(Returned::Nothing(last(&text)))
            }
            Ended::Itself(..) => match self.unpack() {
                Err(_) => Ok(Returned::Nothing("what it sent is no archive".to_owned())),
                Ok(returned) => self.take_in(&returned, class),
            },
        }
    }

    /// The folder that holds what a host sent.
    fn unpack(&self) -> Result<PathBuf, Error> {
        let returned = self.folder.join("returned");
        files::remove(&returned).map_err(packing)?;
        fs::create_dir(&returned).map_err(packing)?;
        let archive = self.folder.join("reports.tar");
        let mut tar = Command::new("tar");
        run(tar.arg("-C").arg(&returned).arg("-xf").arg(archive))?;
        Ok(returned)
    }

    /// Copies the reports on these submissions, and nothing else that a host sent.
    fn take_in(&self, returned: &Path, class: &Class<'_>) -> Result<Returned, Error> {
        let place = read(&returned.join("place")).unwrap_or_default();
        let here = class.folder.to_string_lossy().into_owned();
        let over_there = format!("{}/submissions", place.trim_end());
        let weights = format!("{}/weights.json", place.trim_end());
        let own_weights = class.options.weights.as_deref().unwrap_or(Path::new(""));
        let public = |text: &str| {
            let text = text.replace(&over_there, &here);
            text.replace(&weights, &own_weights.to_string_lossy())
        };
        let mut missing = 0;
        for submission in &self.submissions {
            let of = |ending: &str| {
                let mut name = submission.file_name();
                name.push(ending);
                returned.join("reports").join(name)
            };
            let path = of(".json");
            let name = submission.name.to_string_lossy();
            let found = read(&path).and_then(|_| Entry::read(&path));
            let Some((entry, report)) = found.filter(|(entry, _)| entry.name == name)
            else {
                missing += 1;
                continue;
            };
            if let Some(text) = read(&of(".txt")) {
                class.reports.print(submission, &public(&text))?;
            }
            class
                .reports
                .take_in(submission, &entry, renamed(report, &public))?;
        }
        Ok(match missing {
            0 => Returned::Reports,
            _ => Returned::Nothing(format!("{missing} reports are missing")),
        })
    }
}

/// A file that is none of the devices or links that an archive may hold.
fn read(path: &Path) -> Option<String> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|about| about.is_file());
    is_file.then(|| fs::read_to_string(path).ok()).flatten()
}

fn run(command: &mut Command) -> Result<(), Error> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.status().map_err(packing)?;
    match status.success() {
        true => Ok(()),
        false => Err(packing(std::io::Error::other(format!("tar: {status}")))),
    }
}
