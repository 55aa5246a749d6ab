//! Each request that the assignment names, once around.

use proto::Reply;

use super::{
    diagnosis::{Diagnosis, NOT_WOKEN_CAUSE},
    wrong_reply::wrong_reply,
};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::{TestClient, Trouble, shown},
    workbench::Workbench,
};

/// A command, what is sent, and the reply that is due; `None` is an error line.
type Step = (&'static str, Vec<String>, Option<Reply>);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let steps: Vec<Step> = steps();
    let commands = workbench.shared.commands;
    let steps: Vec<_> = steps.iter().filter(|step| commands.know(step.0)).collect();
    workbench.with_server(|running| {
        let mut a =
            running.test_client(&failure_text("connected", "a connection"), "A")?;
        let mut answered = Answered::default();
        for (command, words, due) in &steps {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let silence = answered.silence(command, due.is_none());
            answer(&mut a, &words, due.as_ref(), silence)?;
            answered.add(command, due.is_none());
        }
        let silence = answered.silence("", true);
        answer(&mut a, &["NOSUCHTHING", "x"], None, silence)?;
        if commands.know("ECHO|PING") {
            let failure_text = failure_text(
                &format!(
                    "A sent {} after a request that is unknown",
                    workbench.echo()
                ),
                "the connection stays usable after an error",
            );
            let again = a.round_trip(workbench.echo());
            again.map_err(|trouble| failure_text.trouble("it", &trouble))?;
        }
        drop(a);
        match commands.know("INCR") {
            true => another_client(running),
            false => Ok(()),
        }
    })?;
    Ok(format!(
        "{} requests, each answered as the protocol says",
        steps.len() + 1
    ))
}

fn steps() -> Vec<Step> {
    let (word, other) = (nonce(), nonce());
    // Blanks are bytes as any others.
    let blanks = format!(" {word}  {other} ");
    let own = |command, words: &[&str], due| (command, owned(words), due);
    let text = |text: &str| Some(Reply::text(text));
    let pong = Some(Reply::Simple(b"PONG".to_vec()));
    let met = Some(Reply::Simple(b"MET".to_vec()));
    let number = |number| Some(Reply::Integer(number));
    vec![
        own("PING", &["PING"], pong),
        own("PING", &["PING", &word], text(&word)),
        own("ECHO", &["ECHO", &word], text(&word)),
        own("ECHO", &["ECHO", &blanks], text(&blanks)),
        // Names of commands ignore case.
        own("PING", &["ping", &word], text(&word)),
        own("ECHO", &["Echo", &word], text(&word)),
        own("ECHO", &["ECHO"], None),
        own("SLEEP", &["SLEEP", "1ms"], Some(Reply::ok())),
        own("SLEEP", &["SLEEP", "soon"], None),
        own("SLEEP", &["SLEEP"], None),
        own("RUN", &["RUN", "echo", &word], ran(0, &format!("{word}\n"))),
        // No shell divides a program's words.
        own(
            "RUN",
            &["RUN", "echo", &blanks],
            ran(0, &format!("{blanks}\n")),
        ),
        own("RUN", &["RUN", "false"], ran(1, "")),
        own("MEET", &["MEET", "1"], met),
        own("INCR", &["INCR", &word], number(1)),
        own("INCR", &["incr", &other], number(1)),
        own("INCR", &["INCR"], None),
        own("INCR", &["INCR", &word], number(2)),
    ]
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn ran(status: i64, output: &str) -> Option<Reply> {
    Some(Reply::Array(vec![
        Reply::Integer(status),
        Reply::text(output),
        Reply::text(""),
    ]))
}

/// The errors of A have left nothing behind that B waits for.
fn another_client(running: &Running<'_>) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        "A's requests of every kind, right and wrong, were answered, and A left; B sent \
         INCR",
        "B is answered",
        "a request that ends in an error keeps what other clients need",
        &[NOT_RELEASED],
    );
    let mut b = running.test_client(&failure_text, "B")?;
    let got = b.ask(&["INCR", &nonce()]).map(|_| ());
    got.map_err(|trouble| failure_text.trouble("B's INCR", &trouble))
}

