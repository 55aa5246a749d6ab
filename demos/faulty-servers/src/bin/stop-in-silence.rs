//! The mistake: it looks for the stop only while its clients are silent.
//!
//! Each read ends after a moment, for the flag to be looked at. A client that asks again
//! before that moment keeps its thread from looking, and so the server from stopping.

use std::{
    io::ErrorKind,
    net::TcpStream,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use faulty_servers::{SharedState, send, serve_until_a_flag};
use proto::RequestDecoder;

const MOMENT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    serve_until_a_flag(serve)
}

fn serve(shared_state: &SharedState, mut stream: &TcpStream, stopping: &AtomicBool) {
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
