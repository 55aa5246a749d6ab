//! Each request that the assignment names, once around.

use proto::Reply;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    test_client::{TestClient, shown},
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
        for (_, words, due) in &steps {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            answer(&mut a, &words, due.as_ref())?;
        }
        answer(&mut a, &["NOSUCHTHING", "x"], None)?;
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
        Ok(())
    })?;
    Ok(format!(
        "{} requests, each answered as the protocol says",
        steps.len() + 1
    ))
}

fn steps() -> Vec<Step> {
    let (word, other) = (nonce(), nonce());
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let ran = |status, output: &str| {
        Reply::Array(vec![
            Reply::Integer(status),
            Reply::text(output),
            Reply::text(""),
        ])
    };
    vec![
        (
            "PING",
            owned(&["PING"]),
            Some(Reply::Simple(b"PONG".to_vec())),
        ),
        ("PING", owned(&["PING", &word]), Some(Reply::text(&word))),
        ("ECHO", owned(&["ECHO", &word]), Some(Reply::text(&word))),
        // Names of commands ignore case.
        ("PING", owned(&["ping", &word]), Some(Reply::text(&word))),
        ("ECHO", owned(&["Echo", &word]), Some(Reply::text(&word))),
        ("INCR", owned(&["incr", &other]), Some(Reply::Integer(1))),
        ("ECHO", owned(&["ECHO"]), None),
        ("SLEEP", owned(&["SLEEP", "1ms"]), Some(Reply::ok())),
        ("SLEEP", owned(&["SLEEP", "soon"]), None),
        (
            "RUN",
            owned(&["RUN", "echo", &word]),
            Some(ran(0, &format!("{word}\n"))),
        ),
        ("RUN", owned(&["RUN", "false"]), Some(ran(1, ""))),
        (
            "MEET",
            owned(&["MEET", "1"]),
            Some(Reply::Simple(b"MET".to_vec())),
        ),
        ("INCR", owned(&["INCR", &word]), Some(Reply::Integer(1))),
        ("INCR", owned(&["INCR", &word]), Some(Reply::Integer(2))),
    ]
}

fn answer(
    a: &mut TestClient,
    words: &[&str],
    due: Option<&Reply>,
) -> Result<(), EarlyEnd> {
    let expected = due.map_or("an error line, `-ERR …`".to_owned(), shown);
    let failure_text = failure_text(&format!("A sent {}", words.join(" ")), &expected);
    let reply = a
        .ask(words)
        .map_err(|trouble| failure_text.trouble("it", &trouble))?;
    let is_due = match due {
        Some(due) => reply == *due,
        None => matches!(&reply, Reply::Error(line) if line.starts_with(b"ERR")),
    };
    if is_due {
        Ok(())
    } else {
        Err(failure_text.broken(shown(&reply)))
    }
}

fn failure_text(did: &str, expected: &str) -> FailureText {
    FailureText::new(
        did,
        expected,
        "a client of this protocol does not understand it",
        &[
            "a reply of the wrong type",
            "a missing CR LF",
            "an error that closes the connection",
            "names of commands compared with their case",
        ],
    )
}
