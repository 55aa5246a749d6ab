//! How many requests were in service at once: the least number that the order of events
//! allows, and the number that the record shows.

use std::fmt;

use super::{meetings, visit::Visit};
use crate::record::{Connection, ServerRun};

/// The most requests in service at once: between these two, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InService {
    /// How many were at least, whatever the stamps leave open.
    pub least: usize,
    /// How many may have been: services that began before the reply of another had been
    /// received, by more than what the stamps leave open.
    pub most: usize,
}

impl fmt::Display for InService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most } = self;
        if least == most {
            write!(formatter, "{least}")
        } else {
            write!(formatter, "{least} to {most}")
        }
    }
}

/// `noise_us` is how late a stamp may be.
pub(crate) fn most_in_service(
    server: &ServerRun,
    visits: &[Visit],
    noise_us: u64,
) -> InService {
    let least = certain(visits).max(meetings::most(server, visits));
    InService {
        least,
        most: apparent(server, visits, noise_us).max(least),
    }
}

/// Two services overlap for certain if each began, at the latest, before the other ended,
/// at the earliest. Where each two of several do, all of them were in service at one
/// moment.
///
/// A service that surely lasted from one moment to another overlaps those with which it
/// shares one; one that can have been at either side of a gap overlaps those that last
/// across it.
fn certain(visits: &[Visit]) -> usize {
    let known = in_service(visits);
    let (lasting, floating): (Vec<&Visit>, Vec<&Visit>) =
        known.partition(|visit| visit.latest_start() < visit.earliest_end());
    let mut changes: Vec<(u64, i32)> = Vec::new();
    for visit in &lasting {
        changes.push((visit.latest_start(), 1));
        // At one moment an end counts before a start.
        changes.push((visit.earliest_end(), -1));
    }
    let alone = usize::from(!visits.is_empty());
    across(&lasting, &floating).max(deepest(changes)).max(alone)
}

/// One service without a certain moment, and all that last from before its earliest end
/// until after its latest start.
fn across(lasting: &[&Visit], floating: &[&Visit]) -> usize {
    let mut begins: Vec<(u64, u64)> = lasting
        .iter()
        .map(|visit| (visit.latest_start(), visit.earliest_end()))
        .collect();
    begins.sort_unstable();
    let mut ends: Vec<u64> = begins.iter().map(|(_, end)| *end).collect();
    ends.sort_unstable();
    let mut asked: Vec<&&Visit> = floating.iter().collect();
    asked.sort_by_key(|visit| visit.earliest_end());
    let mut begun = Counts::of(ends.len());
    let mut begins = begins.into_iter().peekable();
    let mut most = 0;
    for visit in asked {
        while let Some((_, end)) = begins.next_if(|one| one.0 < visit.earliest_end()) {
            begun.add(ends.partition_point(|other| *other < end));
        }
        let over = ends.partition_point(|end| *end <= visit.latest_start());
        most = most.max(1 + begun.from(over));
    }
    most
}

/// Those of whose services something is known.
fn in_service(visits: &[Visit]) -> impl Iterator<Item = &Visit> {
    visits
        .iter()
        .filter(|visit| visit.is_known && !visit.is_refused)
}

/// How many services overlap as the stamps have them. A reply may be stamped late, and
/// then its service seems to last into the next one: what overlaps by less than that, and
/// by less than half a service, does not count. Of a request without a reply nobody knows
/// whether it was in service.
fn apparent(server: &ServerRun, visits: &[Visit], noise_us: u64) -> usize {
    let mut changes = Vec::new();
    for visit in in_service(visits) {
        let end = visit.replied - noise_us.min(visit.service / 2);
        changes.push((visit.start(), 1));
        // A service of 0 µs was one, too.
        changes.push((end.max(visit.start() + 1), -1));
    }
    for (from, to) in server.connections.iter().filter_map(unanswered) {
        changes.push((from, 1));
        changes.push((to.max(from + 1), -1));
    }
    deepest(changes)
}

/// From when, and until when, a connection had asked for something that it never got:
/// its requests are served one after another, so that one of them counts.
fn unanswered(connection: &Connection) -> Option<(u64, u64)> {
    let mut requests = connection.requests.iter();
    let first = requests.position(|request| request.replied_us.is_none())?;
    let sent = connection.requests.get(first)?.sent_us?;
    let before = first
        .checked_sub(1)
        .and_then(|last| connection.requests.get(last));
    let free = before.and_then(|before| before.replied_us).unwrap_or(0);
    let from = sent.max(free);
    Some((from, connection.closed_us.unwrap_or(from)))
}

fn deepest(mut changes: Vec<(u64, i32)>) -> usize {
    changes.sort_unstable();
    let (mut now, mut most) = (0_i32, 0_i32);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or(0)
}

/// Counts at places, and how many stand from a place on (a Fenwick tree, from the right).
struct Counts {
    sums: Vec<usize>,
}

impl Counts {
    fn of(places: usize) -> Self {
        Self {
            sums: vec![0; places + 1],
        }
    }

    fn add(&mut self, place: usize) {
        let mut index = self.sums.len() - 1 - place;
        while let Some(sum) = self.sums.get_mut(index).filter(|_| index > 0) {
            *sum += 1;
            index += index & index.wrapping_neg();
        }
    }

    fn from(&self, place: usize) -> usize {
        let mut index = self.sums.len() - 1 - place;
        let mut sum = 0;
        while index > 0 {
            sum += self.sums.get(index).copied().unwrap_or(0);
            index &= index - 1;
        }
        sum
    }
}
