//! `keeper`: keeps servers for programs that cannot keep their own, which are the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    launch::keep().unwrap_or_else(|| {
        eprintln!("keeper: the kit's tests start it; by itself it does nothing");
        ExitCode::from(2)
    })
}
