//! The mistake: a student is printed in three lines, and no lock keeps the three
//! together.
//!
//! Each `println!` locks standard output for itself: where two students register at once,
//! nobody can say which id is whose.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::Request;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::Register {
                name,
                student_id,
                github,
            }) => {
                println!("name        {}", name.escape_ascii());
                println!("student id  {}", student_id.escape_ascii());
                println!("GitHub      {}", github.escape_ascii());
                shared_state.carry_out(arguments)
            }
            _ => shared_state.answer(arguments),
        });
    })
}
