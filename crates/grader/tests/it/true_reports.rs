//! What a report says of a server is true of it: the words follow what was observed, and
//! not only which check it was observed in.

use std::sync::Mutex;

use crate::patience::grade;

/// A slip of `slips.py`, the check that it fails, with the grader's options for it, a
/// piece that the report must have, and one that is false of it.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("characters", "framing", "counts characters instead", "what one read returns"),
    ("text", "framing", "bytes that are taken for text", "what one read returns"),
    ("lines", "framing", "split at CR LF", "what one read returns"),
    ("offset", "framing", "begins at the wrong byte", "what one read returns"),
    ("one", "framing", "several requests in one write are not all answered", "text"),
    ("part", "framing", "it may send only a part", "got no answer"),
    ("part", "late-reader", "it may send only a part", "got no answer"),
    ("unended", "answers", "CR LF, that is missing", "got no answer"),
    ("lacks", "answers", "with --commands", "with their case"),
    ("resets", "rude-clients", "not closed on every way out", "SIGPIPE"),
    ("pipes", "many-clients", "a pipe of a program", "table of clients"),
    ("minutes", "lost-update", "the SLEEP in front of the INCRs got", "is lost"),
    ("forgets", "lost-update", "one of the INCRs got no answer", "is lost"),
    ("stuck", "late-reader", "stops sending, and does not go on", "cut off"),
    ("offset", "late-reader", "begins at the wrong byte", "cut off"),
    ("status", "contract", "sets another status", "no handler for SIGTERM"),
    ("closes", "log", "loses its connection", "mixed up"),
    ("mixture", "rude-clients", "a buffer that outlives its client", "SIGPIPE"),
    ("requests", LIMIT, "a limit on requests", "off by one"),
    ("soon", LIMIT, "a wait for a place that ends", "a limit on requests"),
    ("three", LIMIT, "off by one", "a limit on requests"),
    ("refuses", "at-once", "16 served at once; client 17's", "called in the accept loop"),
    ("again", "at-once", "does not begin at 0 again", "off by one"),
    ("counters", "slow", "the lock of the counters", "in the loop"),
    ("programs", "slow", "that every request takes", "the lock of the counters"),
    ("writes", "unread", "a lock that is held while a reply is", "an event loop that"),
    ("minutes", "drain", "a duration whose unit is not read", "exits at once"),
    ("exits", "drain", "exits at once", "no signal ends"),
    ("first_that_ends", "drain", "a wait for the first of the threads", "no signal"),
    ("status", "drain", "sets another status", "no signal ends"),
    ("rereads", "lost-update", "not the value that its own request made", "same"),
    ("second", "late-reader", "of the socket is for sends too", "lacks the CR LF"),
    ("goes_on", "contract", "goes on after the signal", "no signal ends"),
    ("keeps", "answers", "cause  a lock that is not released", "stays in a buffer"),
    ("sixty_four", "lock-order", "", "lock"),
    ("sixty_four", "lost-update", "", "INCR"),
    ("relocks", "answers", "taken twice by the thread that holds it", "flush"),
    ("runtime", "drain", "halt(0)", "an exception, or an exit(1)"),
    ("resets", "rude-clients", "server        it runs", "SIGPIPE"),
    ("empty", "rude-clients", "an empty request", "SIGPIPE"),
    ("accepts", "drain", "an accept that no signal ends", "look before each read"),
    ("twice", RUDE, "a place that is given back twice", "off by one"),
    ("short_read", "cross-talk", "the beginning of its own words", "another client"),
    ("small", "late-reader", "whether it reads late or at once", "a timeout while"),
    ("interrupted", "many-clients", "connected, and served no client", "no loop"),
    ("closed_twice", "many-clients", "a descriptor that is closed twice", "no loop"),
    ("rereads", "lost-update", "cause  no lock around", "same"),
    ("collects", "rude-clients", "after four SLEEPs", "an unwrap"),
    ("hurries", "slow,drain", "A's SLEEP 2s was answered within", "cuts short"),
    ("hurries", "slow", "A's SLEEP 2s was answered within", "at a time"),
    ("hurries", "slow --expect serial", "A's SLEEP 1s was answered within", "several"),
    ("lingers", "half-close", "SO_LINGER with a time of 0", "never closed"),
    ("once", "slow", "that is closed after its first reply", "one at a time"),
    ("once", "answers", "that is closed after its first reply", "CR LF"),
    ("once", "idle", "that is closed after its first reply", "in the accept loop"),
    ("once", "at-once", "that is closed after its first reply", "counted wrong"),
    ("impatient_reads", "framing", "which throws away what has come", "split at CR LF"),
    ("first_under_a_lock", "idle", "half a request keeps", "sends nothing"),
    ("everywhere", "contract", "not passed to bind", "no handler"),
    ("wakes_at_the_stop", "drain", "the stop cuts short", "exits at once"),
    ("negative", "rude-clients", "ended with status 2", "SIGPIPE"),
    ("simple", "contract", "a reply of the wrong type", "no handler"),
    ("simple", "idle", "a reply of the wrong type", "one connection to its end"),
    ("simple", "half-close", "a reply of the wrong type", "another client"),
    ("without_end", "slow", "CR LF, that is missing", "at a time"),
    ("counts_before", "lost-update", "answers the value that was there", "is lost when"),
    ("keeps_words", "answers", "something of an earlier request", "with their case"),
    ("impatient", "contract,idle", "an accept with a timeout", "no handler"),
    ("whole_seconds", "slow", "a client alone", "waited until A's"),
    ("strips", "framing", "does not come back as it was", "in pieces"),
    ("clears", "framing", "that is emptied after an error", "in pieces"),
    ("holds_back", "framing", "once nothing is left in the", "in pieces"),
    ("wakes_one", "at-once", "one of them still waits", "counted wrong"),
    ("small_names", "answers", "names differ in case alone", "an earlier request"),
    ("raw_error", "framing", "printed raw into the error", "emptied after an error"),
    ("computes", "busy-waiting", "that looks at the clock until", "does not block"),
    ("one_count", "at-once", "for the meetings of all numbers", "off by one"),
    ("errs_to_last", "cross-talk", "that is unknown, and B got", "SIGPIPE"),
];

