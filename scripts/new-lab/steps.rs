//! The steps of lab 4. `cargo test -p my-server step-1` runs the checks of the first one;
//! without a name all steps are run, and those that are not done yet fail.

use std::process::ExitCode;

use grader::{LabStep, LabTests};

/// What the server knows by then, and the checks that pass when the step is done.
const STEPS: &[LabStep] = &[
    LabStep {
        name: "step-1",
        commands: "PING,ECHO",
        checks: &["answers"],
    },
    LabStep {
        name: "step-2",
        commands: "PING,ECHO",
        checks: &["framing", "half-close", "late-reader"],
    },
    LabStep {
        name: "step-3",
        commands: "PING,ECHO",
        checks: &["rude-clients", "many-clients"],
    },
    LabStep {
        name: "step-4",
        commands: "PING,ECHO,SLEEP",
        checks: &["answers", "idle", "slow", "unread", "cross-talk"],
    },
    LabStep {
        name: "step-5",
        commands: "PING,ECHO,SLEEP",
        checks: &["log"],
    },
    LabStep {
        name: "step-6",
        commands: "PING,ECHO,SLEEP,INCR",
        checks: &["answers", "log", "lost-update", "lock-order"],
    },
    LabStep {
        name: "step-7",
        commands: "PING,ECHO,SLEEP,INCR",
        checks: &["contract", "drain", "busy-waiting"],
    },
];

fn main() -> ExitCode {
    LabTests {
        command: &[COMMAND_OF_THE_SERVER],
        name: "my-server",
        expect: "concurrent",
        commands: "PING,ECHO,SLEEP,INCR",
        steps: STEPS,
    }
    .run()
}
