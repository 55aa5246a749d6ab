//! How long a client may take for what it is at, and what happens then.

use std::time::{Duration, Instant};

use service::Outcome;

use super::{Client, Next, Phase};
use crate::waiting::Waiting;

impl Client<'_> {
    /// When the loop must look at this client although nothing has happened.
    /// `idle_timeout` of zero is none; `cut_at` is the end of a stopping server's grace.
    pub(crate) fn wakes_at(
        &self,
        idle_timeout: Duration,
        cut_at: Option<Instant>,
    ) -> Option<Instant> {
        let earlier = |one: Option<Instant>, other| one.into_iter().chain(other).min();
        match &self.phase {
            Phase::Conversing | Phase::Closing if self.is_stuck() => {
                self.replies.write_by
            }
            Phase::Conversing => self.connection.request_by.or_else(|| {
                (!idle_timeout.is_zero()).then(|| self.asked_at + idle_timeout)
            }),
            Phase::Closing => None,
            Phase::Lingering { until, .. } => Some(*until),
            Phase::Doing(_, waiting) => {
                let over = match waiting {
                    Waiting::Timer(until) => earlier(Some(*until), cut_at),
                    Waiting::Others { until, .. } => earlier(*until, cut_at),
                    Waiting::Thread => None, // it looks at the clock itself
                };
                earlier(over, self.replies.write_by)
            }
        }
    }

    /// Looks what is over; the moment of `wakes_at` has come.
    pub(crate) fn wake(&mut self, now: Instant, cut_at: Option<Instant>) -> Next {
        let is_over =
            |moment: &Option<Instant>| moment.is_some_and(|moment| moment <= now);
        // What is over may have been done in time: a machine that stands still stops the
        // loop as well.
        if is_over(&self.replies.write_by) {
            return match self.flush() {
                Ok(true) => Next::Again,
                _ => Next::Gone,
            };
        }
        match &self.phase {
            Phase::Doing(_, Waiting::Timer(until)) if *until <= now => {
                self.finish(Outcome::slept());
            }
            Phase::Doing(_, Waiting::Others { number, until }) if is_over(until) => {
                return Next::EndMeeting(*number);
            }
            Phase::Doing(_, Waiting::Timer(_) | Waiting::Others { .. })
                if is_over(&cut_at) =>
            {
                self.finish(Outcome::cut());
            }
            Phase::Lingering { until, .. } if *until <= now => return Next::Gone,
            Phase::Conversing if self.is_stuck() => return Next::Wait,
            Phase::Conversing
                if self.connection.is_readable() && !self.connection.has_looked =>
            {
                self.connection.has_looked = true;
            }
            Phase::Conversing => self.give_up(),
            _ => return Next::Wait,
        }
        Next::Again
    }

    /// Sets when the meeting that it waits in is over.
    pub(crate) fn waits_for_others(&mut self, over_at: Instant) {
        if let Phase::Doing(_, Waiting::Others { until, .. }) = &mut self.phase {
            *until = Some(over_at);
        }
    }

    /// Whether it has to read before it is answered further.
    fn is_stuck(&self) -> bool {
        self.replies.write_by.is_some()
    }

    fn give_up(&mut self) {
        self.session.give_up(match self.connection.request_by {
            Some(_) => "took too long to send a request",
            None => "was idle for too long",
        });
        self.phase = Phase::Closing;
    }
}
