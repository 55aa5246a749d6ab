//! A request has its line whatever its command is.

use launch::Mark;
use proto::Reply;

use super::{wait_for, words_of};
use crate::{
    check::diagnosis::unserved,
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    workbench::Workbench,
};

/// Commands that take any word, and what stands before it.
const OTHERS: [&[&str]; 2] = [&["INCR"], &["RUN", "echo"]];

/// Where a request of `echo` has its line. What is refused is for another check.
pub(super) fn have_lines(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
) -> Result<(), EarlyEnd> {
    for words in OTHERS {
        let Some(command) = words.first() else {
            continue;
        };
        if !workbench.shared.commands.know(command) {
            continue;
        }
        let word = nonce();
        let failure_text = failure_text(command);
        let mut client = running.test_client(&unserved(&failure_text), "a client")?;
        match client.ask(&[words, &[word.as_str()]].concat()) {
            Ok(Reply::Error(_)) | Err(_) => continue,
            Ok(_) => {}
        }
        let sent = [word];
        let lines = wait_for(running, &sent, &mut Mark::default());
        let [word] = &sent;
        if !lines
            .iter()
            .any(|line| words_of(line).any(|one| one == word))
        {
            return Err(failure_text.silent(format!(
                "{command} with {word} was answered, and no line of standard output \
                 holds it"
            )));
        }
    }
    Ok(())
}

fn failure_text(command: &str) -> FailureText {
    FailureText::new(
        format!("a client sent {command} with a random word, when others had left"),
        "the word is on a line of standard output",
        "requests of one command have their lines, and those of another have none",
        &[
            "a line that is printed in the code of one command: print it where each \
             request is read",
            "a line that has the command, and not its words",
        ],
    )
}
