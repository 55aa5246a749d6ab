//! What students do with a lab crate, done in a copy of the kit: it is made and tested as
//! the labs' pages say.

use std::{collections::BTreeSet, fs, path::Path};

use crate::kit::{Kit, LABS, commands};

/// The checks that a server of one client at a time fails.
const SERIAL: [&str; 4] = ["at-once", "idle", "slow", "unread"];

fn servers() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers"))
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn lab_2_starts_from_a_server_that_fails_what_one_thread_must() {
    let kit = Kit::with_labs();
    let [make, test, compare] = &commands("docs/labs/2-read-it.md", "tried2-")[..] else {
        unreachable!("the page has another number of commands");
    };
    assert!(LABS.contains(&make.as_str()), "{make}");
    assert_eq!(kit.failed_checks(test), set(&SERIAL));
    let compared = kit.run(compare);
    let diff = String::from_utf8_lossy(&compared.stdout).into_owned();
    assert!(diff.contains("\n+    thread::scope("), "{compared:?}");
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn lab_4_starts_red_and_ends_green() {
    let kit = Kit::with_labs();
    let [make, first, all] = &commands("docs/labs/4-write-it.md", "tried4-")[..] else {
        unreachable!("the page has another number of commands");
    };
    assert!(LABS.contains(&make.as_str()), "{make}");
    assert_eq!(kit.failed_checks(first), set(&["step-1::answers"]));
    let solved = kit.path("docs/answers/lab-4/main.rs");
    fs::copy(solved, kit.path("crates/tried4-server/src/main.rs")).unwrap();
    kit.succeed(all);
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn lab_4_in_python_has_the_same_steps() {
    if !fixture::has("python3") {
        return;
    }
    let kit = Kit::with_labs();
    let judge = "cargo test -p tried4-python";
    let first = kit.failed_checks(&format!("{judge} step-1"));
    assert_eq!(first, set(&["step-1::answers"]));
    let server = kit.path("crates/tried4-python/server.py");
    fs::copy(kit.path("docs/answers/lab-4/server.py"), server).unwrap();
    kit.succeed(judge);
    // It is handed in as it is.
    let grade =
        "scripts/grade.sh crates/tried4-python --commands PING,ECHO --only answers";
    kit.succeed(grade);
}

#[test]
fn a_lab_is_started_over_and_removed_without_a_trace() {
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh --from-proto lab-again");
    let main = "crates/lab-again/src/main.rs";
    kit.replace(main, "not written yet", "written");
    // Another kind of lab under the same name is asked for again with its kind.
    for kind in ["", "--handler "] {
        let refused = kit.run(&format!("scripts/new-lab.sh {kind}lab-again"));
        assert!(!refused.status.success());
        let advice = format!("scripts/new-lab.sh --again {kind}lab-again\n");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(said.ends_with(&advice), "{said}");
    }
    kit.succeed("scripts/new-lab.sh --again lab-again");
    let kept = fs::read_to_string(kit.path("old-labs/lab-again-1/src/main.rs")).unwrap();
    assert!(kept.contains("is written"), "{kept}");
    let again = fs::read_to_string(kit.path(main)).unwrap();
    assert!(again.contains("not written yet"), "{again}");
    let members = || {
        let output = kit.run("cargo metadata --no-deps --offline --format-version 1");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).contains("lab-again")
    };
    assert!(members());
    fs::remove_dir_all(kit.path("crates/lab-again")).unwrap();
    assert!(!members());
    // A name that a lab had is free again.
    kit.succeed("scripts/new-lab.sh lab-again");
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn a_lab_is_drawn_before_and_after() {
    if !fixture::has("python3") {
        return;
    }
    let kit = Kit::copy();
    assert!(fixture::program("single-server").exists());
    assert!(fixture::program("threaded-server").exists());
    kit.succeed("scripts/new-lab.sh --python drawn-lab");
    let demo = fixture::program("sleep-demo");
    let kept = kit.path("kept");
    let draw = format!(
        "CARGO_TARGET_DIR={} SLEEP_DEMO={} crates/drawn-lab/chart.sh --plain",
        kept.display(),
        demo.display(),
    );
    let before = kit.run(&format!("{draw} --speed 10"));
    let printed = String::from_utf8_lossy(&before.stdout).into_owned();
    assert_eq!(before.status.code(), Some(1), "{before:?}");
    // The other one stands there if the machine was too slow to prove it.
    let waited = "before answered B, C and D only after A";
    let unclear = "before: the order does not show whether";
    assert!(
        [waited, unclear].iter().any(|due| printed.contains(due)),
        "{printed}"
    );
    kit.succeed(&draw.replace("--plain", "--before --speed 10"));
    let solved = kit.path("docs/answers/lab-4/server.py");
    fs::copy(solved, kit.path("crates/drawn-lab/server.py")).unwrap();
    let after = kit.run(&format!("{draw} --speed 2"));
    let printed = String::from_utf8_lossy(&after.stdout).into_owned();
    assert_eq!(after.status.code(), Some(0), "{after:?}");
    assert!(printed.contains("before failed A, B, C and D"), "{printed}");
    let due = "after answered B, C and D while A was still being served";
    assert!(printed.contains(due), "{printed}");
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn lab_6_expects_two_at_once() {
    let kit = Kit::with_labs();
    let [make] = &commands("docs/labs/6-the-limit.md", "tried6-")[..] else {
        unreachable!("the page has another number of commands");
    };
    assert!(LABS.contains(&make.as_str()), "{make}");
    let expected = "crates/tried6-pool/tests/lab.rs";
    kit.replace(expected, "\"concurrent\"", "\"limit=2\"");
    // What the page says below: `cargo test -p my-pool` judges it.
    let judge = "cargo test -p tried6-pool -- at-once answers";
    assert_eq!(kit.failed_checks(judge), set(&["at-once"]));
    let pool = "demos/faulty-servers/src/bin/pool-of-two.rs";
    fs::copy(kit.path(pool), kit.path("crates/tried6-pool/src/main.rs")).unwrap();
    assert_eq!(kit.failed_checks(judge), set(&[]));
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn lab_7_starts_from_a_loop_that_answers_nothing_and_ends_with_one_that_computes() {
    let kit = Kit::with_labs();
    let page = "docs/labs/7-one-thread-nobody-waits.md";
    let [_, make, test, ..] = &commands(page, "tried7-")[..] else {
        unreachable!("the page has another number of commands");
    };
    assert!(LABS.contains(&make.as_str()), "{make}");
    let judge = format!("{test} -- answers idle lost-update");
    assert_eq!(
        kit.failed_checks(&judge),
        set(&["answers", "idle", "lost-update"])
    );
    // The page's fourth hint says where the whole thing is.
    let sources = fixture::workspace().join("demos/designs/src/bin/event-server");
    for source in fs::read_dir(sources).unwrap() {
        let source = source.unwrap();
        let solved = kit.path("crates/tried7-loop/src").join(source.file_name());
        fs::copy(source.path(), solved).unwrap();
    }
    let manifest = "crates/tried7-loop/Cargo.toml";
    let needed = "proto.workspace = true\nservice.workspace = true";
    kit.replace(manifest, "proto.workspace = true", needed);
    let expected = "crates/tried7-loop/tests/lab.rs";
    kit.replace(
        expected,
        "PING,ECHO,SLEEP,RUN,MEET,INCR",
        "PING,SLEEP,PRIMES",
    );
    let judge = format!("{test} -- answers idle slow computing drain");
    assert_eq!(kit.failed_checks(&judge), set(&["computing"]));
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn the_handler_of_the_fifth_handout_is_empty_at_first_and_whole_with_its_two_locks() {
    let kit = Kit::with_labs();
    let judge = "cargo test -p tried-class -- register log answers contract at_once";
    assert_eq!(
        kit.failed_checks(judge),
        set(&["answers", "contract", "log", "register"]),
        "at_once needs MEET, which the handout does not ask for"
    );
    let main = "crates/tried-class/src/main.rs";
    let text = fs::read_to_string(kit.path(main)).unwrap();
    let (_, given) = text.split_once("fn main() ").unwrap();
    let written = fs::read_to_string(servers().join("handler.rs")).unwrap();
    fs::write(kit.path(main), format!("{written}\nfn main() {given}")).unwrap();
    let judge = "cargo test -p tried-class -- register log drain contract";
    assert_eq!(kit.failed_checks(judge), set(&[]));
}
