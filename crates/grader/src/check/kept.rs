//! What a server keeps of clients that have left, and the mistakes behind each kind.

use crate::pulse::Holdings;

/// What a server may keep of its clients, as a report says it.
pub(super) const PROCESSES: &str = "processes (ended or not)";
const THREADS: &str = "threads";
const STACKS: &str = "pieces of memory (stacks of threads)";

pub(super) const NOT_REAPED: &str =
    "children that nobody waits for: one SIGCHLD may stand for several that have ended";

/// Why a server keeps this of its clients.
pub(super) fn causes_of(kept: &str) -> &'static [&'static str] {
    match kept {
        kept if kept.contains(PROCESSES) => &[NOT_REAPED],
        kept if kept.contains(STACKS) => &[
            "threads that are neither joined nor detached",
            "memory of each client that is never released",
        ],
        kept if kept.contains(THREADS) => &[
            "a thread that does not end with its client, such as a timer for each",
            "a read that returns 0, the end, taken for an empty piece: the loop goes on",
        ],
        _ => &[
            "a connection that is not closed on every way out",
            "a table of clients whose rows are never used again",
        ],
    }
}

/// What the server kept of its clients, if there is much of it.
pub(super) fn kept(before: &Holdings, after: &Holdings, many: usize) -> Option<String> {
    let kinds = [
        ("descriptors", before.descriptors, after.descriptors),
        (PROCESSES, before.processes, after.processes),
        (THREADS, before.threads, after.threads),
        (STACKS, before.mappings, after.mappings),
    ];
    let kept = kinds
        .iter()
        .find(|(_, before, after)| *after >= before + many);
    kept.map(|(kind, before, after)| {
        format!("the server held {before} {kind} before, and {after}")
    })
}
