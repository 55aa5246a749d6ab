//! The verdict in sentences.

use super::{Behind, Blocker, Judged, Verdict, doubts};
use crate::{chart::seconds, record::ServerRun};

/// At most this many groups of requests that met the same are told.
const GROUPS: usize = 4;

/// A wait that nobody accounts for is worth a sentence from here on: 100 ms.
const WORTH_TELLING_US: u64 = 100_000;

pub(super) fn tell(server: &ServerRun, verdict: &Verdict) -> Vec<String> {
    let name = &verdict.server;
    let mut clauses = Vec::new();
    let (groups, _) = groups(verdict, |judged| judged.passed.as_slice());
    for (passed, ids) in groups {
        let still = passed.first().map(still_there).unwrap_or_default();
        clauses.push(format!("answered {} while {still}", list(&ids)));
    }
    clauses.extend(only_after(server, verdict));
    let mut sentences = Vec::new();
    if !clauses.is_empty() {
        sentences.push(format!("{name} {}.", clauses.join("; ")));
    } else {
        sentences.extend(nobody_waited(verdict));
    }
    sentences.extend(undecided(verdict));
    sentences.extend(unexplained(verdict));
    sentences.extend(doubts::sentences(name, &verdict.doubts));
    sentences.extend(verdict.lost.map(|lost| {
        let result = match lost.lost {
            0 => "none was lost".to_owned(),
            1 => "1 was lost: two clients got the same number".to_owned(),
            some => format!("{some} were lost: two clients got the same number"),
        };
        let updates = if lost.updates == 1 {
            "update"
        } else {
            "updates"
        };
        format!("{name} was asked for {} {updates}; {result}.", lost.updates)
    }));
    sentences.extend(failed(server, verdict));
    sentences.extend(stood_still(server));
    sentences
}

fn only_after(server: &ServerRun, verdict: &Verdict) -> Vec<String> {
    let (groups, left_out) = groups(verdict, |judged| judged.behind.as_slice());
    let mut clauses: Vec<String> = groups
        .into_iter()
        .map(|(behind, ids)| {
            let first = verdict.requests.iter().find(|one| one.behind == behind);
            let more = first.is_some_and(|judged| judged.more);
            let behind: Vec<&Blocker> = behind.iter().map(|one| &one.blocker).collect();
            format!(
                "answered {} only after {}",
                list(&ids),
                gone(server, &behind, more)
            )
        })
        .collect();
    if left_out > 0 {
        clauses.push(format!("answered {left_out} more only after others"));
    }
    clauses
}

/// What requests have in common.
trait Common {
    fn is_same(&self, other: &Self) -> bool;
}

impl Common for Blocker {
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Common for Behind {
    fn is_same(&self, other: &Self) -> bool {
        self.blocker == other.blocker
    }
}

/// What several requests met, and their ids.
type Groups<'a, T> = Vec<(&'a [T], Vec<&'a str>)>;

/// Requests that met the same, in order, and how many are in no group.
fn groups<'a, T: Common>(
    verdict: &'a Verdict,
    of: impl Fn(&'a Judged) -> &'a [T],
) -> (Groups<'a, T>, usize) {
    let mut groups: Groups<'a, T> = Vec::new();
    let mut left_out = 0;
    for judged in &verdict.requests {
        let is_room = groups.len() < GROUPS;
        let met = of(judged);
        let is_same = |key: &[T]| {
            key.len() == met.len()
                && key.iter().zip(met).all(|(one, two)| one.is_same(two))
        };
        match groups.iter_mut().find(|(key, _)| is_same(key)) {
            _ if met.is_empty() => {}
            Some((_, ids)) => ids.push(&judged.id),
            None if is_room => groups.push((met, vec![&judged.id])),
            None => left_out += 1,
        }
    }
    (groups, left_out)
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
            Blocker::Request(id) if is_unanswered(server, id) => ended.push(id.as_str()),
            Blocker::Request(id) => answered.push(id.as_str()),
            Blocker::Idle(name) | Blocker::Connection(name) => left.push(name.as_str()),
        }
    }
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

