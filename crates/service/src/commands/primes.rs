//! PRIMES: holds its thread and burns the CPU.

use std::net::TcpStream;

use proto::Reply;

use super::Outcome;
use crate::{other_end::is_reset, shared::Shared, stopping::Woken};

/// How many candidates are tried between two looks at the stop signal and the client.
const STRIDE: u64 = 4_096;

pub(crate) fn count(shared: &Shared, client: &TcpStream, below: u64) -> Outcome {
    let reason_to_end = || match shared.stopping.is_cut() {
        true => Some(Woken::Cut),
        false => is_reset(client).then_some(Woken::ClientGone),
    };
    match count_below(below, reason_to_end) {
        Ok(count) => Reply::Integer(count).into(),
        Err(woken) => woken.into(),
    }
}

/// By trial division: slow on purpose, so that a number is a while of work.
fn count_below(
    below: u64,
    reason_to_end: impl Fn() -> Option<Woken>,
) -> Result<i64, Woken> {
    let mut count = 0;
    for candidate in 2..below {
        if candidate.is_multiple_of(STRIDE)
            && let Some(woken) = reason_to_end()
        {
            return Err(woken);
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
    use super::{Woken, count_below};

    #[test]
    fn primes_below_n_are_counted() {
        for (below, count) in
            [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (10_000, 1_229)]
        {
            assert_eq!(count_below(below, || None), Ok(count), "below {below}");
        }
    }

    #[test]
    fn a_stop_and_a_reset_end_the_count() {
        for woken in [Woken::Cut, Woken::ClientGone] {
            assert_eq!(count_below(10_000_000, || Some(woken)), Err(woken));
        }
    }
}
