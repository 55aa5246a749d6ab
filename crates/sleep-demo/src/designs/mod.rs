//! `--designs`: the same questions asked of every design, now, and the answers in one
//! table.
//!
//! `question.rs` has the columns, and `subjects.rs` the servers. Most questions are
//! scenarios of `demos/designs/questions`, which `verdicts.rs` plays; `connections.rs`
//! and `memory.rs` measure the other two.

mod connections;
mod memory;
mod question;
mod subjects;
mod verdicts;

use std::{
    io::{self, Write},
    process::ExitCode,
    thread,
    time::SystemTime,
};

use launch::{Interrupt, raise_descriptors};
use timeline::{
    Style,
    designs::{self, Cell, Design, Question, Table, VERSION},
};

use self::{question::QUESTIONS, subjects::Subjects};
use crate::{
    error::Error,
    export,
    options::Options,
    play::PlayError,
    scenario::Folder,
    viewer::{print, show as show_lines},
};

/// The designs in the order of their rows: the program, and what it is called.
const DESIGNS: [(&str, &str); 5] = [
    ("single-server", "one thread"),
    ("threaded-server", "a thread each"),
    ("pool-server", "pool of 4"),
    ("event-server", "event loop"),
    ("redis-server", "Redis"),
];

/// Asks every design every question, shows the table and writes it where that is asked
/// for; the exit status is 1 if something expected did not hold.
///
/// # Errors
///
/// An [`Error`].
pub fn show(
    options: &Options,
    folder: &Folder,
    style: &Style,
) -> Result<ExitCode, Error> {
    export::check_places(options)?;
    raise_descriptors();
    let interrupt = Interrupt::catch()?;
    let table = ask(folder, &interrupt)?;
    if options.plain {
        let sentences = designs::sentences(&table).join("\n");
        print(&(sentences + "\n"))?;
    } else if !options.exports_to_stdout() {
        show_lines(&designs::lines(&table, style), style)?;
    }
    export::table(&table, options)?;
    Ok(ExitCode::from(u8::from(!table.is_as_expected())))
}

fn ask(folder: &Folder, interrupt: &Interrupt) -> Result<Table, Error> {
    let started = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
    let subjects = Subjects::of(&folder.path().join("designs/questions"));
    let mut designs = DESIGNS.map(|(server, title)| Design {
        server: server.to_owned(),
        title: title.to_owned(),
        cells: Vec::new(),
    });
    for (number, question) in QUESTIONS.iter().enumerate() {
        let (number, count) = (number + 1, QUESTIONS.len());
        writeln!(io::stderr(), "{number} of {count}: {}", question.title)?;
        let mut answers = question.ask(&subjects, interrupt)?;
        if let Some(signal) = interrupt.signal() {
            return Err(PlayError::Interrupted { signal }.into());
        }
        for design in &mut designs {
            let answer = answers.remove(&design.server);
            design.cells.push(answer.unwrap_or_else(|| Cell::Missing {
                why: "nobody answered".to_owned(),
            }));
        }
    }
    let titled = |question: &question::Question| Question {
        name: question.name.to_owned(),
        title: question.title.to_owned(),
        heading: question.heading.split(' ').map(str::to_owned).collect(),
    };
    Ok(Table {
        version: VERSION,
        program: concat!("sleep-demo ", env!("CARGO_PKG_VERSION")).to_owned(),
        started,
        cores: thread::available_parallelism().map_or(1, usize::from),
        questions: QUESTIONS.iter().map(titled).collect(),
        designs: designs.into(),
    })
}
