//! What graders do with a lab crate, done in a copy of the kit: it is graded as a Cargo
//! package.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use crate::kit::Kit;

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
fn a_lab_crate_is_built_and_graded_with_points() {
    let kit = Kit::with_labs();
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
#[ignore = "takes long: scripts/test.sh labs"]
fn a_lab_crate_is_graded_confined_although_its_copy_has_its_name() {
    if !fixture::has("bwrap") {
        return;
    }
    let kit = Kit::copy();
    kit.succeed("scripts/new-lab.sh confined-crate");
    kit.succeed("scripts/grade.sh crates/confined-crate --only answers --sandbox");
}

#[test]
#[ignore = "takes long: scripts/test.sh labs"]
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
    let report = fs::read(kit.path("reports/ben.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let pasted = report["checks"][1]["failure"]["repeat"].as_str().unwrap();
    let unconfined = pasted.replace(" --confine bubblewrap", "");
    assert_ne!(unconfined, pasted);
    // The class lies in a folder of the kit, and is no member of its workspace.
    for pasted in [pasted, &unconfined] {
        let again = kit.run(pasted);
        assert_eq!(again.status.code(), Some(1), "{pasted}: {again:?}");
    }
}

/// Grades a class with the workspace's own script, confined, one submission after
/// another.
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
#[ignore = "takes long: scripts/test.sh labs"]
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
#[ignore = "takes long: scripts/test.sh labs"]
fn a_submission_to_gradescope_gets_its_results() {
    let kit = Kit::copy();
    let top = kit.path("autograder");
    fs::create_dir(&top).unwrap();
    symlink(kit.path(""), top.join("source")).unwrap();
    fs::create_dir_all(kit.path("target/release")).unwrap();
    symlink(
        env!("CARGO_BIN_EXE_grader"),
        kit.path("target/release/grader"),
    )
    .unwrap();
    kit.succeed("scripts/new-lab.sh handed-in");
    fs::rename(kit.path("crates/handed-in"), top.join("submission")).unwrap();

    let grade = "AUTOGRADER=$PWD/autograder COMMANDS=PING,ECHO EXPECT=serial \
        CONFINE=none \
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

/// An edit in the kit must be built although a copy of it was built after the edit.
#[test]
fn what_is_built_of_a_copy_is_not_taken_for_the_kits_own() {
    let kit = Kit::copy();
    let version = |folder: &Path| {
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
        let output = cargo.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let kit: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let packages = kit["packages"].as_array().unwrap();
        let service = packages.iter().find(|package| package["name"] == "service");
        service.unwrap()["version"].clone()
    };
    assert_ne!(version(&kit.path(".")), version(fixture::workspace()));
}
