//! A class that is judged on several machines, over ssh: each gets a batch of
//! submissions at a time (`batch.rs`), and sends the reports back.
//!
//! A host that fails drops out, and another one judges its batch. What no host judged
//! keeps its mark `regrade`.

mod batch;

use std::{
    collections::VecDeque,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::{class::Class, entry::Verdict, error::Error, submission::Content};
use batch::{Batch, Returned};

/// How many batches a host gets, if none drops out: an early end of one host is made up
/// for by the others.
const BATCHES: usize = 3;
/// Each batch has the kit's own server judged before and after it.
const LARGEST: usize = 24;
/// A batch that failed on this many hosts is left to be judged again.
const TRIES: usize = 2;

/// A name as ssh takes it, which no shell and no option reads as anything else.
pub(crate) fn host(text: &str) -> Result<String, String> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "@._-:[]%".contains(letter);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("it is no name of a host, as host1 or user@host2".to_owned()),
    }
}

/// Judges every submission of the class on the hosts.
///
/// # Errors
///
/// When all hosts have dropped out before every submission was judged.
pub(crate) fn judge(class: &Class<'_>) -> Result<(), Error> {
    let hosts = &class.options.on;
    let queue = Queue::new(batches(class)?);
    let failure = Mutex::new(Ok(()));
    thread::scope(|scope| {
        for host in hosts {
            let work = || {
                let served = serve(class, host, &queue);
                let mut failure = guard(&failure);
                if failure.is_ok() {
                    *failure = served;
                }
            };
            let thread = thread::Builder::new().name(host.clone());
            if let Err(error) = thread.spawn_scoped(scope, work) {
                eprintln!("grade-class: {host} is left out: {error}");
            }
        }
    });
    failure
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)?;
    match queue.is_empty() {
        true => Ok(()),
        false => Err(Error::Environment(
            "no host is left; what was not judged is marked regrade".to_owned(),
        )),
    }
}

/// Packs what has a server, and gives a report to the rest.
fn batches(class: &Class<'_>) -> Result<VecDeque<Batch>, Error> {
    let mut due = Vec::new();
    for submission in &class.submissions {
        let (verdict, why) = match submission.content() {
            Content::Nothing(why) => (Verdict::NoSubmission, why),
            Content::Refused(why) => (Verdict::Refused, why),
            _ => {
                due.push(submission.clone());
                continue;
            }
        };
        class.reports.note(submission, verdict, &why, None)?;
    }
    let parts = (BATCHES * class.options.on.len()).max(1);
    let size = due.len().div_ceil(parts).clamp(1, LARGEST);
    let batches = due.chunks(size).enumerate();
    let batches = batches.map(|(number, due)| Batch::pack(class, number, due.to_vec()));
    batches.collect()
}

/// Judges batches on a host until there are no more, or the host fails.
fn serve(class: &Class<'_>, host: &str, queue: &Queue) -> Result<(), Error> {
    while let Some(mut batch) = queue.take() {
        let returned = batch.judge_on(host, class);
        let (again, drops_out) = match returned {
            Ok(Returned::Reports) => (None, false),
            Ok(Returned::Interrupted) => (None, true),
            Ok(Returned::Nothing(why)) => {
                batch.failed += 1;
                let is_the_hosts = batch.failed == 1;
                eprintln!("grade-class: {host} sent no reports: {why}");
                ((batch.failed < TRIES).then_some(batch), is_the_hosts)
            }
            Err(error) => {
                queue.done(None);
                return Err(error);
            }
        };
        queue.done(again);
        if drops_out {
            break;
        }
    }
    Ok(())
}

/// The batches that wait, and how many are on a host now: one of those may come back.
struct Queue {
    batches: Mutex<(VecDeque<Batch>, usize)>,
    changed: Condvar,
}

impl Queue {
    fn new(batches: VecDeque<Batch>) -> Self {
        Self {
            batches: Mutex::new((batches, 0)),
            changed: Condvar::new(),
        }
    }

    /// The next batch, as soon as there is one; `None` once none can come any more.
    fn take(&self) -> Option<Batch> {
        let mut batches = guard(&self.batches);
        loop {
            if let Some(batch) = batches.0.pop_front() {
                batches.1 += 1;
                return Some(batch);
            }
            if batches.1 == 0 {
                return None;
            }
            let waited = self.changed.wait(batches);
            batches = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_empty(&self) -> bool {
        guard(&self.batches).0.is_empty()
    }

    /// A batch that was taken is done, or is to be judged on another host.
    fn done(&self, again: Option<Batch>) {
        let mut batches = guard(&self.batches);
        batches.1 -= 1;
        batches.0.extend(again);
        self.changed.notify_all();
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An error of the files that a batch is packed into.
fn packing(error: io::Error) -> Error {
    Error::Environment(format!("a batch cannot be packed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_a_name_and_neither_an_option_nor_a_command() {
        for good in [
            "host1",
            "anna@10.0.0.2",
            "lab-3.example.org",
            "[fe80::1%eth0]",
        ] {
            assert_eq!(host(good).as_deref(), Ok(good));
        }
        for bad in ["", "-oProxyCommand=id", "a b", "a;b", "$(id)"] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }
}
