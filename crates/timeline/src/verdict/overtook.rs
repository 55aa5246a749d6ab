//! Who was answered while another was surely still in service, or connected and silent;
//! and who came while somebody held a place at all.

use super::{Blocker, Judged, tolerance::FLOOR_US, visit::Visit};
use crate::record::{Connection, Request, ServerRun};

/// A stretch of time in which something is certain.
struct Certain {
    from: u64,
    to: u64,
    blocker: Blocker,
}

/// Notes who passed whom, and counts the requests that came while somebody held a place.
pub(crate) fn look(
    server: &ServerRun,
    visits: &[Visit],
    judged: &mut [Judged],
    requests: &[&Request],
) -> usize {
    let services = Leftmost::of(cores(visits, requests));
    let (before_all, between) = silences(server);
    let (before_all, between) = (Leftmost::of(before_all), Leftmost::of(between));
    for visit in visits {
        let Some(judged) = judged.get_mut(visit.place) else {
            continue;
        };
        if judged.behind.is_empty() && !judged.undecided && !visit.is_refused {
            let overtook = services.around(visit.sent, visit.replied);
            let overtook = overtook.or_else(|| between.around(visit.sent, visit.replied));
            // One that has asked for nothing yet holds a place only if it came first.
            let connection = server.connections.get(visit.connection);
            let came = connection
                .and_then(|one| one.opened_us)
                .unwrap_or(visit.sent);
            let overtook = overtook.or_else(|| before_all.around(came, visit.replied));
            judged.overtook = overtook.cloned();
        }
    }
    came_behind(server, visits, judged)
}

/// From the latest moment at which a service began to the earliest at which it ended.
fn cores(visits: &[Visit], requests: &[&Request]) -> Vec<Certain> {
    let cores = visits.iter().filter_map(|visit| {
        let (from, to) = visit.sure_service()?;
        let blocker = Blocker::Request(requests.get(visit.place)?.id.clone());
        Some(Certain { from, to, blocker })
    });
    cores.collect()
}

/// The silences of clients that have asked for nothing yet, and those of the others.
fn silences(server: &ServerRun) -> (Vec<Certain>, Vec<Certain>) {
    let (mut before_all, mut between) = (Vec::new(), Vec::new());
    for connection in &server.connections {
        for (from, to) in gaps(connection) {
            let silences = match connection.opened_us == Some(from) {
                true => &mut before_all,
                false => &mut between,
            };
            let blocker = Blocker::Idle(connection.client.clone());
            silences.push(Certain { from, to, blocker });
        }
    }
    (before_all, between)
}

/// When a connection was open and nothing was asked, unless that was short.
fn gaps(connection: &Connection) -> impl Iterator<Item = (u64, u64)> {
    let replied = connection.sent().map(|one| one.replied_us);
    let sent = connection.sent().map(|one| one.sent_us);
    let since = [connection.opened_us].into_iter().chain(replied);
    let until = sent.chain([connection.closed_us]);
    since
        .zip(until)
        .filter_map(|(since, until)| Some((since?, until?)))
        .filter(|(since, until)| until.saturating_sub(*since) >= FLOOR_US)
}

/// How many requests were sent while somebody who had come before was in service, or
/// connected and silent.
fn came_behind(server: &ServerRun, visits: &[Visit], judged: &[Judged]) -> usize {
    // (from, place, to): at the same moment the record's order counts.
    let mut held: Vec<(u64, usize, u64)> = Vec::new();
    for visit in visits {
        let waited = judged
            .get(visit.place)
            .is_some_and(|one| !one.behind.is_empty() || one.undecided);
        let from = if waited { visit.start() } else { visit.sent };
        held.push((from, visit.place, visit.replied));
    }
    for connection in &server.connections {
        held.extend(gaps(connection).map(|(from, to)| (from, 0, to)));
        let (sent, closed) = (
            connection
                .requests
                .iter()
                .find(|one| one.replied_us.is_none()),
            connection.closed_us,
        );
        if let (Some(Some(sent)), Some(closed)) = (sent.map(|one| one.sent_us), closed) {
            held.push((sent, usize::MAX, closed));
        }
    }
    held.sort_unstable();
    let answered = visits
        .iter()
        .map(|visit| (visit.sent, visit.place, visit.sent));
    let mut order: Vec<_> = answered.chain(turned_away(server)).collect();
    order.sort_unstable();
    let mut held = held.into_iter().peekable();
    let (mut until, mut came_behind) = (0, 0);
    for (sent, place, end) in order {
        while let Some((_, _, to)) = held.next_if(|one| (one.0, one.1) < (sent, place)) {
            until = until.max(to);
        }
        let waited = judged
            .get(place)
            .is_some_and(|one| !one.behind.is_empty() || one.undecided);
        came_behind += usize::from(waited || until > end);
    }
    came_behind
}

/// The first requests that got no reply: when each was sent, its place in the record, and
/// when its connection ended. Who held a place longer than that was there before it.
fn turned_away(server: &ServerRun) -> impl Iterator<Item = (u64, usize, u64)> {
    let mut place = 0;
    server.connections.iter().filter_map(move |connection| {
        let first = connection.requests.first();
        let at = place;
        place += connection.requests.len();
        let first = first.filter(|first| first.replied_us.is_none())?;
        Some((first.sent_us?, at, connection.closed_us?))
    })
}

/// Finds the first stretch that contains another, in logarithmic time.
struct Leftmost {
    certain: Vec<Certain>,
    width: usize,
    /// A tree of the latest ends.
    ends: Vec<u64>,
}

impl Leftmost {
    fn of(mut certain: Vec<Certain>) -> Self {
        certain.sort_by_key(|one| one.from);
        let width = certain.len().next_power_of_two();
        let mut ends = vec![0; width];
        ends.extend(certain.iter().map(|one| one.to));
        ends.resize(2 * width, 0);
        for index in (1..width).rev() {
            let children = ends.get(2 * index..2 * index + 2).unwrap_or_default();
            let latest = children.iter().copied().max().unwrap_or(0);
            if let Some(end) = ends.get_mut(index) {
                *end = latest;
            }
        }
        Self {
            certain,
            width,
            ends,
        }
    }

    /// The first that began at `from` or before and ended after `to`.
    fn around(&self, from: u64, to: u64) -> Option<&Blocker> {
        let reaches = |node: usize| self.ends.get(node).is_some_and(|end| *end > to);
        let mut node = 1;
        if !reaches(node) {
            return None;
        }
        while node < self.width {
            node = if reaches(2 * node) {
                2 * node
            } else {
                2 * node + 1
            };
        }
        // The first that reaches far enough has begun first among those that do.
        let first = self.certain.get(node - self.width)?;
        (first.from <= from).then_some(&first.blocker)
    }
}
