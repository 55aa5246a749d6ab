//! A run: builders and judges side by side, and a report for each submission at every
//! moment.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use launch::{Interrupt, raise_descriptors};
use thiserror::Error;

use crate::{
    building::{self, Built},
    canary,
    confinement::Confinement,
    entry::{Entry, Origin, Verdict},
    files, gradebook,
    judging::{self, Judged, Task},
    kit, one,
    options::Options,
    place::Place,
    started::Started,
    submission::{Content, Submission},
};

const UNFINISHED: &str = "the judgement did not finish";

/// What keeps a class from being judged.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Environment(String),
    #[error("stopped by signal {0}; what was not judged is marked regrade")]
    Interrupted(u8),
}

impl Error {
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Environment(_) => 3,
            Self::Interrupted(signal) => 128 + signal,
        }
    }

    pub(crate) fn at(what: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Environment(format!("{}: {error}", what.display()))
    }
}

/// Does what the options say.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Error> {
    options.check().map_err(Error::Usage)?;
    if let Some(manifest) = &options.program_of {
        println!("{}", building::program_of(manifest).map_err(Error::Usage)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(reports) = &options.gradebook {
        return sum_up(reports);
    }
    raise_descriptors();
    let interrupt = Interrupt::catch().map_err(Error::at(Path::new("signals")))?;
    let asked = match (options.confine, options.sandbox) {
        (Some(confinement), _) => confinement,
        (None, true) => Confinement::Bubblewrap,
        (None, false) => Confinement::None,
    };
    let confinement = asked.resolve().map_err(Error::Environment)?;
    if options.prepare {
        Place::take(confinement, &interrupt).map_err(Error::Environment)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = &options.one {
        return one::judge(folder, options, confinement, &interrupt);
    }
    let folder = options.folder.as_deref();
    let folder =
        folder.ok_or_else(|| Error::Usage("which folder? see --help".to_owned()))?;
    Class::open(folder, options, confinement, &interrupt)?.judge()
}

/// Makes the gradebook, and says what is in it.
fn sum_up(reports: &Path) -> Result<ExitCode, Error> {
    let sum = gradebook::write(reports).map_err(Error::at(reports))?;
    println!(
        "grade-class: {} submissions, {} to regrade; {}",
        sum.submissions,
        sum.regrade,
        reports.join("gradebook.csv").display()
    );
    print!("{}", sum.reteach);
    Ok(ExitCode::SUCCESS)
}

struct Class<'c> {
    options: &'c Options,
    confinement: Confinement,
    interrupt: &'c Interrupt,
    reports: PathBuf,
    origin: Origin,
    submissions: Vec<Submission>,
    run: Run,
    /// Held while reports are written.
    _lock: File,
}

/// The folders of a run, gone with it: one that servers see, and one that they don't.
pub(crate) struct Run {
    pub(crate) seen: PathBuf,
    pub(crate) own: PathBuf,
}

impl<'c> Class<'c> {
    fn open(
        folder: &Path,
        options: &'c Options,
        confinement: Confinement,
        interrupt: &'c Interrupt,
    ) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|error| {
            Error::Usage(format!("there is no folder {}: {error}", folder.display()))
        })?;
        let submissions = Submission::all(&folder).map_err(Error::at(&folder))?;
        if submissions.is_empty() {
            let why = format!(
                "there is no submission in {}: one folder each",
                folder.display()
            );
            return Err(Error::Usage(why));
        }
        let reports = options.reports.clone().unwrap_or_else(|| {
            let mut name = folder.clone().into_os_string();
            name.push("-reports");
            name.into()
        });
        fs::create_dir_all(&reports).map_err(Error::at(&reports))?;
        let lock = File::create(reports.join(".lock")).map_err(Error::at(&reports))?;
        if lock.try_lock().is_err() {
            let why = format!(
                "another run writes to {}; give this one another folder",
                reports.display()
            );
            return Err(Error::Environment(why));
        }
        Ok(Self {
            options,
            confinement,
            interrupt,
            origin: Origin::here(confinement),
            submissions: submissions
                .into_iter()
                .filter(|one| is_due(one, &reports, options))
                .collect(),
            run: Run::begin().map_err(Error::at(&kit::work()))?,
            reports,
            _lock: lock,
        })
    }

    fn judge(&self) -> Result<ExitCode, Error> {
        if !self.submissions.is_empty() {
            self.canary("canary-before")?;
            for submission in &self.submissions {
                self.note(submission, Verdict::Regrade, UNFINISHED, None)?;
            }
            self.build_and_judge()?;
            if let Some(signal) = self.interrupt.signal() {
                return Err(Error::Interrupted(signal));
            }
            if let Err(error) = self.canary("canary-after") {
                for submission in &self.submissions {
                    let why = "the kit's own server did not get full marks afterwards";
                    self.note(submission, Verdict::Regrade, why, None)?;
                }
                sum_up(&self.reports)?;
                return Err(error);
            }
        }
        sum_up(&self.reports)
    }

    fn canary(&self, name: &str) -> Result<(), Error> {
        let (seen, own) = self.run.place(name).map_err(Error::at(&self.run.seen))?;
        canary::sing(self.options, self.confinement, &seen, &own, self.interrupt)
            .map_err(Error::Environment)
    }

    /// What is built goes to the judges at once; who holds no package needs no builder.
    fn build_and_judge(&self) -> Result<(), Error> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.options.jobs.map_or(4 * cores, usize::from);
        let builds = self.options.builds.map_or(cores, usize::from);
        let mut packages = VecDeque::new();
        let (built, to_judge) = mpsc::channel();
        for (number, submission) in self.submissions.iter().enumerate() {
            match submission.content() {
                Content::Package => packages.push_back((number, submission)),
                Content::Program(_) | Content::Script(_) => {
                    drop(built.send((number, submission, None)));
                }
                Content::Nothing(why) => {
                    self.note(submission, Verdict::NoSubmission, &why, None)?;
                }
                Content::Refused(why) => {
                    self.note(submission, Verdict::Refused, &why, None)?
                }
            }
        }
        let builds = builds.min(packages.len());
        let (packages, to_judge) = (Mutex::new(packages), Mutex::new(to_judge));
        let failure = Mutex::new(None);
        thread::scope(|scope| {
            for _ in 0..builds {
                let (built, packages, failure) = (built.clone(), &packages, &failure);
                let work = move || {
                    if let Err(error) = self.build_all(packages, &built) {
                        failure
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .replace(error);
                    }
                };
                let _ = thread::Builder::new()
                    .name("build".to_owned())
                    .spawn_scoped(scope, work);
            }
            drop(built);
            for _ in 0..jobs.min(self.submissions.len()) {
                let (to_judge, failure) = (&to_judge, &failure);
                let work = move || {
                    if let Err(error) = self.judge_all(to_judge) {
                        failure
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .replace(error);
                    }
                };
                let _ = thread::Builder::new()
                    .name("judge".to_owned())
                    .spawn_scoped(scope, work);
            }
        });
        let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.map_or(Ok(()), Err)
    }

    fn build_all<'s>(
        &self,
        packages: &Mutex<VecDeque<(usize, &'s Submission)>>,
        built: &mpsc::Sender<(usize, &'s Submission, Option<PathBuf>)>,
    ) -> Result<(), Error> {
        let place =
            Place::take(self.confinement, self.interrupt).map_err(Error::Environment)?;
        while self.interrupt.signal().is_none() {
            let next = packages
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some((number, submission)) = next else {
                break;
            };
            match building::build(&submission.path, &place, self.interrupt) {
                Ok(Built::Server(server)) => {
                    let (seen, _) = self
                        .run
                        .place(&number.to_string())
                        .map_err(Error::at(&server))?;
                    let copy = seen.join("server");
                    building::install(&server, &copy).map_err(Error::at(&copy))?;
                    drop(built.send((number, submission, Some(copy))));
                }
                Ok(Built::Not(text)) => {
                    let error = text.lines().find(|line| line.starts_with("error"));
                    let why = error.unwrap_or("see the report");
                    self.print(submission, &text)?;
                    self.note(submission, Verdict::DoesNotBuild, why, None)?;
                }
                Ok(Built::Interrupted) => break,
                Err(why) => self.note(submission, Verdict::Regrade, &why, None)?,
            }
        }
        Ok(())
    }

    fn judge_all(
        &self,
        to_judge: &Mutex<mpsc::Receiver<(usize, &Submission, Option<PathBuf>)>>,
    ) -> Result<(), Error> {
        while self.interrupt.signal().is_none() {
            let next = to_judge
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .recv();
            let Ok((number, submission, server)) = next else {
                break;
            };
            let (seen, own) = self
                .run
                .place(&number.to_string())
                .map_err(Error::at(&self.run.seen))?;
            let path = &submission.path;
            let started = match (server, submission.content()) {
                (Some(server), _) => Ok(Started::built(&server)),
                (None, Content::Script(name)) => Started::script(path, &name, &seen),
                (None, Content::Program(name)) => Started::program(path, &name, &seen),
                (None, _) => Err(io::Error::other("it changed while it was judged")),
            };
            let started = started.map_err(Error::at(path))?;
            let task = Task {
                command: &started.command,
                seen: &seen,
                confinement: self.confinement,
                options: &self.options.for_grader(),
                limit: self.options.limit(),
                repeat: one::repeat(&submission.path, self.options, self.confinement),
                own: &own,
            };
            let (judged, text) = judging::judge(&task, self.interrupt);
            // People know the submission, not the place where it ran.
            let known = submission.path.to_string_lossy();
            let public = |text: &str| started.in_their_words(text, &known);
            self.print(submission, &public(&text))?;
            let (verdict, detail, report) = match judged {
                Judged::Interrupted => break,
                Judged::Graded(report) => (Verdict::Graded, String::new(), Some(report)),
                Judged::NoServer(why, report) => (Verdict::NoServer, why, report),
                Judged::Regrade(why, report) => (Verdict::Regrade, why, report),
            };
            let detail = public(&detail);
            let report = report.map(|report| one::renamed(report, &public));
            self.note(submission, verdict, &detail, report)?;
            for folder in [&seen, &own] {
                files::remove(folder).map_err(Error::at(folder))?;
            }
        }
        Ok(())
    }

    fn note(
        &self,
        submission: &Submission,
        verdict: Verdict,
        detail: &str,
        report: Option<serde_json::Value>,
    ) -> Result<(), Error> {
        let entry = self.origin.entry(submission, verdict, detail);
        entry
            .write(&self.reports, submission, report)
            .map_err(Error::at(&self.reports))
    }

    /// Writes NAME.txt.
    fn print(&self, submission: &Submission, text: &str) -> Result<(), Error> {
        let mut name = submission.file_name();
        name.push(".txt");
        files::replace(&self.reports.join(name), text).map_err(Error::at(&self.reports))
    }
}

