//! What a connection costs that is open and idle: resident memory, by Linux' own word.

use std::{fs, time::Duration};

use client::Connection;
use launch::Server;
use timeline::{Places, designs::Cell};

use crate::scenario::ServerSpec;

const IDLE: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn answer(server: &Server, spec: &ServerSpec) -> Cell {
    let missing = |why: String| Cell::Missing { why };
    if let Places::Limited(places) = spec.places {
        return missing(format!(
            "of 1,000 idle clients {places} would be in service, the others in the \
             backlog"
        ));
    }
    let Some(before) = resident(server.pid()) else {
        return missing("there is no /proc here".to_owned());
    };
    let address = server.address().to_string();
    let mut clients = Vec::new();
    for number in 1..=IDLE {
        // A client that was answered has been accepted.
        let client = Connection::open(&address, PATIENCE).and_then(|mut client| {
            client.request(&["PING"])?;
            Ok(client)
        });
        match client {
            Ok(client) => clients.push(client),
            Err(error) => return missing(format!("client {number} of {IDLE}: {error}")),
        }
    }
    let after = resident(server.pid()).unwrap_or(before);
    let each = f64::from(u32::try_from(after.saturating_sub(before)).unwrap_or(u32::MAX))
        / f64::from(u32::try_from(IDLE).unwrap_or(u32::MAX));
    Cell::Answer {
        answer: format!("{each:.1} KiB"),
        means: format!("{each:.1} KiB of memory for each of 1,000 idle connections"),
        harmed: None,
        figure: Some((each * 10.0).round() / 10.0),
        failures: Vec::new(),
    }
}

/// KiB in memory, of a process and all that it has started: redis-server runs under a
/// shell.
fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let own: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))
        .unwrap_or_default();
    let of_children = children
        .split_whitespace()
        .filter_map(|child| resident(child.parse().ok()?));
    Some(own + of_children.sum::<u64>())
}
