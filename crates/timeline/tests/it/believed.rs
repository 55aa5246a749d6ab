//! What of a server is believed: its service times, and who stood still.

use timeline::{
    Places,
    record::{Late, Request, Run, ServerRun, Stopped},
    stall,
    verdict::Verdict,
};

use crate::{
    made_up::{HEAD_OF_LINE, scenario, server},
    shown::{plain, requests, row, story},
};

const ONE: Places = Places::Limited(1);

#[test]
fn a_server_that_counts_waiting_as_service_is_found_out() {
    let mut locked = server(&scenario(HEAD_OF_LINE), "locked", ONE);
    for request in requests(&mut locked) {
        request.service_us = request.latency_us();
    }
    let printed = story(&locked);
    assert!(
        printed.contains("locked answered B, C and D only after A."),
        "{printed}"
    );
    let expected = "B was served for 1.80 s; alone it takes 0.00 s: it waited inside \
        the server. \
                    So it is with C and D.";
    assert!(printed.contains(expected), "{printed}");
    assert_eq!(row(&locked, "requests served at once"), "1");
    assert_eq!(row(&locked, "blocked clients"), "3 of 3");
    assert_eq!(row(&locked, "waited in all"), "4.80 s");
}

#[test]
fn a_reply_that_answers_another_request_is_reported() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 600ms'] },
        { name = 'B', at = '100ms', requests = ['ECHO tea'] },
        { name = 'C', at = '200ms', requests = ['PING', 'PING \"two words\"'] },
    ]";
    let mut mixed = server(&scenario(clients), "mixed", Places::THREADS);
    let mut answer = |replies: [&str; 4]| {
        for (request, reply) in requests(&mut mixed).zip(replies) {
            request.reply = Some(reply.to_owned());
        }
        story(&mixed)
    };
    let printed = answer(["+OK", "$tea", "+PONG", "$two words"]);
    assert!(!printed.contains("does not answer"), "{printed}");
    let printed = answer(["+OK", "$milk", "+OK", "-ERR no such command"]);
    let expected = "mixed: the reply to B is $milk, which does not answer ECHO tea. \
                    So it is with C.1.";
    assert!(printed.contains(expected), "{printed}");
}

/// Nobody knows how long a SAY takes: B may have waited for all of it.
#[test]
fn who_waited_while_something_unknown_was_done_is_not_decided() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SAY hi'] },
        { name = 'B', at = '200ms', requests = ['PING'] },
    ]";
    let mut own = server(&scenario(clients), "own", ONE);
    own.timed = false;
    let mut replied = [1_000_000, 1_000_300].into_iter();
    for request in requests(&mut own) {
        request.replied_us = replied.next();
        (request.service_us, request.alone_us, request.model) = (None, None, None);
        if request.request == "PING" {
            request.alone_us = Some(0);
        }
    }
    assert_eq!(row(&own, "blocked clients"), "0 to 1 of 1");
    let undecided = "own: the order does not show whether B waited behind others";
    assert!(story(&own).contains(undecided), "{}", story(&own));
}

#[test]
fn a_service_time_that_cannot_be_is_reported() {
    let honest = server(&scenario(HEAD_OF_LINE), "own", ONE);
    let with = |change: fn(&mut Request)| {
        let mut server = honest.clone();
        requests(&mut server).for_each(change);
        assert_eq!(row(&server, "blocked clients"), "3 of 3");
        story(&server)
    };
    let printed = with(|request| request.service_us = Some(9_000_000));
    assert!(
        printed.contains(
            "A was served for 9.00 s, says the server, but its reply came after 2.00 s"
        ),
        "{printed}"
    );
    let printed = with(|request| {
        request.service_us = None;
        request.claimed_us = Some(-5_000_000);
    });
    assert!(
        printed.contains("A was served for -5.00 s, says the server; that cannot be"),
        "{printed}"
    );
    let printed = with(|request| request.service_us = Some(0));
    assert!(
        printed.contains("A was served for 0.00 s, says the server; a sleep of 2.00 s"),
        "{printed}"
    );
    let printed = with(|request| request.service_us = None);
    assert!(
        printed.contains("the reply to A has no service time"),
        "{printed}"
    );
}

