//! The verdict over made-up times: who was blocked by whom, and what held.

use crate::made_up::{HEAD_OF_LINE, scenario, server};
use timeline::{Places, record::ServerRun, verdict::Verdict};

const ONE: Places = Places::Limited(1);

/// Each request with those it waited behind: `B<A`.
fn waits(server: &ServerRun) -> Vec<String> {
    let verdict = Verdict::of(server);
    let behind = |judged: &timeline::verdict::Judged| -> Option<String> {
        let names: Vec<&str> = judged.behind.iter().map(|one| one.name()).collect();
        (!names.is_empty()).then(|| format!("{}<{}", judged.id, names.join("+")))
    };
    verdict.requests.iter().filter_map(behind).collect()
}

/// The requests served at once, as the table has it.
fn in_service(server: &ServerRun) -> String {
    let most = Verdict::of(server).in_service;
    most.map_or("unknown".to_owned(), |most| most.to_string())
}

#[test]
fn everyone_behind_the_long_request_was_blocked_by_it_and_nobody_else() {
    let scenario = scenario(HEAD_OF_LINE);
    let single = server(&scenario, "single", ONE);
    assert_eq!(waits(&single), ["B<A", "C<A", "D<A"]);
    assert_eq!(in_service(&single), "1");
    let threaded = server(&scenario, "threaded", Places::THREADS);
    assert_eq!(waits(&threaded), [""; 0]);
    assert_eq!(in_service(&threaded), "2");
    assert_eq!(
        Verdict::of(&threaded).came_behind,
        3,
        "three came while A was served"
    );
}

#[test]
fn a_silent_connection_blocks_until_it_closes() {
    let scenario = scenario(
        "client = [
            { name = 'A', at = '0s', hold = '3s' },
            { name = 'B', at = '200ms', requests = ['RUN date'] },
        ]",
    );
    let single = server(&scenario, "single", ONE);
    assert_eq!(waits(&single), ["B<A"]);
    let story = Verdict::of(&single).story(&single);
    assert_eq!(story, ["single answered B only after A had left."]);
    let threaded = server(&scenario, "threaded", Places::THREADS);
    let story = Verdict::of(&threaded).story(&threaded);
    assert_eq!(
        story,
        ["threaded answered B while A was connected and silent."]
    );
}

#[test]
fn a_client_that_thinks_blocks_as_one_that_is_served() {
    let scenario = scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SAY a', 'SAY b'], pause = '2s' },
            { name = 'B', at = '200ms', requests = ['RUN date'] },
        ]",
    );
    assert_eq!(waits(&server(&scenario, "single", ONE)), ["B<A"]);
    assert_eq!(
        waits(&server(&scenario, "threaded", Places::THREADS)),
        [""; 0]
    );
}

#[test]
fn pipelined_requests_wait_for_their_own_connection() {
    let scenario = scenario(
        "client = [
            { name = 'P', at = '0s', requests = ['SLEEP 2s', 'PING', 'PING'], pipeline \
            = true },
            { name = 'Q', at = '200ms', requests = ['PING'] },
        ]",
    );
    let single = server(&scenario, "single", ONE);
    assert_eq!(waits(&single), ["P.2<P.1", "P.3<P.1", "Q<P.1"]);
    let threaded = server(&scenario, "threaded", Places::THREADS);
    assert_eq!(waits(&threaded), ["P.2<P.1", "P.3<P.1"]);
    assert_eq!(in_service(&threaded), "2");
}

#[test]
fn two_that_come_at_the_same_instant_wait_in_the_order_of_the_file() {
    let scenario =
        scenario("[[client]]\nname = 'S'\nat = '0s'\nrequests = ['SLEEP 1s']\ncount = 3");
    let single = server(&scenario, "single", ONE);
    assert_eq!(waits(&single), ["S-2<S-1", "S-3<S-1+S-2"]);
    assert_eq!(in_service(&single), "1");
    let threaded = server(&scenario, "threaded", Places::THREADS);
    assert_eq!(in_service(&threaded), "3");
}

#[test]
fn a_service_of_no_time_at_all_is_one_service() {
    let scenario = scenario(HEAD_OF_LINE);
    let mut threaded = server(&scenario, "threaded", Places::THREADS);
    threaded.connections.pop();
    for connection in threaded.connections.iter_mut().skip(1) {
        connection.requests[0].service_us = Some(0);
    }
    assert_eq!(in_service(&threaded), "2", "A and B, then A and C");
}

