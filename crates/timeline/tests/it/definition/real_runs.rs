//! The verdict on real runs against its definition: the runs in demos/recorded, or in the
//! folder that `KIT_RECORDS` names, as `scripts/judge-runs.sh` fills it.

use std::{env, fs, path::PathBuf};

use timeline::record::{Record, Request, ServerRun};

use super::{MS, compare};

/// The definition looks at each pair of requests and each millisecond.
const MOST_REQUESTS: usize = 100;

/// The server in whole milliseconds, each request of a kind of which nothing is known but
/// what the server said; `None` where the definition says nothing.
fn in_milliseconds(server: &ServerRun) -> Option<ServerRun> {
    let whole = |micros: u64| micros / MS * MS;
    let mut plain = ServerRun {
        name: server.name.clone(),
        timed: server.timed,
        connections: server.connections.clone(),
        ..ServerRun::default()
    };
    for connection in &mut plain.connections {
        connection.opened_us = Some(whole(connection.opened_us?));
        // Never in the same millisecond as its last reply: it came after that.
        let last = connection.requests.last().and_then(|last| last.replied_us);
        let after = last.map_or(0, |last| whole(last) + MS);
        connection.closed_us = Some(whole(connection.closed_us?).max(after));
        let replies = connection.requests.iter().map(|one| one.replied_us);
        let next = connection.requests.iter().skip(1).map(|one| one.sent_us);
        if replies.zip(next).any(|(replied, sent)| sent < replied) {
            return None; // pipelined
        }
        for request in &mut connection.requests {
            let (sent, replied) = (whole(request.sent_us?), whole(request.replied_us?));
            *request = Request {
                id: request.id.clone(),
                request: "SAY something".to_owned(),
                sent_us: Some(sent),
                replied_us: Some(replied),
                service_us: Some(replied - whole(request.started_us()?)),
                reply: Some("+OK".to_owned()),
                ..Request::default()
            };
        }
    }
    let is_small = plain.requests().count() <= MOST_REQUESTS;
    (server.timed && is_small).then_some(plain)
}

#[test]
fn real_runs_are_judged_as_the_definition_says() {
    let folder = env::var_os("KIT_RECORDS").map_or_else(
        || fixture::workspace().join("demos/recorded"),
        PathBuf::from,
    );
    let (mut servers, mut blocked) = (0, 0);
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let record = Record::read(&fs::read(&file).unwrap()).unwrap();
        for (number, run) in (1..).zip(&record.runs) {
            for server in run.servers.iter().filter_map(in_milliseconds) {
                let which = format!("{}, run {number}, {}", file.display(), server.name);
                blocked += compare(&server, &which);
                servers += 1;
            }
        }
    }
    println!("{servers} servers judged, {blocked} requests blocked");
    assert!(servers > 10 && blocked > 10, "{servers}, {blocked}");
}
