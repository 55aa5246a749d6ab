//! A sentence a request, for screen readers, logs and graders.

use super::{about, seconds, story, table::blocked};
use crate::{
    events::events,
    record::{Connection, Request, Run, ServerRun},
    verdict::{Blocker, Judged, Verdict},
};

/// All that a chart and its table say, one sentence a line.
#[must_use]
pub fn sentences(run: &Run, verdicts: &[Verdict]) -> Vec<String> {
    let mut lines = Vec::new();
    for (server, verdict) in run.servers.iter().zip(verdicts) {
        lines.push(format!("{}: {}.", server.name, about(server)));
        let judged = server.requests().zip(&verdict.requests);
        for ((_, request), judged) in judged {
            lines.push(sentence(server, request, judged));
        }
        for silent in server
            .connections
            .iter()
            .filter(|one| one.requests.is_empty())
        {
            lines.push(silence(silent));
        }
        lines.push(summary(verdict));
    }
    let (events, left_out) = events(run, verdicts);
    lines.extend(events.into_iter().map(|event| event.sentence));
    if left_out > 0 {
        lines.push(format!("{left_out} more events are in the run record."));
    }
    lines.extend(story(run, verdicts));
    lines.iter().map(|line| proto::blanked(line)).collect()
}

/// What became of one request.
pub(super) fn sentence(server: &ServerRun, request: &Request, judged: &Judged) -> String {
    let behind = behind(server, judged);
    let who = format!("{} ({})", request.id, request.request);
    let known = judged.waited_us.zip(judged.served_us);
    let mut text = match (known.filter(|_| server.timed), request.latency_us()) {
        (Some((waited, served)), _) => format!(
            "{who} waited {} s{behind}, then was served in {} s",
            seconds(waited),
            seconds(served)
        ),
        (None, Some(took)) => {
            format!(
                "{who} was answered {} s after it was sent{behind}",
                seconds(took)
            )
        }
        (None, None) => format!("{who} got no reply"),
    };
    if request.has_failed() {
        let why = request.failure.as_deref().or(request.reply.as_deref());
        text.push_str(&format!(" and failed: {}", why.unwrap_or_default()));
    }
    text.push('.');
    text
}

/// Behind whom it waited; each with its share, where that is not all of the wait.
fn behind(server: &ServerRun, judged: &Judged) -> String {
    let waited = judged.waited_us.unwrap_or(0);
    let told = judged.behind.iter().map(|behind| {
        let (who, what) = told(server, &behind.blocker);
        let share = seconds(behind.for_us);
        if seconds(waited) == share {
            format!("{who} ({what})")
        } else {
            format!("{who} ({what}, for {share} s)")
        }
    });
    let mut told: Vec<String> = told.collect();
    if judged.more {
        told.push("others".to_owned());
    }
    match told.as_slice() {
        [] => String::new(),
        [one] => format!(" behind {one}"),
        [most @ .., last] => format!(" behind {} and {last}", most.join(", ")),
    }
}

/// Who, and what they did.
fn told<'a>(server: &'a ServerRun, blocker: &'a Blocker) -> (&'a str, &'a str) {
    let what = match blocker {
        Blocker::Idle(_) => "connected and silent",
        Blocker::Connection(_) => "connected",
        Blocker::Request(id) => {
            let mut requests = server.requests();
            let request = requests.find(|(_, request)| request.id == *id);
            request.map_or("", |(_, request)| request.request.as_str())
        }
    };
    (blocker.name(), what)
}

/// What became of a client who asked for nothing.
pub(super) fn silence(connection: &Connection) -> String {
    match (connection.opened_us, connection.closed_us) {
        (Some(opened), Some(closed)) => format!(
            "{} was connected and silent for {} s.",
            connection.client,
            seconds(closed.saturating_sub(opened))
        ),
        _ => format!("{} never connected.", connection.client),
    }
}

fn summary(verdict: &Verdict) -> String {
    let mut facts = vec![format!("{} blocked", blocked(verdict))];
    if let Some(waited) = verdict.waited_us {
        facts.push(format!("{} s waited in all", seconds(waited)));
    }
    facts.push(match verdict.last_reply_us {
        Some(last) => format!("last answer after {} s", seconds(last)),
        None => "nobody was answered".to_owned(),
    });
    if let Some(most) = verdict.in_service {
        facts.push(format!("at most {most} in service at once"));
    }
    let model = verdict.model.map(|model| seconds(model.waited_us));
    let model = model.map(|waited| format!("; the queue model says {waited} s"));
    format!(
        "{}: {}{}.",
        verdict.server,
        facts.join(", "),
        model.unwrap_or_default()
    )
}
