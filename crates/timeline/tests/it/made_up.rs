//! Records over made-up times: what a run would have written down had it followed the
//! queue model to the microsecond.

use std::{path::Path, time::Duration};

use sleep_demo::{queue_model::predict, scenario::Scenario};
use timeline::{
    Places,
    record::{Connection, Modelled, Record, Request, Run, ServerRun, VERSION},
};

/// What every scenario says before its clients.
pub(crate) const HEAD: &str =
    "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n";

/// The scenario that the README shows.
pub(crate) const HEAD_OF_LINE: &str = "
client = [
    { name = 'A', at = '0s',    requests = ['SLEEP 2s'] },
    { name = 'B', at = '200ms', requests = ['RUN date'] },
    { name = 'C', at = '400ms', requests = ['RUN date'] },
    { name = 'D', at = '600ms', requests = ['SLEEP 500ms'] },
]";

/// A scenario of these clients.
pub(crate) fn scenario(clients: &str) -> Scenario {
    let text = format!("{HEAD}{clients}");
    Scenario::parse(Path::new("made-up.toml"), &text).unwrap()
}

/// `SLEEP n` and `PRIMES n` take n, everything else takes a millisecond.
pub(crate) fn service(request: &str) -> Duration {
    let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
    match name {
        "SLEEP" | "PRIMES" => humantime::parse_duration(rest).unwrap(),
        _ => Duration::from_millis(1),
    }
}

/// A run of every server of the scenario that went as the model says.
pub(crate) fn run(scenario: &Scenario) -> Run {
    let servers = scenario.servers.iter().map(|spec| ServerRun {
        expect: spec.expect.clone(),
        ..server(scenario, &spec.name, spec.places)
    });
    Run {
        servers: servers.collect(),
        ..Run::default()
    }
}

/// A record of one run that went as the model says.
pub(crate) fn record(clients: &str) -> Record {
    let scenario = scenario(clients);
    Record {
        version: VERSION,
        program: "sleep-demo".to_owned(),
        started: "2026-01-01T00:00:00Z".to_owned(),
        cores: 2,
        speed: 1.0,
        runs: vec![run(&scenario)],
        scenario: scenario.lesson,
    }
}

/// One server that went as the model says.
pub(crate) fn server(scenario: &Scenario, name: &str, places: Places) -> ServerRun {
    let predicted = predict(&scenario.clients, places, |one| Some(service(one))).unwrap();
    let clients = scenario.clients.iter().zip(predicted);
    let connections = clients.map(|(client, prediction)| {
        let visits = client.requests.iter().zip(&prediction.requests).enumerate();
        Connection {
            client: client.name.clone(),
            group: client.group.clone(),
            due_us: micros(client.at),
            opened_us: Some(micros(client.at)),
            closed_us: Some(micros(prediction.closed)),
            requests: visits
                .map(|(index, (words, visit))| Request {
                    id: client.request_id(index),
                    request: words.clone(),
                    sent_us: Some(micros(visit.sent)),
                    replied_us: Some(micros(visit.replied)),
                    service_us: Some(micros(visit.replied - visit.started)),
                    thread: Some("main".to_owned()),
                    reply: Some(match words.as_str() {
                        "PING" => "+PONG".to_owned(),
                        _ => "+OK".to_owned(),
                    }),
                    failure: None,
                    claimed_us: None,
                    alone_us: Some(micros(visit.replied - visit.started)),
                    model: Some(Modelled {
                        waited_us: micros(visit.waited()),
                        service_us: micros(visit.replied - visit.started),
                    }),
                })
                .collect(),
            ..Connection::default()
        }
    });
    ServerRun {
        name: name.to_owned(),
        command: name.to_owned(),
        about: String::new(),
        address: "127.0.0.1:12000".to_owned(),
        places: Some(places),
        timed: true,
        expect: None,
        late: Vec::new(),
        suspended: Vec::new(),
        stopped: Vec::new(),
        observed: None,
        connections: connections.collect(),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap()
}

/// A client: when it came and left, and its requests. Of each: the words, when it was
/// sent and answered, how long the server says, and how long it takes alone. All times
/// in milliseconds.
pub(crate) type Measured<'a> = (&'a str, u64, u64, &'a [Asked<'a>]);
pub(crate) type Asked<'a> = (&'a str, u64, u64, Option<u64>, u64);

/// A server that gives service times, if any request has one.
pub(crate) fn measured(places: Places, clients: &[Measured<'_>]) -> ServerRun {
    const MS: u64 = 1_000;
    let connections = clients.iter().map(|(client, opened, closed, requests)| {
        let requests = requests.iter().enumerate();
        let count = requests.len();
        let requests = requests.map(|(index, (words, sent, replied, service, alone))| {
            let id = format!("{client}.{}", index + 1);
            let id = if count == 1 { (*client).to_owned() } else { id };
            let reply = match words.split_once(' ') {
                Some(("ECHO", text)) => format!("${text}"),
                _ if *words == "PING" => "+PONG".to_owned(),
                Some(("PRIMES", _)) => ":1".to_owned(),
                _ => "+OK".to_owned(),
            };
            Request {
                id,
                request: (*words).to_owned(),
                sent_us: Some(sent * MS),
                replied_us: Some(replied * MS),
                service_us: service.map(|service| service * MS),
                alone_us: Some(alone * MS),
                reply: Some(reply),
                ..Request::default()
            }
        });
        Connection {
            client: (*client).to_owned(),
            due_us: opened * MS,
            opened_us: Some(opened * MS),
            closed_us: Some(closed * MS),
            requests: requests.collect(),
            ..Connection::default()
        }
    });
    let is_timed = |one: &Measured<'_>| one.3.iter().any(|asked| asked.3.is_some());
    ServerRun {
        name: "own".to_owned(),
        places: Some(places),
        timed: clients.iter().any(is_timed),
        connections: connections.collect(),
        ..ServerRun::default()
    }
}
