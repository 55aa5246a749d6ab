//! Bind, announce, accept, and a thread for each client, until a signal comes.

use std::{
    io::{self, Write},
    net::{TcpListener, TcpStream},
    process::ExitCode,
    sync::Arc,
    thread,
};

use crate::{SharedState, stopping::Stopping};

/// A whole server: `serve` is called for each client, on a thread of its own. It takes
/// `--listen ADDR` and nothing else; the status is 0 once a signal has stopped it in
/// order.
pub fn serve_clients(serve: impl Fn(&SharedState, &TcpStream) + Sync) -> ExitCode {
    serve_accepted(|_| {}, serve)
}

/// The same, and `accepted` is called in the accept loop, before the client has a thread.
pub fn serve_accepted(
    accepted: impl Fn(&TcpStream),
    serve: impl Fn(&SharedState, &TcpStream) + Sync,
) -> ExitCode {
    match run(accepted, serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(
    accepted: impl Fn(&TcpStream),
    serve: impl Fn(&SharedState, &TcpStream) + Sync,
) -> io::Result<()> {
    let listener = TcpListener::bind(address()?)?;
    let address = listener.local_addr()?;
    let stopping = Stopping::watch(address)?;
    let shared_state = SharedState::default();
    println!("listening on {address}");
    io::stdout().flush()?;
    thread::scope(|scope| {
        for number in 1.. {
            let stream = Arc::new(next_client(&listener));
            if !stopping.admits(&stream) {
                break;
            }
            let _ = stream.set_nodelay(true); // replies are late without it, not wrong
            accepted(&stream);
            let (serve, shared_state) = (&serve, &shared_state);
            let client = move || serve(shared_state, &stream);
            let thread = thread::Builder::new().name(format!("client-{number}"));
            let _ = thread.spawn_scoped(scope, client); // without a thread it is closed
        }
        drop(listener); // from here on new clients are refused, while requests still run
    });
    Ok(())
}

/// An accept that fails, for want of a descriptor, is tried again.
fn next_client(listener: &TcpListener) -> TcpStream {
    loop {
        if let Ok((stream, _)) = listener.accept() {
            return stream;
        }
    }
}

fn address() -> io::Result<String> {
    let mut arguments = std::env::args().skip(1);
    match (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        (None, ..) => Ok("127.0.0.1:12000".to_owned()),
        (Some("--listen"), Some(address), None) => Ok(address),
        _ => Err(io::Error::other("usage: --listen HOST:PORT")),
    }
}
