//! Requests of one client, one of which overtakes the one before it.

use super::diagnosis::Diagnosis;
use crate::early_end::{EarlyEnd, FailureText};

pub(super) const OVERTAKEN: &[&str] = &[
    "requests of one client that are served side by side: one after another",
    "a slow request that is put aside, while the next one of its client is done",
];

/// The requests of one client are done in their order: `values` are the replies to
/// `times` INCRs of each client, one client after another.
pub(super) fn rise(
    values: &[i64],
    times: usize,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    const DIAGNOSIS: Diagnosis = Diagnosis {
        means: "the requests of one client are not done, or not answered, in their order",
        causes: OVERTAKEN,
    };
    let mut pairs = values.chunks(times.max(1)).flat_map(|one| one.windows(2));
    match pairs.find(|pair| pair.first() > pair.last()) {
        Some([first, then]) => Err(DIAGNOSIS.of(failure_text).broken(format!(
            "one client's INCR got {first}, and its next one {then}"
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::rise;
    use crate::early_end::FailureText;

    #[test]
    fn what_a_client_asked_for_first_is_done_first() {
        let failure_text = FailureText::new("did", "expected", "lost", &["no lock"]);
        assert!(rise(&[4, 9, 1, 2], 2, &failure_text).is_ok());
        let mut end = rise(&[1, 2, 9, 4], 2, &failure_text).unwrap_err();
        let failure = end.failure().unwrap();
        assert_eq!(
            failure.observed,
            "one client's INCR got 9, and its next one 4"
        );
        assert!(failure.means.contains("in their order"));
    }
}
