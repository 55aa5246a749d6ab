//! What is learnt of a server before the run: whether it knows TIMED, and how long it serves
//! what only it can tell.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use client::{ClientError, Connection, Reply};

use super::reply::Answer;
use crate::scenario::{ClientSpec, sleep_of};

/// How long a server may take for one request.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What one server said.
#[derive(Debug, Default)]
pub(super) struct Calibration {
    pub(super) timed: bool,
    services: HashMap<String, Duration>,
}

impl Calibration {
    /// Sends one request of each kind that must be measured, over a connection that ends
    /// before the run.
    pub(super) fn of(address: &str, clients: &[ClientSpec]) -> Result<Self, ClientError> {
        let mut connection = Connection::open(address, TIMEOUT)?;
        let reply = connection.request(&["TIMED", "PING"])?;
        let timed = matches!(reply, Reply::Array(_));
        let mut services = HashMap::new();
        for request in clients.iter().flat_map(|client| &client.requests) {
            if must_be_measured(request) && !services.contains_key(request) {
                let took = measure(request, timed, &mut connection)?;
                services.insert(request.clone(), took);
            }
        }
        Ok(Self { timed, services })
    }

    /// How long the server serves a request, as far as it is known before the run.
    pub(super) fn service(&self, request: &str) -> Option<Duration> {
        let measured = || self.services.get(request).copied();
        let at_once = || (!is(request, &["MEET"])).then_some(Duration::ZERO);
        sleep_of(request).or_else(measured).or_else(at_once)
    }
}

fn measure(
    request: &str,
    timed: bool,
    connection: &mut Connection,
) -> Result<Duration, ClientError> {
    let mut arguments = harmless(request);
    if timed {
        arguments.insert(0, b"TIMED".to_vec());
    }
    let before = Instant::now();
    let reply = connection.request(&arguments)?;
    let latency = before.elapsed();
    let service = Answer::of(&reply, timed).service_us;
    Ok(service.map_or(latency, Duration::from_micros))
}

/// Only the server can tell what these take. The others are known, or done in no time.
fn must_be_measured(request: &str) -> bool {
    is(request, &["RUN", "PRIMES", "INCR", "INCRBY"])
}

/// The request as it is measured: a counter of the scenario stays as it is.
fn harmless(request: &str) -> Vec<Vec<u8>> {
    let mut arguments = proto::split_line(request.as_bytes()).unwrap_or_default();
    let counter = arguments
        .get_mut(1)
        .filter(|_| is(request, &["INCR", "INCRBY"]));
    if let Some(counter) = counter {
        counter.extend_from_slice(b" (calibration)");
    }
    arguments
}

fn is(request: &str, names: &[&str]) -> bool {
    let name = request.split_whitespace().next().unwrap_or_default();
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::{Calibration, harmless};
    use std::time::Duration;

    #[test]
    fn a_sleep_is_known_a_meeting_is_not_and_the_rest_takes_no_time() {
        let calibration = Calibration::default();
        let known = |request| calibration.service(request);
        assert_eq!(known("sleep 2s"), Some(Duration::from_secs(2)));
        assert_eq!(known("PING"), Some(Duration::ZERO));
        assert_eq!(known("meet 3"), None);
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
