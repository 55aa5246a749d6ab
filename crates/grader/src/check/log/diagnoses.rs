//! What it means that a part of `log` fails in another way than by a line that is
//! missing.

use crate::check::diagnosis::{Diagnoses, Diagnosis, SIDE_BY_SIDE};

/// Where a line holds something else than one request.
pub(super) const MIXED_UP: Diagnosis = Diagnosis {
    means: "the lines of the log are mixed up",
    causes: &[
        "no print lock around the pieces of a line",
        "a print lock of its own for each client, which keeps nobody out",
        "a variable with the words of the request, shared by all threads",
    ],
};

/// The same where one client came after another: no two threads print at the same time.
pub(super) const NOT_ONE_LINE: Diagnosis = Diagnosis {
    means: "a request has not exactly one line to itself",
    causes: &[
        "a line when a request comes, and another one with its reply: print one",
        "a line end inside a line: print all words of a request at once",
        "a variable with the words of the request that keeps those of an earlier one",
    ],
};

/// Where the line of a request went the other way.
pub(super) const ON_STANDARD_ERROR: Diagnosis = Diagnosis {
    means: "the line of a request is on standard error instead of standard output",
    causes: &["eprintln, sys.stderr or a logging library, whose default is stderr"],
};

/// Of clients that come one after another, and shut their sending sides.
pub(super) const ONE_BY_ONE: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a client that comes behind others gets no answer",
        causes: &[
            "a client that has left, and still keeps the thread or the place it had",
            "an error of one client that ends the service of the others",
        ],
    },
    loss: Diagnosis {
        means: "a client loses its connection before its reply is out",
        causes: &[
            "a client that half-closes is taken for one that has left (see half-close)",
            "a time limit for clients that is too short",
            "an error in one request that ends the connection",
        ],
    },
    ..SIDE_BY_SIDE
};
