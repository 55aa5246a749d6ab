//! The mistake: it looks for the stop only while its clients are silent.
//!
//! Each read ends after a moment, for the flag to be looked at. A client that asks again
//! before that moment keeps its thread from looking, and so the server from stopping.

use std::{
    io::{self, ErrorKind, Write},
    net::{TcpListener, TcpStream},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use faulty_servers::{SharedState, send};
use proto::RequestDecoder;
use signal_hook::{consts::SIGTERM, flag};

const MOMENT: Duration = Duration::from_secs(1);

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
                    let (shared_state, stopping) = (&shared_state, &stopping);
                    let client = move || serve(shared_state, &stream, stopping);
                    let _ = thread::Builder::new().spawn_scoped(scope, client);
                }
                Err(_) => thread::sleep(MOMENT / 100),
            }
        }
        drop(listener);
    });
    Ok(())
}

fn serve(shared_state: &SharedState, mut stream: &TcpStream, stopping: &AtomicBool) {
    let _ = stream.set_nodelay(true); // replies are late without it, not wrong
    if stream.set_read_timeout(Some(MOMENT)).is_err() {
        return;
    }
    let mut decoder = RequestDecoder::new();
    loop {
        match decoder.read_from(&mut stream) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                match stopping.load(Ordering::SeqCst) {
                    true => return,
                    false => continue,
                }
            }
            Err(_) => return,
        }
        while let Some(asked) = decoder.next_request().transpose() {
            let reply = match &asked {
                Ok(arguments) => shared_state.answer(arguments),
                Err(error) => error.to_reply(),
            };
            if send(stream, &reply).is_err() || asked.is_err() {
                return;
            }
        }
    }
}
