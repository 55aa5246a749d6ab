//! What is judged again, and what is not.

use std::{fs, path::PathBuf, thread, time::Duration};

use super::{Class, gradebook};

/// Adds a server that ends its grader the first `times` times, and then serves. The file
/// gets a line each time.
fn add_troublemaker(class: &Class, times: usize) -> PathBuf {
    class.add("anna", "threaded-server");
    let starts = class.path("starts");
    let text = format!(
        "#!/bin/sh\necho >> {starts}\n\
         if [ $(wc -l < {starts}) -le {times} ]; then\n\
         kill -9 $(awk '/^PPid/ {{ print $2 }}' /proc/$PPID/status)\nsleep 10\nfi\n\
         exec {} \"$@\"\n",
        fixture::program("threaded-server").display(),
        starts = starts.display()
    );
    fs::write(class.path("class/anna/server"), text).unwrap();
    starts
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn what_came_to_no_grade_is_judged_again_at_the_end() {
    let class = Class::of(&["ben"], "threaded-server");
    add_troublemaker(&class, 2);
    let output = class.judge(&["--jobs=2"]);
    for name in ["anna", "ben"] {
        let report = class.report(name);
        assert_eq!(
            report["submission"]["verdict"], "graded",
            "{name}: {output:?}"
        );
        assert_eq!(report["score"], report["max_score"], "{name}");
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let again = "1 submission has no grade yet: it is judged again, 1 at once\n";
    assert!(said.contains(again), "{said}");
}

#[test]
fn what_never_comes_to_a_grade_is_judged_three_times() {
    let class = Class::of(&[], "threaded-server");
    let starts = add_troublemaker(&class, 99);
    let output = class.command("reports", &[]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(class.report("anna")["submission"]["verdict"], "regrade");
    assert_eq!(fs::read_to_string(starts).unwrap().lines().count(), 3);
    assert_eq!(class.run_folders(), 0);
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn what_has_a_report_is_not_judged_again_by_a_run_that_resumes() {
    let class = Class::of(&["anna"], "threaded-server");
    class.judge(&[]);
    let first = class.report("anna")["submission"]["judged_at"].clone();
    let mut marked = class.report("anna");
    marked["submission"]["detail"] = "kept".into();
    fs::write(class.path("reports/anna.json"), marked.to_string()).unwrap();
    class.add("ben", "threaded-server");
    for again in ["--resume", "--regrade"] {
        class.judge(&[again]);
        let anna = class.report("anna");
        assert_eq!(anna["submission"]["detail"], "kept", "{again}");
        assert_eq!(anna["submission"]["judged_at"], first);
        assert_eq!(class.report("ben")["submission"]["verdict"], "graded");
    }
    marked["submission"]["verdict"] = "regrade".into();
    fs::write(class.path("reports/anna.json"), marked.to_string()).unwrap();
    class.judge(&["--regrade"]);
    let again = class.report("anna");
    assert_eq!(again["submission"]["verdict"], "graded");
    for fact in ["host", "kit", "judged_at", "confinement"] {
        assert!(again["submission"][fact].is_string(), "{fact}");
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn a_run_that_is_killed_is_resumed_where_it_was_and_its_folders_go() {
    let names = ["anna", "ben", "cleo"];
    let class = Class::of(&names, "threaded-server");
    let mut killed = class.command("reports", &["--jobs=1"]).spawn().unwrap();
    let first = class.path("reports/anna.json");
    let is_graded =
        || fs::read_to_string(&first).is_ok_and(|text| text.contains("\"graded\""));
    while !is_graded() {
        assert!(killed.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(1));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(class.run_folders(), 2);
    let judged_at = class.report("anna")["submission"]["judged_at"].clone();
    let mut marked = class.report("anna");
    marked["submission"]["host"] = "the first run".into();
    fs::write(&first, marked.to_string()).unwrap();
    class.judge(&["--resume"]);
    assert_eq!(class.run_folders(), 0);
    assert_eq!(class.report("anna")["submission"]["judged_at"], judged_at);
    assert_eq!(class.report("anna")["submission"]["host"], "the first run");
    for name in names {
        let report = class.report(name);
        assert_eq!(report["submission"]["verdict"], "graded", "{name}");
    }
    assert_eq!(gradebook(&class.path("reports")).lines().count(), 4);
}
