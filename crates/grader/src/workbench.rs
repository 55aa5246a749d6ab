//! Where a check works: fresh servers, and the time that is left.

use std::{
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use launch::{Launch, LaunchError};

use crate::{
    commands::Commands,
    early_end::EarlyEnd,
    expectation::Expectation,
    python::TightSwitching,
    registry::Registry,
    rounds::{Effort, RACES},
    running::Running,
    starting::StartFailure,
    subject::Subject,
    temporary::Temporary,
    watched::Watched,
};

/// How long a sign of life may take. It never proves anything by itself.
pub(crate) const LIVENESS: Duration = Duration::from_secs(10);

/// What all checks of one grading share.
#[derive(Debug)]
pub(crate) struct Shared<'g> {
    pub(crate) subject: &'g Subject,
    pub(crate) expectation: Expectation,
    pub(crate) commands: &'g Commands,
    pub(crate) registry: &'g Registry,
    /// How long a check looks for a race.
    pub(crate) races: Duration,
    /// When the grading has to be over.
    pub(crate) ends: Instant,
    /// How many clients the server was seen to serve at once; 0 until that is known.
    pub(crate) in_service: AtomicUsize,
    /// Whether only one server can run at a time, and whose turn it is.
    pub(crate) one_at_a_time: Option<Mutex<()>>,
    /// Whether it sends no whole reply, even to a lone client.
    pub(crate) is_cut_off: bool,
    /// Who keeps the server's threads busy now: two at once leave each other no cores.
    pub(crate) race: Mutex<()>,
    /// How the server is started so that its threads take turns all the time.
    pub(crate) tight: Option<TightSwitching>,
    /// Where it leaves what it does not remove itself, as one that is killed.
    pub(crate) temporary: Option<Temporary>,
}

impl Shared<'_> {
    fn launch(&self, modules: Option<&Path>) -> Launch {
        let temporary = self.temporary.as_ref().map(Temporary::path);
        self.subject.launch(modules, temporary)
    }
}

/// One check's place of work.
#[derive(Debug)]
pub(crate) struct Workbench<'g> {
    pub(crate) shared: &'g Shared<'g>,
}

impl<'g> Workbench<'g> {
    pub(crate) fn new(shared: &'g Shared<'g>) -> Self {
        Self { shared }
    }

    /// Starts a fresh server, does `work` with it, and ends it. What goes against the
    /// server gets to know what became of it.
    pub(crate) fn with_server<T>(
        &self,
        work: impl FnOnce(&mut Running<'_>) -> Result<T, EarlyEnd>,
    ) -> Result<T, EarlyEnd> {
        self.work(self.shared.launch(None), work)
    }

    /// Some fifths of the time in which a check looks for a race.
    pub(crate) fn races(&self, fifths: u32) -> Duration {
        self.shared.races * fifths / 5
    }

    /// Keeps a fresh server's threads busy with `work`, for as long as races last; a
    /// script of Python's mostly on a server whose threads take turns all the time, which
    /// shows its races. Gives the sum of what `work` gives.
    pub(crate) fn with_busy_servers(
        &self,
        work: impl Fn(&mut Running<'_>, Effort) -> Result<usize, EarlyEnd>,
    ) -> Result<usize, EarlyEnd> {
        let effort = |fifths: u32, rounds: usize| Effort {
            lasts: self.races(fifths),
            rounds: match self.shared.races < RACES {
                true => rounds.div_ceil(4),
                false => rounds,
            },
        };
        let Some(tight) = self.shared.tight.as_ref() else {
            return self.with_server(|running| work(running, effort(5, 4)));
        };
        let first = self.with_server(|running| work(running, effort(1, 1)))?;
        let launch = self.shared.launch(Some(tight.folder()));
        let second = self.work(launch, |running| work(running, effort(4, 3)))?;
        Ok(first + second)
    }

    fn work<T>(
        &self,
        launch: Launch,
        work: impl FnOnce(&mut Running<'_>) -> Result<T, EarlyEnd>,
    ) -> Result<T, EarlyEnd> {
        let turn = self.shared.one_at_a_time.as_ref();
        let _turn: Option<MutexGuard<'_, ()>> =
            turn.map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        let mut running = self.start(launch)?;
        work(&mut running).map_err(|mut early_end| {
            if let Some(failure) = early_end.failure() {
                running.add_its_end(failure);
            }
            early_end
        })
    }

    /// Starts a fresh server and waits for the address it prints. Nothing connects to it:
    /// to a server that serves one client at a time a probe is a client.
    fn start(&self, launch: Launch) -> Result<Running<'_>, EarlyEnd> {
        let patience = self.patience()?;
        let (subject, registry) = (self.shared.subject, self.shared.registry);
        let watched = Watched::default();
        let server = launch.announce_within(patience).start_watched(|server| {
            watched.glance(server);
            !registry.is_closed() && !watched.stops_itself()
        });
        match server {
            Ok(server) => Ok(Running::new(server, self.shared, patience)),
            Err(_) if registry.is_closed() => Err(EarlyEnd::TimeIsUp),
            // It was not given the time that a server has.
            Err(LaunchError::NotAnnounced { .. }) if patience < LIVENESS => {
                Err(EarlyEnd::TimeIsUp)
            }
            Err(error) => {
                let (name, confined) = (subject.to_string(), subject.sandbox.is_some());
                let failure = StartFailure::new(error, &name, confined, &watched);
                Err(EarlyEnd::NoServer(Box::new(failure)))
            }
        }
    }

    /// How long the next wait may take.
    pub(crate) fn patience(&self) -> Result<Duration, EarlyEnd> {
        let left = self.shared.ends.saturating_duration_since(Instant::now());
        if left.is_zero() || self.shared.registry.is_closed() {
            return Err(EarlyEnd::TimeIsUp);
        }
        Ok(left.min(LIVENESS))
    }

    /// The command of a round trip.
    pub(crate) fn echo(&self) -> &'static str {
        self.shared.commands.echo()
    }

    /// A turn at keeping a server's threads busy.
    pub(crate) fn race(&self) -> MutexGuard<'_, ()> {
        let race = self.shared.race.lock();
        race.unwrap_or_else(PoisonError::into_inner)
    }

    /// How many clients may be in service at once, at most `most`.
    pub(crate) fn at_once(&self, most: usize) -> usize {
        self.shared.expectation.allows().min(most)
    }

    /// Skips a check of two clients on a server that was seen to serve one.
    pub(crate) fn must_serve_two(&self) -> Result<(), EarlyEnd> {
        match self.seen_in_service() {
            1 => Err(EarlyEnd::Skipped(
                "one client is in service at a time".to_owned(),
            )),
            _ => Ok(()),
        }
    }

    /// How many clients the server was seen to serve at once; 0 if that is not known.
    pub(crate) fn seen_in_service(&self) -> usize {
        self.shared.in_service.load(Ordering::Relaxed)
    }
}
