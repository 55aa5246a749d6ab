//! Many short connections: how many a second, each with one PING.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use client::{Connection, Reply};
use launch::Server;
use timeline::designs::Cell;

use crate::scenario::ServerSpec;

const CLIENTS: usize = 4;
const CONNECTIONS: usize = 2_000;
/// No more than that for all of them, however slow the server is.
const AT_MOST: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn answer(server: &Server, _: &ServerSpec) -> Cell {
    let address = server.address().to_string();
    let (begun, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    let client = || {
        while start.elapsed() < AT_MOST && begun.fetch_add(1, Relaxed) < CONNECTIONS {
            ping(&address)?;
            answered.fetch_add(1, Relaxed);
        }
        Ok(())
    };
    let failed = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, client);
        let clients: Vec<_> = (0..CLIENTS).map(spawn).collect();
        let ends = clients.into_iter().map(|client| match client {
            Ok(client) => client.join().unwrap_or_else(|_| Err("a panic".to_owned())),
            Err(error) => Err(error.to_string()),
        });
        ends.collect::<Vec<_>>().into_iter().find_map(Result::err)
    });
    let count = answered.load(Relaxed);
    let figure = per_second(count, start.elapsed());
    Cell::Answer {
        answer: format!("{}/s", thousands(figure)),
        means: format!(
            "{} connections a second, each with one PING",
            thousands(figure)
        ),
        harmed: None,
        figure: Some(figure.round()),
        failures: failed.into_iter().collect(),
    }
}

fn ping(address: &str) -> Result<(), String> {
    let asked = Connection::open(address, PATIENCE)
        .and_then(|mut connection| connection.request(&["PING"]));
    match asked {
        Ok(Reply::Simple(pong)) if pong == b"PONG" => Ok(()),
        Ok(other) => Err(format!("PING was answered with {other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64().max(1e-6)
}

/// `12,300`, to three digits that mean something.
fn thousands(figure: f64) -> String {
    let number = format!("{:.0}", (figure / 100.0).round() * 100.0);
    match number.len().checked_sub(3) {
        Some(split @ 1..) => {
            let (thousands, rest) = number.split_at(split);
            format!("{thousands},{rest}")
        }
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::{per_second, thousands};
    use std::time::Duration;

    #[test]
    fn a_rate_is_rounded_to_what_it_means() {
        assert_eq!(thousands(12_345.6), "12,300");
        assert_eq!(thousands(949.0), "900");
        assert_eq!(thousands(20.0), "0");
        assert_eq!(
            thousands(per_second(500, Duration::from_millis(250))),
            "2,000"
        );
    }
}
