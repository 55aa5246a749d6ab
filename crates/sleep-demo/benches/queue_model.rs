//! What predicting a crowd costs: microseconds a scenario. `cargo bench -p sleep-demo`

use std::time::Duration;

use divan::{Bencher, black_box, counter::ItemsCount};
use sleep_demo::{queue_model::predict, scenario::ClientSpec};
use timeline::Places;

const CLIENTS: [usize; 4] = [4, 100, 1_000, 10_000];

fn main() {
    divan::main();
}

/// Clients that come a millisecond apart, each with two requests.
fn crowd(clients: usize) -> Vec<ClientSpec> {
    let milliseconds = (0_u64..).map(Duration::from_millis);
    let client = |at| ClientSpec {
        name: "A".to_owned(),
        group: None,
        at,
        requests: vec!["SLEEP 2s".to_owned(), "RUN date".to_owned()],
        pipeline: false,
        pause: Duration::from_millis(10),
        hold: Duration::ZERO,
        read_delay: Duration::ZERO,
    };
    milliseconds.take(clients).map(client).collect()
}

fn predict_crowd(bencher: Bencher, clients: usize, places: Places) {
    let crowd = crowd(clients);
    let service = |_: &str| Some(Duration::from_millis(5));
    bencher
        .counter(ItemsCount::new(clients))
        .bench_local(|| predict(black_box(&crowd), places, service));
}

#[divan::bench(args = CLIENTS)]
fn one_place(bencher: Bencher, clients: usize) {
    predict_crowd(bencher, clients, Places::Limited(1));
}

#[divan::bench(args = CLIENTS)]
fn a_hundred_places(bencher: Bencher, clients: usize) {
    predict_crowd(bencher, clients, Places::Limited(100));
}

#[divan::bench(args = CLIENTS)]
fn a_thread_for_each(bencher: Bencher, clients: usize) {
    predict_crowd(bencher, clients, Places::THREADS);
}
