//! The queue model against a simulation that knows nothing of it: clients and places move
//! from tick to tick, on 200 random scenarios and four servers.

use std::{collections::VecDeque, path::Path, time::Duration};

use sleep_demo::{
    queue_model::predict,
    scenario::{ClientSpec, Scenario},
};
use timeline::Places;

use crate::dice::Dice;

/// A tick, in milliseconds. All times of a scenario are whole ticks.
const TICK_MS: u64 = 10;

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    NotYetThere,
    /// It has connected, and no place is free.
    Queues,
    /// Its request is in service until then.
    IsServed(u64),
    /// It reads, thinks, and sends its next request then.
    Thinks(u64),
    /// It asks for nothing more, and leaves then.
    Stays(u64),
    HasLeft,
}

/// One client in the simulation; all times in ticks.
struct Actor<'a> {
    index: usize,
    spec: &'a ClientSpec,
    does: Does,
    /// Sent, started, replied: of each request so far.
    visits: Vec<[u64; 3]>,
    left: u64,
    /// In a loop: how many things were set in motion before what it does now.
    set_at: usize,
}

fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap() / TICK_MS
}

/// `SLEEP n` and `PRIMES n` take n milliseconds, everything else nothing.
fn service(request: &str) -> Duration {
    let (_, millis) = request.split_once(' ').unwrap_or_default();
    Duration::from_millis(millis.trim_end_matches("ms").parse().unwrap_or(0))
}

impl<'a> Actor<'a> {
    fn of((index, spec): (usize, &'a ClientSpec)) -> Self {
        Self {
            index,
            set_at: index,
            spec,
            does: Does::NotYetThere,
            visits: Vec::new(),
            left: 0,
        }
    }

    fn next_request(&self) -> Option<&'a str> {
        let request = self.spec.requests.get(self.visits.len());
        request.map(String::as_str)
    }

    /// It gets a place, or its next request is read by whoever serves it.
    fn begin(&mut self, now: u64, sent: u64) {
        match self.next_request() {
            Some(request) => {
                let until = now + ticks(service(request));
                self.visits.push([sent, now, until]);
                self.does = Does::IsServed(until);
            }
            None => {
                let until = ticks(self.spec.at) + ticks(self.spec.hold);
                self.does = Does::Stays(until.max(now));
            }
        }
    }

    /// Its reply is in.
    fn goes_on(&mut self, now: u64) {
        let reads = now + ticks(self.spec.read_delay);
        let is_last = self.visits.len() == self.spec.requests.len();
        self.does = match self.spec.pipeline {
            _ if is_last => Does::Stays(reads + ticks(self.spec.hold)),
            true => return self.begin(now, ticks(self.spec.at)),
            false => Does::Thinks(reads + ticks(self.spec.pause)),
        };
    }
}

/// Threads, at most so many: each serves one connection until it closes.
fn with_places(specs: &[ClientSpec], places: usize) -> Vec<Actor<'_>> {
    let mut actors: Vec<Actor<'_>> = specs.iter().enumerate().map(Actor::of).collect();
    let mut queue = VecDeque::new();
    let mut free = places;
    let mut now = 0;
    while actors.iter().any(|actor| actor.does != Does::HasLeft) {
        for (index, actor) in actors.iter_mut().enumerate() {
            if actor.does == Does::NotYetThere && ticks(actor.spec.at) == now {
                actor.does = Does::Queues;
                queue.push_back(index);
            }
        }
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            for actor in &mut actors {
                match actor.does {
                    Does::IsServed(until) if until == now => actor.goes_on(now),
                    Does::Thinks(until) if until == now => actor.begin(now, now),
                    Does::Stays(until) if until == now => {
                        (actor.does, actor.left) = (Does::HasLeft, now);
                        free += 1;
                    }
                    _ => continue,
                }
                has_changed = true;
            }
            while free > 0
                && let Some(index) = queue.pop_front()
            {
                free -= 1;
                let sent = ticks(actors[index].spec.at);
                actors[index].begin(now, sent);
                has_changed = true;
            }
        }
        now += 1;
    }
    actors
}

