//! What students and graders do with a lab crate, done in a copy of the kit: it is made and
//! tested as the labs' pages say, and graded as a Cargo package.

use std::{
    collections::BTreeSet,
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// The checks that a server of one client at a time fails.
const SERIAL: [&str; 4] = ["at-once", "idle", "slow", "unread"];

/// A copy of the kit, built into the target folder of this test.
struct Kit(TempDir);

impl Kit {
    /// Its files are as old as the kit's own, so that cargo finds what is built of them.
    fn copy() -> Self {
        let folder = TempDir::new().unwrap();
        let copy = "tar -C \"$0\" --exclude=target -c Cargo.toml Cargo.lock clippy.toml \
                    crates demos scripts docs | tar -C \"$1\" -x";
        let mut bash = Command::new("bash");
        bash.args(["-o", "pipefail", "-c", copy]);
        let copied = bash.arg(fixture::workspace()).arg(folder.path()).status();
        assert!(copied.unwrap().success());
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, line: &str) -> Output {
        Command::new("bash")
            .args(["-c", line])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env("GRADER", env!("CARGO_BIN_EXE_grader"))
            .output()
            .unwrap()
    }

    /// Runs what has to succeed.
    fn succeed(&self, line: &str) {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// The checks that `cargo test` says failed.
    fn failed_checks(&self, line: &str) -> BTreeSet<String> {
        let output = self.run(line);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains("test result: "), "{line}: {output:?}");
        let lines = printed.lines().filter(|line| line.ends_with(" ... FAILED"));
        let names = lines.filter_map(|line| line.split(' ').nth(1));
        names.map(str::to_owned).collect()
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file}: {text}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }
}

fn target() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().to_owned() // target/PROFILE/deps/TEST
}

/// The commands in the `sh` blocks of a page, for a crate `tried-…` in place of `my-…`: the
/// target folder may hold a student's own.
fn commands(page: &str) -> Vec<String> {
    let text = fs::read_to_string(fixture::workspace().join(page)).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .map(|line| line.trim().replace("my-", "tried-"))
        .filter(|line| !line.is_empty())
        .collect()
}

fn servers() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers"))
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn lab_2_starts_from_a_server_that_fails_what_one_thread_must() {
    let kit = Kit::copy();
    let [make, test, compare] = &commands("docs/labs/2-read-it.md")[..] else {
        unreachable!("the page has another number of commands");
    };
    kit.succeed(make);
    assert_eq!(kit.failed_checks(test), set(&SERIAL));
    let compared = kit.run(compare);
    let diff = String::from_utf8_lossy(&compared.stdout).into_owned();
    assert!(diff.contains("\n+    thread::scope("), "{compared:?}");
}

#[test]
fn lab_4_starts_red_and_ends_green() {
    let kit = Kit::copy();
    let [make, first, all] = &commands("docs/labs/4-write-it.md")[..] else {
        unreachable!("the page has another number of commands");
    };
    kit.succeed(make);
    assert_eq!(kit.failed_checks(first), set(&["step-1::answers"]));
    let solved = kit.path("docs/answers/lab-4/main.rs");
    fs::copy(solved, kit.path("crates/tried-server/src/main.rs")).unwrap();
    kit.succeed(all);
}

#[test]
fn lab_4_in_python_has_the_same_steps() {
    if !fixture::has("python3") {
        return;
    }
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh --python tried-python");
    let judge = "cargo test -p tried-python";
    let first = kit.failed_checks(&format!("{judge} step-1"));
    assert_eq!(first, set(&["step-1::answers"]));
    let server = "crates/tried-python/server.py";
    fs::copy(kit.path("docs/answers/lab-4/server.py"), kit.path(server)).unwrap();
    kit.succeed(judge);
    // It is handed in as it is, and its folder leaves no trace in the workspace.
    kit.succeed(
        "scripts/grade.sh crates/tried-python --commands PING,ECHO --only answers",
    );
    kit.succeed("scripts/new-lab.sh --again tried-python");
    assert!(kit.path("old-labs/tried-python-1/server.py").exists());
    let again = fs::read_to_string(kit.path(server)).unwrap();
    assert!(again.contains("not written yet"), "{again}");
    fs::remove_dir_all(kit.path("crates/tried-python")).unwrap();
    kit.succeed("cargo metadata --no-deps --offline --format-version 1");
}

