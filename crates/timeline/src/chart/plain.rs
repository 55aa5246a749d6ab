//! A sentence a request, for screen readers, logs and graders.

use std::collections::HashMap;

use super::{about, full_stop, places, seconds, story, table::blocked};
use crate::{
    columns::in_a_sentence,
    events::{self, events},
    record::{Connection, Request, Run, ServerRun},
    verdict::{Blocker, Judged, Verdict},
    whereabouts,
};

/// A blocker that held all of a wait but so much, 20 ms, held all of it: the server has
/// to read and to wake up, too.
const ALL_BUT_US: u64 = 20_000;

/// All that a chart and its table say, one sentence a line.
#[must_use]
pub fn sentences(run: &Run, verdicts: &[Verdict]) -> Vec<String> {
    let mut lines = Vec::new();
    for (server, verdict) in run.servers.iter().zip(verdicts) {
        lines.push(format!(
            "{}: {}.",
            server.name,
            about(server, Some(verdict))
        ));
        let teller = Teller::of(server);
        let judged = server.requests().zip(&verdict.requests);
        let stays = whereabouts::of(&verdict.believed(server));
        for (((_, request), judged), stays) in judged.zip(stays) {
            lines.push(teller.sentence(request, judged));
            lines.extend(places::sentence(request, &stays));
        }
        for silent in server
            .connections
            .iter()
            .filter(|one| one.requests.is_empty())
        {
            lines.push(silence(silent));
        }
        lines.push(summary(verdict));
        lines.extend(
            server
                .observed
                .iter()
                .flat_map(|observed| places::of_server(&server.name, observed)),
        );
    }
    let (events, left_out) = events(run, verdicts);
    lines.extend(events.into_iter().map(|event| event.sentence));
    if left_out > 0 {
        lines.push(events::left_out(left_out));
    }
    lines.extend(story(run, verdicts));
    lines.iter().map(|line| proto::blanked(line)).collect()
}

/// Says what became of the requests of one server.
pub(super) struct Teller<'a> {
    server: &'a ServerRun,
    /// What each request asked for.
    words: HashMap<&'a str, &'a str>,
}

impl<'a> Teller<'a> {
    pub(super) fn of(server: &'a ServerRun) -> Self {
        let requests = server.requests().map(|(_, request)| request);
        let words =
            requests.map(|request| (request.id.as_str(), request.request.as_str()));
        Self {
            server,
            words: words.collect(),
        }
    }

    /// What became of one request.
    pub(super) fn sentence(&self, request: &Request, judged: &Judged) -> String {
        let behind = self.behind(judged);
        let who = format!("{} ({})", request.id, in_a_sentence(&request.request));
        let known = judged.waited_us.zip(judged.served_us);
        let known = known.filter(|_| self.server.timed);
        let mut text = match (known, request.latency_us()) {
            (Some((waited, served)), _) => format!(
                "{who} waited {} s{behind}, then was served in {} s",
                seconds(waited),
                seconds(served)
            ),
            (None, Some(took)) => {
                let comma = if behind.is_empty() { "" } else { "," };
                format!(
                    "{who} was answered {} s after it was sent{comma}{behind}",
                    seconds(took)
                )
            }
            (None, None) if request.sent_us.is_none() => format!("{who} was never sent"),
            (None, None) => format!("{who} got no reply"),
        };
        if request.has_failed() {
            let why = request.failure.as_deref().or(request.reply.as_deref());
            let failed = if request.sent_us.is_some() {
                " and failed"
            } else {
                ""
            };
            text.push_str(&format!("{failed}: {}", why.unwrap_or_default()));
        }
        text.push_str(full_stop(&text));
        text
    }

    /// Behind whom it waited; each with its share, where that is not all of the wait.
    fn behind(&self, judged: &Judged) -> String {
        let waited = judged.waited_us.unwrap_or(0);
        let blockers = judged.behind.iter().map(|behind| {
            let (who, what) = (behind.name(), self.does(&behind.blocker));
            if waited.saturating_sub(behind.for_us) <= ALL_BUT_US {
                format!("{who} ({what})")
            } else {
                format!("{who} ({what}, for {} s)", seconds(behind.for_us))
            }
        });
        let mut blockers: Vec<String> = blockers.collect();
        if judged.more {
            blockers.push("others".to_owned());
        }
        match blockers.as_slice() {
            [] => String::new(),
            [one] => format!(" behind {one}"),
            [most @ .., last] => format!(" behind {} and {last}", most.join(", ")),
        }
    }

    /// What somebody who was in the way did.
    fn does(&self, blocker: &Blocker) -> String {
        match blocker {
            Blocker::Idle(_) => "connected and silent".to_owned(),
            Blocker::Connection(_) => "connected".to_owned(),
            Blocker::Request(id) => {
                in_a_sentence(self.words.get(id.as_str()).copied().unwrap_or_default())
            }
        }
    }
}

/// What became of a client who asked for nothing.
pub(super) fn silence(connection: &Connection) -> String {
    match (connection.opened_us, connection.closed_us) {
        (Some(opened), Some(closed)) => format!(
            "{} was connected and silent for {} s{}.",
            connection.client,
            seconds(closed.saturating_sub(opened)),
            match connection.closed_by_server {
                true => ", until the server closed the connection",
                false => "",
            }
        ),
        _ => format!("{} never connected.", connection.client),
    }
}

fn summary(verdict: &Verdict) -> String {
    let mut facts = vec![format!("{} blocked", blocked(verdict))];
    if let Some(waited) = verdict.waited_us {
        let at_least = match verdict.waits_are_missing {
            true => "at least ",
            false => "",
        };
        facts.push(format!("{at_least}{} s waited in all", seconds(waited)));
    }
    facts.push(match verdict.last_reply_us {
        Some(last) => format!("last answer after {} s", seconds(last)),
        None => "nobody was answered".to_owned(),
    });
    if let Some(most) = verdict.in_service {
        facts.push(match most.least == most.most {
            true => format!("at most {most} served at once"),
            false => format!(
                "at most {}, perhaps {}, served at once",
                most.least, most.most
            ),
        });
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
