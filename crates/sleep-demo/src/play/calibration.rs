//! What is learnt of a server before the run: whether it knows TIMED, and how long it
//! serves what only it knows.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use client::{ClientError, Reply};
use launch::Interrupt;
use timeline::record::is_one_of;

use super::{asking::Asked, reply::Answer};
use crate::scenario::{ClientSpec, sleep_of};

/// How long a server may take to connect, and to answer a request that costs nothing.
const FIRST: Duration = Duration::from_secs(10);

/// How long it may take for a request of the scenario.
const LATER: Duration = Duration::from_secs(60);

/// A latency and a service time that differ by less are close to each other: 50 ms.
const CLOSE: Duration = Duration::from_millis(50);

/// What costs nothing on most servers, and may be slow on one of somebody else.
const CHEAP: [&str; 3] = ["PING", "ECHO", "GET"];

/// How often one of these is measured that was not done within [`AT_ONCE`].
const CHEAP_TRIES: usize = 3;

/// A request that takes no time worth a word: 5 ms.
const AT_ONCE: Duration = Duration::from_millis(5);

/// What one server said.
#[derive(Debug, Default)]
pub(super) struct Calibration {
    pub(super) timed: bool,
    services: HashMap<String, Duration>,
}

impl Calibration {
    /// Sends one request of each kind that must be measured, over a connection that ends
    /// before the run.
    pub(super) fn of(
        address: &str,
        clients: &[ClientSpec],
        interrupt: &Interrupt,
    ) -> Result<Self, ClientError> {
        let mut asked = Asked::open(address, FIRST, interrupt)?;
        let reply = asked.request(&["TIMED", "PING"], FIRST)?;
        let timed = matches!(reply, Reply::Array(_));
        let mut services = HashMap::new();
        let mut seen = HashSet::new();
        for request in clients.iter().flat_map(|client| &client.requests) {
            if !must_be_measured(request) || !seen.insert(kind(request)) {
                continue;
            }
            let mut took = measure_some(&mut asked, request, timed);
            // A server may close after each reply.
            if matches!(took, Err(ClientError::Closed { .. }))
                && let Ok(again) = Asked::open(address, FIRST, interrupt)
            {
                asked = again;
                took = measure_some(&mut asked, request, timed);
            }
            match took {
                Ok(took) => {
                    services.insert(kind(request), took);
                }
                // Its clients will see what becomes of it.
                Err(_) if is_one_of(request, &CHEAP) && interrupt.signal().is_none() => {
                    asked = Asked::open(address, FIRST, interrupt)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self { timed, services })
    }

    /// How long the server serves a request, as far as it is known before the run.
    pub(super) fn service(&self, request: &str) -> Option<Duration> {
        let at_once = || (!is_one_of(request, &["MEET"])).then_some(Duration::ZERO);
        self.alone(request).or_else(at_once)
    }

    /// How long a request takes alone, if that is known and not just taken for granted.
    pub(super) fn alone(&self, request: &str) -> Option<Duration> {
        let measured = || self.services.get(&kind(request)).copied();
        sleep_of(request)
            .or_else(|| blocks_for(request))
            .or_else(measured)
    }
}

/// The same, the least of some where a machine that stalls once would make much of it.
fn measure_some(
    asked: &mut Asked<'_>,
    request: &str,
    timed: bool,
) -> Result<Duration, ClientError> {
    let mut took = measure(asked, request, timed)?;
    for _ in 1..CHEAP_TRIES {
        if is_one_of(request, &CHEAP) && took > AT_ONCE {
            took = took.min(measure(asked, request, timed)?);
        }
    }
    Ok(took)
}

/// How long the server says that a request takes, or how long it took.
fn measure(
    asked: &mut Asked<'_>,
    request: &str,
    timed: bool,
) -> Result<Duration, ClientError> {
    let mut arguments = harmless(request);
    if timed {
        arguments.insert(0, b"TIMED".to_vec());
    }
    let before = Instant::now();
    let reply = asked.request(&arguments, LATER)?;
    let latency = before.elapsed();
    let service = Answer::of(&reply, timed).service_us;
    Ok(believed(service.map(Duration::from_micros), latency))
}

/// The server's word on a request that nobody stood in the way of, unless it is far from
/// the latency.
fn believed(service: Option<Duration>, latency: Duration) -> Duration {
    match service {
        Some(service)
            if service <= latency && latency - service < CLOSE.max(latency / 2) =>
        {
            service
        }
        _ => latency,
    }
}

/// Only the server knows what these take. The others are known, or done in no time.
pub(super) fn must_be_measured(request: &str) -> bool {
    is_one_of(request, &["RUN", "PRIMES", "INCR", "INCRBY", "EVAL"])
        || is_one_of(request, &CHEAP)
}

/// Requests of one kind take equally long: those that should cost nothing go by the name
/// of their command.
fn kind(request: &str) -> String {
    match request.split_whitespace().next() {
        Some(name) if is_one_of(request, &CHEAP) => name.to_ascii_uppercase(),
        _ => request.to_owned(),
    }
}

/// How long redis-server keeps a client that waits for a list which nobody fills.
fn blocks_for(request: &str) -> Option<Duration> {
    let seconds = request.split_whitespace().last()?;
    is_one_of(request, &["BLPOP", "BRPOP"])
        .then(|| Duration::try_from_secs_f64(seconds.parse().ok()?).ok())
        .flatten()
}

/// The request as it is measured: a counter of the scenario stays as it is.
pub(super) fn harmless(request: &str) -> Vec<Vec<u8>> {
    let mut arguments = proto::split_line(request.as_bytes()).unwrap_or_default();
    let counter = arguments
        .get_mut(1)
        .filter(|_| is_one_of(request, &["INCR", "INCRBY"]));
    if let Some(counter) = counter {
        counter.extend_from_slice(b" (calibration)");
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::{Calibration, believed, harmless};
    use std::time::Duration;

    #[test]
    fn a_sleep_is_known_a_meeting_is_not_and_the_rest_takes_no_time() {
        let calibration = Calibration::default();
        let known = |request| calibration.service(request);
        assert_eq!(known("sleep 2s"), Some(Duration::from_secs(2)));
        assert_eq!(known("PING"), Some(Duration::ZERO));
        assert_eq!(known("BLPOP nothing 2"), Some(Duration::from_secs(2)));
        assert_eq!(known("meet 3"), None);
    }

    #[test]
    fn what_a_server_says_of_itself_alone_is_held_against_the_latency() {
        let ms = Duration::from_millis;
        assert_eq!(believed(Some(ms(98)), ms(100)), ms(98));
        assert_eq!(believed(None, ms(100)), ms(100));
        assert_eq!(believed(Some(ms(0)), ms(700)), ms(700), "too little");
        assert_eq!(believed(Some(ms(900)), ms(700)), ms(700), "too much");
    }

    #[test]
    fn measuring_leaves_the_counters_of_the_scenario_alone() {
        assert_eq!(
            harmless("INCR visits").get(1).unwrap(),
            b"visits (calibration)"
        );
        assert_eq!(harmless("RUN date").get(1).unwrap(), b"date");
    }
}
