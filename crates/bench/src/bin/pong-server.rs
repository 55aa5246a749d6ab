//! Answers every request with PONG, a thread for each client, and writes its replies
//! either for each batch of requests that it has read, or for each request: what `flush`
//! compares.

use std::{
    env,
    io::{self, Write},
    net::{TcpListener, TcpStream},
    process::ExitCode,
    thread,
};

use proto::{Reply, RequestDecoder, Version};

fn main() -> ExitCode {
    let each_request = match env::args().nth(1).as_deref() {
        Some("batch") => false,
        Some("request") => true,
        _ => {
            eprintln!("usage: pong-server batch|request [--listen 127.0.0.1:0]");
            return ExitCode::from(2);
        }
    };
    match run(each_request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pong-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(each_request: bool) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    thread::scope(|scope| {
        loop {
            let (stream, _) = listener.accept()?;
            let serve = move || serve(&stream, each_request);
            thread::Builder::new().spawn_scoped(scope, serve)?;
        }
    })
}

fn serve(mut stream: &TcpStream, each_request: bool) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let pong = Reply::Simple(b"PONG".to_vec());
    let (mut decoder, mut replies) = (RequestDecoder::new(), Vec::new());
    loop {
        // Else most of what is measured is how often a thread is woken.
        thread::yield_now();
        if decoder.read_from(&mut stream)? == 0 {
            return Ok(());
        }
        while let Some(_request) = decoder.next_request().map_err(io::Error::other)? {
            pong.encode(Version::Resp2, &mut replies);
            if each_request {
                stream.write_all(&replies)?;
                replies.clear();
            }
        }
        stream.write_all(&replies)?;
        replies.clear();
    }
}
