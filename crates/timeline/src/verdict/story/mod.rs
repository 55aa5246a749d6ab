//! The verdict in sentences.
//!
//! `groups.rs` puts those together of whom the same is true; `mishaps.rs` is for requests
//! that failed, clients that came late, and a server that stood still.

mod groups;
mod mishaps;

use super::{
    Blocker, Judged, Verdict, doubts, expected, lost,
    names::{Names, list, up_to},
};
use crate::{
    chart::seconds,
    record::{Request, ServerRun},
    stall::WORTH_SAYING_US,
};
use groups::groups;

pub(crate) fn sentences(server: &ServerRun, verdict: &Verdict) -> Vec<String> {
    let name = &verdict.server;
    let names = Names::of(server);
    let mut clauses = Vec::new();
    let (groups, _) = groups(verdict, |judged| (judged.overtook.as_slice(), false));
    for (overtook, _, ids) in groups {
        let still = overtook.first().map(still_there).unwrap_or_default();
        clauses.push(format!("answered {} while {still}", names.list(&ids)));
    }
    clauses.extend(only_after(server, verdict, &names));
    let mut sentences = Vec::new();
    if !clauses.is_empty() {
        sentences.push(format!("{name} {}.", clauses.join("; ")));
    } else {
        sentences.extend(nobody_waited(server, verdict, &names));
    }
    sentences.extend(undecided(verdict, &names));
    sentences.extend(unexplained(server, verdict, &names));
    sentences.extend(doubts::sentences(name, &verdict.doubts, &names));
    sentences.extend(verdict.lost.as_ref().map(|one| lost::sentence(name, one)));
    sentences.extend(mishaps::sentences(server, &names));
    sentences.extend(expected::unchecked(server, verdict));
    sentences
}

fn only_after(server: &ServerRun, verdict: &Verdict, names: &Names<'_>) -> Vec<String> {
    let (groups, left_out) =
        groups(verdict, |judged| (judged.behind.as_slice(), judged.more));
    let mut clauses: Vec<String> = groups
        .into_iter()
        .map(|(behind, more, ids)| {
            let behind: Vec<&Blocker> = behind.iter().map(|one| &one.blocker).collect();
            format!(
                "answered {} only after {}",
                names.list(&ids),
                gone(server, &behind, more)
            )
        })
        .collect();
    if left_out > 0 {
        clauses.push(format!("answered {left_out} more only after others"));
    }
    clauses
}

fn still_there(blocker: &Blocker) -> String {
    match blocker {
        Blocker::Request(id) => format!("{id} was still being served"),
        Blocker::Idle(name) => format!("{name} was connected and silent"),
        Blocker::Connection(name) => format!("{name} was connected"),
    }
}

/// `A and B, and after C had left`.
fn gone(server: &ServerRun, behind: &[&Blocker], more: bool) -> String {
    let (mut answered, mut left, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for blocker in behind {
        match blocker {
            Blocker::Request(id) => match request(server, id) {
                Some((_, request)) if request.replied_us.is_none() => {
                    ended.push(id.as_str())
                }
                found => answered.push((id.as_str(), found.map(|(client, _)| client))),
            },
            Blocker::Idle(name) | Blocker::Connection(name) => left.push(name.as_str()),
        }
    }
    // Who has left has its replies.
    answered.retain(|(_, client)| !client.is_some_and(|one| left.contains(&one)));
    let mut answered: Vec<&str> = answered.into_iter().map(|(id, _)| id).collect();
    if more {
        let last = if left.is_empty() {
            &mut answered
        } else {
            &mut left
        };
        last.push("others");
    }
    let mut parts = Vec::new();
    if !answered.is_empty() {
        parts.push(list(&answered));
    }
    if !left.is_empty() {
        parts.push(format!("{} had left", list(&left)));
    }
    if !ended.is_empty() {
        parts.push(format!("{} had ended without a reply", list(&ended)));
    }
    parts.join(", and after ")
}

/// A request, and the name of its client.
fn request<'a>(server: &'a ServerRun, id: &str) -> Option<(&'a str, &'a Request)> {
    let mut requests = server.requests();
    let (connection, request) = requests.find(|(_, request)| request.id == id)?;
    Some((&connection.client, request))
}

fn nobody_waited(
    server: &ServerRun,
    verdict: &Verdict,
    names: &Names<'_>,
) -> Option<String> {
    let name = &verdict.server;
    let most = verdict.in_service?;
    let is_clear = verdict.undecided().is_empty()
        && verdict.failed().is_empty()
        && verdict.doubts.is_empty()
        && unexplained(server, verdict, names).is_empty();
    let at_least = match most.least < most.most {
        true => "at least ",
        false => "",
    };
    // Nobody knows of a silent client whether it got in.
    let mut connections = server.connections.iter();
    let whom = match connections.any(|one| one.requests.is_empty()) {
        true => "nobody who asked",
        false => "nobody",
    };
    (is_clear && most.least > 1).then(|| {
        let most = most.least;
        format!("{name} blocked {whom}: {at_least}{most} were in service at once.")
    })
}

fn undecided(verdict: &Verdict, names: &Names<'_>) -> Option<String> {
    let ids = verdict.undecided();
    if ids.is_empty() {
        return None;
    }
    let are = verdict.requests.iter().filter(|judged| judged.undecided);
    let inside = are
        .clone()
        .filter_map(|judged| judged.maybe_inside_us)
        .max();
    let longest = are.filter_map(|judged| judged.waited_us).max();
    let why = match (longest, inside) {
        (_, Some(inside)) => format!(
            "served for {}{} s longer than alone",
            up_to(&ids),
            seconds(inside)
        ),
        (Some(longest), None) => format!(
            "waited {}{} s{}",
            up_to(&ids),
            seconds(longest),
            unsure(verdict, longest)
        ),
        (None, None) => "how long each was served is not known".to_owned(),
    };
    Some(format!(
        "{}: the order does not show whether {} waited behind others ({why}).",
        verdict.server,
        names.list(&ids),
    ))
}

/// Why a wait of this length proves nothing, where its length is the reason.
fn unsure(verdict: &Verdict, longest: u64) -> String {
    if longest > verdict.tolerance_us {
        return String::new();
    }
    let tolerance = seconds(verdict.tolerance_us);
    format!("; in this run a wait of up to {tolerance} s proves nothing")
}

/// The requests that waited long for nobody who was done before them and had come before.
fn unexplained(server: &ServerRun, verdict: &Verdict, names: &Names<'_>) -> Vec<String> {
    let what = match server.timed {
        true => "waited",
        false => "took longer than alone, by",
    };
    let is_long = |judged: &&Judged| {
        let waited = judged.waited_us.unwrap_or(0);
        waited >= WORTH_SAYING_US && judged.behind.is_empty() && !judged.undecided
    };
    let mut sentences = Vec::new();
    for (overtaken, why) in [
        (true, "while others were served that had not come before"),
        (false, "and the order of the replies does not show why"),
    ] {
        let are = verdict.requests.iter().filter(is_long);
        let are: Vec<&Judged> = are.filter(|one| one.overtaken == overtaken).collect();
        let Some(longest) = are.iter().filter_map(|one| one.waited_us).max() else {
            continue;
        };
        let ids: Vec<&str> = are.iter().map(|one| one.id.as_str()).collect();
        let up_to = up_to(&ids);
        sentences.push(format!(
            "{}: {} {what} {up_to}{} s, {why}.",
            verdict.server,
            names.list(&ids),
            seconds(longest)
        ));
    }
    sentences
}
