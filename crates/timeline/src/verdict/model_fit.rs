//! The queue model beside the measured waits.

use super::Judged;
use crate::record::ServerRun;

/// How well the queue model predicted the waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelFit {
    /// The predicted waits together: of the requests whose wait was measured, or of all
    /// if no wait was.
    pub waited_us: u64,
    /// The largest difference between a predicted wait and the measured one.
    pub worst_us: u64,
}

/// A request takes no time worth a word up to here: 10 ms.
const AT_ONCE_US: u64 = 10_000;

/// Where waits were measured, the model's are summed over the same requests: the two sums
/// stand side by side. There is no fit where the model let others wait for a request that
/// the server refused.
pub(crate) fn of(server: &ServerRun, judged: &[Judged]) -> Option<ModelFit> {
    let measured = |judged: &Judged| judged.waited_us.filter(|_| server.timed);
    let is_measured = judged.iter().any(|judged| measured(judged).is_some());
    let mut fit = ModelFit {
        waited_us: 0,
        worst_us: 0,
    };
    let mut is_empty = true;
    for ((_, request), judged) in server.requests().zip(judged) {
        let model = match request.model {
            Some(model) => model,
            None if request.failure.is_some() => continue, // it came after a QUIT
            None => return None,
        };
        let is_refused = request.reply.is_some() && request.has_failed();
        if is_refused && model.service_us > AT_ONCE_US {
            return None;
        }
        is_empty = false;
        match measured(judged) {
            Some(waited) => {
                fit.waited_us += model.waited_us;
                fit.worst_us = fit.worst_us.max(waited.abs_diff(model.waited_us));
            }
            None if is_measured => {}
            None => fit.waited_us += model.waited_us,
        }
    }
    (!is_empty).then_some(fit)
}
