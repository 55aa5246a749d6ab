//! REGISTER and ROSTER: who takes part.

use std::{net::SocketAddr, sync::Arc};

use proto::{Reply, Rows};

use super::Outcome;
use crate::{
    printable,
    roster::{MOST, NotRegistered, Student},
    shared::Shared,
    thread_name::thread_name,
    throttle::Cause,
};

/// Characters of a name, a student id or a GitHub name.
const LONGEST: usize = 200;

pub(super) fn register(
    shared: &Shared,
    peer: SocketAddr,
    fields: &[Vec<u8>; 3],
) -> Outcome {
    let [name, student_id, github] = fields.each_ref().map(|field| text(field));
    let (Some(name), Some(student_id), Some(github)) = (name, student_id, github) else {
        let refusal = format!(
            "ERR name, student id and GitHub name are text of 1 to {LONGEST} \
             characters each"
        );
        return Reply::error(refusal).into();
    };
    let lines = format!(
        "{} {peer} registers\n  name        {}\n  student id  {}\n  GitHub      {}",
        thread_name(),
        printable::text(name.as_bytes()),
        printable::text(student_id.as_bytes()),
        printable::text(github.as_bytes()),
    );
    match shared.roster.register(Student {
        name,
        student_id,
        github,
    }) {
        Ok(()) => Outcome {
            printed: Some(lines),
            ..Reply::ok().into()
        },
        Err(NotRegistered::Full) => Reply::error(format!(
            "ERR the roster has {MOST} students and takes no more"
        ))
        .into(),
        Err(NotRegistered::NotSaved(error)) => {
            let text = format_args!("cannot save the roster: {error}");
            shared.console.warn_of(Cause::Roster, text);
            Reply::error("ERR the roster cannot be saved: tell the instructor").into()
        }
    }
}

pub(super) fn roster(shared: &Shared) -> Outcome {
    let roster = Arc::clone(&shared.roster);
    let row = |student: Student| {
        let fields = [student.name, student.student_id, student.github];
        Reply::Array(fields.map(|field| Reply::Bulk(field.into_bytes())).to_vec())
    };
    let page = move |places| roster.students(places).into_iter().map(row).collect();
    Reply::Rows(Rows::new(shared.roster.len(), page)).into()
}

fn text(field: &[u8]) -> Option<String> {
    let text = str::from_utf8(field).ok()?.trim();
    (1..=LONGEST)
        .contains(&text.chars().count())
        .then(|| text.to_owned())
}
