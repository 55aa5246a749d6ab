//! The mistake: a thread for each request reads the request from the variable of the loop
//! that started it, which holds the next request by then.
//!
//! In Python, a function in a loop looks its variables up when it runs, not when it is
//! made. Rust refuses to lend what the loop goes on to change; here a mutex lends it.

use std::{process::ExitCode, sync::Mutex, thread};

use faulty_servers::{converse, lock, serve_clients};
use proto::{Arguments, Reply};

static COMMAND: Mutex<Arguments> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            lock(&COMMAND).clone_from(arguments);
            thread::scope(|scope| {
                let work = || {
                    let reply = shared_state.carry_out(arguments);
                    shared_state.print(&lock(&COMMAND)); // whose command is it by now?
                    reply
                };
                let name = thread::current().name().unwrap_or("main").to_owned();
                let thread = thread::Builder::new().name(name);
                let reply = thread
                    .spawn_scoped(scope, work)
                    .map(|started| started.join());
                match reply {
                    Ok(Ok(reply)) => reply,
                    _ => Reply::error("ERR there is no thread for this request"),
                }
            })
        });
    })
}
