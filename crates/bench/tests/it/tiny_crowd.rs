//! A crowd of twenty against the real server, judged by counts.

use std::time::Duration;

use bench::measure::crowd::{Crowd, play};
use launch::{Interrupt, Launch};

#[test]
fn every_sleeper_and_the_bystander_are_answered() {
    let crowd = Crowd {
        sleepers: 20,
        sleep: Duration::from_millis(300),
        idle: Duration::from_millis(20),
    };
    let server = Launch::new(fixture::program("threaded-server")).args([
        "--quiet",
        "--listen",
        "127.0.0.1:0",
        "--max-clients",
        "21",
    ]);
    let outcome = play(server, crowd, &Interrupt::default()).unwrap();
    assert_eq!(outcome.answered, 20);
    assert!(!outcome.idle.is_empty(), "the bystander was answered");
    assert!(outcome.took >= crowd.sleep, "nobody is answered early");
}
