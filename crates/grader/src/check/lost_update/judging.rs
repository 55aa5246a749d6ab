//! Whether each value came once; if not, which mistake gives these values.

use std::iter;

use super::diagnoses::{ANOTHER_COUNT, NOT_ITS_VALUE, own_counters};
use crate::early_end::{EarlyEnd, FailureText};

/// Gives how many values there are, if each came once; each client asked `times` times.
/// `afterwards` asks what the next client gets.
pub(super) fn judge(
    mut values: Vec<i64>,
    times: usize,
    failure_text: &FailureText,
    afterwards: impl FnOnce() -> Result<i64, EarlyEnd>,
) -> Result<usize, EarlyEnd> {
    values.sort_unstable();
    let all = values.len();
    if values.iter().copied().eq(1..=all as i64) {
        return Ok(all);
    }
    let highest = values.last().copied().unwrap_or(0);
    let twice = values.windows(2).find(|pair| pair.first() == pair.last());
    let twice = twice.and_then(|pair| pair.first());
    let values_of_one_client =
        (1..=times as i64).flat_map(|n| iter::repeat_n(n, all / times));
    if all > times && values.iter().copied().eq(values_of_one_client) {
        let each = format!("each client got 1 to {times}");
        return Err(match afterwards()? {
            1 => own_counters(times).broken(format!("{each}, as if it were alone")),
            next => failure_text
                .broken(format!("{each}, and one that came afterwards got {next}")),
        });
    }
    let Some(value) = twice else {
        let lowest = values.first().copied().unwrap_or(0);
        let observed = format!("each value came once, from {lowest} to {highest}");
        return Err(ANOTHER_COUNT.of(failure_text).broken(observed));
    };
    let observed = format!("two clients got {value}; the highest reply was {highest}");
    Err(match highest == all as i64 {
        true => NOT_ITS_VALUE.of(failure_text).broken(observed),
        false => failure_text.broken(observed),
    })
}

#[cfg(test)]
mod tests {
    use super::{super::failure_text, judge};

    /// Clients that take turns all the time get the same numbers as clients with a
    /// counter of their own.
    #[test]
    fn only_a_client_that_comes_afterwards_shows_whose_counter_it_is() {
        let failure_text = failure_text(2, "", 3);
        for (next, observed, means) in [
            (1, "as if it were alone", "a counter of its own"),
            (
                4,
                "one that came afterwards got 4",
                "two clients read the same value",
            ),
        ] {
            let values = vec![1, 2, 3, 1, 2, 3];
            let mut judged = judge(values, 3, &failure_text, || Ok(next)).unwrap_err();
            let failure = judged.failure().unwrap();
            assert!(failure.observed.contains(observed), "{}", failure.observed);
            assert!(failure.means.contains(means), "{}", failure.means);
        }
    }
}
