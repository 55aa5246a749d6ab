//! Lines on their way out, under a print lock, never waiting for long for who reads them.
//!
//! A line is written at once where there is room. Where there is none it stays in a queue
//! of limited length, which one thread writes out. The thread that printed the line waits
//! for a moment, so that the line is out before the reply is; then the reader is taken to
//! be behind, and nobody waits for it until it has read all of the queue.
//!
//! `warning.rs` says once what goes wrong. `woken.rs` is a test.

mod warning;
#[cfg(test)]
mod woken;

use std::{
    io::{self, ErrorKind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
    thread,
    time::Duration,
};

use crate::{
    line_queue::{Queue, count},
    lock::lock,
    sink::Sink,
};

/// How long a line may take before its reader is behind.
const PATIENCE: Duration = Duration::from_millis(100);

/// One stream of lines: standard output, standard error, or the log.
#[derive(Debug)]
pub(crate) struct Output {
    /// As a warning calls it.
    name: &'static str,
    sink: Sink,
    patience: Duration,
    /// Held while a line gets its place in the queue, so that lines of two clients never
    /// mix.
    print_lock: Mutex<Queue>,
    /// Something has left the queue, or the reader is taken to be behind.
    moved: Condvar,
    /// Where the loss of lines is reported; nowhere for standard error.
    warnings: Option<Arc<Output>>,
    warned: AtomicBool,
    warned_of_lateness: AtomicBool,
}

impl Output {
    pub(crate) fn new(
        name: &'static str,
        sink: Sink,
        warnings: Option<Arc<Self>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            name,
            sink,
            patience: PATIENCE,
            print_lock: Mutex::default(),
            moved: Condvar::new(),
            warnings,
            warned: AtomicBool::new(false),
            warned_of_lateness: AtomicBool::new(false),
        })
    }

    /// Ends the line that is there before the next one is written.
    pub(crate) fn end_line_first(&self) {
        lock(&self.print_lock).unended = true;
    }

    /// Prints whole lines. They are out when this returns, or in the queue behind a
    /// reader that does not keep up, or lost and counted.
    pub(crate) fn print(self: &Arc<Self>, lines: &[u8]) {
        let queue = lock(&self.print_lock);
        let mut queue =
            self.wait_unless_behind(queue, |queue| queue.is_full(lines.len()));
        let printed = queue.enter(lines).and_then(|()| self.advance(&mut queue));
        let mut refused = None;
        if !queue.lines.is_empty() {
            refused = self.provide_writer(&mut queue).err();
            let end = queue.entered;
            queue = self.wait_unless_behind(queue, |queue| queue.left < end);
        }
        drop(queue);
        self.warn_of(printed);
        if let Some(error) = refused {
            self.warn_of_lateness(&error);
        }
    }

    /// Gives the reader a last moment, and returns how many lines were lost or are still
    /// unread.
    pub(crate) fn finish(&self) -> u64 {
        let mut queue = lock(&self.print_lock);
        if !queue.has_writer {
            let _ = self.advance(&mut queue); // what it loses is counted
        }
        let queue = self.wait_while(queue, |queue| !queue.lines.is_empty());
        self.sink.sync();
        queue.lost + count(queue.lines.as_slices())
    }

    /// Runs `talk` while no other line can be printed.
    #[cfg(test)]
    pub(crate) fn hold<T>(&self, talk: impl FnOnce() -> T) -> T {
        let _guard = lock(&self.print_lock);
        talk()
    }

    /// Waits for the reader; where that takes too long, it is behind, and nobody waits.
    fn wait_unless_behind<'a>(
        &self,
        queue: MutexGuard<'a, Queue>,
        unread: impl Fn(&Queue) -> bool,
    ) -> MutexGuard<'a, Queue> {
        let mut queue = self.wait_while(queue, |queue| unread(queue) && !queue.behind);
        if unread(&queue) && !queue.behind {
            queue.behind = true;
            self.moved.notify_all();
        }
        queue
    }

    fn wait_while<'a>(
        &self,
        mut queue: MutexGuard<'a, Queue>,
        condition: impl Fn(&Queue) -> bool,
    ) -> MutexGuard<'a, Queue> {
        if !condition(&queue) {
            return queue; // a timed wait looks at the clock before it looks at anything
        }
        queue.waiting += 1;
        let waited = self
            .moved
            .wait_timeout_while(queue, self.patience, |queue| condition(queue));
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        queue.waiting -= 1;
        queue
    }

    /// Writes as much of the queue as there is room for.
    fn advance(&self, queue: &mut Queue) -> io::Result<()> {
        while !self.sink.waits() && !queue.lines.is_empty() {
            let portion = self.sink.portion(queue.lines.as_slices().0);
            match self.sink.write(portion) {
                Ok(written) => self.let_go(queue, written),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(self.give_up(queue, error)),
            }
        }
        Ok(())
    }

    /// Lets go of what was written, and wakes those whose lines may be out now.
    fn let_go(&self, queue: &mut Queue, written: usize) {
        queue.leave(written);
        if queue.waiting > 0 {
            self.moved.notify_all();
        }
    }

    /// Loses what is in the queue. The part of a line that was written is taken back, or
    /// else ended before the next line.
    fn give_up(&self, queue: &mut Queue, error: io::Error) -> io::Error {
        queue.lost += count(queue.lines.as_slices());
        queue.left = queue.entered;
        queue.behind = false;
        queue.lines.clear();
        if queue.part > 0 && self.sink.take_back(queue.part).is_ok() {
            queue.part = 0;
            queue.unended = false;
        }
        self.moved.notify_all();
        error
    }

    /// The one thread that waits for the reader, for as long as there is something to
    /// write. Where the system refuses it, the next line is written together with those
    /// that wait, and tries again.
    fn provide_writer(self: &Arc<Self>, queue: &mut Queue) -> io::Result<()> {
        if !queue.has_writer {
            let output = Arc::clone(self);
            let writer = thread::Builder::new().name(format!("{} writer", self.name));
            writer.spawn(move || output.write_out())?;
            queue.has_writer = true;
        }
        Ok(())
    }

    fn write_out(&self) {
        let mut queue = lock(&self.print_lock);
        while !queue.lines.is_empty() {
            let portion = self.sink.portion(queue.lines.as_slices().0).to_vec();
            drop(queue);
            let written = self.write_in_time(&portion);
            queue = lock(&self.print_lock);
            let printed = match written {
                Ok(written) => {
                    self.let_go(&mut queue, written);
                    self.advance(&mut queue)
                }
                Err(error) => Err(self.give_up(&mut queue, error)),
            };
            if printed.is_err() {
                drop(queue);
                self.warn_of(printed);
                queue = lock(&self.print_lock);
            }
        }
        queue.has_writer = false;
    }

    /// Waits until there is room, and writes if nobody else can.
    fn write_in_time(&self, portion: &[u8]) -> io::Result<usize> {
        if !self.sink.waits() {
            self.sink.wait_for_room();
            return Ok(0);
        }
        match self.sink.write(portion) {
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(0),
            written => written,
        }
    }
}
