//! One client of the simulation, and what it does next.

use std::time::Duration;

use sleep_demo::scenario::ClientSpec;

/// A tick, in milliseconds. All times of a scenario are whole ticks.
pub(super) const TICK_MS: u64 = 10;

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does {
    NotYetThere,
    /// It has connected, and no place is free.
    Queues,
    /// Its request is in service until then.
    IsServed(u64),
    /// It reads, thinks, and sends its next request then.
    Thinks(u64),
    /// It asks for nothing more, and leaves then.
    Stays(u64),
    HasLeft,
}

/// One client in the simulation; all times in ticks.
pub(super) struct Actor<'a> {
    pub(super) index: usize,
    pub(super) spec: &'a ClientSpec,
    pub(super) does: Does,
    /// Sent, started, replied: of each request so far.
    pub(super) visits: Vec<[u64; 3]>,
    pub(super) left: u64,
    /// In a loop: how many things were set in motion before what it does now.
    pub(super) set_at: usize,
}

pub(super) fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap() / TICK_MS
}

/// `SLEEP n` and `PRIMES n` take n milliseconds, everything else nothing.
pub(super) fn service(request: &str) -> Duration {
    let (_, millis) = request.split_once(' ').unwrap_or_default();
    Duration::from_millis(millis.trim_end_matches("ms").parse().unwrap_or(0))
}

impl<'a> Actor<'a> {
    pub(super) fn of((index, spec): (usize, &'a ClientSpec)) -> Self {
        Self {
            index,
            set_at: index,
            spec,
            does: Does::NotYetThere,
            visits: Vec::new(),
            left: 0,
        }
    }

    pub(super) fn next_request(&self) -> Option<&'a str> {
        let request = self.spec.requests.get(self.visits.len());
        request.map(String::as_str)
    }

    /// It gets a place, or the thread that serves it reads its next request.
    pub(super) fn begin(&mut self, now: u64, sent: u64) {
        match self.next_request() {
            Some(request) => {
                let until = now + ticks(service(request));
                self.visits.push([sent, now, until]);
                self.does = Does::IsServed(until);
            }
            None => {
                let until = ticks(self.spec.at) + ticks(self.spec.hold);
                self.does = Does::Stays(until.max(now));
            }
        }
    }

    /// Its reply is in.
    pub(super) fn goes_on(&mut self, now: u64) {
        let reads = now + ticks(self.spec.read_delay);
        let is_last = self.visits.len() == self.spec.requests.len();
        self.does = match self.spec.pipeline {
            _ if is_last => Does::Stays(reads + ticks(self.spec.hold)),
            true => return self.begin(now, ticks(self.spec.at)),
            false => Does::Thinks(reads + ticks(self.spec.pause)),
        };
    }
}
