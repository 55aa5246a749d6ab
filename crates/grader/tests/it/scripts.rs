//! The scripts around the grader: one submission, a class of them, a lab crate.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::patience::patiently;

fn script(name: &str, arguments: &[&str]) -> Output {
    let script = fixture::workspace().join("scripts").join(name);
    let grader = env!("CARGO_BIN_EXE_grader");
    patiently(|| {
        Command::new(&script)
            .args(arguments)
            .env("GRADER", grader)
            .output()
            .unwrap()
    })
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn a_class_of_programs_gets_a_gradebook() {
    // The class is judged only beside both of the kit's servers.
    assert!(fixture::program("single-server").exists());
    let folder = TempDir::new().unwrap();
    let class = folder.path().join("class");
    for (student, server) in [("anna", "threaded-server"), ("ben", "pool-of-two")] {
        fs::create_dir_all(class.join(student)).unwrap();
        fs::copy(fixture::program(server), class.join(student).join("server")).unwrap();
    }
    fs::create_dir_all(class.join("cleo, jr")).unwrap();
    fs::write(class.join("cleo, jr/notes.txt"), "soon").unwrap();
    fs::create_dir_all(class.join("dora")).unwrap();
    fs::copy(fixture::program("single-server"), class.join("dora/a.out")).unwrap();
    let reports = folder.path().join("reports");
    let only = "--only=answers,at-once";
    let output = script("grade-all.sh", &[text(&class), text(&reports), only]);
    assert!(output.status.success(), "{output:?}");
    let gradebook = fs::read_to_string(reports.join("gradebook.csv")).unwrap();
    let due = "name,verdict,score,max_score,failed,detail\n\
               \"anna\",graded,5,5,\"\",\"\"\n\
               \"ben\",graded,2,5,\"at-once\",\"\"\n\
               \"cleo, jr\",no-submission,0,,\"\",\"looked at the top for a \
               Cargo.toml, server.py, an executable server, or the only executable or \
               *.py; \
               found notes.txt\"\n\
               \"dora\",graded,2,5,\"at-once\",\"\"\n";
    assert_eq!(gradebook, due);
    let reteach = fs::read_to_string(reports.join("reteach.txt")).unwrap();
    let due = "   2 of 3 failed at-once: 40 clients are in service at once; \
               reteach docs/labs/6-the-limit.md\n\
               start the next lecture with docs/labs/6-the-limit.md\n";
    assert_eq!(reteach, due);
    let report = fs::read_to_string(reports.join("ben.txt")).unwrap();
    assert!(
        report.contains("FAIL  40 clients are in service at once"),
        "{report}"
    );
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn a_script_of_python_is_a_submission() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let solved = fixture::workspace().join("docs/answers/lab-4/server.py");
    let codec = fixture::workspace().join("demos/python/resp.py");
    fs::copy(codec, folder.path().join("resp.py")).unwrap();
    let only = ["--commands", "PING,ECHO", "--only", "answers,idle"];
    for name in ["server.py", "mine.py"] {
        let server = folder.path().join(name);
        fs::copy(&solved, &server).unwrap();
        // A folder that is handed in, and a file.
        for path in [folder.path(), &server] {
            let output = script("grade.sh", &[&[text(path)][..], &only].concat());
            assert_eq!(output.status.code(), Some(0), "{path:?}: {output:?}");
        }
        fs::remove_file(server).unwrap();
    }
    let nothing = script("grade.sh", &[&[text(folder.path())][..], &only].concat());
    let said = String::from_utf8_lossy(&nothing.stderr);
    assert!(said.contains("found resp.py"), "{said}");
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn the_second_look_of_a_report_is_a_command_that_runs() {
    assert!(fixture::program("single-server").exists());
    let folder = TempDir::new().unwrap();
    let class = folder.path().join("the class of '26");
    fs::create_dir_all(class.join("ben & co")).unwrap();
    let server = class.join("ben & co/server");
    fs::copy(fixture::program("pool-of-two"), server).unwrap();
    let reports = folder.path().join("reports");
    let judge = ["--only=answers,at-once", "--commands=PING,SLEEP,MEET"];
    let output = script(
        "grade-all.sh",
        &[text(&class), text(&reports), judge[0], judge[1]],
    );
    assert!(output.status.success(), "{output:?}");
    let report = reports.join("ben & co.json");
    let before = fs::read_to_string(&report).unwrap();
    let value: serde_json::Value = serde_json::from_str(&before).unwrap();
    let checks = value["checks"].as_array().unwrap();
    let failed = checks.iter().find(|check| check["name"] == "at-once");
    let pasted = failed.unwrap()["failure"]["repeat"].as_str().unwrap();
    assert!(pasted.contains("--commands PING,SLEEP,MEET"), "{pasted}");
    let again = patiently(|| {
        Command::new("bash")
            .args(["-c", pasted])
            .current_dir(fixture::workspace())
            .env("GRADER", env!("CARGO_BIN_EXE_grader"))
            .output()
            .unwrap()
    });
    let said = String::from_utf8_lossy(&again.stdout);
    assert_eq!(again.status.code(), Some(1), "{pasted}: {again:?}");
    assert!(said.contains("FAIL  40 clients are in service"), "{said}");
    assert_eq!(fs::read_to_string(&report).unwrap(), before);
}

#[test]
fn one_script_judges_a_program_or_a_command() {
    let server = fixture::program("threaded-server");
    let server = text(&server);
    for arguments in [
        &[server, "--only", "idle"][..],
        &["--only", "idle", "--", server, "--max-clients", "9"],
    ] {
        let output = script("grade.sh", arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    }
    let serial = script(
        "grade.sh",
        &[server, "--expect", "serial", "--only", "idle"],
    );
    let said = String::from_utf8_lossy(&serial.stdout);
    let repeat =
        format!("run again     scripts/grade.sh {server} --expect serial --only idle\n");
    assert_eq!(serial.status.code(), Some(1));
    assert!(said.contains(&repeat), "{said}");
    assert_eq!(script("grade.sh", &[]).status.code(), Some(2));
    assert_eq!(script("grade.sh", &["nowhere"]).status.code(), Some(4));
}

#[test]
fn a_class_of_nobody_is_refused() {
    let folder = TempDir::new().unwrap();
    for arguments in [&[][..], &["/nowhere"], &[text(folder.path())], &["--what"]] {
        let output = script("grade-all.sh", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    }
}

#[test]
fn a_name_that_no_lab_can_have_is_refused_in_a_line_with_one_that_it_can() {
    for (words, due) in [
        (&[""][..], "as in my-server"),
        (&["My-Server"], "as in my-server"),
        (&["my server"], "as in my-server"),
        (&["my", "server"], "one name, please"),
        (&["a--b"], "as in a-b"),
        (&["9lives"], "as in lives"),
        (&["../up"], "as in up"),
        (&["fn"], "as in my-fn"),
        (&["yield"], "as in my-yield"),
        (&["test"], "as in my-test"),
        (&["mio"], "is called 'mio' already"),
        (&["pool-of-two"], "is called 'pool-of-two' already"),
        (&["single-server"], "there already"),
        (&["--again", "single-server"], "is no lab"),
        (
            &["--again", "no-such-lab"],
            "there is no crates/no-such-lab",
        ),
        (&["--event-loop", "service.py"], "is the kit's"),
    ] {
        let output = script("new-lab.sh", words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains(due), "{words:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn the_weights_of_every_lab_are_understood_and_name_every_check() {
    let folder = fixture::workspace().join("scripts/weights");
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let weights: grader::Weights = text.parse().unwrap();
        let known = grader::CHECKS.iter().map(|check| weights.of(check));
        assert!(known.sum::<u32>() > 10, "{}", file.display());
    }
}

/// What is left of a lab's points without those of some checks, and all of them.
fn points_without(lab: &str, failed: &[&str]) -> (u32, u32) {
    let file = fixture::workspace().join(format!("scripts/weights/{lab}.json"));
    let weights = grader::Weights::read(&file).unwrap();
    // None of the labs names PRIMES or REGISTER.
    let unasked = ["computing", "register"];
    let checks = grader::CHECKS.iter();
    let checks = checks.filter(|check| !unasked.contains(&check.name));
    let (mut left, mut all) = (0, 0);
    for check in checks {
        all += weights.of(check);
        left += weights.of(check) * u32::from(!failed.contains(&check.name));
    }
    (left, all)
}

#[test]
fn what_a_starter_can_do_already_gives_next_to_no_points() {
    let serial = [
        "idle",
        "slow",
        "unread",
        "at-once",
        "cross-talk",
        "lock-order",
    ];
    assert_eq!(points_without("lab-2", &serial), (2, 16));
    assert_eq!(points_without("lab-6", &serial), (3, 22));
    // A thread for each client is no pool.
    assert_eq!(points_without("lab-6", &["at-once"]), (10, 22));
}
