//! Puts a student on the server's roster.

use std::io;

use client::{Reply, options::Options};

use crate::{connecting::open, dialog, failure::Failure, print};

/// Asks for what the flags leave open, and registers.
pub(crate) fn run(options: &Options) -> Result<u8, Failure> {
    let student = &options.student;
    let name = known_or_asked(&student.name, "name")?;
    let id = known_or_asked(&student.student_id, "student id")?;
    let github = known_or_asked(&student.github, "GitHub user name")?;

    let mut connection = open(options)?;
    let reply = connection.request(&["REGISTER", &name, &id, &github])?;
    if matches!(reply, Reply::Simple(_)) {
        dialog::show(&format!("registered {name} ({id}, {github})\n"))?;
        return Ok(0);
    }
    print::reply(&[], &reply, &mut io::stdout(), &mut io::stderr())
        .map_err(Failure::Output)
}

fn known_or_asked(known: &Option<String>, what: &'static str) -> Result<String, Failure> {
    if let Some(known) = known {
        return Ok(known.clone());
    }
    let accept = |answer: &str| match answer {
        "" => Err("it must not be empty"),
        answer => Ok(answer.to_owned()),
    };
    dialog::ask(&format!("{what}?"), accept)?.ok_or(Failure::NoAnswer(what))
}
