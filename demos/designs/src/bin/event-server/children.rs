//! RUN: what ends a program in time, with all that it started, blocks the thread that
//! does it. So it gets a thread of its own, whose outcome comes back as an event: the way
//! of every event loop with code that cannot do without waiting.

use std::{
    io,
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, Scope},
};

use mio::{Registry, Token, Waker};
use service::{Job, Outcome};

/// The threads that wait for programs.
#[derive(Debug)]
pub(crate) struct Children<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    waker: std::sync::Arc<Waker>,
    sender: Sender<(Token, Outcome)>,
    outcomes: Receiver<(Token, Outcome)>,
}

impl<'scope, 'env> Children<'scope, 'env> {
    /// Each outcome is an event of `token`.
    pub(crate) fn new(
        scope: &'scope Scope<'scope, 'env>,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let (sender, outcomes) = mpsc::channel();
        Ok(Self {
            scope,
            waker: Waker::new(registry, token)?.into(),
            sender,
            outcomes,
        })
    }

    /// Starts a job of `client`; `false` if the system refuses one more thread.
    pub(crate) fn start(&self, client: Token, job: Job) -> bool {
        let (sender, waker) = (self.sender.clone(), self.waker.clone());
        let work = move || {
            // The loop, which receives and is woken, outlives this thread or ends with
            // it.
            let _ = sender.send((client, job.run()));
            let _ = waker.wake();
        };
        let thread = thread::Builder::new().name(format!("run-{}", client.0));
        thread.spawn_scoped(self.scope, work).is_ok()
    }

    /// An outcome that has come.
    pub(crate) fn next_outcome(&self) -> Option<(Token, Outcome)> {
        self.outcomes.try_recv().ok()
    }
}
