//! Clients that send many requests at once, which keeps the server's threads printing
//! side by side: how many, and what comes back.

use proto::Reply;

use crate::{
    check::burst::Burst,
    test_client::{Peeked, TestClient},
    workbench::Workbench,
};

use super::CLIENTS;

/// These clients.
pub(in crate::check) const BUSY_CLIENTS: usize = 8;
/// More than a thread prints before another one has its turn on a single core.
pub(super) const BURST: usize = 500;
/// Requests that are enough where lines are printed side by side.
pub(super) const ENOUGH: usize = 48_000;
/// Lines and bytes that a server may print for all of them: more of them would not be
/// kept until they are read.
const MOST_LINES: usize = 50_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How many requests each client may send at once, if a server prints that much for some.
pub(super) fn as_many_as_are_kept(lines: &[String]) -> usize {
    let bytes: usize = lines.iter().map(String::len).sum();
    let most = |room: usize, printed: usize| room * CLIENTS / printed.max(1);
    let most = most(MOST_LINES, lines.len()).min(most(MOST_BYTES, bytes));
    (most / BUSY_CLIENTS).clamp(1, BURST)
}

/// Sends many requests from each client; gives their words.
pub(in crate::check) fn send(
    workbench: &Workbench<'_>,
    test_clients: &mut [TestClient],
    each: usize,
) -> Vec<Vec<String>> {
    let mut bursts = Vec::new();
    let mut words = Vec::new();
    for _ in 0..test_clients.len() {
        let mut burst = Burst::default();
        words.push((0..each).map(|_| burst.echo(workbench.echo())).collect());
        bursts.push(burst);
    }
    for (test_client, burst) in test_clients.iter_mut().zip(&bursts) {
        // A client that cannot send is not answered either.
        let _ = burst.send(test_client);
    }
    words
}

/// The words of all replies. Once a client gets nothing, what lies there is enough:
/// whether all are answered is for other checks.
pub(super) fn answers_of_all(
    test_clients: &mut [TestClient],
    each: usize,
) -> Vec<String> {
    let mut words = Vec::new();
    let mut is_patient = true;
    for test_client in test_clients {
        let mut left = each;
        while left > 0 && (is_patient || test_client.peeked() == Peeked::Bytes) {
            match answers(test_client, 1).pop() {
                Some(word) => words.push(word),
                None => is_patient = false,
            }
            left -= 1;
        }
    }
    words
}

/// The words of up to `most` replies.
fn answers(test_client: &mut TestClient, most: usize) -> Vec<String> {
    let reply = |_| match test_client.reply() {
        Ok(Reply::Bulk(word)) => Some(String::from_utf8_lossy(&word).into_owned()),
        _ => None,
    };
    (0..most).map_while(reply).collect()
}
