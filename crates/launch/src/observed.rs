//! What is known of a running server, shared between the threads that watch it and its
//! owner.

use std::{
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    keeper::message::Message,
    output::{Kept, KeptLine, OutputLine, Stream},
};

#[derive(Debug, Default)]
pub(crate) struct Observed {
    facts: Mutex<Facts>,
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct Facts {
    stdout: Kept,
    stderr: Kept,
    place: u64,
    /// The process of the program.
    pub(crate) pid: Option<u32>,
    /// Whether it runs the program.
    pub(crate) runs: bool,
    /// What the system said against starting the program.
    pub(crate) refused: Option<i32>,
    /// Whether the program that was started has ended.
    pub(crate) has_exited: bool,
    /// How it ended.
    pub(crate) status: Option<ExitStatus>,
    /// How many processes outside its group it left behind.
    pub(crate) left_behind: usize,
    /// Whether its keeper is gone, and with it everything that it kept.
    is_gone: bool,
    /// The first line on standard output, which later ones never push out.
    pub(crate) first_line: Option<String>,
}

impl Facts {
    pub(crate) fn kept(&self, stream: Stream) -> &Kept {
        match stream {
            Stream::Stdout => &self.stdout,
            Stream::Stderr => &self.stderr,
        }
    }

    fn with_kept(&mut self, stream: Stream, change: impl FnOnce(&mut Kept, &mut u64)) {
        match stream {
            Stream::Stdout => change(&mut self.stdout, &mut self.place),
            Stream::Stderr => change(&mut self.stderr, &mut self.place),
        }
        if self.first_line.is_none() {
            self.first_line = self.stdout.lines.front().map(|line| line.text.clone());
        }
    }

    /// The lines of both streams in the order of their arrival.
    pub(crate) fn output(&self) -> Vec<OutputLine> {
        let mut lines = Vec::new();
        for stream in [Stream::Stdout, Stream::Stderr] {
            let kept = self.kept(stream).lines.iter();
            lines.extend(kept.map(|line| (stream, line)));
        }
        lines.sort_unstable_by_key(|(_, line)| line.place);
        let line = |(stream, line): (_, &KeptLine)| OutputLine {
            stream,
            text: line.text.clone(),
            goes_on: line.goes_on,
        };
        lines.into_iter().map(line).collect()
    }
}

impl Observed {
    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn printed(&self, stream: Stream, bytes: &[u8]) {
        let feed = |kept: &mut Kept, place: &mut u64| kept.feed(bytes, place);
        self.facts().with_kept(stream, feed);
        self.changed.notify_all();
    }

    pub(crate) fn closed(&self, stream: Stream) {
        self.facts().with_kept(stream, Kept::close);
        self.changed.notify_all();
    }

    pub(crate) fn exited(&self) {
        self.change(|facts| facts.has_exited = true);
    }

    pub(crate) fn started(&self, pid: u32) {
        self.change(|facts| {
            facts.pid = Some(pid);
            facts.runs = true;
        });
    }

    pub(crate) fn ended(&self, status: ExitStatus) {
        self.change(|facts| facts.status = Some(status));
    }

    pub(crate) fn gone(&self) {
        self.change(|facts| facts.is_gone = true);
    }

    /// Takes in what the keeper reports.
    pub(crate) fn heard(&self, message: Message) {
        self.change(|facts| match message {
            Message::Started(pid) => facts.pid = Some(pid),
            Message::Runs => facts.runs = true,
            Message::Refused(errno) => facts.refused = Some(errno),
            Message::Left(count) => facts.left_behind = count,
            Message::Ended(status) => {
                facts.status = Some(ExitStatus::from_raw(status));
                facts.has_exited = true;
            }
        });
    }

    /// Waits until the keeper is gone; whether it is within that time.
    pub(crate) fn wait_until_gone(&self, within: Duration) -> bool {
        let gone = |facts: &Facts| facts.is_gone.then_some(());
        self.wait_until(within, gone).is_some()
    }

    /// Waits until the server has ended; whether it has within that time.
    pub(crate) fn wait_until_exited(&self, within: Duration) -> bool {
        let exited = |facts: &Facts| facts.has_exited.then_some(());
        self.wait_until(within, exited).is_some()
    }

    fn change(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.facts());
        self.changed.notify_all();
    }

    /// Waits until `look` finds what it looks for; `None` when `within` has passed.
    pub(crate) fn wait_until<T>(
        &self,
        within: Duration,
        mut look: impl FnMut(&Facts) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now().checked_add(within);
        let mut facts = self.facts();
        loop {
            if let Some(found) = look(&facts) {
                return Some(found);
            }
            // Without a deadline that the clock can hold, an hour and another look.
            let left = deadline.map_or(Duration::from_secs(3600), |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(facts, left);
            facts = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