/// Whether a submission is to be judged in this run.
fn is_due(submission: &Submission, reports: &Path, options: &Options) -> bool {
    let mut name = submission.file_name();
    name.push(".json");
    match Entry::read(&reports.join(name)) {
        None => true,
        Some(_) if !options.resume && !options.regrade => true,
        // A run that was stopped left marks on what it had not judged.
        Some((entry, _)) => {
            let is_open = entry.verdict == Verdict::Regrade;
            is_open && (options.regrade || entry.detail == UNFINISHED)
        }
    }
}

impl Run {
    pub(crate) fn begin() -> io::Result<Self> {
        let name = format!("grade-{}", one::secret());
        let (seen, own) = (std::env::temp_dir().join(&name), kit::work().join(&name));
        make(&seen, 0o711)?;
        fs::create_dir_all(kit::work())?;
        make(&own, 0o700)?;
        Ok(Self { seen, own })
    }

    /// Folders for one submission: for its server, and for the grader.
    pub(crate) fn place(&self, name: &str) -> io::Result<(PathBuf, PathBuf)> {
        let (seen, own) = (self.seen.join(name), self.own.join(name));
        if !own.exists() {
            make(&own, 0o700)?;
            make(&seen, 0o755)?;
        }
        Ok((seen, own))
    }
}

fn make(folder: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
}

impl Drop for Run {
    fn drop(&mut self) {
        // What cannot be removed holds nothing of worth.
        let _ = files::remove(&self.seen);
        let _ = files::remove(&self.own);
    }
}
