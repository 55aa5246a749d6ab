//! The mistake: a counter is read in one critical section and written in another.
//!
//! Each access is locked, so there is no data race, and Rust accepts it. Between the two
//! another thread reads the same value, and one of the two updates is lost.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::{Reply, Request};

fn main() -> ExitCode {
    serve_clients(|world, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::IncrBy { counter, amount }) => {
                let raised = world.value(&counter).saturating_add(amount);
                world.print(arguments);
                world.set_value(&counter, raised);
                Reply::Integer(raised)
            }
            _ => world.answer(arguments),
        });
    })
}