#[test]
fn only_the_clock_of_the_demo_says_that_the_machine_stalled() {
    let mut slow = server(&scenario(HEAD_OF_LINE), "slow", Places::THREADS);
    requests(&mut slow).for_each(|one| one.service_us = one.latency_us());
    let run = |server: &ServerRun| Run {
        servers: vec![server.clone()],
        ..Run::default()
    };
    assert_eq!(stall::of(&run(&slow)), None);
    slow.late = vec![Late {
        at_us: 1_200_000,
        by_us: 400_000,
    }];
    let printed = plain(&slow);
    let expected = "The machine kept this program waiting for 0.40 s, at 1.20 s";
    assert!(printed.contains(expected), "{printed}");
}

#[test]
fn a_late_client_may_have_changed_the_order() {
    let mut server = server(&scenario(HEAD_OF_LINE), "own", Places::THREADS);
    let mut opened_late = |by_us: u64| {
        let first = server.connections.first_mut().unwrap();
        first.opened_us = Some(first.due_us + by_us);
        let servers = vec![server.clone()];
        stall::may_decide(&Run {
            servers,
            ..Run::default()
        })
    };
    assert_eq!(opened_late(29_000), None);
    let expected = "client A came 0.06 s late".to_owned();
    assert_eq!(opened_late(60_000), Some(expected));
    // The server had no room for it.
    assert_eq!(opened_late(1_010_000), None);
    server.late = vec![Late {
        at_us: 20_000,
        by_us: 70_000,
    }];
    let run = Run {
        servers: vec![server],
        ..Run::default()
    };
    assert_eq!(stall::of(&run), None);
    let expected = "the machine kept this program waiting for 0.07 s, at 0.02 s";
    assert_eq!(stall::may_decide(&run).as_deref(), Some(expected));
}

#[test]
fn a_stopped_server_stood_still() {
    let mut stopped = server(&scenario(HEAD_OF_LINE), "own", ONE);
    stopped.stopped = vec![Stopped {
        from_us: 500_000,
        to_us: 1_500_000,
    }];
    let expected = "own stood still from 0.50 s to 1.50 s: its process was stopped.";
    assert!(story(&stopped).contains(expected), "{}", story(&stopped));
}

#[test]
fn each_failure_has_its_own_reason_and_nobody_answered_is_no_time() {
    let mut dead = server(&scenario(HEAD_OF_LINE), "dead", ONE);
    for (index, request) in requests(&mut dead).enumerate() {
        (request.replied_us, request.service_us, request.reply) = (None, None, None);
        let why = if index < 2 {
            "no reply within 60 s"
        } else {
            "closed"
        };
        request.failure = Some(why.to_owned());
    }
    let expected = "dead failed A and B: no reply within 60 s; failed C and D: closed.";
    assert_eq!(story(&dead), expected);
    for name in [
        "blocked clients",
        "waited in all",
        "requests served at once",
        "last answer after",
    ] {
        assert_eq!(row(&dead, name), "–", "{name}");
    }
}

/// What a request takes alone is measured once, and once it took 2 ms.
#[test]
fn a_reply_without_a_time_that_was_slow_alone_was_not_served_beside_another() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 500ms'] },
        { name = 'B', at = '100ms', requests = ['PING'] },
    ]";
    let mut server = server(&scenario(clients), "server", Places::Limited(1));
    for request in requests(&mut server) {
        request.service_us = None;
    }
    let b = &mut server.connections[1];
    (b.requests[0].replied_us, b.closed_us) = (Some(500_100), Some(500_200));
    b.requests[0].alone_us = Some(1_911);
    let at_once = Verdict::of(&server).in_service.unwrap();
    assert_eq!(at_once.least, 1, "{at_once}");
}
