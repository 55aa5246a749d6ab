//! How long a client waits for a reply before it gives up.

use std::time::Duration;

use super::PlayedServer;
use crate::scenario::ClientSpec;

/// How long after the last expected event a reply is still waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long where a request may take any time: a MEET waits for others, a SAY for a
/// person.
const LONG_PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Long enough for a server that does everything in turn, at half its speed.
pub(super) fn patience(
    clients: &[ClientSpec],
    played_servers: &[PlayedServer],
) -> Duration {
    let mut is_open = false;
    let mut takes = |request: &String| {
        is_open |= request
            .get(..3)
            .is_some_and(|name| name.eq_ignore_ascii_case("SAY"));
        let services: Vec<Option<Duration>> = played_servers
            .iter()
            .map(|played| played.service(request))
            .collect();
        is_open |= services.contains(&None);
        services.into_iter().flatten().max().unwrap_or_default()
    };
    let mut all = Duration::ZERO;
    for client in clients {
        let served: Duration = client.requests.iter().map(&mut takes).sum();
        let each = client.pause + client.read_delay;
        all += served + client.hold + each * count(client.requests.len());
    }
    let last = clients.iter().map(|client| client.at).max();
    let more = if is_open { LONG_PATIENCE } else { PATIENCE };
    let patience = (last.unwrap_or_default() + all) * 2 + more;
    // A person reads it where it is over.
    Duration::from_secs(patience.as_secs() + 1)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
