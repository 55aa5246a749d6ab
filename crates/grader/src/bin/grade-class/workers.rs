//! Builders and judges, side by side: what is built goes to the judges at once. What came
//! to no grade is judged again at the end, fewer at once.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use crate::{
    building::{self, Built},
    class::Class,
    entry::Verdict,
    error::Error,
    judges::{Judges, Ready, guard, thread_refused},
    place::Place,
    submission::{Content, Submission},
};

/// How often a submission is judged until it has a grade. The machine may have had no
/// time for it, or a server beside it may have harmed it.
pub(crate) const ROUNDS: u32 = 3;

struct Workers<'w> {
    class: &'w Class<'w>,
    packages: Mutex<VecDeque<(usize, &'w Submission)>>,
    /// What ended a worker before its time.
    failure: Mutex<Option<Error>>,
}

/// Builds and judges every submission of the class, until it is interrupted.
pub(crate) fn build_and_judge(class: &Class<'_>) -> Result<(), Error> {
    let (built, ready) = mpsc::channel();
    let packages = sort(class, &built)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let builders = class.options.builds.map_or(cores, usize::from);
    let builders = builders.min(packages.len());
    let jobs = class.options.jobs.map_or(4 * cores, usize::from);
    let mut jobs = jobs.min(class.submissions.len());
    let workers = Workers {
        class,
        packages: Mutex::new(packages),
        failure: Mutex::new(None),
    };
    let keep = |outcome| workers.keep(outcome);
    let judges = Judges::new(class, 0, ready);
    thread::scope(|scope| {
        for _ in 0..builders {
            let (workers, built) = (&workers, built.clone());
            let builder = thread::Builder::new().name("build".to_owned());
            let work = move || workers.keep(workers.build_all(&built));
            let started = builder.spawn_scoped(scope, work).map(drop);
            keep(started.map_err(thread_refused));
        }
        drop(built);
        judges.start(jobs, scope, &keep);
    });
    let mut open = judges.left_open();
    for round in 1..ROUNDS {
        if open.is_empty() || workers.is_over() {
            break;
        }
        jobs = (jobs / 2).max(1);
        open = workers.judge_again(open, jobs, round);
    }
    let failure = workers.failure.into_inner();
    failure
        .unwrap_or_else(PoisonError::into_inner)
        .map_or(Ok(()), Err)
}

/// Gives the packages to the builders, programs to the judges, and a report to the rest.
fn sort<'w>(
    class: &'w Class<'_>,
    built: &mpsc::Sender<Ready<'w>>,
) -> Result<VecDeque<(usize, &'w Submission)>, Error> {
    let mut packages = VecDeque::new();
    for (number, submission) in class.submissions.iter().enumerate() {
        let refused = match submission.content() {
            Content::Package => {
                packages.push_back((number, submission));
                continue;
            }
            Content::Program(_) | Content::Script(_) => {
                send(built, number, submission, None);
                continue;
            }
            Content::Nothing(why) => (Verdict::NoSubmission, why),
            Content::Refused(why) => (Verdict::Refused, why),
        };
        class
            .reports
            .note(submission, refused.0, &refused.1, None)?;
    }
    Ok(packages)
}

fn send<'w>(
    built: &mpsc::Sender<Ready<'w>>,
    number: usize,
    submission: &'w Submission,
    server: Option<PathBuf>,
) {
    let ready = Ready {
        number,
        submission,
        server,
    };
    // Without a judge there is a failure already.
    let _ = built.send(ready);
}

impl<'w> Workers<'w> {
    fn build_all(&self, built: &mpsc::Sender<Ready<'w>>) -> Result<(), Error> {
        let class = self.class;
        let place = Place::take(class.confinement, class.interrupt)
            .map_err(Error::Environment)?;
        while class.interrupt.signal().is_none() {
            let Some((number, submission)) = guard(&self.packages).pop_front() else {
                break;
            };
            match building::build(&submission.path, &place, class.interrupt) {
                Ok(Built::Server(server)) => {
                    let copy = class.folders.own.join(format!("server-{number}"));
                    building::install(&server, &copy).map_err(Error::at(&copy))?;
                    send(built, number, submission, Some(copy));
                }
                Ok(Built::Not(text)) => {
                    let error = text.lines().find(|line| line.starts_with("error"));
                    let why = error.unwrap_or("see the report");
                    class.reports.print(submission, &text)?;
                    let verdict = Verdict::DoesNotBuild;
                    class.reports.note(submission, verdict, why, None)?;
                }
                Ok(Built::Interrupted) => break,
                Err(why) => {
                    class
                        .reports
                        .note(submission, Verdict::Regrade, &why, None)?
                }
            }
        }
        Ok(())
    }

    /// Judges these, `jobs` at once; what has no grade after it comes back.
    fn judge_again(
        &self,
        open: Vec<Ready<'w>>,
        jobs: usize,
        round: u32,
    ) -> Vec<Ready<'w>> {
        let count = jobs.min(open.len());
        let (number, them) = match open.len() {
            1 => ("1 submission has".to_owned(), "it is"),
            several => (format!("{several} submissions have"), "they are"),
        };
        eprintln!(
            "grade-class: {number} no grade yet: {them} judged again, {count} at once"
        );
        let (sender, queue) = mpsc::channel();
        for ready in open {
            // A run that is stopped now leaves it to the next one.
            self.keep(self.class.reports.begin(ready.submission));
            // The queue is there as long as its judges are.
            let _ = sender.send(ready);
        }
        drop(sender);
        let keep = |outcome| self.keep(outcome);
        let judges = Judges::new(self.class, round, queue);
        thread::scope(|scope| judges.start(count, scope, &keep));
        judges.left_open()
    }

    /// Whether there is nothing more to do.
    fn is_over(&self) -> bool {
        self.class.interrupt.signal().is_some() || guard(&self.failure).is_some()
    }

    /// Keeps the first failure.
    fn keep(&self, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            guard(&self.failure).get_or_insert(error);
        }
    }
}
