//! Requests that the kit's servers would refuse: probably a slip of the keyboard.

use std::ops::Range;

use proto::{Request, RequestError};
use timeline::Expectation;
use toml::Spanned;

use super::{ServerSpec, error::Fault, wording::closest};

/// The kit's servers, by the names of their programs.
pub(super) const OURS: [&str; 4] = [
    "single-server",
    "threaded-server",
    "pool-server",
    "event-server",
];

/// A request that the kit's servers answer with an error, or not at all.
pub(super) struct Refused {
    /// The name of its client, as it stands in the file.
    client: String,
    span: Range<usize>,
    what: String,
}

impl Refused {
    pub(super) fn new(client: &str, span: Range<usize>, what: String) -> Self {
        Self {
            client: client.to_owned(),
            span,
            what,
        }
    }
}

/// The request as the kit's servers read it, if they take it.
pub(super) fn parsed(request: &str) -> Option<Request> {
    let arguments = proto::split_line(request.as_bytes()).ok()?;
    Request::parse(&arguments).ok()
}

/// What the kit's servers would say against a request of `client`.
pub(super) fn refused(request: &Spanned<String>, client: &str) -> Option<Refused> {
    let arguments = proto::split_line(request.get_ref().as_bytes()).ok()?;
    let what = match Request::parse(&arguments) {
        Ok(Request::Sleep(time)) if time > proto::limits::SLEEP => {
            let time = humantime::format_duration(time);
            format!(
                "the kit's servers refuse a SLEEP of {time}, unless their --max-sleep \
                 says otherwise; a number alone is seconds"
            )
        }
        Ok(_) => return None,
        Err(RequestError::UnknownCommand(_)) => {
            let name = String::from_utf8_lossy(arguments.first()?);
            let meant = closest(&name, proto::command_names());
            let meant = meant.map_or_else(String::new, |meant| {
                format!("; did you mean {}?", meant.to_uppercase())
            });
            let several = name.ends_with([';', ',']);
            let name = proto::printable(&*name);
            let meant = if several { APART } else { &meant };
            format!("the kit's servers know no request '{name}'{meant}")
        }
        Err(error) => {
            let answer = proto::printable(error.to_string());
            let hint = hint(&error, &arguments);
            format!("the kit's servers will answer '-{answer}'{hint}")
        }
    };
    Some(Refused::new(client, request.span(), what))
}

const APART: &str = "; write one request in each pair of quotes: \"SLEEP 1s\", \"PING\"";

/// How a request is probably meant that has too many words.
fn hint(error: &RequestError, arguments: &[Vec<u8>]) -> String {
    let RequestError::WrongNumberOfArguments { command } = error else {
        return String::new();
    };
    match *command {
        "echo" | "ping" => {
            "; a text with blanks needs quotes: 'ECHO \"two words\"'".to_owned()
        }
        "sleep" => {
            let rest = arguments.get(1..).unwrap_or_default().concat();
            let time = String::from_utf8_lossy(&rest);
            let is_time = humantime::parse_duration(&time).is_ok();
            match is_time && rest.is_ascii() {
                true => format!("; write the time without a blank: \"SLEEP {time}\""),
                false => APART.to_owned(),
            }
        }
        _ => String::new(),
    }
}

/// The refused requests that deserve a warning: one of the kit's servers gets them, and
/// the scenario does not expect an error.
pub(super) fn warnings(refused: Vec<Refused>, servers: &[ServerSpec]) -> Vec<Fault> {
    let program = |server: &ServerSpec| {
        let words = server.command.split_whitespace();
        words
            .clone()
            .next()
            .is_some_and(|word| OURS.contains(&word))
    };
    if !servers.iter().any(program) {
        return Vec::new();
    }
    let expectations: Vec<&Expectation> = servers
        .iter()
        .filter_map(|server| server.expect.as_ref())
        .collect();
    let is_expected = |one: &Refused| {
        expectations
            .iter()
            .any(|expect| expects_error(expect, &one.client))
    };
    refused
        .into_iter()
        .filter(|one| !is_expected(one))
        .map(|one| Fault::new(one.span, one.what))
        .collect()
}

fn expects_error(expect: &Expectation, client: &str) -> bool {
    let is_of_client = |id: &String| {
        id.strip_prefix(client)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    let fails = expect.failed.iter().flatten().any(is_of_client);
    fails
        || expect
            .replies
            .iter()
            .any(|(name, reply)| is_of_client(name) && reply.starts_with('-'))
}
