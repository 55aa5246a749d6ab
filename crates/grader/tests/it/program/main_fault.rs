//! One fault that explains many failures comes first in a report.

use super::{grade, path};

#[test]
fn a_server_that_ends_after_its_first_client_is_told_so_first() {
    let output = grade(&[
        "--only",
        "contract,idle,rude-clients",
        &path("first-client-only"),
    ]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = "\nmain fault: your server ended with status 0 after its first client\n";
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains(first), "{report}");
    assert!(
        report.contains("server        it ended with status 0"),
        "{report}"
    );
}

/// Else each check would lay it to something else.
#[test]
fn a_server_that_serves_no_more_after_some_clients_is_told_so_first() {
    if !fixture::has("python3") {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/slips.py");
    let server = ["--", "python3", script, "runs_out", "5"];
    let output = grade(&[&["--only", "answers"][..], &server].concat());
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = "\nmain fault: your server answers 3 clients, one after another, and \
                 does not answer the next one\n";
    assert!(report.contains(first), "{report}");
}
