//! The mistake: a counter is read under the lock, and written under the lock, one
//! statement after the other.
//!
//! Nothing stands between the two critical sections, so it looks as if it were one.
//! Another thread needs the lock for a moment only to read the same value.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::{Reply, Request};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::IncrBy { counter, amount }) => {
                let raised = shared_state.value(&counter).saturating_add(amount);
                shared_state.set_value(&counter, raised);
                Reply::Integer(raised)
            }
            _ => shared_state.answer(arguments),
        });
    })
}
