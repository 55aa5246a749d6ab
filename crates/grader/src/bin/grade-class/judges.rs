//! Judges, side by side: each judges one server after the other, and keeps those that
//! came to no grade.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use crate::{
    building,
    class::Class,
    entry::Verdict,
    error::Error,
    files,
    judging::{self, Judged, Task},
    one,
    started::Started,
    submission::{Content, Submission},
};

/// A submission that can be judged.
pub(crate) struct Ready<'s> {
    /// Its place in the class: the name of its files in this run.
    pub(crate) number: usize,
    pub(crate) submission: &'s Submission,
    /// What was built of it, if it is a package.
    pub(crate) server: Option<PathBuf>,
}

pub(crate) struct Judges<'c> {
    class: &'c Class<'c>,
    /// How often the class was judged before.
    round: u32,
    queue: Mutex<mpsc::Receiver<Ready<'c>>>,
    /// What came to no grade.
    open: Mutex<Vec<Ready<'c>>>,
}

impl<'c> Judges<'c> {
    /// Judges that take from this queue until nobody fills it any more.
    pub(crate) fn new(
        class: &'c Class<'c>,
        round: u32,
        queue: mpsc::Receiver<Ready<'c>>,
    ) -> Self {
        Self {
            class,
            round,
            queue: Mutex::new(queue),
            open: Mutex::default(),
        }
    }

    /// Starts `count` of them; what ends one before its time goes to `keep`.
    pub(crate) fn start<'s>(
        &'s self,
        count: usize,
        scope: &'s thread::Scope<'s, '_>,
        keep: &'s (impl Fn(Result<(), Error>) + Sync),
    ) {
        for _ in 0..count {
            let judge = thread::Builder::new().name("judge".to_owned());
            let work = || keep(self.judge_all());
            let started = judge.spawn_scoped(scope, work).map(drop);
            keep(started.map_err(thread_refused));
        }
    }

    /// What came to no grade, in the order of the class.
    pub(crate) fn left_open(self) -> Vec<Ready<'c>> {
        let open = self.open.into_inner();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        open.sort_by_key(|ready| ready.number);
        open
    }

    fn judge_all(&self) -> Result<(), Error> {
        while self.class.interrupt.signal().is_none() {
            let next = guard(&self.queue).recv();
            let Ok(ready) = next else {
                break;
            };
            self.judge(ready)?;
        }
        Ok(())
    }

    /// Judges in folders of this round: a server may have left anything in the last ones.
    fn judge(&self, ready: Ready<'c>) -> Result<(), Error> {
        let class = self.class;
        let (submission, path) = (ready.submission, &ready.submission.path);
        let place = class
            .folders
            .place(&format!("{}.{}", ready.number, self.round));
        let (seen, own) = place.map_err(Error::at(&class.folders.seen))?;
        let started = start(&ready, &seen).map_err(Error::at(path))?;
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
        self.put_by(ready, verdict)
    }

    /// Keeps what came to no grade, and removes what was built of the others.
    fn put_by(&self, ready: Ready<'c>, verdict: Verdict) -> Result<(), Error> {
        if verdict == Verdict::Regrade {
            guard(&self.open).push(ready);
        } else if let Some(server) = &ready.server {
            std::fs::remove_file(server).map_err(Error::at(server))?;
        }
        Ok(())
    }
}

fn start(ready: &Ready<'_>, seen: &Path) -> io::Result<Started> {
    let path = &ready.submission.path;
    match (&ready.server, ready.submission.content()) {
        (Some(built), _) => {
            let server = seen.join("server");
            building::install(built, &server)?;
            Ok(Started::built(&server))
        }
        (None, Content::Script(name)) => Started::script(path, &name, seen),
        (None, Content::Program(name)) => Started::program(path, &name, seen),
        (None, _) => Err(io::Error::other("it changed while it was judged")),
    }
}

/// The error of a thread that did not start.
pub(crate) fn thread_refused(error: io::Error) -> Error {
    Error::Environment(format!("a thread was refused: {error}"))
}

/// A lock is never poisoned for good: what it guards is whole at every moment.
pub(crate) fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
