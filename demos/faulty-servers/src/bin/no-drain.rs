//! The mistake: SIGTERM ends the process at once.
//!
//! The status is 0, which looks right. But requests that still run are never answered.

use std::{
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use faulty_servers::{converse, serve_clients};
use signal_hook::{consts::SIGTERM, flag::register_conditional_shutdown};

fn main() -> ExitCode {
    let always = Arc::new(AtomicBool::new(true));
    if let Err(error) = register_conditional_shutdown(SIGTERM, 0, always) {
        eprintln!("cannot catch SIGTERM: {error}");
        return ExitCode::FAILURE;
    }
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| shared_state.answer(arguments))
    })
}
