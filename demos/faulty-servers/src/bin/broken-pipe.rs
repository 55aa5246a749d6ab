//! The mistake: SIGPIPE ends the server.
//!
//! A program that writes to a client that is gone gets this signal, and dies of it,
//! unless it ignores the signal. Rust ignores it from the start; C, and programs that ask
//! for the default, do not.

use std::{
    fs::File,
    io::Write,
    os::fd::OwnedFd,
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use faulty_servers::{requests, serve_clients};
use proto::Version;
use signal_hook::{consts::SIGPIPE, flag::register_conditional_default};

fn main() -> ExitCode {
    let always = Arc::new(AtomicBool::new(true));
    if let Err(error) = register_conditional_default(SIGPIPE, always) {
        eprintln!("cannot catch SIGPIPE: {error}");
        return ExitCode::FAILURE;
    }
    serve_clients(|shared_state, stream| {
        // Sockets of the standard library ask for no signal; a file does not.
        let Ok(mut file) = stream
            .try_clone()
            .map(|stream| File::from(OwnedFd::from(stream)))
        else {
            return;
        };
        requests(stream, |arguments| {
            let mut bytes = Vec::new();
            shared_state
                .answer(arguments)
                .encode(Version::Resp2, &mut bytes);
            file.write_all(&bytes)
        });
    })
}
