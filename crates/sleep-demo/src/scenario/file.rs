//! The scenario file as it is written, and how it becomes a [`Scenario`].

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use timeline::{Expectation, Lesson, Places};
use toml::Spanned;

use super::{ClientSpec, Scenario, ServerSpec, check, error::Fault};

/// More clients than that are a mistake in a scenario.
const MOST_CLIENTS: usize = 10_000;

/// More requests than that of one client are a mistake, too.
const MOST_REQUESTS: usize = 100_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    lesson: String,
    minutes: u32,
    question: String,
    answer: String,
    mistake: String,
    #[serde(default)]
    isolate: bool,
    #[serde(default, rename = "server")]
    servers: Vec<Server>,
    #[serde(rename = "client")]
    clients: Spanned<Vec<Client>>,
    #[serde(default)]
    expect: BTreeMap<Spanned<String>, Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    name: Option<Spanned<String>>,
    command: Spanned<String>,
    places: Spanned<Places>,
    about: Option<String>,
    needs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    name: Spanned<String>,
    at: Spanned<String>,
    #[serde(default)]
    requests: Vec<Spanned<String>>,
    count: Option<Spanned<usize>>,
    times: Option<Spanned<usize>>,
    #[serde(default)]
    pipeline: bool,
    pause: Option<Spanned<String>>,
    hold: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    pub(super) blocked: Option<Vec<Spanned<String>>>,
    in_service: Option<usize>,
    #[serde(default)]
    pub(super) replies: BTreeMap<Spanned<String>, String>,
    lost: Option<bool>,
    pub(super) failed: Option<Vec<Spanned<String>>>,
}

pub(super) fn read(name: &str, text: &str) -> Result<Scenario, Fault> {
    let file: File = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(text.len()..text.len());
        Fault::new(span, error.message().trim_end().replace('\n', ", "))
    })?;
    let mut clients = Vec::new();
    let clients_span = file.clients.span();
    for client in file.clients.into_inner() {
        clients.extend(read_client(client, &clients)?);
        if clients.len() > MOST_CLIENTS {
            let what = format!("expected at most {MOST_CLIENTS} clients in all");
            return Err(Fault::new(clients_span, what));
        }
    }
    if clients.is_empty() {
        return Err(Fault::new(clients_span, "expected at least one client"));
    }
    let mut servers = read_servers(file.servers)?;
    for (server, expect) in file.expect {
        check::expectation(&server, &expect, &servers, &clients)?;
        let found = servers
            .iter_mut()
            .find(|spec| spec.name == *server.get_ref());
        if let Some(spec) = found {
            spec.expect = Some(expectation(expect));
        }
    }
    Ok(Scenario {
        lesson: Lesson {
            name: name.to_owned(),
            title: file.title,
            lesson: file.lesson,
            minutes: file.minutes,
            question: file.question,
            answer: file.answer,
            mistake: file.mistake,
        },
        isolate: file.isolate,
        servers,
        clients,
    })
}

fn read_servers(written: Vec<Server>) -> Result<Vec<ServerSpec>, Fault> {
    if written.is_empty() {
        return Ok(ServerSpec::defaults());
    }
    let mut servers: Vec<ServerSpec> = Vec::new();
    for server in written {
        let name = server.name.unwrap_or_else(|| server.command.clone());
        if servers.iter().any(|other| other.name == *name.get_ref()) {
            return Err(given_twice("server", &name));
        }
        if *server.places.get_ref() == Places::Limited(0) {
            let what = "expected places of 1 or more, or \"threads\"";
            return Err(Fault::new(server.places.span(), what));
        }
        servers.push(ServerSpec {
            name: name.into_inner(),
            command: server.command.into_inner(),
            about: server.about.unwrap_or_default(),
            places: server.places.into_inner(),
            needs: server.needs,
            expect: None,
        });
    }
    Ok(servers)
}

fn read_client(client: Client, before: &[ClientSpec]) -> Result<Vec<ClientSpec>, Fault> {
    let name = &client.name;
    check::client_name(name)?;
    let is_taken = |other: &ClientSpec| {
        other.name == *name.get_ref() || other.group.as_ref() == Some(name.get_ref())
    };
    if before.iter().any(is_taken) {
        return Err(given_twice("client", name));
    }
    for request in &client.requests {
        check::request(request)?;
    }
    let count = at_least_one(client.count.as_ref(), MOST_CLIENTS)?;
    let times = at_least_one(client.times.as_ref(), MOST_REQUESTS)?;
    let once: Vec<String> = client
        .requests
        .into_iter()
        .map(Spanned::into_inner)
        .collect();
    let spec = ClientSpec {
        name: name.get_ref().clone(),
        group: client.count.is_some().then(|| name.get_ref().clone()),
        at: duration(&client.at)?,
        requests: vec![once; times].concat(),
        pipeline: client.pipeline,
        pause: client.pause.as_ref().map_or(Ok(Duration::ZERO), duration)?,
        hold: client.hold.as_ref().map_or(Ok(Duration::ZERO), duration)?,
    };
    if spec.group.is_none() {
        return Ok(vec![spec]);
    }
    let numbered = |number| ClientSpec {
        name: format!("{}-{number}", spec.name),
        ..spec.clone()
    };
    Ok((1..=count).map(numbered).collect())
}

fn at_least_one(number: Option<&Spanned<usize>>, most: usize) -> Result<usize, Fault> {
    match number {
        None => Ok(1),
        Some(number) if (1..=most).contains(number.get_ref()) => Ok(*number.get_ref()),
        Some(number) => Err(Fault::new(number.span(), format!("expected 1 to {most}"))),
    }
}

fn duration(text: &Spanned<String>) -> Result<Duration, Fault> {
    humantime::parse_duration(text.get_ref()).map_err(|error| {
        let text_itself = text.get_ref();
        let what = format!(
            "no duration: '{text_itself}' ({error}); expected one as in 500ms, 2s or 1m"
        );
        Fault::new(text.span(), what)
    })
}

fn given_twice(what: &str, name: &Spanned<String>) -> Fault {
    let text = format!(
        "the {what} '{}' is given twice; expected a name of its own",
        name.get_ref()
    );
    Fault::new(name.span(), text)
}

fn expectation(written: Expect) -> Expectation {
    let names = |list: Vec<Spanned<String>>| -> Vec<String> {
        list.into_iter().map(Spanned::into_inner).collect()
    };
    Expectation {
        blocked: written.blocked.map(names),
        in_service: written.in_service,
        replies: written
            .replies
            .into_iter()
            .map(|(client, reply)| (client.into_inner(), reply))
            .collect(),
        lost: written.lost,
        failed: written.failed.map(names),
    }
}
