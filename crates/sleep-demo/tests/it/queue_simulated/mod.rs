//! The queue model against a simulation that knows nothing of it: clients and places move
//! from tick to tick, on 200 random scenarios and four servers.

mod actor;
mod in_a_loop;
mod measured;

use std::{collections::VecDeque, path::Path};

use sleep_demo::{
    queue_model::predict,
    scenario::{ClientSpec, Scenario},
};
use timeline::Places;

use actor::{Actor, Does, TICK_MS, service, ticks};
use fixture::Dice;
use in_a_loop::event_loop;

/// At most this number of threads: each serves one connection until it closes.
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

fn random_scenario(dice: &mut Dice, computes: bool) -> Scenario {
    let text = random_text(dice, computes);
    Scenario::parse(Path::new("random.toml"), &text).unwrap()
}

/// A scenario of up to seven clients, whose arrivals are all different.
fn random_text(dice: &mut Dice, computes: bool) -> String {
    let mut text =
        "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n"
            .to_owned();
    let mut at = 0;
    for index in 0..=dice.index(7) {
        at += u64::try_from(dice.index(20)).unwrap() * TICK_MS;
        let mut time = |most: usize| u64::try_from(dice.index(most)).unwrap() * TICK_MS;
        let (pause, hold, read) = (time(20), time(20), time(10));
        let requests: Vec<String> = (0..time(4) / TICK_MS)
            .map(|_| match time(4) / TICK_MS {
                0 => "'PING'".to_owned(),
                1 if computes => format!("'PRIMES {}'", time(30)),
                _ => format!("'SLEEP {}ms'", time(60)),
            })
            .collect();
        let how = match dice.index(4) {
            0 => "pipeline = true".to_owned(),
            1 => format!("pause = '{pause}ms'"),
            2 => format!("read_delay = '{read}ms'"),
            _ => String::new(),
        };
        text += &format!(
            "[[client]]\nname = 'C{index}'\nat = '{at}ms'\nrequests = [{}]\nhold = \
             '{hold}ms'\n{how}\n",
            requests.join(", ")
        );
    }
    text
}

#[test]
fn the_model_is_an_independent_simulation_to_the_tick() {
    let mut dice = Dice::new(200);
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