#[test]
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
    assert!(
        printed.contains("before answered B, C and D only after A"),
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
fn lab_6_expects_two_at_once() {
    let kit = Kit::copy();
    let [make] = &commands("docs/labs/6-the-limit.md")[..] else {
        unreachable!("the page has another number of commands");
    };
    kit.succeed(make);
    let expected = "crates/tried-pool/tests/lab.rs";
    kit.replace(expected, "\"concurrent\"", "\"limit=2\"");
    // What the page says below: `cargo test -p my-pool` judges it.
    let judge = "cargo test -p tried-pool -- at-once answers";
    assert_eq!(kit.failed_checks(judge), set(&["at-once"]));
    let pool = "demos/faulty-servers/src/bin/pool-of-two.rs";
    fs::copy(kit.path(pool), kit.path("crates/tried-pool/src/main.rs")).unwrap();
    assert_eq!(kit.failed_checks(judge), set(&[]));
}

#[test]
fn lab_7_starts_from_a_loop_that_answers_nothing_and_ends_with_one_that_computes() {
    let kit = Kit::copy();
    let [_, make, test, ..] = &commands("docs/labs/7-one-thread-nobody-waits.md")[..]
    else {
        unreachable!("the page has another number of commands");
    };
    kit.succeed(make);
    let judge = format!("{test} -- answers idle lost-update");
    assert_eq!(
        kit.failed_checks(&judge),
        set(&["answers", "idle", "lost-update"])
    );
    // The page's fourth hint says where the whole thing is.
    let sources = fixture::workspace().join("demos/designs/src/bin/event-server");
    for source in fs::read_dir(sources).unwrap() {
        let source = source.unwrap();
        let solved = kit.path("crates/tried-loop/src").join(source.file_name());
        fs::copy(source.path(), solved).unwrap();
    }
    let manifest = "crates/tried-loop/Cargo.toml";
    let needed = "proto.workspace = true\nservice.workspace = true";
    kit.replace(manifest, "proto.workspace = true", needed);
    let expected = "crates/tried-loop/tests/lab.rs";
    kit.replace(
        expected,
        "PING,ECHO,SLEEP,RUN,MEET,INCR",
        "PING,SLEEP,PRIMES",
    );
    let judge = format!("{test} -- answers idle slow computing drain");
    assert_eq!(kit.failed_checks(&judge), set(&["computing"]));
}

#[test]
fn the_handler_of_the_fifth_handout_is_empty_at_first_and_whole_with_its_two_locks() {
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh --handler tried-class");
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

#[test]
fn a_lab_crate_is_built_and_graded_with_points() {
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh graded-crate");
    let grade = "scripts/grade.sh crates/graded-crate --only answers,idle";
    let graded = kit.run(grade);
    let printed = String::from_utf8_lossy(&graded.stdout).into_owned();
    assert_eq!(graded.status.code(), Some(1), "{graded:?}");
    assert!(printed.contains("points "), "{printed}");
    assert!(printed.contains(" 2/5\n"), "{printed}");
    kit.replace("crates/graded-crate/src/main.rs", "fn main", "fn mian");
    let broken = kit.run(grade);
    assert_eq!(broken.status.code(), Some(4), "{broken:?}");
}

#[test]
fn a_lab_crate_is_graded_confined_although_its_copy_has_its_name() {
    if !fixture::has("bwrap") {
        return;
    }
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh graded-crate");
    kit.succeed("scripts/grade.sh crates/graded-crate --only answers --sandbox");
}

#[test]
fn a_class_of_cargo_packages_gets_a_gradebook() {
    if !fixture::has("bwrap") {
        return;
    }
    assert!(fixture::program("threaded-server").exists());
    assert!(fixture::program("single-server").exists());
    let kit = Kit::copy();
    let class = kit.path("class");
    fs::create_dir(&class).unwrap();
    for (student, main) in [
        ("anna", "crates/threaded-server/src/main.rs"),
        ("ben", "demos/faulty-servers/src/bin/pool-of-two.rs"),
        ("cleo", "crates/single-server/src/main.rs"),
    ] {
        kit.succeed(&format!("scripts/new-lab.sh {student}"));
        let package = kit.path("crates").join(student);
        fs::copy(kit.path(main), package.join("src/main.rs")).unwrap();
        fs::rename(package, class.join(student)).unwrap();
    }
    kit.replace("class/cleo/src/main.rs", "Ok(())", "Ok(1)");
    let gradebook = grade_all(&kit, &class);
    let due = "name,verdict,score,max_score,failed,detail\n\
               \"anna\",graded,5,5,\"\",\"\"\n\
               \"ben\",graded,2,5,\"at-once\",\"\"\n\
               \"cleo\",does-not-build,0,,\"\",\"error[E0308]: mismatched types\"\n";
    assert_eq!(gradebook, due);
}

/// Grades a class with the workspace's own script, confined, one submission after another.
fn grade_all(kit: &Kit, class: &Path) -> String {
    let reports = kit.path("reports");
    let script = fixture::workspace().join("scripts/grade-all.sh");
    kit.succeed(&format!(
        "{} {} {} --sandbox --jobs 1 --only answers,at-once",
        script.display(),
        class.display(),
        reports.display(),
    ));
    fs::read_to_string(reports.join("gradebook.csv")).unwrap()
}

#[test]
fn a_name_that_is_a_path_gets_no_other_server_graded() {
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh thief");
    let class = kit.path("class");
    fs::create_dir(&class).unwrap();
    fs::rename(kit.path("crates/thief"), class.join("thief")).unwrap();
    let name = "name = \"steal\" # \"/../../../release/threaded-server\"";
    kit.replace("class/thief/Cargo.toml", "name = \"thief\"", name);
    kit.replace("class/thief/src/main.rs", "Ok(())", "Ok(1)");
    for line in [
        "scripts/grade.sh class/thief",
        "scripts/grade.sh class/thief --sandbox",
    ] {
        if line.contains("--sandbox") && !fixture::has("bwrap") {
            continue;
        }
        let graded = kit.run(line);
        assert_eq!(graded.status.code(), Some(4), "{line}: {graded:?}");
    }
}

#[test]
fn a_submission_to_gradescope_gets_its_results() {
    let kit = Kit::copy();
    let top = kit.path("autograder");
    fs::create_dir(&top).unwrap();
    symlink(kit.0.path(), top.join("source")).unwrap();
    fs::create_dir_all(kit.path("target/release")).unwrap();
    symlink(
        env!("CARGO_BIN_EXE_grader"),
        kit.path("target/release/grader"),
    )
    .unwrap();
    kit.succeed("scripts/new-lab.sh handed-in");
    fs::rename(kit.path("crates/handed-in"), top.join("submission")).unwrap();

    let grade = "AUTOGRADER=$PWD/autograder COMMANDS=PING,ECHO EXPECT=serial CONFINE=none \
                 scripts/gradescope/run_autograder";
    let score = || {
        let text = fs::read(top.join("results/results.json")).unwrap();
        let results: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert!(
            results["output"]
                .as_str()
                .unwrap()
                .contains("confined by: none")
        );
        let sum = |name: &str| {
            let tests = results["tests"].as_array().unwrap().iter();
            tests.map(|test| test[name].as_u64().unwrap()).sum::<u64>()
        };
        (sum("score"), sum("max_score"))
    };
    kit.succeed(grade);
    let (points, most) = score();
    assert_eq!(points, most);
    kit.replace("autograder/submission/src/main.rs", "Ok(())", "Ok(1)");
    kit.succeed(grade);
    assert_eq!(score(), (0, most));
}