/// One thread that never waits for a client: a request that computes occupies it.
fn event_loop(specs: &[ClientSpec]) -> Vec<Actor<'_>> {
    let mut actors: Vec<Actor<'_>> = specs.iter().enumerate().map(Actor::of).collect();
    // Who has something to be looked at: a request that came, or a wait that is over.
    let mut ready: VecDeque<(usize, bool, u64)> = VecDeque::new();
    let mut busy_until = 0;
    let (mut now, mut set) = (0, actors.len());
    while actors.iter().any(|actor| actor.does != Does::HasLeft) || !ready.is_empty() {
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            // What happens at one moment happens in the order in which it was set in
            // motion.
            let due = actors.iter_mut().filter(|actor| actor.is_due(now));
            if let Some(actor) = due.min_by_key(|actor| actor.set_at) {
                has_changed = true;
                match actor.does {
                    Does::NotYetThere if actor.spec.requests.is_empty() => {
                        actor.begin(now, now); // it needs the loop for nothing
                    }
                    Does::IsServed(_) => {
                        actor.does = Does::Queues;
                        ready.push_back((actor.index, false, now));
                    }
                    Does::Stays(_) => (actor.does, actor.left) = (Does::HasLeft, now),
                    _ => {
                        actor.does = Does::Queues;
                        ready.push_back((actor.index, true, now));
                    }
                }
                continue;
            }
            if busy_until <= now
                && let Some((index, asks, since)) = ready.pop_front()
            {
                has_changed = true;
                let actor = &mut actors[index];
                set += 1;
                actor.set_at = set;
                if !asks {
                    actor.visits.last_mut().unwrap()[2] = now;
                    actor.goes_on_in_a_loop(now);
                    continue;
                }
                let sent = if actor.spec.pipeline {
                    ticks(actor.spec.at)
                } else {
                    since
                };
                actor.begin(now, sent);
                let sleeps = actor
                    .asked_last()
                    .is_some_and(|one| one.starts_with("SLEEP"));
                if let Does::IsServed(until) = actor.does
                    && !sleeps
                {
                    busy_until = until;
                    actor.goes_on_in_a_loop(until);
                }
            }
        }
        now += 1;
    }
    actors
}

impl Actor<'_> {
    fn is_due(&self, now: u64) -> bool {
        match self.does {
            Does::NotYetThere => ticks(self.spec.at) == now,
            Does::IsServed(until) | Does::Thinks(until) | Does::Stays(until) => {
                until == now
            }
            Does::Queues | Does::HasLeft => false,
        }
    }

    /// The request that was asked for last.
    fn asked_last(&self) -> Option<&str> {
        let index = self.visits.len().checked_sub(1)?;
        self.spec.requests.get(index).map(String::as_str)
    }

    /// Its reply is in; in a loop its next request is one event among others.
    fn goes_on_in_a_loop(&mut self, now: u64) {
        let is_last = self.visits.len() == self.spec.requests.len();
        let reads = now + ticks(self.spec.read_delay);
        self.does = match (is_last, self.spec.pipeline) {
            (true, _) => Does::Stays(reads + ticks(self.spec.hold)),
            (false, true) => Does::Thinks(now),
            (false, false) => Does::Thinks(reads + ticks(self.spec.pause)),
        };
    }
}

/// A scenario of up to seven clients, whose arrivals are all different.
fn random_scenario(dice: &mut Dice, computes: bool) -> Scenario {
    let mut text =
        "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n"
            .to_owned();
    let mut at = 0;
    for index in 0..=dice.below(7) {
        at += u64::try_from(dice.below(20)).unwrap() * TICK_MS;
        let mut time = |most: usize| u64::try_from(dice.below(most)).unwrap() * TICK_MS;
        let (pause, hold, read) = (time(20), time(20), time(10));
        let requests: Vec<String> = (0..time(4) / TICK_MS)
            .map(|_| match time(4) / TICK_MS {
                0 => "'PING'".to_owned(),
                1 if computes => format!("'PRIMES {}'", time(30)),
                _ => format!("'SLEEP {}ms'", time(60)),
            })
            .collect();
        let how = match dice.below(4) {
            0 => "pipeline = true".to_owned(),
            1 => format!("pause = '{pause}ms'"),
            2 => format!("read_delay = '{read}ms'"),
            _ => String::new(),
        };
        text += &format!(
            "[[client]]\nname = 'C{index}'\nat = '{at}ms'\nrequests = [{}]\nhold = '{hold}ms'\n{how}\n",
            requests.join(", ")
        );
    }
    Scenario::parse(Path::new("random.toml"), &text).unwrap()
}

#[test]
fn the_model_is_an_independent_simulation_to_the_tick() {
    let mut dice = Dice(200);
    let mut waits = 0;
    for number in 0..200 {
        for places in [
            Places::Limited(1),
            Places::Limited(2),
            Places::THREADS,
            Places::EVENT_LOOP,
        ] {
            let scenario = random_scenario(&mut dice, places == Places::EVENT_LOOP);
            let clients = &scenario.clients;
            let simulated = match places {
                Places::Limited(limit) => with_places(clients, limit),
                Places::EVENT_LOOP => event_loop(clients),
                Places::All(_) => with_places(clients, clients.len()),
            };
            let predicted = predict(clients, places, |one| Some(service(one))).unwrap();
            for (actor, prediction) in simulated.iter().zip(&predicted) {
                let visits: Vec<[u64; 3]> = prediction
                    .requests
                    .iter()
                    .map(|visit| [visit.sent, visit.started, visit.replied].map(ticks))
                    .collect();
                let case = format!("scenario {number}, {places:?}: {clients:#?}");
                assert_eq!(visits, actor.visits, "{case}");
                assert_eq!(ticks(prediction.closed), actor.left, "{case}");
                waits += visits
                    .iter()
                    .filter(|[sent, started, _]| started > sent)
                    .count();
            }
        }
    }
    assert!(waits > 500, "{waits}");
}
