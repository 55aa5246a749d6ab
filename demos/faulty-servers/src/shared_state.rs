//! What the requests do, and the state that they share, without a mistake.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use proto::{Arguments, Reply, Request};

use crate::{meeting::Meetings, running};

/// The state that all clients share.
#[derive(Debug, Default)]
pub struct SharedState {
    counters: Mutex<HashMap<Vec<u8>, i64>>,
    meetings: Meetings,
    roster: Mutex<Vec<Student>>,
}

/// Name, student id and GitHub name.
pub type Student = [Vec<u8>; 3];

/// Locks, whether or not a thread that held the lock has panicked.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SharedState {
    /// Prints a request as one line, does it, and says what to reply.
    pub fn answer(&self, arguments: &Arguments) -> Reply {
        self.print(arguments);
        self.carry_out(arguments)
    }

    /// Prints a request as one line.
    pub fn print(&self, arguments: &Arguments) {
        let thread = thread::current();
        let words = arguments.join(&b' ');
        println!(
            "{} {}",
            thread.name().unwrap_or("main"),
            words.escape_ascii()
        );
    }

    /// Does a request, and says what to reply.
    pub fn carry_out(&self, arguments: &Arguments) -> Reply {
        match Request::parse(arguments) {
            Ok(request) => self.reply(request),
            Err(error) => error.to_reply(),
        }
    }

    /// A counter's value; 0 until it is set.
    pub fn value(&self, counter: &[u8]) -> i64 {
        lock(&self.counters).get(counter).copied().unwrap_or(0)
    }

    /// Sets a counter.
    pub fn set_value(&self, counter: &[u8], value: i64) {
        lock(&self.counters).insert(counter.to_vec(), value);
    }

    fn reply(&self, request: Request) -> Reply {
        match request {
            Request::Ping(None) => Reply::Simple(b"PONG".to_vec()),
            Request::Ping(Some(text)) | Request::Echo(text) => Reply::Bulk(text),
            Request::Sleep(duration) => {
                thread::sleep(duration.min(proto::limits::SLEEP));
                Reply::ok()
            }
            Request::Run { program, arguments } => running::run(&program, &arguments),
            Request::Meet(clients) => self.meetings.join(clients),
            Request::IncrBy { counter, amount } => self.raise(counter, amount),
            Request::Get(counter) => Reply::Integer(self.value(&counter)),
            Request::Timed(request) => self.timed(*request),
            Request::Say(text) => say(&text),
            Request::Register {
                name,
                student_id,
                github,
            } => self.register([name, student_id, github]),
            Request::Roster => self.roster(),
            _ => Reply::error("ERR this server does not know that"),
        }
    }

    fn raise(&self, counter: Vec<u8>, amount: i64) -> Reply {
        let mut counters = lock(&self.counters);
        let value = counters.entry(counter).or_default();
        match value.checked_add(amount) {
            Some(raised) => {
                *value = raised;
                Reply::Integer(raised)
            }
            None => Reply::error("ERR increment or decrement would overflow"),
        }
    }

    fn register(&self, student: Student) -> Reply {
        let mut students = lock(&self.roster);
        students.retain(|[_, id, _]| *id != student[1]);
        students.push(student);
        Reply::ok()
    }

    fn roster(&self) -> Reply {
        let students = lock(&self.roster).clone().into_iter();
        let row = |student: Student| Reply::Array(student.map(Reply::Bulk).to_vec());
        Reply::Array(students.map(row).collect())
    }

    /// The students who are on the roster, and the lock that it is behind.
    pub fn students(&self) -> &Mutex<Vec<Student>> {
        &self.roster
    }

    fn timed(&self, request: Result<Request, proto::RequestError>) -> Reply {
        let start = Instant::now();
        let reply = match request {
            Ok(request) => self.reply(request),
            Err(error) => error.to_reply(),
        };
        let micros = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
        let thread = thread::current();
        let name = Reply::text(thread.name().unwrap_or("main"));
        Reply::Array(vec![Reply::Integer(micros), name, reply])
    }
}

/// The answer names its message, so that one sees whose it is.
fn say(message: &[u8]) -> Reply {
    Reply::Bulk([b"The answer to: ", message].concat())
}
