//! Builders and judges, side by side: what is built goes to the judges at once.

use std::{
    collections::VecDeque,
    io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use crate::{
    building::{self, Built},
    class::Class,
    entry::Verdict,
    error::Error,
    files,
    judging::{self, Judged, Task},
    one,
    place::Place,
    started::Started,
    submission::{Content, Submission},
};

/// A submission that can be judged.
struct Ready<'s> {
    /// Its place in the class: the name of its folders in this run.
    number: usize,
    submission: &'s Submission,
    /// What was built of it, if it is a package.
    server: Option<PathBuf>,
}

struct Workers<'w> {
    class: &'w Class<'w>,
    packages: Mutex<VecDeque<(usize, &'w Submission)>>,
    ready: Mutex<mpsc::Receiver<Ready<'w>>>,
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
    let judges = class.options.jobs.map_or(4 * cores, usize::from);
    let workers = Workers {
        class,
        packages: Mutex::new(packages),
        ready: Mutex::new(ready),
        failure: Mutex::new(None),
    };
    thread::scope(|scope| {
        for _ in 0..builders {
            let (workers, built) = (&workers, built.clone());
            let builder = thread::Builder::new().name("build".to_owned());
            let work = move || workers.keep(workers.build_all(&built));
            workers.keep(builder.spawn_scoped(scope, work).map(drop).map_err(refused));
        }
        drop(built);
        for _ in 0..judges.min(class.submissions.len()) {
            let workers = &workers;
            let judge = thread::Builder::new().name("judge".to_owned());
            let work = || workers.keep(workers.judge_all());
            workers.keep(judge.spawn_scoped(scope, work).map(drop).map_err(refused));
        }
    });
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

fn refused(error: io::Error) -> Error {
    Error::Environment(format!("a thread was refused: {error}"))
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
                    let folders = class.folders.place(&number.to_string());
                    let copy = folders.map_err(Error::at(&server))?.0.join("server");
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

    fn judge_all(&self) -> Result<(), Error> {
        while self.class.interrupt.signal().is_none() {
            let next = guard(&self.ready).recv();
            let Ok(ready) = next else {
                break;
            };
            self.judge(&ready)?;
        }
        Ok(())
    }

    fn judge(&self, ready: &Ready<'_>) -> Result<(), Error> {
        let class = self.class;
        let (submission, path) = (ready.submission, &ready.submission.path);
        let folders = class.folders.place(&ready.number.to_string());
        let (seen, own) = folders.map_err(Error::at(&class.folders.seen))?;
        let started = start(ready, &seen).map_err(Error::at(path))?;
        let task = Task {
            command: &started.command,
            seen: &seen,
            confinement: class.confinement,
            options: &class.options.for_grader(),
            limit: class.options.limit(),
            repeat: one::repeat(path, class.options, class.confinement),
            own: &own,
        };
        let (judged, text) = judging::judge(&task, class.interrupt);
        // People know the submission, not the place where it ran.
        let known = path.to_string_lossy();
        let public = |text: &str| started.in_their_words(text, &known);
        class.reports.print(submission, &public(&text))?;
        let (verdict, detail, report) = match judged {
            Judged::Interrupted => return Ok(()),
            Judged::Graded(report) => (Verdict::Graded, String::new(), Some(report)),
            Judged::NoServer(why, report) => (Verdict::NoServer, why, report),
            Judged::Regrade(why, report) => (Verdict::Regrade, why, report),
        };
        let report = report.map(|report| one::renamed(report, &public));
        let detail = public(&detail);
        class.reports.note(submission, verdict, &detail, report)?;
        for folder in [&seen, &own] {
            files::remove(folder).map_err(Error::at(folder))?;
        }
        Ok(())
    }

    /// Keeps the first failure.
    fn keep(&self, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            guard(&self.failure).get_or_insert(error);
        }
    }
}

fn start(ready: &Ready<'_>, seen: &std::path::Path) -> io::Result<Started> {
    let path = &ready.submission.path;
    match (&ready.server, ready.submission.content()) {
        (Some(server), _) => Ok(Started::built(server)),
        (None, Content::Script(name)) => Started::script(path, &name, seen),
        (None, Content::Program(name)) => Started::program(path, &name, seen),
        (None, _) => Err(io::Error::other("it changed while it was judged")),
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
