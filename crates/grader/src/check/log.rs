//! Many clients make the server print at the same time: a line is one request's.

use std::{
    collections::HashMap,
    thread,
    time::{Duration, Instant},
};

use launch::Stream;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    nonce::nonce,
};

const CLIENTS: usize = 64;

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let claim = Claim::new(
        format!("{CLIENTS} clients sent {} with a nonce each", lab.echo()),
        "each nonce stands on one line of standard output, no line holds two",
        "the lines of the log cannot be told apart, or are missing",
        "no print lock around the pieces of a line; output that is not flushed",
    );
    let running = lab.start()?;
    let nonces: Vec<_> = (0..CLIENTS).map(|_| nonce()).collect();
    let mut clients = Vec::new();
    for nonce in &nonces {
        let mut client = running.peer(&claim, "a client")?;
        let sent = client.send(&[lab.echo(), nonce]);
        sent.map_err(|trouble| claim.trouble("a client's request", &trouble))?;
        // A server of one client at a time comes to the next without being waited for.
        client.finish_sending();
        clients.push(client);
    }
    let lines = wait_for_all(lab, &running, &nonces)?;
    drop(clients);
    judge(&lines, &nonces, &claim)
}

/// The lines of standard output, once each nonce is among them or the time is up.
fn wait_for_all(
    lab: &Lab<'_>,
    running: &Running<'_>,
    nonces: &[String],
) -> Result<Vec<String>, Halt> {
    let end = Instant::now() + lab.patience()?;
    loop {
        let lines = running.server.lines(Stream::Stdout);
        let is_there = |nonce: &String| lines.iter().any(|line| line.contains(nonce));
        if nonces.iter().all(is_there) || end < Instant::now() {
            return Ok(lines);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn judge(lines: &[String], nonces: &[String], claim: &Claim) -> Outcome {
    let mut on_line: HashMap<usize, &str> = HashMap::new();
    for nonce in nonces {
        let holding = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.contains(nonce));
        let numbers: Vec<usize> = holding.map(|(number, _)| number).collect();
        match numbers.as_slice() {
            [] => return Err(claim.silent(format!("no line holds {nonce}"))),
            [number] => {
                if let Some(other) = on_line.insert(*number, nonce) {
                    let both = format!("one line holds both {other} and {nonce}");
                    return Err(claim.broken(both));
                }
            }
            several => {
                let count = several.len();
                return Err(claim.broken(format!("{nonce} stands on {count} lines")));
            }
        }
    }
    Ok(format!("{} requests, a whole line each", nonces.len()))
}

#[cfg(test)]
mod tests {
    use super::{Claim, judge};
    use crate::halt::Halt;

    #[test]
    fn a_nonce_has_one_line_to_itself() {
        let nonces = ["qa".to_owned(), "qb".to_owned()];
        let claim = Claim::new("", "", "", "");
        let judged = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            judge(&lines, &nonces, &claim)
        };
        assert!(judged(&["listening", "ECHO qa", "ECHO qb"]).is_ok());
        assert!(matches!(judged(&["ECHO qa"]), Err(Halt::Silent(_))));
        assert!(matches!(judged(&["qa qb"]), Err(Halt::Broken(_))));
        assert!(matches!(judged(&["qa", "qa", "qb"]), Err(Halt::Broken(_))));
    }
}