const LIMIT: &str = "at-once --expect limit=2";
const RUDE: &str = "rude-clients --expect limit=2";

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_report_says_of_a_server_only_what_was_observed() {
    if !fixture::has("python3") {
        return;
    }
    let wrong = Mutex::new(Vec::new());
    fixture::side_by_side(8, CASES, |case| {
        if judged(case).is_some() {
            wrong.lock().unwrap().push(case);
        }
    });
    // Beside the others a race or a full buffer may not have been seen: now it is alone.
    let wrong = wrong.into_inner().unwrap().into_iter();
    let wrong: Vec<_> = wrong.filter_map(judged).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The report on a server, if it is wrong: without what was printed, and the command,
/// which hold other words.
fn judged((slip, check, due, is_false): &Case) -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/slips.py");
    let options = ["--only"].into_iter().chain(check.split(' '));
    let server = ["--", "python3", script, slip, "5"];
    let output = grade(&options.chain(server).collect::<Vec<_>>());
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let account = report.lines().filter(|line| {
        let is_said = |name: &&str| line.trim_start().starts_with(*name);
        ["FAIL", "server", "did", "observed", "means", "likely cause"]
            .iter()
            .any(is_said)
    });
    // The first line is the title, which names the check.
    let account = account.skip(1).collect::<Vec<_>>().join("\n");
    let is_right = account.contains(due) && !account.contains(is_false);
    (!is_right).then(|| {
        format!("{slip}, {check}: {due:?} is due, {is_false:?} is false\n{account}\n")
    })
}
