//! The verdict in sentences.

use super::{Blocker, Judged, Verdict};
use crate::record::ServerRun;

pub(super) fn tell(server: &ServerRun, verdict: &Verdict) -> Vec<String> {
    let name = &verdict.server;
    let mut clauses = Vec::new();
    for (passed, ids) in
        groups(verdict, |judged| judged.passed.get(..1).unwrap_or_default())
    {
        clauses.push(format!(
            "answered {} while {}",
            list(&ids),
            still_there(&passed)
        ));
    }
    for (behind, ids) in groups(verdict, |judged| &judged.behind) {
        clauses.push(format!(
            "answered {} only after {}",
            list(&ids),
            gone(&behind)
        ));
    }
    let mut sentences = Vec::new();
    if !clauses.is_empty() && verdict.lost.is_none() {
        sentences.push(format!("{name} {}.", clauses.join("; ")));
    }
    if let (true, None, Some(most)) =
        (clauses.is_empty(), verdict.lost, verdict.in_service)
        && most > 1
        && verdict.failed().is_empty()
    {
        sentences.push(format!(
            "{name} let nobody wait: {most} were in service at once."
        ));
    }
    if let Some(lost) = verdict.lost {
        let fate = match lost.lost {
            0 => "none was lost".to_owned(),
            some => format!("{some} were lost: two clients got the same number"),
        };
        sentences.push(format!(
            "{name} was asked for {} updates; {fate}.",
            lost.updates
        ));
    }
    sentences.extend(failed(server, verdict));
    sentences
}

/// Requests that met the same, in order. Few enough to be said: the first four groups.
fn groups<'a>(
    verdict: &'a Verdict,
    of: impl Fn(&'a Judged) -> &'a [Blocker],
) -> Vec<(Vec<&'a Blocker>, Vec<&'a str>)> {
    const SAID: usize = 4;
    let mut groups: Vec<(Vec<&Blocker>, Vec<&str>)> = Vec::new();
    for judged in &verdict.requests {
        let met: Vec<&Blocker> = of(judged).iter().collect();
        if met.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(key, _)| *key == met) {
            Some((_, ids)) => ids.push(&judged.id),
            None => groups.push((met, vec![&judged.id])),
        }
    }
    groups.truncate(SAID);
    groups
}

fn still_there(blockers: &[&Blocker]) -> String {
    let names: Vec<&str> = blockers.iter().map(|blocker| blocker.name()).collect();
    let was = if names.len() == 1 { "was" } else { "were" };
    let doing = match blockers.first() {
        Some(Blocker::Idle(_)) => "connected and silent",
        _ => "still being served",
    };
    format!("{} {was} {doing}", list(&names))
}

fn gone(blockers: &[&Blocker]) -> String {
    let names: Vec<&str> = blockers.iter().map(|blocker| blocker.name()).collect();
    match blockers.first() {
        Some(Blocker::Idle(_)) => format!("{} had left", list(&names)),
        _ => list(&names),
    }
}

fn failed(server: &ServerRun, verdict: &Verdict) -> Option<String> {
    let failed = verdict.failed();
    let first = server
        .requests()
        .map(|(_, request)| request)
        .find(|one| one.has_failed())?;
    let why = first
        .failure
        .as_deref()
        .or(first.reply.as_deref())
        .unwrap_or("no reply");
    Some(format!(
        "{} failed {}: {why}.",
        verdict.server,
        list(&failed)
    ))
}

/// `B, C and D`; many are cut.
pub(crate) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] if names.len() <= SHOWN => {
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
