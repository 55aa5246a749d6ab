//! What went wrong beside waiting: requests that failed, clients that came late, and a
//! server that stood still.

use super::groups::GROUPS;
use crate::{
    chart::{full_stop, seconds},
    no_room::{NoRoom, late_us},
    record::{Connection, Request, ServerRun},
    stall::{ASKED_AGAIN_US, WORTH_SAYING_US},
    verdict::names::{Names, list, up_to},
};

pub(crate) fn sentences(server: &ServerRun, names: &Names<'_>) -> Vec<String> {
    let mut sentences = Vec::from_iter(failed(server, names));
    sentences.extend(came_late(server));
    sentences.extend(stood_still(server));
    sentences
}

/// Each reason once, with all whom it met.
fn failed(server: &ServerRun, names: &Names<'_>) -> Option<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut others = 0;
    for request in server.connections.iter().flat_map(failures) {
        let why = request.failure.as_deref().or(request.reply.as_deref());
        let why = why.unwrap_or("no reply");
        let is_room = reasons.len() < GROUPS;
        match reasons.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, ids)) => ids.push(&request.id),
            None if is_room => reasons.push((why, vec![&request.id])),
            None => others += 1,
        }
    }
    let mut clauses: Vec<String> = reasons
        .iter()
        .map(|(why, ids)| format!("{}: {why}", names.list(ids)))
        .collect();
    if others > 0 {
        clauses.push(format!("{others} more, each for a reason of its own"));
    }
    let clauses = clauses.join("; failed ");
    let end = full_stop(&clauses);
    (!clauses.is_empty()).then(|| format!("{} failed {clauses}{end}", server.name))
}

/// The requests of a client that failed. One that it could not send counts where the one
/// before it was answered: its connection was lost in between.
fn failures(connection: &Connection) -> impl Iterator<Item = &Request> {
    let requests = &connection.requests;
    let before = [None].into_iter().chain(requests.iter().map(Some));
    let of_both = before.zip(requests).filter(|(before, request)| {
        let was_answered = before.is_some_and(|before| !before.has_failed());
        request.has_failed() && (request.sent_us.is_some() || was_answered)
    });
    of_both.map(|(_, request)| request)
}

fn stood_still(server: &ServerRun) -> Vec<String> {
    let name = &server.name;
    let still = server.stopped.iter().take(GROUPS);
    let mut sentences: Vec<String> = still
        .map(|stopped| {
            let (from, to) = (seconds(stopped.from_us), seconds(stopped.to_us));
            format!(
                "{name} stood still from {from} s to {to} s: its process was stopped."
            )
        })
        .collect();
    let more = server.stopped.len() - sentences.len();
    if more > 0 {
        sentences.push(format!("{name} was stopped {more} more times."));
    }
    sentences
}

/// One client connects after another: one that finds no room keeps the next ones waiting.
fn came_late(server: &ServerRun) -> Option<String> {
    let is_late = |one: &&Connection| late_us(server, one) >= Some(WORTH_SAYING_US);
    let late: Vec<&Connection> = server.connections.iter().filter(is_late).collect();
    let longest = late.iter().filter_map(|one| late_us(server, one)).max()?;
    let clients: Vec<&str> = late.iter().map(|one| one.client.as_str()).collect();
    let up_to = up_to(&clients);
    let no_room = NoRoom::of(server);
    let is_full =
        longest >= ASKED_AGAIN_US || late.iter().any(|one| no_room.delayed(one));
    let why = match is_full {
        true => ": the server had no room for a client before",
        false => "",
    };
    Some(format!(
        "{}: {} came {up_to}{} s later than planned{why}.",
        server.name,
        list(&clients),
        seconds(longest)
    ))
}
