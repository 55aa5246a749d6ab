//! The verdict on one server: who was blocked by whom, how many were in service at
//! once, what got lost, and which service times of the server cannot be true.
//!
//! Pure: it looks at the record alone, and at the order of what was sent, served and
//! replied; `docs/run-record.md` defines each relation.
//!
//! * `judged.rs` is the verdict on one request.
//! * `visit.rs` reads a request, and `claims.rs` what a server says of it. `held/` says
//!   who held a place, and how long, and `waits/` finds the wait of each request, and
//!   those whom it was behind.
//! * `tolerance.rs` says how long a wait must be to prove something, given how late the
//!   machine was, and `blocked.rs` judges.
//!   `held_up.rs` finds the sleeps that an event loop ended late, `sure_services.rs` says
//!   when somebody was surely in service, and `overtook.rs` who was answered first.
//! * `overlap.rs` and `meetings.rs` count how many were in service at once, and `lost/`
//!   counts lost updates.
//! * `model_fit.rs` compares the waits with the queue model, `expected.rs` the verdict
//!   with what the scenario expects, and `contradiction.rs` with its places. `doubts.rs`
//!   finds replies and service times that nobody can believe.
//! * `story/` says it in sentences, with `names.rs` for who.

mod blocked;
mod claims;
mod contradiction;
mod doubts;
mod expected;
mod held;
mod held_up;
mod judged;
mod lost;
mod meetings;
mod model_fit;
mod names;
mod overlap;
mod overtook;
mod story;
mod sure_services;
mod tolerance;
mod visit;
mod waits;

use crate::record::{Request, ServerRun};

pub use doubts::{Doubt, Fault};
pub use expected::Failure;
pub use judged::{Behind, Blocker, Inside, Judged};
pub use lost::{Lost, Proof};
pub use model_fit::ModelFit;
pub use overlap::InService;

/// What the ways of two replies to their clients leave open: 50 ms, more so on a busy
/// machine.
const SLACK_US: u64 = 50_000;

/// The verdict on one server of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The server's name.
    pub server: String,
    /// One for each request, in the record's order.
    pub requests: Vec<Judged>,
    /// How many requests were sent while somebody else held a place.
    pub came_behind: usize,
    /// A wait up to this long, in microseconds, proves nothing on this machine.
    pub tolerance_us: u64,
    /// The most requests in service at once; `None` when the server knows no TIMED, or
    /// answered nobody.
    pub in_service: Option<InService>,
    /// At least this many were in service at once, even if the server knows no TIMED.
    pub surely_at_once: usize,
    /// All waits together; `None` when the server knows no TIMED, or answered nobody.
    pub waited_us: Option<u64>,
    /// Whether somebody was answered of whom it is not known how long they waited: all
    /// waits together may be more.
    pub waits_are_missing: bool,
    /// When the last reply was in; `None` if there was none.
    pub last_reply_us: Option<u64>,
    /// INCR and INCRBY: what got lost. `None` if the scenario doesn't count.
    pub lost: Option<Lost>,
    /// The queue model beside the measurement.
    pub model: Option<ModelFit>,
    /// PRIMES: how many times as long as alone they were served, on average.
    pub stretch: Option<f64>,
    /// What the server says of its service times and cannot be so.
    pub doubts: Vec<Doubt>,
    /// What the scenario expected and did not see.
    pub failures: Vec<Failure>,
}

impl Verdict {
    /// Judges one server.
    #[must_use]
    pub fn of(server: &ServerRun) -> Self {
        let order = blocked::judge(server);
        let is_timed = server.timed && !order.visits.is_empty();
        let all = || server.requests().map(|(_, request)| request);
        let waits = || order.judged.iter().filter_map(|judged| judged.waited_us);
        let noise = tolerance::noise_us(server, order.tolerance_us);
        let most = overlap::most_in_service(server, &order.visits, noise);
        let mut verdict = Self {
            server: server.name.clone(),
            came_behind: order.came_behind,
            tolerance_us: order.tolerance_us,
            in_service: Some(most).filter(|_| is_timed),
            surely_at_once: most.least,
            waited_us: is_timed.then(|| waits().sum()),
            waits_are_missing: all().zip(&order.judged).any(|(one, judged)| {
                one.replied_us.is_some() && judged.waited_us.is_none()
            }),
            last_reply_us: all().filter_map(|request| request.replied_us).max(),
            lost: Lost::of(server),
            model: model_fit::of(server, &order.judged),
            stretch: stretch(server),
            doubts: doubts::of(server, &order.judged, order.tolerance_us),
            failures: Vec::new(),
            requests: order.judged,
        };
        verdict.failures = expected::failures(server, &verdict);
        verdict
    }

    /// The requests that waited behind somebody.
    #[must_use]
    pub fn blocked(&self) -> Vec<&str> {
        self.ids(|judged| !judged.behind.is_empty())
    }

    /// The requests of which order cannot say whether they waited behind somebody.
    #[must_use]
    pub fn undecided(&self) -> Vec<&str> {
        self.ids(|judged| judged.undecided)
    }

    /// The requests that got an error, or nothing.
    #[must_use]
    pub fn failed(&self) -> Vec<&str> {
        self.ids(|judged| judged.failed)
    }

    /// The same server with the service times that are believed, which is what is drawn.
    #[must_use]
    pub fn believed(&self, server: &ServerRun) -> ServerRun {
        let mut believed = server.clone();
        let connections = believed.connections.iter_mut();
        let requests = connections.flat_map(|connection| &mut connection.requests);
        for (request, judged) in requests.zip(&self.requests).filter(|_| server.timed) {
            request.service_us = judged.served_us;
        }
        believed
    }

    /// What happened, in a few sentences.
    #[must_use]
    pub fn story(&self, server: &ServerRun) -> Vec<String> {
        story::sentences(server, self)
    }

    fn ids(&self, are: impl Fn(&Judged) -> bool) -> Vec<&str> {
        let those = self.requests.iter().filter(|judged| are(judged));
        those.map(|judged| judged.id.as_str()).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn stretch(server: &ServerRun) -> Option<f64> {
    let burns = |request: &&Request| request.is("PRIMES") && !request.has_failed();
    let (mut served, mut alone) = (0, 0);
    for request in server.requests().map(|(_, request)| request).filter(burns) {
        served += claims::possible_service(request)?;
        alone += claims::alone_us(request)?;
    }
    (alone > 0).then(|| served as f64 / alone as f64)
}
