//! How much memory clients hold: all together stay within `--max-client-memory`, and the
//! one that holds most is closed.

use proto::Arguments;
use service::Outcome;

use super::{Client, Phase};

impl Client<'_> {
    /// Counts what the client holds. Returns whether it may stay.
    pub(super) fn is_within_memory(&mut self) -> bool {
        self.may_hold(0)
    }

    /// Counts what has just been taken out of its bytes, too.
    pub(super) fn may_ask(&mut self, arguments: &Arguments) -> bool {
        self.may_hold(arguments.iter().map(Vec::capacity).sum())
    }

    /// The outcome, or an error instead if there is no room for its reply.
    pub(super) fn within_memory(&mut self, outcome: Outcome) -> Outcome {
        if self.may_hold(outcome.weight()) {
            return outcome;
        }
        self.connection.forget();
        Outcome::too_much_memory()
    }

    /// Closes the client, with an error as its last reply.
    pub(super) fn refuse_memory(&mut self) {
        self.connection.forget();
        self.session.refuse_memory(&mut self.replies.bytes);
        self.phase = Phase::Closing;
    }

    fn may_hold(&mut self, more: usize) -> bool {
        let own = self.connection.held() + self.replies.bytes.capacity();
        self.session.may_hold(own + more)
    }
}
