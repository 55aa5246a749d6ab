//! Each request that the assignment names, once around.

use proto::Reply;

use super::{
    without_reply::{Answered, NOT_RELEASED, WithoutReply},
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
            let without = answered.without_reply(command, due.is_none());
            answer(&mut a, &words, due.as_ref(), without)?;
            answered.add(command, due.is_none());
        }
        let without = answered.without_reply("", true);
        answer(&mut a, &["NOSUCHTHING", "x"], None, without)?;
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
    let capitals = other.to_uppercase();
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
        // It is no format for `printf`.
        own("ECHO", &["ECHO", "%s%n%d%s%n"], text("%s%n%d%s%n")),
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
        // Names of counters do not.
        own("INCR", &["INCR", &capitals], number(1)),
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
    without: WithoutReply,
) -> Result<(), EarlyEnd> {
    let expected = due.map_or("an error line, `-ERR …`".to_owned(), shown);
    let quoted = words.iter().map(|word| match word.contains(' ') {
        true => format!("\"{word}\""),
        false => (*word).to_owned(),
    });
    let did = format!("A sent {}", quoted.collect::<Vec<_>>().join(" "));
    let failure_text = failure_text(&did, &expected);
    let reply = a.ask(words).map_err(|trouble| match trouble {
        Trouble::Silent { .. } => {
            without.silence.of(&failure_text).trouble("it", &trouble)
        }
        Trouble::Closed { .. } => without.loss.of(&failure_text).trouble("it", &trouble),
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
