//! The mistake: the accept loop goes on after SIGTERM, until the last client has left.
//!
//! The clients that are connected are served to their end. New clients that come
//! meanwhile are served as well, so that the server may never stop.

use std::{
    io::{self, Write},
    net::{Shutdown, TcpListener},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use faulty_servers::{SharedState, converse};
use signal_hook::{consts::SIGTERM, flag};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let address = std::env::args().nth(2).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let is_over = Arc::new(AtomicBool::new(false));
    flag::register(SIGTERM, Arc::clone(&is_over))?;
    println!("listening on {}", listener.local_addr()?);
    io::stdout().flush()?;
    let (shared_state, clients) = (SharedState::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        while !is_over.load(Relaxed) || clients.load(Relaxed) > 0 {
            let Ok((stream, _)) = listener.accept() else {
                thread::sleep(Duration::from_millis(2));
                continue;
            };
            let _ = stream.set_nonblocking(false);
            clients.fetch_add(1, Relaxed);
            let (shared_state, clients, is_over) = (&shared_state, &clients, &is_over);
            let client = move || {
                converse(&stream, |arguments| {
                    let reply = shared_state.answer(arguments);
                    if is_over.load(Relaxed) {
                        // This was its last request.
                        let _ = stream.shutdown(Shutdown::Read);
                    }
                    reply
                });
                clients.fetch_sub(1, Relaxed);
            };
            let _ = thread::Builder::new().spawn_scoped(scope, client);
        }
    });
    Ok(())
}