fn answer(
    a: &mut TestClient,
    words: &[&str],
    due: Option<&Reply>,
    silence: Diagnosis,
) -> Result<(), EarlyEnd> {
    let expected = due.map_or("an error line, `-ERR …`".to_owned(), shown);
    let quoted = words.iter().map(|word| match word.contains(' ') {
        true => format!("\"{word}\""),
        false => (*word).to_owned(),
    });
    let did = format!("A sent {}", quoted.collect::<Vec<_>>().join(" "));
    let failure_text = failure_text(&did, &expected);
    let reply = a.ask(words).map_err(|trouble| match trouble {
        Trouble::Silent { .. } => silence.of(&failure_text).trouble("it", &trouble),
        _ => failure_text.trouble("it", &trouble),
    })?;
    let is_due = match due {
        Some(due) => reply == *due,
        None => matches!(&reply, Reply::Error(line) if line.starts_with(b"ERR")),
    };
    if is_due {
        return Ok(());
    }
    let (diagnosis, note) = wrong_reply(words, due, &reply);
    let observed = format!("{}{note}", shown(&reply));
    Err(diagnosis.of(&failure_text).broken(observed))
}

/// What was answered before: it rules some causes out.
#[derive(Clone, Copy, Debug, Default)]
struct Answered<'c> {
    replies: usize,
    errors: usize,
    /// The command of the last request, if it ended in an error.
    failed: Option<&'c str>,
}

impl<'c> Answered<'c> {
    fn add(&mut self, command: &'c str, is_wrong: bool) {
        self.replies += usize::from(!is_wrong);
        self.errors += usize::from(is_wrong);
        self.failed = is_wrong.then_some(command);
    }

    /// What it means that a request of `command` gets no answer, of which an error was
    /// due if `is_wrong`.
    fn silence(self, command: &str, is_wrong: bool) -> Diagnosis {
        match command {
            _ if is_wrong && self.errors == 0 => OF_AN_ERROR,
            _ if is_wrong => OF_THIS_ERROR,
            "SLEEP" => OF_A_SLEEP,
            _ if self.failed == Some(command) => AFTER_AN_ERROR,
            _ if self.replies == 0 => SILENCE,
            _ => OF_THIS_REQUEST,
        }
    }
}

const NO_REPLY: &str = "a request that is read, and gets no reply";
const NO_ERROR: &str = "a request with an error that is read, and gets no reply";
const NO_END: &str = "a wait that nobody ends";
const TAKEN_TWICE: &str = "a lock that is taken twice by the thread that holds it";
const NOT_RELEASED: &str = "a lock that is not released where a request ends in an error";

/// Nothing was answered yet.
const SILENCE: Diagnosis = Diagnosis {
    means: "a client waits in vain for the reply to this request",
    causes: &[
        "a reply that stays in a buffer: flush it",
        NO_REPLY,
        NO_END,
        TAKEN_TWICE,
    ],
};

/// Others were answered: their replies left the buffer.
const OF_THIS_REQUEST: Diagnosis = Diagnosis {
    causes: &[NO_REPLY, NO_END, TAKEN_TWICE, NOT_RELEASED],
    ..SILENCE
};

const OF_A_SLEEP: Diagnosis = Diagnosis {
    means: "a SLEEP is not answered when its time is over",
    causes: &[
        "a duration whose unit is not read: milliseconds taken for minutes",
        NOT_WOKEN_CAUSE,
        NO_REPLY,
    ],
};

const OF_AN_ERROR: Diagnosis = Diagnosis {
    means: "a client that asks for something wrong waits in vain for the error",
    causes: &[
        "an error that stays in a buffer: flush it, as every other reply",
        NO_ERROR,
        TAKEN_TWICE,
    ],
};

/// Other errors were answered.
const OF_THIS_ERROR: Diagnosis = Diagnosis {
    causes: &[NO_ERROR, TAKEN_TWICE, NO_END],
    ..OF_AN_ERROR
};

const AFTER_AN_ERROR: Diagnosis = Diagnosis {
    means: "after an error of this command its next request waits in vain",
    causes: &[NOT_RELEASED, TAKEN_TWICE],
};

fn failure_text(did: &str, expected: &str) -> FailureText {
    FailureText::new(
        did,
        expected,
        "a client of this protocol does not understand it",
        &[
            "a missing CR LF",
            "a length that counts characters instead of bytes",
            "an error that closes the connection",
        ],
    )
}
