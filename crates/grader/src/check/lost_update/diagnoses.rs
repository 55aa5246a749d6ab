//! What it means that the replies are not each number once, and what else may go wrong.

use crate::{
    check::{
        diagnosis::{Diagnoses, Diagnosis, NOT_WOKEN_CAUSE, SIDE_BY_SIDE},
        overtaken::OVERTAKEN,
    },
    early_end::FailureText,
};

/// Of the SLEEP that comes in the same write as the INCRs.
pub(super) const OF_THE_SLEEP: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a SLEEP that came with other requests is not answered",
        causes: &[
            "a duration whose unit is not read: milliseconds taken for seconds or \
             minutes",
            NOT_WOKEN_CAUSE,
            "a request behind it that hangs, where all replies are sent together",
        ],
    },
    reply: Diagnosis {
        means: "a reply overtakes the one before it on the same connection",
        causes: OVERTAKEN,
    },
    ..SIDE_BY_SIDE
};

/// Every update is in the counter. That can be luck, too.
pub(super) const NOT_ITS_VALUE: Diagnosis = Diagnosis {
    means: "a reply is not the value that its own request made; this time no update was \
            lost",
    causes: &[
        "no lock around the counter",
        "the value is read again for the reply, after the lock was released",
        "a buffer for replies that all threads share, such as a static one",
    ],
};

/// Each value came once, and they are not the numbers from 1 on.
pub(super) const ANOTHER_COUNT: Diagnosis = Diagnosis {
    means: "no update was lost, and the counter does not count from 1 in steps of 1",
    causes: &[
        "INCR answers the value that was there before",
        "one counter for all names",
        "an INCR that is done twice",
    ],
};

pub(super) fn failure_text(clients: usize, before: &str, times: usize) -> FailureText {
    FailureText::new(
        format!(
            "each of {clients} clients sent {before}INCR of one counter {times} times"
        ),
        format!("the replies are 1 to {}, each once", clients * times),
        "an update is lost when two clients read the same value",
        &[
            "no lock around the counter",
            "the read and the write in two critical sections",
            "a lock of its own for each call or client, which keeps nobody out",
            "a map that several threads change without a lock",
        ],
    )
}

pub(super) fn own_counters(times: usize) -> FailureText {
    FailureText::new(
        format!("each of several clients sent INCR of one counter {times} times"),
        "all clients share the counter: no value comes twice",
        "each client has a counter of its own",
        &[
            "a map of counters that is made for each client, not once for all",
            "a process for each client (fork): processes share no memory",
        ],
    )
}
