//! Signals that this process sends to itself; they would end the tests of another file,
//! so this is a program of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    time::{Duration, Instant},
};

use launch::{Interrupt, Interrupted};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    low_level::raise,
};

/// A signal reaches every test of the process: they take turns.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn each_signal_is_noticed_by_its_number_and_by_every_clone() {
    let _turn = alone();
    for (signal, number) in [(SIGHUP, 1), (SIGINT, 2), (SIGTERM, 15)] {
        let interrupt = Interrupt::catch().unwrap();
        let clone = interrupt.clone();
        assert_eq!(interrupt.signal(), None, "before signal {signal}");
        assert_eq!(interrupt.check(), Ok(()), "before signal {signal}");
        raise(signal).unwrap();
        assert_eq!(clone.signal(), Some(number));
        assert_eq!(clone.check(), Err(Interrupted(number)));
    }
}

#[test]
fn a_sleep_ends_at_its_time_or_with_a_signal() {
    let _turn = alone();
    let interrupt = Interrupt::catch().unwrap();
    assert_eq!(interrupt.sleep_until(Instant::now()), Ok(()));
    raise(SIGINT).unwrap();
    let much_later = Instant::now() + Duration::from_secs(60);
    assert_eq!(interrupt.sleep_until(much_later), Err(Interrupted(2)));
}

#[test]
fn a_signal_ends_what_the_work_waits_for_and_the_work_goes_on_to_its_end() {
    let _turn = alone();
    let interrupt = Interrupt::catch().unwrap();
    let (end, ended) = mpsc::channel();
    let done = interrupt.during(
        move || end.send("a server").unwrap(),
        || {
            raise(SIGTERM).unwrap();
            ended.recv_timeout(Duration::from_secs(60)).unwrap()
        },
    );
    assert_eq!(done.unwrap(), "a server");
    assert_eq!(interrupt.signal(), Some(15));
}

#[test]
fn without_a_signal_nothing_is_ended() {
    let _turn = alone();
    let interrupt = Interrupt::catch().unwrap();
    let done = interrupt.during(|| panic!("nobody asked"), || 7);
    assert_eq!(done.unwrap(), 7);
    assert_eq!(interrupt.signal(), None);
}
