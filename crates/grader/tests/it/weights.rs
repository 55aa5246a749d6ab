//! Points from a file: in every format, and refused with exit status 2 where they are
//! wrong.

use std::fs;

use tempfile::TempDir;

use crate::patience;

/// What the grader prints, and its exit status.
fn grade(weights: &str, format: &str) -> (String, Option<i32>) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("weights.json");
    fs::write(&file, weights).unwrap();
    let server = fixture::program("threaded-server");
    let output = patience::grade(&[
        "--weights".as_ref(),
        file.as_os_str(),
        "--only".as_ref(),
        "answers,contract".as_ref(),
        "--format".as_ref(),
        format.as_ref(),
        server.as_os_str(),
    ]);
    let printed = [output.stdout, output.stderr].concat();
    (
        String::from_utf8_lossy(&printed).into_owned(),
        output.status.code(),
    )
}

#[test]
fn every_format_uses_the_points_of_the_file() {
    let weights = r#"{"answers": 7, "contract": 0}"#;
    for (format, due) in [
        ("text", " 7/7\n"),
        ("json", "\"max_score\": 7,\n"),
        ("gradescope", "\"max_score\": 0,\n"),
        ("junit", "name=\"points.answers\" value=\"7/7\""),
    ] {
        let (printed, status) = grade(weights, format);
        assert!(printed.contains(due), "{format}: {printed}");
        assert_eq!(status, Some(0), "{format}");
    }
}

#[test]
fn a_file_that_is_not_understood_judges_nothing() {
    for (weights, due) in [
        ("{", "expected an object of checks"),
        (r#"{"answer": 7}"#, "no check is called 'answer'"),
    ] {
        let (printed, status) = grade(weights, "text");
        assert!(printed.contains(due), "{printed}");
        assert_eq!(status, Some(2), "{printed}");
    }
}
