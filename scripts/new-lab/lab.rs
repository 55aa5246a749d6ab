//! What is expected of this server, one test for each check: `cargo test -p my-server`.

use std::process::ExitCode;

use grader::LabTests;

/// How many clients it serves at once: "concurrent", "serial" or "limit=2".
const EXPECT: &str = "concurrent";
/// What it knows of the protocol; a check that needs more is ignored.
const COMMANDS: &str = "PING,ECHO,SLEEP,RUN,MEET,INCR";

fn main() -> ExitCode {
    LabTests {
        command: &[COMMAND_OF_THE_SERVER],
        name: "my-server",
        expect: EXPECT,
        commands: COMMANDS,
        steps: &[],
    }
    .run()
}
