//! The model of an event loop: what computes occupies the one thread, for everybody; what
//! waits (a connection, a SLEEP, a program) occupies nothing, and is looked at again once
//! the loop is free.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use timeline::record::is_one_of;

use super::{Prediction, Visit, has_quit, up_to_quit};
use crate::scenario::ClientSpec;

/// What happens, in the order of its time; the number keeps what happens at once in
/// order.
type Event = Reverse<(Duration, usize, usize, What)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A client's next request has arrived.
    Asks,
    /// What its request waited for has happened.
    Over,
}

struct Loop<'c> {
    clients: &'c [ClientSpec],
    events: BinaryHeap<Event>,
    scheduled: usize,
    free: Duration,
}

/// Predicts every client, in the order given.
pub(super) fn predict(
    clients: &[ClientSpec],
    service: impl Fn(&str) -> Option<Duration>,
) -> Option<Vec<Prediction>> {
    let mut predictions = vec![Prediction::default(); clients.len()];
    let mut one_thread = Loop {
        clients,
        events: BinaryHeap::new(),
        scheduled: 0,
        free: Duration::ZERO,
    };
    for (index, (client, prediction)) in clients.iter().zip(&mut predictions).enumerate()
    {
        prediction.closed = client.at + client.hold; // unless it asks for something
        one_thread.schedule(client.at, index, What::Asks);
    }
    while let Some(Reverse((time, _, index, what))) = one_thread.events.pop() {
        if let Some(prediction) = predictions.get_mut(index) {
            one_thread.handle(time, index, what, prediction, &service)?;
        }
    }
    Some(predictions)
}

impl Loop<'_> {
    fn schedule(&mut self, time: Duration, index: usize, what: What) {
        self.scheduled += 1;
        self.events
            .push(Reverse((time, self.scheduled, index, what)));
    }

    /// `None` where a service time is not known.
    fn handle(
        &mut self,
        time: Duration,
        index: usize,
        what: What,
        prediction: &mut Prediction,
        service: impl Fn(&str) -> Option<Duration>,
    ) -> Option<()> {
        let client = self.clients.get(index)?;
        let now = time.max(self.free);
        if what == What::Asks {
            let Some(request) = up_to_quit(client).get(prediction.requests.len()) else {
                return Some(());
            };
            let sent = if client.pipeline { client.at } else { time };
            let takes = service(request)?;
            prediction.requests.push(Visit {
                sent,
                started: now,
                replied: now + takes,
            });
            if waits(request) {
                self.schedule(now + takes, index, What::Over);
                return Some(());
            }
            self.free = now + takes;
        }
        let replied = now.max(self.free);
        if let Some(visit) = prediction.requests.last_mut() {
            visit.replied = replied;
        }
        prediction.closed = match has_quit(client, prediction.requests.len()) {
            true => replied,
            false => replied + client.read_delay + client.hold,
        };
        let pause = if client.pipeline {
            Duration::ZERO
        } else {
            client.read_delay + client.pause
        };
        self.schedule(replied + pause, index, What::Asks);
        Some(())
    }
}

/// Whether the loop does something else while this request takes its time.
fn waits(request: &str) -> bool {
    is_one_of(request, &["SLEEP", "MEET", "RUN", "BLPOP", "BRPOP"])
}
