//! How the measuring is done: how long a run takes, and how it is cut short.

use std::{thread, time::Duration};

use launch::Interrupt;

use crate::{
    contestant::{Contestant, Running},
    error::Error,
    options::Options,
    redis_benchmark::Load,
};

/// What every workload needs to know.
#[derive(Clone, Debug)]
pub struct Bench {
    /// How many rounds.
    pub rounds: usize,
    /// Whether it only has to show that it works.
    pub quick: bool,
    /// Ends the run when a signal comes.
    pub interrupt: Interrupt,
}

impl Bench {
    /// As the command line says.
    #[must_use]
    pub fn new(options: &Options, interrupt: Interrupt) -> Self {
        Self {
            rounds: options.rounds(),
            quick: options.quick,
            interrupt,
        }
    }

    /// How long one run takes.
    #[must_use]
    pub fn run_time(&self) -> Duration {
        if self.quick {
            Duration::from_millis(500)
        } else {
            Duration::from_secs(2)
        }
    }

    /// How long one run of redis-benchmark takes. With `--threads` it looks every 250 ms
    /// whether it is done: a run that is not long beside that measures the step.
    pub(crate) fn load_time(&self, load: Load) -> Duration {
        match load.threads {
            0 | 1 => self.run_time(),
            _ => 2 * self.run_time(),
        }
    }

    /// Sends `requests` to a running server, and returns how many it answered in a
    /// second.
    pub(crate) fn send(
        &self,
        load: Load,
        server: &Running,
        requests: u64,
    ) -> Result<f64, Error> {
        let expected = self.load_time(load) + Duration::from_secs(10);
        load.run(server.address(), requests, expected, &self.interrupt)
    }

    /// Those of the peers that are installed; the others are reported as missing.
    #[must_use]
    pub fn installed(&self, contestants: &[Contestant]) -> Vec<Contestant> {
        let (installed, missing): (Vec<_>, Vec<_>) = contestants
            .iter()
            .cloned()
            .partition(Contestant::is_installed);
        for contestant in missing {
            eprintln!("bench: {} is not installed, left out", contestant.name());
        }
        installed
    }
}

/// Lets the machine come to rest after a server has ended.
pub(crate) fn settle() {
    thread::sleep(Duration::from_millis(50));
}
