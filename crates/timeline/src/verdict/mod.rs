//! The verdict on one server: who was blocked by whom, how many were in service at once, what
//! got lost. Pure: it looks at the record alone.

mod blocked;
mod expected;
mod lost;
mod overlap;
mod story;

use crate::record::{Request, ServerRun};

pub use blocked::Blocker;
pub use expected::Failure;
pub use lost::Lost;

/// What a client's clock and the server's word leave open: 50 ms. A reply takes its time from
/// the server to the client's stamp, more so on a busy machine.
const SLACK_US: u64 = 50_000;

/// What is said about one server of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The server's name.
    pub server: String,
    /// One for each request, in the record's order.
    pub requests: Vec<Judged>,
    /// How many requests were sent while somebody else held a place.
    pub exposed: usize,
    /// The most requests in service at once; `None` when the server knows no TIMED.
    pub in_service: Option<usize>,
    /// All waits together; `None` when the server knows no TIMED.
    pub waited_us: Option<u64>,
    /// When the last reply was in.
    pub last_reply_us: u64,
    /// INCR and INCRBY: what got lost. `None` if the scenario doesn't count.
    pub lost: Option<Lost>,
    /// The queue model beside the measurement.
    pub model: Option<ModelFit>,
    /// PRIMES: how many times as long as alone they were served, on average.
    pub stretch: Option<f64>,
    /// What the scenario expected and did not see.
    pub failures: Vec<Failure>,
}

/// One request, judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// As in the record.
    pub id: String,
    /// Behind whom it waited.
    pub behind: Vec<Blocker>,
    /// Who was being served, or held a place, when it came, and was still there when it was
    /// answered.
    pub passed: Vec<Blocker>,
    /// Whether it got an error, or nothing.
    pub failed: bool,
}

/// How well the queue model predicted the waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelFit {
    /// All predicted waits together.
    pub waited_us: u64,
    /// The largest difference between a predicted wait and the measured one.
    pub worst_us: u64,
}

impl Verdict {
    /// Judges one server.
    #[must_use]
    pub fn of(server: &ServerRun) -> Self {
        let (requests, exposed) = blocked::judge(server);
        let all = || server.requests().map(|(_, request)| request);
        let mut verdict = Self {
            server: server.name.clone(),
            requests,
            exposed,
            in_service: server.timed.then(|| overlap::most_in_service(server)),
            waited_us: server
                .timed
                .then(|| all().filter_map(Request::waited_us).sum()),
            last_reply_us: all()
                .filter_map(|request| request.replied_us)
                .max()
                .unwrap_or(0),
            lost: Lost::of(server),
            model: model_fit(server),
            stretch: stretch(server),
            failures: Vec::new(),
        };
        verdict.failures = expected::failures(server, &verdict);
        verdict
    }

    /// The requests that waited behind somebody.
    #[must_use]
    pub fn blocked(&self) -> Vec<&str> {
        let blocked = self
            .requests
            .iter()
            .filter(|judged| !judged.behind.is_empty());
        blocked.map(|judged| judged.id.as_str()).collect()
    }

    /// The requests that got an error, or nothing.
    #[must_use]
    pub fn failed(&self) -> Vec<&str> {
        let failed = self.requests.iter().filter(|judged| judged.failed);
        failed.map(|judged| judged.id.as_str()).collect()
    }

    /// What happened, in one or two sentences.
    #[must_use]
    pub fn story(&self, server: &ServerRun) -> Vec<String> {
        story::tell(server, self)
    }
}

fn model_fit(server: &ServerRun) -> Option<ModelFit> {
    let mut fit = ModelFit {
        waited_us: 0,
        worst_us: 0,
    };
    let mut is_empty = true;
    for (_, request) in server.requests() {
        let model = request.model?;
        fit.waited_us += model.waited_us;
        is_empty = false;
        if let Some(waited) = request.waited_us().filter(|_| server.timed) {
            fit.worst_us = fit.worst_us.max(waited.abs_diff(model.waited_us));
        }
    }
    (!is_empty).then_some(fit)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn stretch(server: &ServerRun) -> Option<f64> {
    let burns = |request: &&Request| {
        let name = request.request.get(..6).unwrap_or_default();
        name.eq_ignore_ascii_case("PRIMES")
    };
    let (mut served, mut alone) = (0, 0);
    for request in server.requests().map(|(_, request)| request).filter(burns) {
        served += request.service_us?;
        alone += request.model?.service_us;
    }
    (alone > 0).then(|| served as f64 / alone as f64)
}
