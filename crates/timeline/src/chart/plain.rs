//! A sentence a request, for screen readers, logs and graders.

use super::{about, seconds};
use crate::{
    columns::visible,
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
    for (server, verdict) in run.servers.iter().zip(verdicts) {
        lines.extend(verdict.story(server));
    }
    for failure in verdicts.iter().flat_map(|verdict| &verdict.failures) {
        lines.push(format!("Not as expected: {failure}."));
    }
    lines.iter().map(|line| visible(line)).collect()
}

/// What became of one request.
pub(super) fn sentence(server: &ServerRun, request: &Request, judged: &Judged) -> String {
    let mut behind: Vec<String> = judged
        .behind
        .iter()
        .map(|blocker| told(server, blocker))
        .collect();
    behind.dedup();
    let behind = match behind.as_slice() {
        [] => String::new(),
        names => format!(" behind {}", names.join(" and ")),
    };
    let who = format!("{} ({})", request.id, request.request);
    let mut text = match (
        request.waited_us(),
        request.service_us,
        request.latency_us(),
    ) {
        (Some(waited), Some(served), _) => format!(
            "{who} waited {} s{behind}, then was served in {} s",
            seconds(waited),
            seconds(served)
        ),
        (_, _, Some(took)) => {
            format!(
                "{who} was answered {} s after it was sent{behind}",
                seconds(took)
            )
        }
        _ => format!("{who} got no reply"),
    };
    if request.has_failed() {
        let why = request.failure.as_deref().or(request.reply.as_deref());
        text.push_str(&format!(" and failed: {}", why.unwrap_or_default()));
    }
    text.push('.');
    text
}

fn told(server: &ServerRun, blocker: &Blocker) -> String {
    match blocker {
        Blocker::Idle(name) => format!("{name} (connected and silent)"),
        Blocker::Request(id) => {
            let request = server.requests().find(|(_, request)| request.id == *id);
            let words = request.map_or("", |(_, request)| request.request.as_str());
            format!("{id} ({words})")
        }
    }
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
    let mut facts = vec![format!(
        "{} of {} blocked",
        verdict.blocked().len(),
        verdict.exposed
    )];
    if let Some(waited) = verdict.waited_us {
        facts.push(format!("{} s waited in all", seconds(waited)));
    }
    facts.push(format!(
        "last answer after {} s",
        seconds(verdict.last_reply_us)
    ));
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
