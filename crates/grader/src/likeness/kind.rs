//! What kind of thing was observed in a failed check. Two servers that fail the same
//! check may have nothing in common: one is silent, the other one answers nonsense.

/// The line of a request went the other way: this hides no other mistake.
pub(super) const ON_STANDARD_ERROR: &str = "on-standard-error";

/// A piece of an observation, and the kind that it shows. The first one that fits counts.
const KINDS: &[(&str, &str)] = &[
    // Those who waited in one place, and those who waited in all.
    ("waited until A's SLEEP", "behind-sleep"),
    ("waited until A's RUN", "behind-run"),
    ("only after A's RUN was", "after-run"),
    // No loop that waits in a write has read it.
    ("which is in the log,", "was-read"),
    ("was answered within", "early"),
    // What went wrong in a meeting.
    ("another client's MEET", "unwoken"),
    (" had come", "too-soon"),
    ("answer that all had met", "not-anew"),
    // A command that the server knows in capitals (`check/answers.rs`).
    ("in capitals", "capitals"),
    // How a client's trouble is worded (`test_client/trouble.rs`).
    ("got no answer", "silence"),
    ("got only the first", "part"),
    ("closed the connection", "closed"),
    ("was cut off", "closed"),
    ("A got a reset", "reset"),
    ("nothing listens there", "closed"),
    ("is not of the protocol", "garbled"),
    ("got `-", "error"),
    ("got `", "reply"),
    // How single checks word what only they see.
    ("as if it were alone", "alone"),
    ("a line of standard error does", ON_STANDARD_ERROR),
    ("no line of standard output holds", "missing"),
    ("SIGTERM it ", "end"),
    ("it did not end after SIGTERM", "end"),
    ("it still runs", "end"),
    (" descriptors before", "descriptors"),
    (" processes, ended or not before", "processes"),
    (" threads before", "threads"),
    ("(stacks of threads) before", "threads"),
];

/// The kind of an observation, as a word.
pub(super) fn kind(observed: &str) -> &'static str {
    let shows = |(piece, _): &&(&str, &str)| observed.contains(piece);
    match KINDS.iter().find(shows) {
        Some((_, kind)) => kind,
        // A reply alone is what `answers` observes.
        None if observed.starts_with("`-") => "error",
        None if observed.starts_with('`') => "reply",
        None => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::kind;
    use crate::test_client::Trouble;
    use proto::Reply;
    use std::time::Duration;

    #[test]
    fn each_trouble_of_a_client_has_a_kind() {
        let silent = |slept| Trouble::Silent {
            after: Duration::from_secs(3),
            slept,
            begun: 0,
        };
        let begun = |begun| Trouble::Silent {
            after: Duration::from_secs(3),
            slept: true,
            begun,
        };
        let unexpected = |reply| Trouble::instead(reply, &Reply::ok());
        for (trouble, due) in [
            (silent(true), "silence"),
            (silent(false), "silence"),
            (begun(1), "part"),
            (begun(7), "part"),
            (Trouble::Refused, "closed"),
            (
                Trouble::Closed {
                    mid_reply: true,
                    was_reset: false,
                },
                "closed",
            ),
            (
                Trouble::Closed {
                    mid_reply: false,
                    was_reset: false,
                },
                "closed",
            ),
            (Trouble::Garbled("why".to_owned()), "garbled"),
            (unexpected(Reply::Error(b"ERR no".to_vec())), "error"),
            (unexpected(Reply::Integer(1)), "reply"),
        ] {
            assert_eq!(kind(&format!("A's ECHO {trouble}")), due, "{trouble}");
        }
    }
}
