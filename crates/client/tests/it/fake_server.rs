//! A server of a few lines, whose answers are the test's.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{Builder, JoinHandle},
};

use proto::{Arguments, Reply, RequestDecoder, Version};

/// Which connection a request came on, counted from 1, and the request.
pub(crate) type Received = (usize, Arguments);

/// Serves one connection after another, each until it closes.
pub(crate) struct FakeServer {
    pub(crate) address: String,
    received: Arc<Mutex<Vec<Received>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FakeServer {
    /// `answer` makes the reply to a request; `None` closes the connection instead.
    pub(crate) fn start(
        answer: impl Fn(&Received) -> Option<Reply> + Send + 'static,
    ) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&received);
        Self::serve(received, move |number, connection| {
            serve(connection, |request| {
                let request = (number, request);
                seen.lock().unwrap().push(request.clone());
                answer(&request)
            });
        })
    }

    /// Hands over each connection as it is.
    pub(crate) fn raw(body: impl Fn(TcpStream) + Send + 'static) -> Self {
        Self::serve(Arc::default(), move |_, connection| body(connection))
    }

    fn serve(
        received: Arc<Mutex<Vec<Received>>>,
        body: impl Fn(usize, TcpStream) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let accept = move || {
            for (number, connection) in (1..).zip(listener.incoming()) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                body(number, connection.unwrap());
            }
        };
        let thread = Builder::new()
            .name("fake server".into())
            .spawn(accept)
            .unwrap();
        Self {
            address,
            received,
            stopping,
            thread: Some(thread),
        }
    }

    /// The requests so far, in order, as a person would type them.
    pub(crate) fn received(&self) -> Vec<(usize, String)> {
        let line = |(number, request): &Received| {
            (
                *number,
                String::from_utf8_lossy(&request.join(&b' ')).into_owned(),
            )
        };
        self.received.lock().unwrap().iter().map(line).collect()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let last = TcpStream::connect(&self.address);
        if let (Ok(_), Some(thread)) = (last, self.thread.take()) {
            let joined = thread.join();
            assert!(
                joined.is_ok() || std::thread::panicking(),
                "the fake server failed"
            );
        }
    }
}

fn serve(mut connection: TcpStream, mut answer: impl FnMut(Arguments) -> Option<Reply>) {
    let mut decoder = RequestDecoder::new();
    while let Ok(1..) = decoder.read_from(&mut connection) {
        while let Some(request) = decoder.next_request().unwrap() {
            let Some(reply) = answer(request) else { return };
            let mut bytes = Vec::new();
            reply.encode(Version::Resp2, &mut bytes);
            if connection.write_all(&bytes).is_err() {
                return;
            }
        }
    }
}
