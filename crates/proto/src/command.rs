//! The table of commands: what each is called, how many arguments it takes, how they are
//! read.

use std::mem;

use crate::{
    Arguments, Request, RequestError, Version, duration::parse_duration,
    integer::parse_integer, limits,
};

struct Command {
    name: &'static str,
    /// How many arguments follow the name, at least and at most.
    arity: (usize, usize),
    timed: bool,
    read: fn(Arguments) -> Result<Request, RequestError>,
}

const ANY: usize = usize::MAX;

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    Command { name: "ping",     arity: (0, 1),   timed: true,  read: ping },
    Command { name: "echo",     arity: (1, 1),   timed: true,  read: echo },
    Command { name: "sleep",    arity: (1, 1),   timed: true,  read: sleep },
    Command { name: "primes",   arity: (1, 1),   timed: true,  read: primes },
    Command { name: "run",      arity: (1, ANY), timed: true,  read: run },
    Command { name: "meet",     arity: (1, 1),   timed: true,  read: meet },
    Command { name: "say",      arity: (1, ANY), timed: true,  read: say },
    Command { name: "register", arity: (3, 3),   timed: true,  read: register },
    Command { name: "roster",   arity: (0, 0),   timed: true,  read: roster },
    Command { name: "incr",     arity: (1, 1),   timed: true,  read: incr },
    Command { name: "incrby",   arity: (2, 2),   timed: true,  read: incr },
    Command { name: "get",      arity: (1, 1),   timed: true,  read: get },
    Command { name: "timed",    arity: (1, ANY), timed: false, read: timed },
    Command { name: "hello",    arity: (0, ANY), timed: false, read: hello },
    Command { name: "quit",     arity: (0, ANY), timed: false, read: quit },
];

/// The names of all commands, in lower case.
pub fn command_names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}

pub(crate) fn parse(mut arguments: Arguments) -> Result<Request, RequestError> {
    let Some(command) = find(&arguments) else {
        return Err(RequestError::UnknownCommand(arguments));
    };
    arguments.remove(0);
    let values = arguments;
    let (least, most) = command.arity;
    if values.len() < least || values.len() > most {
        return Err(RequestError::WrongNumberOfArguments {
            command: command.name,
        });
    }
    (command.read)(values)
}

/// The command that the first of the arguments names.
fn find(arguments: &[Vec<u8>]) -> Option<&'static Command> {
    let name = arguments.first()?;
    COMMANDS
        .iter()
        .find(|command| name.eq_ignore_ascii_case(command.name.as_bytes()))
}

/// Takes the value at `index`, whose presence the command's arity has proven.
fn value(values: &mut [Vec<u8>], index: usize) -> Vec<u8> {
    values.get_mut(index).map(mem::take).unwrap_or_default()
}

fn ping(mut values: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Ping(values.pop()))
}

fn echo(mut values: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Echo(value(&mut values, 0)))
}

fn sleep(mut values: Arguments) -> Result<Request, RequestError> {
    let text = value(&mut values, 0);
    let duration = str::from_utf8(&text).ok().and_then(parse_duration);
    duration
        .map(Request::Sleep)
        .ok_or(RequestError::InvalidDuration(text))
}

fn primes(mut values: Arguments) -> Result<Request, RequestError> {
    number("PRIMES", value(&mut values, 0), 0, limits::PRIMES).map(Request::Primes)
}

fn run(mut values: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Run {
        program: values.remove(0),
        arguments: values,
    })
}

fn meet(mut values: Arguments) -> Result<Request, RequestError> {
    let clients = number("MEET", value(&mut values, 0), 1, limits::MEET as u64)?;
    Ok(Request::Meet(
        usize::try_from(clients).unwrap_or(limits::MEET),
    ))
}

fn say(values: Arguments) -> Result<Request, RequestError> {
    let mut words = values.into_iter();
    let mut text = words.next().unwrap_or_default();
    for word in words {
        text.push(b' ');
        text.extend_from_slice(&word);
    }
    Ok(Request::Say(text))
}

fn register(mut values: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Register {
        name: value(&mut values, 0),
        student_id: value(&mut values, 1),
        github: value(&mut values, 2),
    })
}

fn incr(mut values: Arguments) -> Result<Request, RequestError> {
    let amount = match values.get(1) {
        Some(text) => parse_integer(text).ok_or(RequestError::NotAnInteger)?,
        None => 1,
    };
    Ok(Request::IncrBy {
        counter: value(&mut values, 0),
        amount,
    })
}

fn roster(_: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Roster)
}

fn quit(_: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Quit)
}

fn get(mut values: Arguments) -> Result<Request, RequestError> {
    Ok(Request::Get(value(&mut values, 0)))
}

fn timed(values: Arguments) -> Result<Request, RequestError> {
    let request = match find(&values) {
        Some(Command {
            timed: false, name, ..
        }) => Err(RequestError::NotTimed { command: name }),
        _ => parse(values),
    };
    Ok(Request::Timed(Box::new(request)))
}

fn hello(mut values: Arguments) -> Result<Request, RequestError> {
    let version = match values.first().map(|text| parse_integer(text)) {
        None => None,
        Some(Some(2)) => Some(Version::Resp2),
        Some(Some(3)) => Some(Version::Resp3),
        Some(Some(_)) => return Err(RequestError::UnsupportedVersion),
        Some(None) => return Err(RequestError::VersionNotAnInteger),
    };
    if values.len() > 1 {
        return Err(RequestError::HelloOption(value(&mut values, 1)));
    }
    Ok(Request::Hello(version))
}

fn number(
    command: &str,
    text: Vec<u8>,
    least: u64,
    most: u64,
) -> Result<u64, RequestError> {
    let number = parse_integer(&text).and_then(|number| u64::try_from(number).ok());
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            let accepted = format!("{command} takes {least} to {most}");
            RequestError::InvalidNumber { text, accepted }
        })
}
