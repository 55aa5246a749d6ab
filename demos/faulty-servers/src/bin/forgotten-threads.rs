//! The mistake: the threads of clients that have left are kept until the server stops.
//!
//! A thread that is neither joined nor detached leaves its stack behind: 2 MiB of
//! addresses for each client that ever came.

use std::{
    io::{self, Write},
    net::{Shutdown, TcpListener},
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool, atomic::Ordering::Relaxed},
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
    let shared_state = Arc::new(SharedState::default());
    let mut threads = Vec::new();
    while !is_over.load(Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(Duration::from_millis(2));
            continue;
        };
        stream.set_nonblocking(false)?;
        let shared_state = Arc::clone(&shared_state);
        let stream = Arc::new(stream);
        let connected = Arc::downgrade(&stream);
        let client =
            move || converse(&stream, |arguments| shared_state.answer(arguments));
        threads.push((thread::Builder::new().spawn(client)?, connected));
    }
    drop(listener);
    for (thread, connected) in threads {
        if let Some(stream) = connected.upgrade() {
            let _ = stream.shutdown(Shutdown::Read); // it gets its last reply
        }
        let _ = thread.join();
    }
    Ok(())
}
