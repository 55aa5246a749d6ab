//! One submission, built and judged as `grader` judges a program: for scripts and
//! platforms.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    path::Path,
    process::ExitCode,
};

use launch::{Interrupt, Launch};
use serde_json::Value;

use crate::{
    building::{self, Built},
    confinement::Confinement,
    error::Error,
    files,
    judging::program,
    limited::{self, Ended},
    options::Options,
    place::Place,
    platform,
    run_folders::RunFolders,
    started::Started,
    submission::{Content, Submission},
};

const NO_SERVER: u8 = 4;
const INCONCLUSIVE: u8 = 3;

/// Judges the submission in `folder`; a report is written only if the grader finished.
/// The status is the grader's; 4 for what does not build.
pub(crate) fn judge(
    folder: &Path,
    options: &Options,
    confinement: Confinement,
    interrupt: &Interrupt,
) -> Result<ExitCode, Error> {
    let run = RunFolders::begin().map_err(Error::at(folder))?;
    let (seen, own) = run.place("one").map_err(Error::at(folder))?;
    let (started, missing) = match prepare(folder, &seen, confinement, interrupt)? {
        Ok(started) => (started, None),
        // The grader says of it that it is none, in the format that is asked for.
        Err(why) => (Started::built(&seen.join("server")), Some(why)),
    };
    if let Some(why) = &missing {
        eprintln!("grade-class: no server to judge: {why}");
        if options.output.is_none() {
            return Ok(ExitCode::from(NO_SERVER));
        }
    }
    let report = own.join("report");
    let confined = confinement.for_grader(&seen);
    let grader = grader(folder, options, confinement, &report)
        .args(confined)
        .args(options.for_grader())
        .arg("--")
        .args(&started.command);
    let (status, text) = run_within_its_limit(grader, options, interrupt)?;
    let known = folder.to_string_lossy();
    let public = |text: &str| started.in_their_words(text, &known);
    if missing.is_none() {
        print!("{}", public(&text));
        println!("confined by: {confinement}");
    }
    let Some(code @ (0 | 1 | 3 | 4)) = status else {
        eprintln!("grade-class: the grader did not come to its end: grade it again");
        return Ok(ExitCode::from(INCONCLUSIVE));
    };
    let text = fs::read_to_string(&report).map_err(Error::at(&report))?;
    if !hand_out(&public(&text), missing.as_deref(), options, confinement)? {
        return Ok(ExitCode::from(INCONCLUSIVE));
    }
    let code = match missing {
        Some(_) => NO_SERVER,
        None => u8::try_from(code).unwrap_or(INCONCLUSIVE),
    };
    Ok(ExitCode::from(code))
}

/// The grader, with where its report goes.
fn grader(
    folder: &Path,
    options: &Options,
    confinement: Confinement,
    report: &Path,
) -> Launch {
    Launch::new(program("grader"))
        .args(["--format", format_of(options), "--output"])
        .arg(report)
        .args(["--repeat", &repeat(folder, options, confinement)])
}

/// The grader's status, if it came to its end in time, and what it printed.
fn run_within_its_limit(
    grader: Launch,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<(Option<i32>, String), Error> {
    let ended = limited::run(grader, options.limit(), interrupt);
    match ended.map_err(|error| Error::Environment(error.to_string()))? {
        Ended::Interrupted => Err(interrupted(interrupt)),
        Ended::Late(text) => Ok((None, text)),
        Ended::Itself(status, text) => Ok((status.code(), text)),
    }
}

fn format_of(options: &Options) -> &str {
    options.format.as_deref().unwrap_or("text")
}

/// Writes the report to where it is asked for; `false` if a platform must not get it,
/// because a check came to no end.
fn hand_out(
    report: &str,
    missing: Option<&str>,
    options: &Options,
    confinement: Confinement,
) -> Result<bool, Error> {
    let (text, is_open) = match format_of(options) {
        "gradescope" => platform::with_a_heading(report, missing, confinement)
            .ok_or_else(|| {
                Error::Environment("the grader's report is none".to_owned())
            })?,
        _ => (report.to_owned(), false),
    };
    if is_open {
        return Ok(false);
    }
    if let Some(output) = &options.output {
        files::replace(output, &text).map_err(Error::at(output))?;
    }
    Ok(true)
}

/// Brings the submission's server to the folder `seen`; or says why there is none.
fn prepare(
    folder: &Path,
    seen: &Path,
    confinement: Confinement,
    interrupt: &Interrupt,
) -> Result<Result<Started, String>, Error> {
    match Submission::at(folder).content() {
        Content::Refused(why) | Content::Nothing(why) => Ok(Err(why)),
        Content::Program(name) => Started::program(folder, &name, seen)
            .map(Ok)
            .map_err(Error::at(folder)),
        Content::Script(name) => Started::script(folder, &name, seen)
            .map(Ok)
            .map_err(Error::at(folder)),
        Content::Package => {
            let place =
                Place::take(confinement, interrupt).map_err(Error::Environment)?;
            match building::build(folder, &place, interrupt)
                .map_err(Error::Environment)?
            {
                Built::Not(text) => Ok(Err(format!("it does not build\n{text}"))),
                Built::Interrupted => Err(interrupted(interrupt)),
                Built::Server(built) => {
                    let server = seen.join("server");
                    building::install(&built, &server).map_err(Error::at(&built))?;
                    Ok(Ok(Started::built(&server)))
                }
            }
        }
    }
}

fn interrupted(interrupt: &Interrupt) -> Error {
    Error::Interrupted(interrupt.signal().unwrap_or_default())
}

/// The command that shows a failed check again.
pub(crate) fn repeat(
    folder: &Path,
    options: &Options,
    confinement: Confinement,
) -> String {
    let mut words = vec![
        "scripts/grade.sh".to_owned(),
        quoted(&folder.to_string_lossy()),
    ];
    words.push(format!("--expect {}", options.expect));
    words.extend(
        options
            .commands
            .iter()
            .map(|names| format!("--commands {names}")),
    );
    if let Some(time) = &options.races {
        words.push(format!("--races {}", quoted(&time.to_string())));
    }
    if let Some(file) = &options.weights {
        words.push(format!("--weights {}", quoted(&file.to_string_lossy())));
    }
    if confinement != Confinement::None {
        words.push(format!("--confine {confinement}"));
    }
    words.push("--only CHECK".to_owned());
    words.join(" ")
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+,@".contains(letter);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A report that names the submission and not the place where it ran.
pub(crate) fn renamed(report: Value, public: &impl Fn(&str) -> String) -> Value {
    match report {
        Value::String(text) => Value::String(public(&text)),
        Value::Array(items) => {
            let items = items.into_iter();
            items.map(|item| renamed(item, public)).collect()
        }
        Value::Object(fields) => {
            let fields = fields.into_iter();
            fields
                .map(|(name, field)| (name, renamed(field, public)))
                .collect()
        }
        other => other,
    }
}

/// A name that nobody guesses.
pub(crate) fn secret() -> String {
    let word = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", word(), word())
}
