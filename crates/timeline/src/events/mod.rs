//! A run as events in the order of time: who asks, who waits for whom, who is served. A
//! page steps through them, and `--plain` prints them.
//!
//! `moments.rs` finds what happened, `reason.rs` says why a request waits.

mod moments;
mod reason;

use moments::Moments;

use crate::{
    chart::seconds,
    record::{Run, ServerRun},
    verdict::Verdict,
};

/// More events than this are in the run record alone.
const MOST: usize = 200;

/// Something that happened, and how things stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// In microseconds from the start.
    pub at_us: u64,
    /// The place of its server in the run.
    pub server: usize,
    /// When, where and what: `0.20 s, single-server: B connects and asks for RUN date. …`
    pub sentence: String,
    /// Who was on the server then.
    pub standing: Standing,
}

/// The requests that are out at a moment, each list in the order in which they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Those that are being served.
    pub serving: Vec<String>,
    /// Those that wait.
    pub waiting: Vec<String>,
    /// Those of which it is not known whether they wait or are being served.
    pub asked: Vec<String>,
}

/// The first events of a run, server by server, each in the order of time; and how many
/// more there are.
#[must_use]
pub fn events(run: &Run, verdicts: &[Verdict]) -> (Vec<Event>, usize) {
    let room = MOST / run.servers.len().max(1);
    let mut all = Vec::new();
    let mut left_out = 0;
    for (place, (server, verdict)) in run.servers.iter().zip(verdicts).enumerate() {
        let server = verdict.believed(server);
        let mut moments = Moments::of(&server, verdict).all;
        moments.sort_by_key(|moment| moment.at_us);
        left_out += moments.len().saturating_sub(room);
        for moment in moments.into_iter().take(room) {
            let time = seconds(moment.at_us);
            let sentence = format!("{time} s, {}: {}", server.name, moment.what);
            all.push(Event {
                at_us: moment.at_us,
                server: place,
                sentence: proto::blanked(&sentence),
                standing: Standing::at(&server, moment.after_us),
            });
        }
    }
    (all, left_out)
}

/// A sentence: how many events are left out.
pub(crate) fn left_out(count: usize) -> String {
    format!("{count} more events are left out; the run record (--json FILE) has all.")
}

impl Standing {
    /// Who is being served at a moment, and who waits.
    fn at(server: &ServerRun, now: u64) -> Self {
        let mut standing: [Vec<(u64, &String)>; 3] = Default::default();
        let [serving, waiting, asked] = &mut standing;
        for (connection, request) in server.requests() {
            let end = request.replied_us.or(connection.closed_us);
            let Some(sent) = request.sent_us.filter(|sent| *sent <= now) else {
                continue;
            };
            if end.is_some_and(|end| end <= now) {
                continue;
            }
            let list = match request.started_us() {
                Some(started) if started <= now => &mut *serving,
                Some(_) => &mut *waiting,
                None => &mut *asked,
            };
            list.push((sent, &request.id));
        }
        let [serving, waiting, asked] = standing.map(|mut all| {
            all.sort();
            all.into_iter().map(|(_, id)| proto::blanked(id)).collect()
        });
        Self {
            serving,
            waiting,
            asked,
        }
    }
}
