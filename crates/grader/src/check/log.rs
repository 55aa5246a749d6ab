//! Many clients make the server print at the same time: a line is one request's.

use std::{
    collections::HashSet,
    thread,
    time::{Duration, Instant},
};

use launch::Stream;
use proto::{Reply, encode_request};

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    nonce::{NONCE, nonce},
    peer::Peer,
};

/// Clients that send one request each; all of these must be in the log.
const CLIENTS: usize = 64;
/// Clients that send many at once, which keeps the server's threads printing side by side.
const BUSY_CLIENTS: usize = 8;
/// More than a thread prints before another one has its turn on a single core.
const BURST: usize = 1000;
/// How often they do it: on a machine whose cores are busy, one round can be lucky.
const ROUNDS: usize = 4;
/// No round begins later than this, so that a slow server is judged in time as well.
const LAST_ROUND: Duration = Duration::from_secs(3);
/// How long the replies of a burst may take to count.
const BURST_LASTS: Duration = Duration::from_secs(3);

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let claim = Claim::new(
        format!(
            "{CLIENTS} clients sent {} with a nonce each, others {BURST} at once",
            lab.echo()
        ),
        "each nonce stands on one line of standard output, no line holds two",
        "the lines of the log cannot be told apart, or are missing",
        "no print lock around the pieces of a line; output that is not flushed",
    );
    let mut running = lab.start()?;
    let judged = watch(lab, &running, &claim);
    judged.map_err(|halt| running.with_its_end(halt))
}

fn watch(lab: &Lab<'_>, running: &Running<'_>, claim: &Claim) -> Outcome {
    let (single, _clients) = send(lab, running, CLIENTS, 1, claim)?;
    let lines = wait_for(running, &single, lab.patience()?);
    let whole = judge(&lines, &single, &single, claim)?;
    let mut more = 0;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let (busy, clients) = send(lab, running, BUSY_CLIENTS, BURST, claim)?;
        let answered = answered(clients);
        let lines = wait_for(running, &answered, lab.patience()?);
        judge(&lines, &busy, &answered, claim)?;
        more += answered.len();
        // Whether it takes requests that come at once is judged by another check.
        if answered.len() < busy.len() || start.elapsed() > LAST_ROUND {
            break;
        }
    }
    Ok(format!("{} requests, a whole line each", whole + more))
}

/// Sends `each` requests from every client. Gives their nonces, and the clients: one that left
/// with replies unread would be reset, and its requests with it.
fn send(
    lab: &Lab<'_>,
    running: &Running<'_>,
    clients: usize,
    each: usize,
    claim: &Claim,
) -> Result<(Vec<String>, Vec<Peer>), Halt> {
    let nonces: Vec<_> = (0..clients * each).map(|_| nonce()).collect();
    let mut bursts = Vec::new();
    for words in nonces.chunks(each) {
        let mut burst = Vec::new();
        for word in words {
            encode_request(&[lab.echo(), word], &mut burst);
        }
        bursts.push((running.peer(claim, "a client")?, burst));
    }
    for (client, burst) in &mut bursts {
        let sent = client.send_bytes(burst);
        sent.map_err(|trouble| claim.trouble("a client's request", &trouble))?;
        // A server of one client at a time comes to the next without being waited for.
        client.finish_sending();
    }
    let clients = bursts.into_iter().map(|(client, _)| client).collect();
    Ok((nonces, clients))
}

/// The nonces that came back, as long as a burst lasts.
fn answered(clients: Vec<Peer>) -> Vec<String> {
    let end = Instant::now() + BURST_LASTS;
    let mut nonces = Vec::new();
    for mut client in clients {
        client.set_patience(end.saturating_duration_since(Instant::now()));
        for _ in 0..BURST {
            match client.reply() {
                Ok(Reply::Bulk(word)) if Instant::now() < end => {
                    nonces.push(String::from_utf8_lossy(&word).into_owned());
                }
                _ => break,
            }
        }
    }
    nonces
}

/// The lines of standard output, once each nonce is among them or the time is up.
fn wait_for(running: &Running<'_>, nonces: &[String], patience: Duration) -> Vec<String> {
    let end = Instant::now() + patience;
    loop {
        let lines = running.server.lines(Stream::Stdout);
        let held: HashSet<_> = lines.iter().flat_map(|line| words_of(line)).collect();
        if nonces.iter().all(|nonce| held.contains(nonce.as_str()))
            || end < Instant::now()
        {
            return lines;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Everything on a line that could be a nonce, whatever stands around it.
fn words_of(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices('q').map(|(start, _)| start);
    starts.filter_map(|start| line.get(start..start + NONCE))
}

/// How many nonces have a line to themselves; all that are `due` must have one.
fn judge(
    lines: &[String],
    nonces: &[String],
    due: &[String],
    claim: &Claim,
) -> Result<usize, Halt> {
    let known: HashSet<&str> = nonces.iter().map(String::as_str).collect();
    let mut seen = HashSet::new();
    for line in lines {
        let words: HashSet<&str> =
            words_of(line).filter(|word| known.contains(word)).collect();
        if words.len() > 1 {
            let line: String = line.chars().take(120).collect();
            return Err(claim.broken(format!("one line holds {}: {line:?}", words.len())));
        }
        for word in words {
            if !seen.insert(word) {
                return Err(claim.broken(format!("{word} stands on two lines")));
            }
        }
    }
    match due.iter().find(|nonce| !seen.contains(nonce.as_str())) {
        Some(missing) => Err(claim.silent(format!("no line holds {missing}"))),
        None => Ok(seen.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, judge};
    use crate::halt::Halt;

    #[test]
    fn a_nonce_has_one_line_to_itself() {
        let nonces = ["qaaaaaaaaa".to_owned(), "qbbbbbbbbb".to_owned()];
        let claim = Claim::new("", "", "", "");
        let judged = |lines: &[&str], all| {
            let due = if all { &nonces[..] } else { &[] };
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            judge(&lines, &nonces, due, &claim)
        };
        assert!(matches!(
            judged(&["q", "ECHO qaaaaaaaaa", "\\nqbbbbbbbbb\\r"], true),
            Ok(2)
        ));
        assert!(matches!(judged(&["ECHO qaaaaaaaaa"], false), Ok(1)));
        assert!(matches!(
            judged(&["ECHO qaaaaaaaaa"], true),
            Err(Halt::Silent(_))
        ));
        let in_pieces = judged(&["ECHO qaaa", "x", "aaaaaa"], true);
        assert!(matches!(in_pieces, Err(Halt::Silent(_))));
        for broken in [&["qaaaaaaaaaqbbbbbbbbb"][..], &["qaaaaaaaaa", "qaaaaaaaaa"]] {
            assert!(matches!(judged(broken, false), Err(Halt::Broken(_))));
        }
    }
}
