//! More threads than are looked at: a program of its own, because they are this process'
//! threads.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

#[path = "it/gate.rs"]
mod gate;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use gate::{Gate, named};
use launch::Observer;

#[test]
fn looking_at_a_thousand_threads_and_more_stays_within_a_hundredth_of_a_core() {
    const THREADS: usize = 1_500;
    let gate = Arc::new(Gate::default());
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let gate = Arc::clone(&gate);
            named("obs-crowd", move || gate.wait())
        })
        .collect();
    let nowhere = "127.0.0.1:1".parse().unwrap();
    let began = Instant::now();
    let mut observer = Observer::at(std::process::id(), nowhere);
    for _ in 0..2 {
        let sample = observer.look(&[]);
        assert!(
            sample.count > Some(THREADS),
            "all are counted: {:?}",
            sample.count
        );
        assert_eq!(sample.threads.len(), 1_024, "not all are looked at");
    }
    let free = Duration::from_millis(1);
    let used = observer.cpu_time();
    assert!(used > free && observer.next_look() >= began + (used - free) * 100);
    gate.open();
    for thread in threads {
        thread.join().unwrap();
    }
}
