//! A class: the kit's own server, every submission, the kit's own server again, and the
//! gradebook. There is a report for each submission at every moment.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use launch::Interrupt;

use crate::{
    canary,
    class_report::Destination,
    confinement::Confinement,
    entry::Verdict,
    error::Error,
    gradebook, hosts, kit,
    options::Options,
    reports::{self, Reports},
    run_folders::RunFolders,
    submission::Submission,
    workers,
};

pub(crate) struct Class<'c> {
    pub(crate) options: &'c Options,
    pub(crate) confinement: Confinement,
    pub(crate) interrupt: &'c Interrupt,
    pub(crate) reports: Reports,
    /// The folder that holds the submissions.
    pub(crate) folder: PathBuf,
    /// Those of them that are due.
    pub(crate) submissions: Vec<Submission>,
    pub(crate) folders: RunFolders,
}

impl<'c> Class<'c> {
    /// What is due of a folder of submissions.
    pub(crate) fn open(
        folder: &Path,
        options: &'c Options,
        confinement: Confinement,
        interrupt: &'c Interrupt,
    ) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|error| {
            Error::Usage(format!("there is no folder {}: {error}", folder.display()))
        })?;
        let mut submissions = Submission::all(&folder).map_err(Error::at(&folder))?;
        if submissions.is_empty() {
            let why = format!(
                "there is no submission in {}: one folder each",
                folder.display()
            );
            return Err(Error::Usage(why));
        }
        let reports = options.reports.clone();
        let reports = reports.unwrap_or_else(|| reports::beside(&folder));
        let reports = Reports::open(reports, confinement)?;
        submissions.retain(|submission| reports.is_due(submission, options));
        Ok(Self {
            options,
            confinement,
            interrupt,
            folder,
            submissions,
            folders: RunFolders::begin().map_err(Error::at(&kit::work()))?,
            reports,
        })
    }

    /// Judges what is due on other hosts. Each of them judges the kit's own server too.
    pub(crate) fn judge_on_hosts(&self) -> Result<ExitCode, Error> {
        for submission in &self.submissions {
            self.reports.begin(submission)?;
        }
        let judged = hosts::judge(self);
        if let Some(signal) = self.interrupt.signal() {
            return Err(Error::Interrupted(signal));
        }
        let summed_up = sum_up(&self.reports.folder, self.options)?;
        judged.map(|()| summed_up)
    }

    /// Judges what is due here.
    pub(crate) fn judge(&self) -> Result<ExitCode, Error> {
        if !self.submissions.is_empty() {
            self.canary("canary-before")?;
            for submission in &self.submissions {
                self.reports.begin(submission)?;
            }
            workers::build_and_judge(self)?;
            if let Some(signal) = self.interrupt.signal() {
                return Err(Error::Interrupted(signal));
            }
            if let Err(error) = self.canary("canary-after") {
                for submission in &self.submissions {
                    let why = "the kit's own server did not get full marks afterwards";
                    let verdict = Verdict::Regrade;
                    self.reports.note(submission, verdict, why, None)?;
                }
                sum_up(&self.reports.folder, self.options)?;
                return Err(error);
            }
        }
        sum_up(&self.reports.folder, self.options)
    }

    fn canary(&self, name: &str) -> Result<(), Error> {
        let place = self.folders.place(name);
        let (seen, own) = place.map_err(Error::at(&self.folders.seen))?;
        canary::judge(self.options, self.confinement, &seen, &own, self.interrupt)
            .map_err(Error::Environment)
    }
}

/// Makes the gradebook and the reports of the class, and prints what is in them.
pub(crate) fn sum_up(reports: &Path, options: &Options) -> Result<ExitCode, Error> {
    let class = gradebook::write(reports).map_err(Error::at(reports))?;
    let all = class.submissions;
    println!(
        "grade-class: {all} submission{}, {} to regrade; {}",
        if all == 1 { "" } else { "s" },
        class.regrade(),
        reports.join("gradebook.csv").display()
    );
    let is_printed = |one: &Destination| matches!(one, Destination::Printed);
    match options.report.iter().any(is_printed) {
        true => print!("{}", class.table()),
        false => print!("{}", class.lines()),
    }
    for destination in &options.report {
        destination.write(&class).map_err(Error::Environment)?;
    }
    Ok(ExitCode::SUCCESS)
}
