//! How long 100,000 requests take to be judged: `cargo bench -p timeline`.

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::Verdict,
};

fn main() {
    divan::main();
}

const REQUESTS: u64 = 100_000;

/// So many clients at once, each with one request of 1 ms, at so many places.
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

#[divan::bench(args = [1, 2, 100, 100_000], sample_count = 3, sample_size = 1)]
fn judge(bencher: divan::Bencher<'_, '_>, places: u64) {
    let server = crowd(places);
    bencher.bench_local(|| Verdict::of(&server));
}

#[divan::bench(args = [1, 100], sample_count = 3, sample_size = 1)]
fn sentences(bencher: divan::Bencher<'_, '_>, places: u64) {
    let server = crowd(places);
    let verdict = Verdict::of(&server);
    bencher.bench_local(|| verdict.story(&server));
}