fn is_unanswered(server: &ServerRun, id: &str) -> bool {
    let mut requests = server.requests().map(|(_, request)| request);
    requests.any(|request| request.id == id && request.replied_us.is_none())
}

fn nobody_waited(verdict: &Verdict) -> Option<String> {
    let name = &verdict.server;
    let most = verdict.in_service?;
    let is_clear = verdict.undecided().is_empty()
        && verdict.failed().is_empty()
        && verdict.doubts.is_empty()
        && unexplained(verdict).is_empty();
    let at_least = if most.least < most.most {
        "at least "
    } else {
        ""
    };
    (is_clear && most.least > 1).then(|| {
        let most = most.least;
        format!("{name} blocked nobody: {at_least}{most} were in service at once.")
    })
}

fn undecided(verdict: &Verdict) -> Option<String> {
    let ids = verdict.undecided();
    let are = verdict.requests.iter().filter(|judged| judged.undecided);
    let longest = are.filter_map(|judged| judged.waited_us).max()?;
    let up_to = if ids.len() > 1 { "up to " } else { "" };
    let why = if longest <= verdict.tolerance_us {
        let tolerance = seconds(verdict.tolerance_us);
        format!("; on this machine a wait of up to {tolerance} s proves nothing")
    } else {
        String::new()
    };
    Some(format!(
        "{}: whether {} waited behind somebody cannot be seen from the order (waited \
         {up_to}{} s{why}).",
        verdict.server,
        list(&ids),
        seconds(longest)
    ))
}

/// The requests that waited long for nobody who was done before them.
fn unexplained(verdict: &Verdict) -> Vec<String> {
    let are = verdict.requests.iter().filter(|judged| {
        let is_long = judged
            .waited_us
            .is_some_and(|waited| waited >= WORTH_TELLING_US);
        is_long && judged.behind.is_empty() && !judged.undecided
    });
    let are: Vec<&Judged> = are.collect();
    let Some(longest) = are.iter().filter_map(|judged| judged.waited_us).max() else {
        return Vec::new();
    };
    let ids: Vec<&str> = are.iter().map(|judged| judged.id.as_str()).collect();
    let up_to = if ids.len() > 1 { "up to " } else { "" };
    vec![format!(
        "{}: {} waited {up_to}{} s, and the order of the replies does not show for what.",
        verdict.server,
        list(&ids),
        seconds(longest)
    )]
}

/// Each reason once, with all whom it met.
fn failed(server: &ServerRun, verdict: &Verdict) -> Option<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut others = 0;
    for (_, request) in server.requests().filter(|(_, one)| one.has_failed()) {
        let why = request.failure.as_deref().or(request.reply.as_deref());
        let why = why.unwrap_or("no reply");
        let is_room = reasons.len() < GROUPS;
        match reasons.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, ids)) => ids.push(&request.id),
            None if is_room => reasons.push((why, vec![&request.id])),
            None => others += 1,
        }
    }
    let mut told: Vec<String> = reasons
        .iter()
        .map(|(why, ids)| format!("{}: {why}", list(ids)))
        .collect();
    if others > 0 {
        told.push(format!("{others} more, each for a reason of its own"));
    }
    (!told.is_empty())
        .then(|| format!("{} failed {}.", verdict.server, told.join("; failed ")))
}

fn stood_still(server: &ServerRun) -> Vec<String> {
    let still = server.stopped.iter().take(GROUPS);
    still
        .map(|stopped| {
            format!(
                "{} stood still from {} s to {} s: its process was stopped.",
                server.name,
                seconds(stopped.from_us),
                seconds(stopped.to_us)
            )
        })
        .collect()
}

/// `B, C and D`; many are cut.
pub(crate) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] if names.len() <= SHOWN + 1 => {
            format!("{} and {last}", most.join(", "))
        }
        _ => {
            let shown: Vec<&str> = names.iter().take(SHOWN - 1).copied().collect();
            format!(
                "{} and {} more",
                shown.join(", "),
                names.len() - shown.len()
            )
        }
    }
}
