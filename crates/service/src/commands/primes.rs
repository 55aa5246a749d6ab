//! PRIMES: holds its thread and burns the CPU.

use proto::Reply;

use super::Outcome;
use crate::{
    shared::Shared,
    stopping::{Cut, Stopping},
};

/// How many candidates are tried between two looks at the stop signal.
const STRIDE: u64 = 4_096;

pub(crate) fn count(shared: &Shared, below: u64) -> Outcome {
    match count_below(below, &shared.stopping) {
        Ok(count) => Reply::Integer(count).into(),
        Err(cut) => cut.into(),
    }
}

/// By trial division: slow on purpose, so that a number is a while of work.
fn count_below(below: u64, stopping: &Stopping) -> Result<i64, Cut> {
    let mut count = 0;
    for candidate in 2..below {
        if candidate.is_multiple_of(STRIDE) && stopping.is_cut() {
            return Err(Cut);
        }
        count += i64::from(is_prime(candidate));
    }
    Ok(count)
}

fn is_prime(candidate: u64) -> bool {
    if candidate.is_multiple_of(2) {
        return candidate == 2;
    }
    let mut divisor = 3;
    while divisor * divisor <= candidate {
        if candidate.is_multiple_of(divisor) {
            return false;
        }
        divisor += 2;
    }
    candidate > 1
}

#[cfg(test)]
mod tests {
    use super::{Stopping, count_below};
    use std::time::Duration;

    #[test]
    fn primes_below_n_are_counted() {
        let stopping = Stopping::new(Duration::ZERO).unwrap();
        for (below, count) in
            [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (10_000, 1_229)]
        {
            assert_eq!(count_below(below, &stopping), Ok(count), "below {below}");
        }
    }

    #[test]
    fn a_stop_cuts_the_count() {
        let stopping = Stopping::new(Duration::ZERO).unwrap();
        stopping.begin();
        assert!(count_below(10_000_000, &stopping).is_err());
    }
}
