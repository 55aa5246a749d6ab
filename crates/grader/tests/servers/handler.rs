//! The handler of the fifth handout, as a student may write it: what stands before `main`
//! in the crate that `scripts/new-lab.sh --handler` makes.

use std::{
    env,
    error::Error,
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
};

use proto::{Reply, Request, RequestDecoder, Version};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    low_level::pipe,
};

#[derive(Default)]
struct Class {
    print_lock: Mutex<()>,
    roster: Mutex<Vec<[Vec<u8>; 3]>>,
}

struct ClientHandler<'a> {
    stream: Arc<TcpStream>,
    class: &'a Class,
}

impl ClientHandler<'_> {
    fn serve(self) -> io::Result<()> {
        let mut decoder = RequestDecoder::new();
        loop {
            let mut replies = Vec::new();
            loop {
                match decoder.next_request() {
                    Ok(Some(arguments)) => {
                        self.answer(&arguments).encode(Version::Resp2, &mut replies);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        error.to_reply().encode(Version::Resp2, &mut replies);
                        return (&*self.stream).write_all(&replies);
                    }
                }
            }
            (&*self.stream).write_all(&replies)?;
            if decoder.read_from(&mut &*self.stream)? == 0 {
                return Ok(());
            }
        }
    }

    fn answer(&self, arguments: &[Vec<u8>]) -> Reply {
        {
            let _guard = self.class.print_lock.lock();
            println!("{}", arguments.join(&b' ').escape_ascii());
        }
        match Request::parse(arguments) {
            Ok(Request::Ping(None)) => Reply::Simple(b"PONG".to_vec()),
            Ok(Request::Ping(Some(text)) | Request::Echo(text)) => Reply::Bulk(text),
            Ok(Request::Register {
                name,
                student_id,
                github,
            }) => {
                let mut roster = self.class.roster.lock().unwrap();
                roster.retain(|[_, id, _]| *id != student_id);
                roster.push([name, student_id, github]);
                Reply::ok()
            }
            Ok(Request::Roster) => {
                let roster = self.class.roster.lock().unwrap().clone().into_iter();
                let row = |student: [Vec<u8>; 3]| {
                    Reply::Array(student.map(Reply::Bulk).to_vec())
                };
                Reply::Array(roster.map(row).collect())
            }
            Ok(_) => Reply::error("ERR this server does not know that"),
            Err(error) => error.to_reply(),
        }
    }
}
