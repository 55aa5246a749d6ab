//! A run that is over, as it was known at a moment while it went on: what a replay draws.

use super::{Connection, Observed, Request, Run};

/// A moment of one server's run, as a replay has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// No client has come yet.
    Before,
    /// In microseconds from the start.
    At(u64),
    /// Everything has happened.
    Over,
}

impl Run {
    /// The run as it was known while it went on; `moment` says of each server, by its
    /// place, how far it was.
    #[must_use]
    pub fn known_at(&self, moment: impl Fn(usize) -> Moment) -> Self {
        let mut known = self.clone();
        for (place, server) in known.servers.iter_mut().enumerate() {
            let moment = moment(place);
            match (&mut server.observed, moment) {
                (Some(observed), Moment::Before) => *observed = Observed::default(),
                (Some(observed), Moment::At(now)) => observed.forget_after(now),
                _ => {}
            }
            for connection in &mut server.connections {
                connection.forget_after(moment);
            }
        }
        known
    }
}

impl Connection {
    fn forget_after(&mut self, moment: Moment) {
        moment.limit(&mut self.opened_us);
        moment.limit(&mut self.closed_us);
        self.closed_by_server &= self.closed_us.is_some();
        moment.limit(&mut self.accepted_us);
        self.in_backlog_us = match moment {
            Moment::At(now) => self.in_backlog_us.map(|seen| seen.min(now)),
            Moment::Before => None,
            Moment::Over => self.in_backlog_us,
        };
        // A failure is noted when the connection is closed because of it.
        let is_closed = self.closed_us.is_some() || moment == Moment::Over;
        for request in &mut self.requests {
            request.forget_after(moment, is_closed);
        }
    }
}

impl Request {
    fn forget_after(&mut self, moment: Moment, is_closed: bool) {
        let was_replied = self.replied_us.is_some();
        moment.limit(&mut self.sent_us);
        moment.limit(&mut self.replied_us);
        if was_replied && self.replied_us.is_none() {
            (self.service_us, self.thread, self.reply) = (None, None, None);
        }
        if !is_closed {
            self.failure = None;
        }
    }
}

impl Moment {
    /// Takes a time away that is not known yet.
    fn limit(self, time: &mut Option<u64>) {
        *time = time.filter(|time| match self {
            Self::Before => false,
            Self::At(now) => *time <= now,
            Self::Over => true,
        });
    }
}
