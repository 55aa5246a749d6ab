//! A server that a flag stops, and no wake-up: a first solution.

use std::{
    io::{self, Write},
    net::{TcpListener, TcpStream},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::{consts::SIGTERM, flag};

use crate::SharedState;

/// Between two looks for a new client.
const PAUSE: Duration = Duration::from_millis(10);

/// A whole server with a thread for each client. SIGTERM sets the flag that `serve` gets;
/// the status is 0 once all threads have ended.
pub fn serve_until_a_flag(
    serve: impl Fn(&SharedState, &TcpStream, &AtomicBool) + Sync,
) -> ExitCode {
    match run(serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(serve: impl Fn(&SharedState, &TcpStream, &AtomicBool) + Sync) -> io::Result<()> {
    let listener = TcpListener::bind(std::env::args().nth(2).unwrap_or_default())?;
    listener.set_nonblocking(true)?;
    let stopping = Arc::new(AtomicBool::new(false));
    flag::register(SIGTERM, Arc::clone(&stopping))?;
    let shared_state = SharedState::default();
    println!("listening on {}", listener.local_addr()?);
    io::stdout().flush()?;
    thread::scope(|scope| {
        while !stopping.load(Ordering::SeqCst) {
            match listener.accept() {
                Ok((stream, _)) => {
                    // Where the stream inherits it from the listener, as on macOS.
                    if stream.set_nonblocking(false).is_err() {
                        continue;
                    }
                    let _ = stream.set_nodelay(true); // replies are late without it
                    let (serve, state, flag) = (&serve, &shared_state, &stopping);
                    let client = move || serve(state, &stream, flag);
                    let _ = thread::Builder::new().spawn_scoped(scope, client);
                }
                Err(_) => thread::sleep(PAUSE),
            }
        }
        drop(listener);
    });
    Ok(())
}
