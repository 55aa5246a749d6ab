//! Behind whom a client of a server with places waited, held against who really held
//! which place.

use timeline::{
    record::ServerRun,
    verdict::{Behind, Blocker, Judged, Verdict},
};

use crate::simulated::{Held, Simulated, Truth};

/// Two moments that are no further apart than a tenth of the wait, and this, are one.
const SLACK_US: u64 = 50_000;

/// What is wrong with the names, if anything is: one who held no place during the wait,
/// one who kept its place beyond it, or the one who had the place before is left out.
pub(crate) fn wrong_place(simulated: &Simulated) -> Option<String> {
    let server = &simulated.server;
    let verdict = Verdict::of(server);
    let all = server.requests().zip(&verdict.requests);
    let mut all = all.zip(&simulated.truths);
    all.find_map(|(((connection, request), judged), truth)| {
        let its = |one: &str| place_of(simulated, one);
        let mine = its(&connection.client)?;
        let wait = request.sent_us?..truth.from;
        let is_first = connection.requests.first()?.id == request.id;
        let mut strangers = judged.behind.iter().filter(|one| {
            client(server, one).is_some_and(|one| one != connection.client)
        });
        let wrong = strangers.find_map(|behind| {
            let held = its(client(server, behind)?)?;
            let is_outside = held.to <= wait.start || held.from >= wait.end;
            let slack = (truth.blocked / 10).min(SLACK_US);
            let is_kept = held.to > wait.end + slack;
            (is_outside || is_kept).then(|| {
                format!("{} is said to be behind {behind:?}: {held:?}", judged.id)
            })
        });
        wrong.or_else(|| left_out(simulated, judged, mine, truth).filter(|_| is_first))
    })
}

/// Who had the place of a request before it, for most of its wait, and is not named.
fn left_out(
    simulated: &Simulated,
    judged: &Judged,
    mine: Held,
    truth: &Truth,
) -> Option<String> {
    let server = &simulated.server;
    let sent = truth.from - truth.blocked;
    let before = server.connections.iter().zip(&simulated.held);
    let before = before.filter_map(|(one, held)| Some((&one.client, (*held)?)));
    let mut before =
        before.filter(|(_, held)| held.place == mine.place && held.to == mine.from);
    let (name, held) = before.find(|(_, held)| held.from < held.to)?;
    let slack = (truth.blocked / 10).min(SLACK_US);
    let left_with_it = simulated
        .held
        .iter()
        .flatten()
        .filter(|other| other.to.abs_diff(held.to) <= slack && other.from < other.to);
    if left_with_it.count() > 1 {
        return None; // the stamps do not say who made room
    }
    let share = held.to.saturating_sub(held.from.max(sent));
    let is_named = judged
        .behind
        .iter()
        .any(|one| client(server, one) == Some(name));
    let is_large = !judged.behind.is_empty() && share * 2 > truth.blocked;
    (is_large && !judged.more && !is_named)
        .then(|| format!("{} had the place after {name}, {held:?}", judged.id))
}

fn place_of(simulated: &Simulated, client: &str) -> Option<Held> {
    let all = simulated.server.connections.iter().zip(&simulated.held);
    let mut its = all.filter(|(one, _)| one.client == client);
    its.find_map(|(_, held)| *held)
}

/// The client of a blocker.
fn client<'a>(server: &'a ServerRun, behind: &'a Behind) -> Option<&'a str> {
    match &behind.blocker {
        Blocker::Idle(name) | Blocker::Connection(name) => Some(name),
        Blocker::Request(id) => server
            .requests()
            .find(|(_, request)| request.id == *id)
            .map(|(connection, _)| connection.client.as_str()),
    }
}
