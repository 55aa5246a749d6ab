//! What another reply than the one that is due says about the server.

use std::mem::discriminant;

use proto::Reply;

use super::diagnosis::Diagnosis;
use crate::early_end::{ANOTHER_TYPE, REFUSED_CAUSES};

const SMALL_LETTERS: Diagnosis = Diagnosis {
    means: "a command in small letters is not understood",
    causes: &["names of commands compared with their case"],
};

const BLANKS: Diagnosis = Diagnosis {
    means: "blanks inside an argument are not kept as they are",
    causes: &[
        "blanks in an argument that are dropped, or divide it, as in a shell",
        "a request that is put together as one text, and divided again",
    ],
};

const REFUSED: Diagnosis = Diagnosis {
    means: "the server answers a request of the protocol with an error",
    causes: REFUSED_CAUSES,
};

const NOT_REFUSED: Diagnosis = Diagnosis {
    means: "a request that the protocol does not allow gets another reply than an error",
    causes: &[
        "an argument that is missing, or is no time, and is not checked",
        "a reply for errors that begins with another sign than `-ERR`",
    ],
};

const ANOTHER_KIND: Diagnosis = Diagnosis {
    means: ANOTHER_TYPE,
    causes: &["a reply of the wrong type"],
};

const ANOTHER_VALUE: Diagnosis = Diagnosis {
    means: "the reply has the right type, and says something else",
    causes: &[
        "a part of the request that is lost, or is read wrongly",
        "a value that is kept from an earlier request, or not kept",
    ],
};

const COUNTER_NAMES: Diagnosis = Diagnosis {
    means: "two counters whose names differ in case alone are one",
    causes: &[
        "a whole request that is turned into small letters: only its command may be",
    ],
};

fn counts_in_capitals(words: &[&str]) -> bool {
    matches!(words, ["INCR", name] if *name == name.to_uppercase())
}

/// What follows from `reply` to a request of these words, where `due` was expected, or an
/// error; and a note on what was observed.
pub(super) fn wrong_reply(
    words: &[&str],
    due: Option<&Reply>,
    reply: &Reply,
) -> (Diagnosis, &'static str) {
    let is_error = matches!(reply, Reply::Error(_));
    let is_small = words
        .first()
        .is_some_and(|name| *name != name.to_uppercase());
    match due {
        None => (NOT_REFUSED, ""),
        Some(_) if is_error && is_small => (
            SMALL_LETTERS,
            "; the same command in capitals got its reply",
        ),
        Some(_) if words.iter().any(|word| word.contains(' ')) => (BLANKS, ""),
        Some(_) if is_error => (REFUSED, ""),
        Some(_) if counts_in_capitals(words) => (COUNTER_NAMES, ""),
        Some(due) if discriminant(due) != discriminant(reply) => (ANOTHER_KIND, ""),
        Some(_) => (ANOTHER_VALUE, ""),
    }
}

#[cfg(test)]
mod tests {
    use proto::Reply;

    use super::wrong_reply;

    #[test]
    fn each_wrong_reply_has_a_meaning_of_its_own() {
        let error = Reply::Error(b"ERR no".to_vec());
        let text = Reply::text("a");
        for (words, due, reply, means) in [
            (&["ping"][..], Some(&text), &error, "in small letters"),
            (&["RUN", "echo", " a"], Some(&text), &error, "blanks inside"),
            (&["ECHO", " a "], Some(&text), &text, "blanks inside"),
            (&["RUN", "echo"], Some(&text), &error, "with an error"),
            (&["ECHO"], None, &text, "does not allow"),
            (&["ECHO"], None, &error, "does not allow"),
            (
                &["ECHO", "a"],
                Some(&text),
                &Reply::Integer(1),
                "another type",
            ),
            (
                &["ECHO", "b"],
                Some(&Reply::text("b")),
                &text,
                "something else",
            ),
        ] {
            let (diagnosis, _) = wrong_reply(words, due, reply);
            assert!(
                diagnosis.means.contains(means),
                "{words:?}: {}",
                diagnosis.means
            );
        }
    }
}
