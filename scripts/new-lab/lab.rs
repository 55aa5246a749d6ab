//! What is expected of this server, one test a check: `cargo test -p my-server`.

use grader::{Format, Grading, Registry, Subject, Verdict};

/// How many clients it serves at once: "concurrent", "serial" or "limit=2".
const EXPECT: &str = "concurrent";
/// What it knows of the protocol; checks that need more pass unheld.
const COMMANDS: &str = "PING,ECHO,SLEEP,RUN,MEET,INCR";

fn holds(check: &str) {
    let grading = Grading {
        subject: Subject {
            program: env!("CARGO_BIN_EXE_my-server").into(),
            arguments: Vec::new(),
            sandbox: None,
        },
        expectation: EXPECT.parse().unwrap(),
        commands: COMMANDS.parse().unwrap(),
        only: vec![check.to_owned()],
        repeat: format!("cargo test -p my-server {}", check.replace('-', "_")),
    };
    let report = match grading.run(&Registry::default()) {
        Ok(report) => report,
        Err(no_server) => panic!("{no_server}"),
    };
    for entry in &report.entries {
        match &entry.verdict {
            Verdict::Passed { .. } => {}
            Verdict::Inconclusive { reason } => println!("not judged: {reason}"),
            _ => panic!("\n{}", report.render(Format::Text)),
        }
    }
}

macro_rules! checks {
    ($($test:ident: $check:literal,)*) => { $(#[test] fn $test() { holds($check); })* };
}

checks! {
    contract: "contract",
    answers: "answers",
    framing: "framing",
    idle: "idle",
    slow: "slow",
    at_once: "at-once",
    cross_talk: "cross-talk",
    lost_update: "lost-update",
    log: "log",
    rude_clients: "rude-clients",
    drain: "drain",
}
