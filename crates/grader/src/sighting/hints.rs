//! Which likely causes fit what was seen: they come first. What cannot be is left out.

/// What a sighting's print has, a word of the causes that it speaks for, and words of
/// those that it rules out. The first one that fits counts.
type Hint = (fn(&str) -> bool, &'static str, &'static [&'static str]);

const HINTS: &[Hint] = &[
    // B is accepted, so the thread that accepts does not also serve A.
    (
        |print| print.starts_with("unread") && print.contains("wait"),
        "a lock",
        &["handler called", "event loop", "accept loop waits"],
    ),
    (
        |print| print.starts_with("unread") && has_others(print),
        "a lock",
        &["handler called", "accept loop waits"],
    ),
    // The thread that accepts reads from A, or serves it, because there is no other.
    (
        |print| {
            let is_alone = !has_others(print) && !print.contains("main:wait");
            print.starts_with("backlog main:read-a")
                || print.starts_with("backlog main:") && is_alone
        },
        "handler called",
        &["a lock", "a join"],
    ),
    // It waits for another thread, which serves A.
    (
        |print| print.starts_with("backlog main:join"),
        "a join",
        &["handler called", "event loop", "a lock"],
    ),
    (
        |print| print.starts_with("backlog main:wait") && has_others(print),
        "a join",
        &["handler called", "event loop"],
    ),
    (
        |print| print.starts_with("backlog main:sleep") && has_others(print),
        "accept loop waits",
        &["handler called", "event loop", "a lock", "a pool"],
    ),
];

/// Whether other threads than the one that runs `main` have to do with clients.
fn has_others(print: &str) -> bool {
    !print.ends_with("others:")
}

/// Sorts the causes by what was seen.
pub(super) fn sort(causes: &mut Vec<String>, print: &str) {
    let Some((_, first, out)) = HINTS.iter().find(|(fits, ..)| fits(print)) else {
        return;
    };
    // Where the check does not know the cause, nothing is known to be better.
    if causes.iter().any(|cause| cause.contains(first)) {
        causes.retain(|cause| !out.iter().any(|word| cause.contains(word)));
        causes.sort_by_key(|cause| !cause.contains(first));
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn what_was_seen_puts_its_cause_first_and_leaves_out_what_cannot_be() {
        let all = [
            "the handler called in the accept loop",
            "a join, or the end of a scope, inside the accept loop",
            "a blocking read in an event loop",
            "a lock that is held while a client is served",
        ];
        let [handler, join, read, lock] = all;
        for (print, due) in [
            ("unread main:poll others:wait,poll", &[lock, join][..]),
            ("unread main:accept others:read-a,wait+", &[lock, join]),
            ("unread main:wait others:read-a", &[lock, join]),
            ("backlog main:read-a others:", &[handler, read]),
            ("backlog main:join others:read-a", &[join]),
            ("backlog main:wait others:read-a", &[join, lock]),
            (
                "backlog main:sleep others:sleep",
                &[handler, join, read, lock],
            ),
            ("backlog main:sleep others:", &[handler, read]),
            ("backlog main:poll others:", &[handler, read]),
        ] {
            let mut causes = all.map(str::to_owned).to_vec();
            sort(&mut causes, print);
            assert_eq!(causes, due, "{print}");
        }
    }
}