#[test]
fn a_late_stamp_does_not_make_two_services_of_one() {
    let scenario = scenario(HEAD_OF_LINE);
    let mut single = server(&scenario, "single", ONE);
    // A's reply took 3 ms to its client, so that B's service seems to begin before it.
    let reply = &mut single.connections[0].requests[0].replied_us;
    *reply = reply.map(|replied| replied + 3_000);
    assert_eq!(in_service(&single), "1");
    // The replies to B and C were in before A's: order does not say that they came after
    // it.
    assert_eq!(waits(&single), ["D<A"]);
    assert_eq!(Verdict::of(&single).undecided(), ["B", "C"]);
}

#[test]
fn a_wait_of_the_machine_itself_is_nobodys_fault() {
    let scenario = scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 10ms'] },
            { name = 'B', at = '8ms', requests = ['PING'] },
        ]",
    );
    assert_eq!(
        waits(&server(&scenario, "single", ONE)),
        [""; 0],
        "a wait of 2 ms"
    );
}

/// A stack of waiting clients: who comes last is served first.
#[test]
fn a_client_that_is_overtaken_is_not_blocked_by_those_who_came_later() {
    let scenario = scenario(
        "client = [
            { name = 'A', at = '0s', requests = ['SLEEP 1s'] },
            { name = 'B', at = '500ms', requests = ['PING'] },
            { name = 'C', at = '1900ms', requests = ['SLEEP 1s'] },
        ]",
    );
    let mut stack = server(&scenario, "stack", ONE);
    for (index, (sent, replied)) in
        [(0, 3_000_000), (500_000, 510_000), (10_000, 2_000_000)]
            .into_iter()
            .enumerate()
    {
        let connection = &mut stack.connections[index];
        connection.opened_us = Some(sent);
        connection.closed_us = Some(replied + 1);
        let request = &mut connection.requests[0];
        (request.sent_us, request.replied_us) = (Some(sent), Some(replied));
    }
    assert_eq!(waits(&stack), [""; 0]);
    let story = Verdict::of(&stack).story(&stack);
    let printed =
        "stack: A waited 2.00 s, while others were served that had not come before.";
    assert!(story.iter().any(|one| one == printed), "{story:?}");
}

#[test]
fn without_timed_nothing_is_said_of_how_long_a_computation_waited() {
    let scenario = scenario(
        "client = [{ name = 'L', at = '0s', requests = ['EVAL long 0'] },
            { name = 'R', at = '3s', requests = ['RUN date'] }]",
    );
    let mut redis = server(&scenario, "redis", ONE);
    redis.timed = false;
    for connection in &mut redis.connections {
        let request = &mut connection.requests[0];
        request.service_us = None;
        request.replied_us = request.sent_us.map(|sent| sent + 400_000);
        connection.closed_us = request.replied_us;
    }
    let story = Verdict::of(&redis).story(&redis);
    let printed = "redis: R took longer than alone, by 0.40 s, and the order of the \
        replies does not show why.";
    assert_eq!(story, [printed]);
}

/// What it takes alone is no proof of how long it took beside others.
#[test]
fn without_timed_a_reply_just_before_that_of_a_computation_leaves_it_open() {
    let scenario = scenario(
        "client = [{ name = 'L', at = '0s', requests = ['EVAL long 0'] },
            { name = 'R', at = '60ms', requests = ['PING'] }]",
    );
    let mut redis = server(&scenario, "redis", ONE);
    redis.timed = false;
    for (connection, replied) in redis.connections.iter_mut().zip([782_930, 782_685]) {
        let request = &mut connection.requests[0];
        request.alone_us = Some(871_294);
        request.service_us = None;
        request.replied_us = Some(replied);
        connection.closed_us = request.replied_us;
    }
    redis.connections[1].requests[0].alone_us = Some(0);
    assert_eq!(Verdict::of(&redis).undecided(), ["R"]);
}

#[test]
fn without_timed_the_order_of_replies_decides() {
    let scenario = scenario(HEAD_OF_LINE);
    let mut single = server(&scenario, "single", ONE);
    let mut threaded = server(&scenario, "threaded", Places::THREADS);
    for server in [&mut single, &mut threaded] {
        server.timed = false;
        for request in server
            .connections
            .iter_mut()
            .flat_map(|one| &mut one.requests)
        {
            request.service_us = None;
        }
    }
    assert_eq!(waits(&single), ["B<A", "C<A", "D<A"]);
    assert_eq!(waits(&threaded), [""; 0]);
    assert_eq!(in_service(&single), "unknown");
}

#[test]
fn a_request_without_a_reply_has_failed_and_stops_nothing() {
    let scenario = scenario(HEAD_OF_LINE);
    let mut single = server(&scenario, "single", ONE);
    let last = &mut single.connections[3].requests[0];
    (last.replied_us, last.service_us, last.reply) = (None, None, None);
    last.failure = Some("the server closed the connection".to_owned());
    let verdict = Verdict::of(&single);
    assert_eq!(verdict.failed(), ["D"]);
    assert_eq!(verdict.blocked(), ["B", "C"]);
}
