//! What the machine and the servers' processes show of themselves while a run goes on:
//! late wake-ups of this program, and processes that stand still.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use timeline::record::{Late, ServerRun, Stopped};

use super::run_log::{RunLog, micros};
use crate::suspension::Continued;

/// How often it is looked: 10 ms.
const TICK: Duration = Duration::from_millis(10);

/// The threads and processes of the servers are looked at once in this many ticks.
const LOOK: u64 = 3;

/// A wake-up that is less late is not noted: 3 ms.
const LEAST_US: u64 = 3_000;

/// Of the late wake-ups of this time, one is noted: the worst. 100 ms.
const WINDOW_US: u64 = 100_000;

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    late: Vec<Late>,
    suspended: Vec<Stopped>,
    /// For each process that was looked at: whether it stood still at the last look, and
    /// when it did.
    stopped: Vec<(bool, Vec<Stopped>)>,
}

impl Seen {
    /// Watches until `is_over`. `processes` are looked at, where there are any.
    pub(super) fn until(
        is_over: &AtomicBool,
        processes: &[Option<u32>],
        continued: &Continued,
        run_log: &RunLog,
    ) -> Self {
        let mut seen = Self {
            late: Vec::new(),
            suspended: Vec::new(),
            stopped: vec![(false, Vec::new()); processes.len()],
        };
        let mut tick = 0;
        while !is_over.load(Ordering::Acquire) {
            let due = run_log.now() + micros(TICK);
            if !run_log.wait_until(Duration::from_micros(due)) {
                break;
            }
            seen.note(due, run_log.now());
            if continued.take() {
                seen.was_suspended();
            }
            tick += 1;
            if tick % LOOK == 0 {
                seen.start_a_thread(run_log);
                seen.look_at(processes, run_log.now());
            }
        }
        if continued.take() {
            seen.was_suspended();
        }
        seen
    }

    /// This program was stopped and goes on: its last late wake-up that is worth the name
    /// came of that, and not of the machine.
    fn was_suspended(&mut self) {
        let Some(end) = self.late.last().map(|late| late.at_us + late.by_us) else {
            return;
        };
        let recent = |late: &Late| late.at_us + late.by_us + WINDOW_US >= end;
        let worst = self.late.iter().filter(|late| recent(late));
        let Some(worst) = worst.max_by_key(|late| late.by_us).copied() else {
            return;
        };
        self.late.retain(|late| *late != worst);
        self.suspended.push(Stopped {
            from_us: worst.at_us,
            to_us: worst.at_us + worst.by_us,
        });
    }

    /// Notes a wake-up that was wanted at one moment and came at another.
    fn note(&mut self, due: u64, woke: u64) {
        let by_us = woke.saturating_sub(due);
        if by_us < LEAST_US {
            return;
        }
        let late = Late { at_us: due, by_us };
        match self.late.last_mut() {
            Some(last) if due < last.at_us + WINDOW_US => {
                if last.by_us < by_us {
                    *last = late;
                }
            }
            _ => self.late.push(late),
        }
    }

    /// A server with a thread for each client waits as long for one to start.
    fn start_a_thread(&mut self, run_log: &RunLog) {
        let before = run_log.now();
        if let Ok(thread) = thread::Builder::new().spawn(|| ()) {
            // It does nothing, so it cannot have panicked.
            let _ = thread.join();
            self.note(before, run_log.now());
        }
    }

    fn look_at(&mut self, processes: &[Option<u32>], now: u64) {
        for (index, pid) in processes.iter().enumerate() {
            self.note_process(index, pid.is_some_and(is_stopped), now);
        }
    }

    /// Notes a look at a process. Two looks in a row that find it stopped are one time,
    /// however far they are from each other on a busy machine.
    fn note_process(&mut self, index: usize, is_stopped: bool, now: u64) {
        let Some((stands, stopped)) = self.stopped.get_mut(index) else {
            return;
        };
        let stood = std::mem::replace(stands, is_stopped);
        match stopped.last_mut() {
            Some(last) if is_stopped && stood => last.to_us = now,
            _ if is_stopped => stopped.push(Stopped {
                from_us: now,
                to_us: now,
            }),
            _ => {}
        }
    }

    /// Writes it into the record of the process of this index.
    pub(super) fn write(&self, index: usize, server: &mut ServerRun) {
        server.late.clone_from(&self.late);
        server.suspended.clone_from(&self.suspended);
        let stopped = self.stopped.get(index).map(|(_, stopped)| stopped.clone());
        server.stopped = stopped.unwrap_or_default();
    }
}

/// Whether a process is stopped by a signal, as far as the system says so.
fn is_stopped(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name before the state may hold anything, parentheses too.
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    state.is_some_and(|state| state.starts_with(['T', 't']))
}

#[cfg(test)]
mod tests {
    use super::{Late, Seen, Stopped};

    #[test]
    fn of_the_late_wake_ups_of_one_time_the_worst_is_noted() {
        let mut seen = Seen::default();
        for (due, woke) in [
            (0, 2_000),
            (10_000, 30_000),
            (50_000, 90_000),
            (60_000, 70_000),
        ] {
            seen.note(due, woke);
        }
        seen.note(500_000, 600_000);
        let late = |at_us, by_us| Late { at_us, by_us };
        assert_eq!(seen.late, [late(50_000, 40_000), late(500_000, 100_000)]);
    }

    #[test]
    fn looks_that_find_a_process_stopped_are_one_time_until_one_finds_it_running() {
        let mut seen = Seen {
            stopped: vec![(false, Vec::new())],
            ..Seen::default()
        };
        for (now, is_stopped) in [
            (0, false),
            (30, true),
            (400, true),
            (430, false),
            (460, true),
        ] {
            seen.note_process(0, is_stopped, now);
        }
        let stopped = |from_us, to_us| Stopped { from_us, to_us };
        assert_eq!(seen.stopped[0].1, [stopped(30, 400), stopped(460, 460)]);
    }

    #[test]
    fn the_late_wake_up_of_a_program_that_was_stopped_is_not_the_machines() {
        let mut seen = Seen::default();
        for (due, woke) in [(0, 40_000), (500_000, 3_500_000), (3_510_000, 3_514_000)] {
            seen.note(due, woke);
        }
        seen.was_suspended();
        let stopped = Stopped {
            from_us: 500_000,
            to_us: 3_500_000,
        };
        assert_eq!(seen.suspended, [stopped]);
        assert_eq!(seen.late.len(), 2, "{:?}", seen.late);
    }
}
