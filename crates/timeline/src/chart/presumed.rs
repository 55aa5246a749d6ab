//! Who is being served in a run that goes on, as far as it is known: first come, first
//! served, as the queue model has it, with every reply and every close that has been seen
//! so far.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::record::{Connection, Design, Places, ServerRun};

/// Not yet.
const LATER: u64 = u64::MAX;

/// When the service of each request began or is to begin, if that is known; those that
/// were answered, too. [`LATER`] is a moment that nobody knows.
pub(super) fn starts(server: &ServerRun) -> Vec<Option<u64>> {
    let places = match server.places {
        None => return server.requests().map(|_| None).collect(),
        Some(Places::All(Design::EventLoop)) => return in_a_loop(server),
        Some(Places::All(Design::Threads)) => usize::MAX,
        Some(Places::Limited(places)) => places,
    };
    let free = place_free(server, places);
    let connections = server.connections.iter().zip(free);
    connections
        .flat_map(|(connection, free)| in_turn(connection, free))
        .collect()
}

/// When each connection gets its place: in the order in which they were opened.
fn place_free(server: &ServerRun, places: usize) -> Vec<u64> {
    let mut order: Vec<(u64, usize)> = server
        .connections
        .iter()
        .enumerate()
        .filter_map(|(index, connection)| Some((connection.opened_us?, index)))
        .collect();
    order.sort_unstable();
    let mut free = vec![LATER; server.connections.len()];
    let mut taken_until = BinaryHeap::new();
    for (opened, index) in order {
        let mut from = opened;
        if taken_until.len() >= places
            && let Some(Reverse(earliest)) = taken_until.pop()
        {
            from = from.max(earliest);
        }
        let closed = server.connections.get(index).and_then(|one| one.closed_us);
        // A client that left before its turn had no place to give.
        taken_until.push(Reverse(closed.unwrap_or(LATER).max(from)));
        if let Some(free) = free.get_mut(index) {
            *free = from;
        }
    }
    free
}

/// One connection's requests, one after another once it has a place.
fn in_turn(connection: &Connection, mut free: u64) -> Vec<Option<u64>> {
    let requests = connection.requests.iter();
    let starts = requests.map(|request| {
        let start = request.sent_us.map(|sent| free.max(sent));
        free = request.replied_us.unwrap_or(LATER);
        start
    });
    starts.collect()
}

/// In an event loop a request waits while one that computes and came before it has no
/// reply.
fn in_a_loop(server: &ServerRun) -> Vec<Option<u64>> {
    let computing = server.requests().map(|(_, request)| request);
    let computing = computing.filter(|request| request.computes());
    let mut busy: Vec<(u64, u64)> = computing
        .filter_map(|one| Some((one.sent_us?, one.replied_us.unwrap_or(LATER))))
        .collect();
    busy.sort_unstable();
    let mut latest = 0;
    for (_, until) in &mut busy {
        latest = latest.max(*until);
        *until = latest;
    }
    let free = |sent: u64| {
        let before = busy.partition_point(|(other, _)| *other < sent);
        let last = before.checked_sub(1).and_then(|last| busy.get(last));
        last.map_or(0, |(_, until)| *until)
    };
    let connections = server.connections.iter();
    connections
        .flat_map(|connection| {
            let turns = in_turn(connection, 0).into_iter().zip(&connection.requests);
            turns.map(|(start, request)| Some(start?.max(free(request.sent_us?))))
        })
        .collect()
}
