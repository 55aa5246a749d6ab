//! How long 100,000 requests take to be judged:
//! `cargo bench -p timeline --bench verdict`.

use std::{hint::black_box, time::Instant};

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::Verdict,
};

fn main() {
    for places in [1, 2, 100, 100_000] {
        let server = crowd(places);
        let judge = || Verdict::of(&server);
        report(&format!("{places} places: the verdict"), judge);
        let verdict = judge();
        if places <= 100 {
            report(&format!("{places} places: its sentences"), || {
                verdict.story(&server)
            });
        }
    }
}

/// The shortest time of three.
fn report<T>(what: &str, work: impl Fn() -> T) {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    });
    let shortest = times.min().unwrap_or_default();
    println!("{what}: {} ms", shortest.as_millis());
}

const REQUESTS: u64 = 100_000;

/// A crowd of clients at once, each with one request of 1 ms, and a few places.
fn crowd(places: u64) -> ServerRun {
    let connections = (0..REQUESTS).map(|index| {
        let (sent, replied) = (index / 100, 1_000 * (1 + index / places));
        let request = Request {
            id: format!("A-{index}"),
            request: "SLEEP 1ms".to_owned(),
            sent_us: Some(sent),
            replied_us: Some(sent + replied),
            service_us: Some(1_000),
            alone_us: Some(1_000),
            reply: Some("+OK".to_owned()),
            ..Request::default()
        };
        Connection {
            client: request.id.clone(),
            opened_us: request.sent_us,
            closed_us: request.replied_us,
            requests: vec![request],
            ..Connection::default()
        }
    });
    ServerRun {
        name: "crowd".to_owned(),
        command: String::new(),
        about: String::new(),
        address: String::new(),
        places: None,
        timed: true,
        expect: None,
        late: Vec::new(),
        suspended: Vec::new(),
        stopped: Vec::new(),
        observed: None,
        connections: connections.collect(),
    }
}
