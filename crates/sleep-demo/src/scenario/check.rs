//! What the types of a scenario file cannot hold: names that exist, requests that can be
//! typed.

use std::collections::HashSet;

use launch::Launch;
use timeline::record::is_one_of;
use toml::Spanned;

use super::{
    ClientSpec, ServerSpec, error::Fault, requests::OURS, wording::closest,
    written::Expect,
};

/// A name stands in charts, expectations and lists: no blanks, no dots.
pub(super) fn client_name(name: &Spanned<String>) -> Result<(), Fault> {
    let is_fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    if !name.get_ref().is_empty() && name.get_ref().chars().all(is_fine) {
        return Ok(());
    }
    let what = "expected a client's name of letters, digits, '-' and '_', \
                as in name = \"A\"";
    Err(Fault::new(name.span(), what))
}

/// A server's name may be a command, but nothing that a terminal would obey.
pub(super) fn server_name(name: &Spanned<String>) -> Result<(), Fault> {
    let text = name.get_ref();
    if !text.trim().is_empty() && proto::printable(text) == *text {
        return Ok(());
    }
    let what = "expected a server's name that can be printed, \
                as in name = \"my server\"";
    Err(Fault::new(name.span(), what))
}

/// Refuses a command that cannot be run, or that says `--listen`: the demo adds it.
pub(super) fn command(command: &Spanned<String>) -> Result<(), Fault> {
    let fault = |what: String| Err(Fault::new(command.span(), what));
    let words = match Launch::parse_command(command.get_ref()) {
        Ok(_) => command.get_ref().split_whitespace(),
        Err(error) => {
            return fault(format!("{error}; write command = \"threaded-server\""));
        }
    };
    if words
        .clone()
        .any(|word| word == "--listen" || word.starts_with("--listen="))
    {
        let what = "leave --listen out: the demo gives each server an address of its own";
        return fault(what.to_owned());
    }
    let program = words.clone().next().unwrap_or_default();
    match closest(program, OURS.into_iter()).filter(|ours| *ours != program) {
        Some(ours) if launch::find_program(program).is_none() => fault(format!(
            "no program is called '{program}'; write '{ours}', or the program's path"
        )),
        _ => Ok(()),
    }
}

/// A request can be typed on one line.
pub(super) fn request(request: &Spanned<String>) -> Result<(), Fault> {
    let what = match proto::split_line(request.get_ref().as_bytes()) {
        Ok(arguments) if arguments.is_empty() => {
            "expected a request, as in \"SLEEP 2s\"".to_owned()
        }
        Ok(_) if request.get_ref().contains(['\r', '\n']) => {
            "expected a request on one line".to_owned()
        }
        Ok(_) if is_one_of(request.get_ref(), &["TIMED"]) => {
            "leave TIMED out: the demo adds it to each request, if the server knows it"
                .to_owned()
        }
        Ok(_) => return Ok(()),
        Err(error) => format!("{error}; write both quotes, as in 'ECHO \"two words\"'"),
    };
    Err(Fault::new(request.span(), what))
}

/// The server that an expectation is about.
pub(super) fn server<'a>(
    name: &Spanned<String>,
    servers: &'a mut [ServerSpec],
) -> Result<&'a mut ServerSpec, Fault> {
    let known = servers.iter().map(|spec| spec.name.as_str());
    let fault = nobody("server", name, known);
    servers
        .iter_mut()
        .find(|spec| spec.name == *name.get_ref())
        .ok_or(fault)
}

/// The client whose reply is expected.
pub(super) fn client(
    name: &Spanned<String>,
    clients: &[ClientSpec],
) -> Result<(), Fault> {
    let mut known = clients.iter().map(|client| client.name.as_str());
    if known.clone().any(|one| one == name.get_ref()) {
        return Ok(());
    }
    Err(nobody("client", name, &mut known))
}

/// Refuses what no run can show.
pub(super) fn can_be(
    expect: &Expect,
    server: &Spanned<String>,
    clients: &[ClientSpec],
) -> Result<(), Fault> {
    let counts = |request: &String| is_one_of(request, &["INCR", "INCRBY"]);
    let mut requests = clients.iter().flat_map(|client| &client.requests);
    if expect.lost.is_some() && !requests.any(counts) {
        let what = "'lost' is about INCR and INCRBY, and no client sends one; remove it";
        return Err(Fault::new(server.span(), what));
    }
    if expect.in_service == Some(0) {
        let what = "'in_service' takes 1 or more; write in_service = 1";
        return Err(Fault::new(server.span(), what));
    }
    for (client, reply) in &expect.replies {
        let is_silent =
            |one: &ClientSpec| one.name == *client.get_ref() && one.requests.is_empty();
        let what = if clients.iter().any(is_silent) {
            "this client asks for nothing and gets no reply; remove it here".to_owned()
        } else if !reply.starts_with(['+', '-', ':', '$', '*']) {
            let reply = proto::printable(reply);
            format!("a reply begins with its type, as in \"+{reply}\" or \"${reply}\"")
        } else {
            continue;
        };
        return Err(Fault::new(client.span(), what));
    }
    Ok(())
}

/// The requests that these names stand for, in the order of the file: a request's own
/// name, or the name of a client or of a group for all requests of it.
pub(super) fn requests(
    names: &[Spanned<String>],
    clients: &[ClientSpec],
) -> Result<Vec<String>, Fault> {
    let mut found = HashSet::new();
    for name in names {
        let mut meant = clients
            .iter()
            .flat_map(|client| named(client, name.get_ref()))
            .peekable();
        if meant.peek().is_none() {
            // A client that asks nothing cannot be blocked.
            let asking = clients.iter().filter(|one| !one.requests.is_empty());
            let known = asking.map(|one| one.group.as_ref().unwrap_or(&one.name));
            let mut known: Vec<String> = known.cloned().collect();
            known.dedup();
            let client = name.get_ref().split('.').next();
            let client = clients.iter().find(|one| Some(one.name.as_str()) == client);
            let ids = client.into_iter().flat_map(ClientSpec::request_ids);
            known.extend(ids.filter(|id| Some(id) != client.map(|one| &one.name)));
            return Err(nobody("request", name, known.iter().map(String::as_str)));
        }
        found.extend(meant);
    }
    let all = clients.iter().flat_map(ClientSpec::request_ids);
    Ok(all.filter(|id| found.contains(id)).collect())
}

/// The requests of this client that the name stands for.
fn named(client: &ClientSpec, name: &str) -> Vec<String> {
    if client.name == name || client.group.as_deref() == Some(name) {
        return client.request_ids().collect();
    }
    let number = name
        .strip_prefix(client.name.as_str())
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|number| number.parse::<usize>().ok())
        .filter(|number| (1..=client.requests.len()).contains(number));
    match number {
        Some(number) if client.requests.len() > 1 => vec![client.request_id(number - 1)],
        _ => Vec::new(),
    }
}

fn nobody<'a>(
    what: &str,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
) -> Fault {
    const SHOWN: usize = 12;
    let known: Vec<&str> = known.collect();
    let meant = closest(name.get_ref(), known.iter().copied());
    let meant = meant.map_or_else(String::new, |one| format!("; did you mean '{one}'?"));
    let mut known: Vec<&str> = known.into_iter().take(SHOWN + 1).collect();
    if known.len() > SHOWN {
        known.truncate(SHOWN);
        known.push("…");
    }
    let text = format!(
        "no {what} is called '{}'; expected one of {}{meant}",
        proto::printable(name.get_ref()),
        known.join(", "),
    );
    Fault::new(name.span(), text)
}
