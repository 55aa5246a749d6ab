//! What each part of a stop that goes wrong means. What the end of the process rules out,
//! `running.rs` takes away.

use crate::check::diagnosis::{Diagnosis, GOES_ON_CAUSE, NOT_WOKEN_CAUSE};

/// The connection of a client whose request runs was closed.
pub(super) const CUT_OFF: Diagnosis = Diagnosis {
    means: "a stop loses the reply to a request that runs",
    causes: &[
        "no handler for SIGTERM",
        "a handler that exits at once",
        "threads that nobody joins, or daemon threads, which end with the program",
        "a wait for the first of the threads that ends, instead of the last: wait in a \
         loop, until none is left",
        "a stop that closes the connections of clients whose requests run",
    ],
};

/// Its connection stays, and nothing comes.
pub(super) const NO_ANSWER: Diagnosis = Diagnosis {
    means: "a SLEEP that runs at SIGTERM is never answered, and its client waits on",
    causes: &[
        "a duration whose unit is not read: milliseconds taken for seconds or minutes",
        NOT_WOKEN_CAUSE,
        "an event loop that ends at the signal, before the last replies are sent",
    ],
};

pub(super) const GOES_ON: Diagnosis = Diagnosis {
    means: "the server goes on serving new clients after SIGTERM",
    causes: &[
        GOES_ON_CAUSE,
        "a listener that is not closed while requests run",
    ],
};

/// A client that came after the signal waits, and the others have been served.
pub(super) const LEFT_WAITING: Diagnosis = Diagnosis {
    means: "a client that comes after SIGTERM waits for a server that does not end",
    causes: &[
        "a thread that nobody stops, such as a worker that waits for its next client",
        "an accept, or a read, that no signal ends",
    ],
};

/// The connection of a client that went on asking has ended.
pub(super) const ENDS_BUT_FOR_ITSELF: Diagnosis = Diagnosis {
    means: "a stop ends the connections, and the server itself goes on",
    causes: &[
        "an accept that no signal ends: give it a timeout, and look at the flag after it",
        "a thread that nobody stops, such as a worker that waits for its next client",
    ],
};

/// All clients got what they should get.
pub(super) const NO_END: Diagnosis = Diagnosis {
    means: "all clients get what they must get at a stop, but the server does not end",
    causes: &[
        "a read from a client that is still connected, which no signal ends",
        "a thread that nobody stops, such as a worker that waits for its next client",
        "in Python, a handler that calls sys.exit: it waits for the clients' threads",
    ],
};

/// A had its answer, and too soon.
pub(super) const CUT_SHORT: Diagnosis = Diagnosis {
    means: "a request that runs at SIGTERM is answered before it is done",
    causes: &["a SLEEP that the stop cuts short: it waits for the stop, too"],
};
