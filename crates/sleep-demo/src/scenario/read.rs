//! From the file as it is written to a [`Scenario`]: everything is checked, and unfolded.

use std::{collections::BTreeMap, path::PathBuf};

use timeline::{Expectation, Lesson, Places};
use toml::Spanned;

use super::{
    ClientSpec, Scenario, ServerSpec, check,
    clients::Clients,
    error::Fault,
    requests, wording,
    written::{Expect, File, Server},
};

/// A scenario, and what in its file looks like a slip, but can be played.
pub(super) type Read = (Scenario, Vec<Fault>);

pub(super) fn read(name: &str, text: &str) -> Result<Read, Fault> {
    let file: File =
        toml::from_str(text).map_err(|error| wording::fault(text, &error))?;
    let mut servers = read_servers(file.servers)?;
    let mut clients = Clients::default();
    let clients_span = file.clients.span();
    for client in file.clients.into_inner() {
        clients.add(client)?;
    }
    let (specs, refused) = clients.finish();
    if specs.is_empty() {
        let what = "expected at least one client; write [[client]] and its keys below";
        return Err(Fault::new(clients_span, what));
    }
    for (server, expect) in file.expect {
        check::can_be(&expect, &server, &specs)?;
        let expectation = expectation(expect, &specs)?;
        check::server(&server, &mut servers)?.expect = Some(expectation);
    }
    let lesson = Lesson {
        name: name.to_owned(),
        title: in_one_line(&file.title),
        lesson: in_one_line(&file.lesson),
        minutes: file.minutes,
        question: in_one_line(&file.question),
        answer: in_one_line(&file.answer),
        mistake: in_one_line(&file.mistake),
    };
    let warnings = requests::warnings(refused, &servers);
    let scenario = Scenario {
        lesson,
        isolate: file.isolate,
        says_where: file.says_where,
        servers,
        clients: specs,
        folder: PathBuf::new(),
        warnings: Vec::new(),
    };
    Ok((scenario, warnings))
}

/// A text for a chart: blanks for line ends, and nothing that a terminal would obey.
fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    proto::printable(words.join(" "))
}

fn read_servers(written: Vec<Server>) -> Result<Vec<ServerSpec>, Fault> {
    if written.is_empty() {
        return Ok(ServerSpec::defaults());
    }
    let mut servers: Vec<ServerSpec> = Vec::new();
    for server in written {
        check::command(&server.command)?;
        let name = server.name.unwrap_or_else(|| server.command.clone());
        check::server_name(&name)?;
        if servers.iter().any(|other| other.name == *name.get_ref()) {
            return Err(given_twice("server", name.get_ref(), &name));
        }
        if *server.places.get_ref() == Places::Limited(0) {
            let what = "expected places of 1 or more, \"threads\" or \"event-loop\"";
            return Err(Fault::new(server.places.span(), what));
        }
        servers.push(ServerSpec {
            name: name.into_inner(),
            command: server.command.into_inner(),
            about: server.about.as_deref().map(in_one_line).unwrap_or_default(),
            places: server.places.into_inner(),
            needs: server.needs,
            expect: None,
        });
    }
    Ok(servers)
}

/// `name` is what is given twice, `at` is where.
pub(super) fn given_twice(what: &str, name: &str, at: &Spanned<String>) -> Fault {
    let text = format!("the {what} '{name}' is given twice; expected a name of its own");
    Fault::new(at.span(), text)
}

fn expectation(written: Expect, clients: &[ClientSpec]) -> Result<Expectation, Fault> {
    let lists = |names: Option<Vec<Spanned<String>>>| {
        names
            .map(|names| check::requests(&names, clients))
            .transpose()
    };
    let mut replies = BTreeMap::new();
    for (client, reply) in written.replies {
        check::client(&client, clients)?;
        replies.insert(client.into_inner(), reply);
    }
    Ok(Expectation {
        blocked: lists(written.blocked)?,
        in_service: written.in_service,
        replies,
        lost: written.lost,
        failed: lists(written.failed)?,
    })
}
