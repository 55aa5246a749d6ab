//! The mistake: the roster is read in one critical section and written in another.
//!
//! Two handlers read the same roster, each adds its student, and the one that writes last
//! has never seen the other's: that student is lost, although the server answered OK.

use std::process::ExitCode;

use faulty_servers::{converse, lock, serve_clients};
use proto::{Reply, Request};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::Register {
                name,
                student_id,
                github,
            }) => {
                let mut students = lock(shared_state.students()).clone();
                students.retain(|[_, id, _]| *id != student_id);
                students.push([name, student_id, github]);
                shared_state.print(arguments);
                *lock(shared_state.students()) = students;
                Reply::ok()
            }
            _ => shared_state.answer(arguments),
        });
    })
}
