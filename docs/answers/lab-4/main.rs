//! Lab 4, all seven steps: a server on the codec alone, with a thread for each client.

use std::{
    collections::HashMap,
    env,
    error::Error,
    io::{self, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use proto::{Reply, Request, RequestDecoder, Version};
use signal_hook::consts::{SIGINT, SIGTERM};

/// How often a thread that waits looks whether the server is to stop.
const LOOK: Duration = Duration::from_millis(10);
/// The longest SLEEP.
const LONGEST: Duration = Duration::from_secs(60);
/// After so long a client that does not read its replies is given up.
const UNREAD: Duration = Duration::from_secs(30);

/// What all clients share.
#[derive(Default)]
struct Server {
    counters: Mutex<HashMap<Vec<u8>, i64>>,
    stopping: Arc<AtomicBool>,
}

fn main() -> Result<(), Box<dyn Error>> {
    // --listen ADDR; port 0 asks for a free one.
    let address = match env::args().collect::<Vec<_>>().as_slice() {
        [_] => "127.0.0.1:12000".to_owned(),
        [_, flag, address] if flag == "--listen" => address.clone(),
        _ => return Err("usage: [--listen ADDR]".into()),
    };
    let server = Server::default();
    for signal in [SIGTERM, SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&server.stopping))?;
    }
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    println!("listening on {}", listener.local_addr()?);
    io::stdout().flush()?;

    thread::scope(|scope| {
        // Closed before the threads are joined: nobody new comes in.
        let listener = listener;
        while !server.is_stopping() {
            match listener.accept() {
                Ok((client, _)) => {
                    // A client that is refused a thread is dropped, which closes it.
                    let serve = || server.serve(client);
                    let _ = thread::Builder::new().spawn_scoped(scope, serve);
                }
                // Nobody is there, or this accept failed: neither ends the server.
                Err(_) => thread::sleep(LOOK),
            }
        }
    });
    Ok(())
}

impl Server {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Serves one client until it leaves. An error of it ends nothing else.
    fn serve(&self, mut client: TcpStream) {
        let _ = self.converse(&mut client);
    }

    fn converse(&self, client: &mut TcpStream) -> io::Result<()> {
        client.set_read_timeout(Some(10 * LOOK))?;
        client.set_write_timeout(Some(UNREAD))?;
        let mut decoder = RequestDecoder::new(); // one for the whole connection
        let mut bytes = [0; 16 * 1024];
        // Looked at before each read: a client may never pause.
        while !self.is_stopping() {
            match client.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(count) => decoder.feed(&bytes[..count]),
                Err(error) if is_timeout(&error) => continue,
                Err(error) => return Err(error),
            }
            let mut replies = Vec::new();
            loop {
                match decoder.next_request() {
                    Ok(None) => break,
                    Ok(Some(words)) => self.answer(&words, client, &mut replies)?,
                    Err(error) => {
                        error.to_reply().encode(Version::Resp2, &mut replies);
                        return client.write_all(&replies);
                    }
                }
            }
            client.write_all(&replies)?;
        }
        Ok(())
    }

    /// Does one request, and adds its reply to those that are due.
    fn answer(
        &self,
        words: &[Vec<u8>],
        client: &mut TcpStream,
        replies: &mut Vec<u8>,
    ) -> io::Result<()> {
        print_line(words);
        let reply = match Request::parse(words) {
            Ok(Request::Ping(None)) => Reply::Simple(b"PONG".to_vec()),
            Ok(Request::Ping(Some(text)) | Request::Echo(text)) => Reply::Bulk(text),
            Ok(Request::Sleep(duration)) if duration > LONGEST => {
                Reply::error("ERR SLEEP takes 1m at most")
            }
            Ok(Request::Sleep(duration)) => {
                // A reply that is ready does not wait for one that is not.
                client.write_all(replies)?;
                replies.clear();
                thread::sleep(duration);
                Reply::ok()
            }
            Ok(Request::IncrBy { counter, amount }) => self.add(counter, amount),
            Ok(Request::Get(counter)) => self.add(counter, 0),
            Ok(_) => Reply::error("ERR this server does not know that command"),
            Err(error) => error.to_reply(),
        };
        reply.encode(Version::Resp2, replies);
        Ok(())
    }

    /// The read and the write are one critical section: the guard lives to the last line.
    fn add(&self, counter: Vec<u8>, amount: i64) -> Reply {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let value = counters.entry(counter).or_insert(0);
        match value.checked_add(amount) {
            Some(sum) => {
                *value = sum;
                Reply::Integer(sum)
            }
            None => Reply::error("ERR increment or decrement would overflow"),
        }
    }
}

/// One whole line for each request, in one piece: the lock of standard output is the
/// print lock.
fn print_line(words: &[Vec<u8>]) {
    let words = words.iter().map(|word| word.escape_ascii().to_string());
    let words: Vec<_> = words.collect();
    // A terminal that is gone ends no client's service.
    let _ = writeln!(io::stdout().lock(), "{}", words.join(" "));
}

/// Whether a read ended only because its time was over, or the process was stopped
/// meanwhile.
fn is_timeout(error: &io::Error) -> bool {
    use ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted)
}
