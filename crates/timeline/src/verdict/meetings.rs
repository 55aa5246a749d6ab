//! Clients that met in a MEET: all of them were in service at one moment, with each
//! request whose service surely lasted over that moment.

use std::collections::{BTreeMap, HashSet};

use super::{
    held::{Held, Holder},
    visit::Visit,
};
use crate::record::{Request, ServerRun};

/// The most requests that a meeting shows in service at once; 0 if nobody met.
pub(crate) fn most(server: &ServerRun, visits: &[Visit]) -> usize {
    let requests: Vec<&Request> = server.requests().map(|(_, request)| request).collect();
    let mut meetings: BTreeMap<usize, Vec<&Visit>> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.has_met) {
        if let Some(clients) = requests.get(visit.place).and_then(|one| clients(one)) {
            meetings.entry(clients).or_default().push(visit);
        }
    }
    let most = meetings.iter().map(|(clients, members)| {
        // Of more than one meeting it is not known who met whom.
        match members.len() == *clients {
            true => clients + during(members, visits),
            false => *clients,
        }
    });
    most.max().unwrap_or(0)
}

/// How many others were in service, whenever it was that these met: after the last of
/// them had asked, and before the first had its reply.
fn during(members: &[&Visit], visits: &[Visit]) -> usize {
    let asked = members.iter().map(|visit| visit.earliest).max();
    let answered = members.iter().map(|visit| visit.replied).min();
    let (Some(asked), Some(answered)) = (asked, answered) else {
        return 0;
    };
    let lasted = |visit: &&Visit| {
        visit.is_known
            && !visit.has_met
            && visit.latest_start() <= asked
            && visit.earliest_end() >= answered
    };
    visits.iter().filter(lasted).count()
}

/// How many clients a MEET waits for.
fn clients(request: &Request) -> Option<usize> {
    let (_, clients) = request.request.split_once(' ')?;
    clients.trim().parse().ok()
}

/// Without the meetings, and without the connections whose clients met: those who met
/// were served together.
pub(crate) fn apart(held: &[Held], visits: &[Visit]) -> Vec<Held> {
    let met = visits.iter().filter(|visit| visit.has_met);
    let met: HashSet<usize> = met.map(|visit| visit.connection).collect();
    let is_apart = |one: &&Held| match one.holder {
        Holder::Connection(index) => !met.contains(&index),
        Holder::Service(index) => visits.get(index).is_some_and(|one| !one.has_met),
    };
    held.iter().filter(is_apart).copied().collect()
}
