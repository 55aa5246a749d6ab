//! What is shown of one server: its sentences and its rows of the table.

use timeline::{
    chart::{plain, table, text},
    record::{Request, Run, ServerRun},
    style::Style,
    verdict::Verdict,
};

const STYLE: Style = Style {
    width: 80,
    colour: false,
    ascii: false,
};

pub(crate) fn requests(server: &mut ServerRun) -> impl Iterator<Item = &mut Request> {
    let connections = server.connections.iter_mut();
    connections.flat_map(|connection| &mut connection.requests)
}

pub(crate) fn plain(server: &ServerRun) -> String {
    let run = Run {
        servers: vec![server.clone()],
        ..Run::default()
    };
    plain::sentences(&run, &[Verdict::of(server)]).join("\n")
}

#[track_caller]
pub(crate) fn says(server: &ServerRun, what: &str) {
    let printed = plain(server);
    assert!(printed.contains(what), "{what}\n{printed}");
}

#[track_caller]
pub(crate) fn says_nothing_of(server: &ServerRun, what: &str) {
    let printed = plain(server);
    assert!(!printed.contains(what), "{what}\n{printed}");
}

pub(crate) fn story(server: &ServerRun) -> String {
    Verdict::of(server).story(server).join("\n")
}

pub(crate) fn chart(server: &ServerRun) -> String {
    let run = Run {
        servers: vec![server.clone()],
        ..Run::default()
    };
    let lines = text::chart(&run, &[Verdict::of(server)], None, &STYLE);
    let lines = lines.iter().map(|line| line.render(false));
    lines.collect::<Vec<_>>().join("\n")
}

/// The cells of the table's row of this name.
pub(crate) fn row(server: &ServerRun, name: &str) -> String {
    let lines = table::comparison(&[Verdict::of(server)], &STYLE);
    let lines = lines.iter().map(|line| line.render(false));
    let mut found = lines.filter(|line| line.trim_start().starts_with(name));
    found.next().map_or("none".to_owned(), |line| {
        line.trim_start().trim_start_matches(name).trim().to_owned()
    })
}
