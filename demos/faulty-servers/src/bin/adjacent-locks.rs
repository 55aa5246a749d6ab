//! The mistake: a counter is read under the lock, and written under the lock, one statement
//! after the other.
//!
//! Nothing stands between the two critical sections, so it looks as if it were one. Another
//! thread needs the lock for a moment only to read the same value.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::{Reply, Request};

fn main() -> ExitCode {
    serve_clients(|world, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::IncrBy { counter, amount }) => {
                let raised = world.value(&counter).saturating_add(amount);
                world.set_value(&counter, raised);
                Reply::Integer(raised)
            }
            _ => world.answer(arguments),
        });
    })
}
