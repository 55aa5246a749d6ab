//! What it means that a part of `framing` fails: each part shows other mistakes.

use crate::check::diagnosis::{Diagnoses, Diagnosis};

/// One request in single bytes.
pub(super) const IN_PIECES: Diagnosis = Diagnosis {
    means: "a request that comes in pieces is not read as one",
    causes: &[
        "one recv for each request: what one read returns is taken for a whole one",
        "no buffer kept between reads",
        "a read timeout in the middle of a request, which throws away what has come",
        "the CR LF behind the bytes of an argument, which is not read",
    ],
};

/// One request in three parts, with time between them.
pub(super) const WITH_PAUSES: Diagnosis = Diagnosis {
    means: "a request whose parts come slowly is not read as one",
    causes: &[
        "a read timeout in the middle of a request, which throws away what has come: \
         keep it, and read on",
        "a read timeout that is taken for the end of the client",
        "one recv for each request: what one read returns is taken for a whole one",
    ],
};

/// Many requests in one write.
pub(super) const TOGETHER: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "several requests in one write are not all answered",
        causes: &[
            "one request taken from what a read returns, and the rest thrown away",
            "a wait for more bytes while a whole request lies in the buffer",
        ],
    },
    loss: Diagnosis {
        means: "a client that sends several requests in one write loses its connection",
        causes: &[
            "one request taken from what a read returns, and the rest for the end",
            "an error at what follows the first request",
        ],
    },
    bytes: Diagnosis {
        means: "the replies to several requests in one write run together",
        causes: &[
            "what one read returns is taken for one request",
            "a reply without its length, or without its CR LF",
        ],
    },
    reply: Diagnosis {
        means: "several requests in one write are not read one by one",
        causes: &[
            "what one read returns is taken for one request",
            "a request that is done twice, or left out",
        ],
    },
    error: &["what one read returns is taken for one request"],
};

const AT_CR_LF: &str = "a request that is split at CR LF instead of by its lengths";

/// Of a reply that is ready, and does not come.
pub(super) const HELD_BACK: Diagnosis = Diagnosis {
    means: "a reply that is ready waits for another request",
    causes: &[
        "replies that are sent only once nothing is left in the buffer",
        "a buffered writer that is not flushed before a read, or before a SLEEP",
    ],
};

/// Of a request that came together with one that is unknown.
pub(super) const BEHIND_AN_ERROR: Diagnosis = Diagnosis {
    means: "an error takes the request behind it along",
    causes: &[
        "a buffer that is emptied after an error",
        "an error that ends the loop over the requests of one read",
        "an error that closes the connection",
    ],
};

/// The name of the unknown request has the end of a line in it.
pub(super) const IN_AN_ERROR: Diagnosis = Diagnosis {
    means: "an error reply repeats what the client sent, with the line end that is in it",
    causes: &[
        "words of the request printed raw into the error: escape them, or leave them out",
        "a request that is split at CR LF",
    ],
};

/// A payload with a zero byte and the end of a line in it.
pub(super) const LINE_END: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a request with a zero byte or a CR LF in it gets no whole reply",
        causes: WITHIN,
    },
    loss: Diagnosis {
        means: "a zero byte or a CR LF inside a request ends the connection",
        causes: WITHIN,
    },
    bytes: Diagnosis {
        means: "a zero byte or a CR LF inside a request spoils its reply",
        causes: WITHIN,
    },
    reply: Diagnosis {
        means: "a payload with a zero byte and a CR LF does not come back as it was",
        causes: WITHIN,
    },
    error: WITHIN,
};

const WITHIN: &[&str] = &[
    AT_CR_LF,
    "text functions on bytes: they end at a zero byte, or strip the end of a line",
];

/// A long payload of which not all bytes are text.
pub(super) const EVERY_BYTE: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a request of 64 KiB with every byte gets no whole reply",
        causes: &[
            "after a part of the reply was sent, the next send begins at the wrong byte",
            "a send that sends only a part of the reply",
            "a length that counts characters instead of bytes",
            "a buffer that a request of 64 KiB does not fit into",
        ],
    },
    loss: Diagnosis {
        means: "a request of 64 KiB with every byte ends the connection",
        causes: &[
            "bytes that are taken for text: what is not UTF-8 is an error (decode, or \
             from_utf8 with unwrap)",
            "a limit for a request, or for a line, below 64 KiB",
            "a `char` of C, which is negative above 127, and is taken for an end",
        ],
    },
    bytes: Diagnosis {
        means: "the length in a reply of 64 KiB is not the number of its bytes",
        causes: &[
            "a length that counts characters instead of bytes",
            "after a part of the reply was sent, the next send begins at the wrong byte",
            "a send that sends only a part of the reply",
        ],
    },
    reply: Diagnosis {
        means: "a payload of 64 KiB with every byte does not come back as it was",
        causes: &[
            "bytes turned into text and back: what is not UTF-8 is lost or replaced",
            AT_CR_LF,
            "after a part of the reply was sent, the next send begins at the wrong byte",
        ],
    },
    error: &[
        "a limit for a request, or for a line, below 64 KiB",
        "bytes that are taken for text",
        AT_CR_LF,
    ],
};
