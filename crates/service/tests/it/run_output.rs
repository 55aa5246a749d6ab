//! Behaviour 4 of `docs/reliability.md`: a program that RUN starts prints no more than a
//! reply holds.
#![cfg(target_os = "linux")]

use crate::{
    run_limits::{run, start},
    talking::connect,
};
use proto::Reply;

#[test]
fn a_flood_of_output_ends_the_program() {
    let server = start("1h");
    let (status, out, err) = run(&server, "exec cat /dev/zero");
    assert_eq!((status, out.len()), (124, 64 * 1024));
    assert!(err.ends_with("stopped after 16 MiB of output\n"), "{err}");
    let flood = connect(&server).request(&["RUN", "date", "+%99999999999d"]);
    assert!(matches!(flood, Ok(Reply::Array(_))), "{flood:?}");
}

#[test]
fn output_past_64_kib_is_drained_counted_and_said_to_be_cut() {
    let server = start("60s");
    let (status, out, err) = run(
        &server,
        "head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2",
    );
    assert_eq!(status, 0);
    assert_eq!(out, "x".repeat(64 * 1024));
    assert_eq!(
        err,
        "end\n\nstdout was cut: 65536 of 5000000 bytes are shown\n"
    );
    let (_, _, err) = run(&server, "head -c 70000 /dev/zero | tr '\\0' y >&2");
    assert_eq!(
        err,
        format!(
            "{}\nstderr was cut: 65536 of 70000 bytes are shown\n",
            "y".repeat(64 * 1024)
        )
    );
}
