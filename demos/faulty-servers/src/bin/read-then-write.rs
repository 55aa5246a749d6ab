//! The mistake: a counter is read in one critical section and written in another.
//!
//! Each access is locked, so there is no data race, and Rust accepts it. Between the two
//! another thread reads the same value, and one of the two updates is lost.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::{Reply, Request};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::IncrBy { counter, amount }) => {
                let raised = shared_state.value(&counter).saturating_add(amount);
                shared_state.print(arguments);
                shared_state.set_value(&counter, raised);
                Reply::Integer(raised)
            }
            _ => shared_state.answer(arguments),
        });
    })
}
