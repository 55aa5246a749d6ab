//! The verdict against the truth: on 100,000 records of simulated servers, on machines
//! with delays, and with service times that lie, it says nothing that did not happen.

use timeline::{
    record::{Request, ServerRun},
    verdict::{Blocker, Fault, Verdict},
};

use fixture::Dice;

use crate::{
    simulated::{Kind, Simulated, Timed, Truth, guests, play},
    true_places::wrong_place,
};

const KINDS: [Kind; 5] = [
    Kind::Threads,
    Kind::Places(1),
    Kind::Places(2),
    Kind::Places(3),
    Kind::Lock,
];

const TIMED: [Timed; 8] = [
    Timed::Honest,
    Timed::Honest,
    Timed::FromArrival,
    Timed::Zero,
    Timed::Absurd,
    Timed::Negative,
    Timed::Missing,
    Timed::Unknown,
];

/// Delays of an idle machine, of a busy one, and of one that cannot be worse.
const NOISES: [u64; 4] = [0, 200, 5_000, 60_000];

/// What is wrong with a verdict, if anything is.
fn contradiction(simulated: &Simulated, kind: Kind, noise: u64) -> Option<String> {
    let Simulated { server, truths, .. } = simulated;
    let verdict = Verdict::of(server);
    let requests: Vec<&Request> = server.requests().map(|(_, one)| one).collect();
    let all = requests.iter().zip(&verdict.requests).zip(truths);
    for ((request, judged), truth) in all {
        let id = &request.id;
        let is_blocked = !judged.behind.is_empty();
        if is_blocked && truth.blocked == 0 {
            return Some(format!("{id} was not blocked, but {:?}", judged.behind));
        }
        let is_sure = truth.blocked > verdict.tolerance_us + 3 * noise + 5_000;
        let may_be_undecided = noise > 0; // two replies may change places
        if is_sure && !is_blocked && !(judged.undecided && may_be_undecided) {
            return Some(format!("{id} was blocked for {} µs", truth.blocked));
        }
        for behind in &judged.behind {
            if let Some(wrong) =
                wrong_name(&behind.blocker, server, truths, request, truth, noise)
            {
                return Some(format!("{id} is said to be behind {behind:?}: {wrong}"));
            }
        }
        if let Some(Blocker::Request(overtook)) = &judged.overtook {
            let index = requests.iter().position(|one| one.id == *overtook).unwrap();
            if truths[index].from > truth.from || truths[index].to < truth.to {
                return Some(format!("{id} did not pass {overtook}"));
            }
        }
        if judged.inside.is_some() && truth.blocked == 0 {
            return Some(format!("{id} did not wait inside the server"));
        }
    }
    let most = most_at_once(truths);
    if let Some(printed) = verdict.in_service
        && printed.least > most
    {
        return Some(format!("{printed} in service at once, but {most} were"));
    }
    let honest = verdict.doubts.iter().find(|doubt| match doubt.fault {
        Fault::WaitedInside(_) => kind == Kind::Threads,
        _ => false,
    });
    honest.map(|doubt| format!("{doubt:?}"))
}

/// Why a blocker cannot be one: it was not in service during the wait, or was answered
/// later.
fn wrong_name(
    blocker: &Blocker,
    server: &ServerRun,
    truths: &[Truth],
    request: &Request,
    truth: &Truth,
    noise: u64,
) -> Option<String> {
    match blocker {
        Blocker::Request(id) => {
            let mut all = server.requests().zip(truths);
            let ((_, other), other_truth) = all.find(|((_, one), _)| one.id == *id)?;
            if other.replied_us > request.replied_us {
                return Some("its reply came later".to_owned());
            }
            let waited_until = truth.from + 2 * noise;
            let is_outside = other_truth.from >= waited_until
                || other_truth.to + noise <= request.sent_us?;
            is_outside
                .then(|| format!("served {other_truth:?}, the wait ended {truth:?}"))
        }
        Blocker::Idle(name) | Blocker::Connection(name) => {
            let mut connections = server.connections.iter();
            let other = connections.find(|one| one.client == *name)?;
            let is_later = other.closed_us > request.replied_us;
            is_later.then(|| "it left later".to_owned())
        }
    }
}

fn most_at_once(truths: &[Truth]) -> usize {
    let at = |moment: u64| {
        let around = truths.iter();
        around
            .filter(|truth| truth.from <= moment && moment <= truth.to)
            .count()
    };
    truths.iter().map(|truth| at(truth.from)).max().unwrap_or(0)
}

/// Behind a lock a connection is in nobody's way; only one that closed at the moment at
/// which the lock became free cannot be distinguished from one that gave its place.
#[test]
fn a_connection_is_hardly_ever_in_the_way_of_a_lock() {
    let mut dice = Dice::new(17);
    let (mut blocked, mut wrong) = (0, 0);
    for _ in 0..Dice::rounds(20_000) {
        let guests = guests(&mut dice);
        let noise = dice.one_of(&NOISES[..2]);
        let simulated = play(&guests, Kind::Lock, Timed::Honest, noise, &mut dice);
        let verdict = Verdict::of(&simulated.server);
        for judged in &verdict.requests {
            let mut blockers = judged.behind.iter().map(|one| &one.blocker);
            blocked += usize::from(!judged.behind.is_empty());
            wrong += usize::from(blockers.any(|one| matches!(one, Blocker::Idle(_))));
        }
    }
    assert!(wrong * 100 < blocked, "{wrong} of {blocked}");
}

#[test]
fn nothing_is_said_that_did_not_happen() {
    let mut dice = Dice::new(15);
    for number in 0..Dice::rounds(100_000) {
        let kind = dice.one_of(&KINDS);
        let timed = dice.one_of(&TIMED);
        let noise = dice.one_of(&NOISES);
        let guests = guests(&mut dice);
        let simulated = play(&guests, kind, timed, noise, &mut dice);
        let mut wrong = contradiction(&simulated, kind, noise);
        if noise == 0 && timed == Timed::Honest {
            wrong = wrong.or_else(|| wrong_place(&simulated));
        }
        if let Some(wrong) = wrong {
            let verdict = Verdict::of(&simulated.server);
            panic!(
                "record {number}, {kind:?}, {timed:?}, noise {noise}: \
                 {wrong}\n{guests:#?}\n{:#?}\n{:#?}",
                simulated.truths, verdict.requests
            );
        }
    }
}
