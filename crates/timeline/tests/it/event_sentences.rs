//! Every sentence about who is served and who comes first, compared with the truth of
//! simulated servers: 20,000 runs, word by word.

use timeline::{events::events, record::Run, verdict::Verdict};

use fixture::Dice;

use crate::simulated::{Kind, Timed, Truth, guests, play};

/// What the stamps and the service times leave open: 1 ms.
const OPEN_US: u64 = 1_000;

/// What really happened, by the ids of the requests and the names of the clients.
struct Simulation<'a> {
    run: &'a Run,
    truths: &'a [Truth],
}

impl Simulation<'_> {
    fn truth(&self, id: &str) -> Option<Truth> {
        let mut requests = self.run.servers[0].requests().zip(self.truths);
        let found = requests.find(|((_, request), _)| request.id == id);
        found.map(|(_, truth)| *truth)
    }

    fn sent(&self, id: &str) -> u64 {
        let mut requests = self.run.servers[0].requests();
        let (_, request) = requests.find(|(_, one)| one.id == id).unwrap();
        request.sent_us.unwrap()
    }

    fn is_served(&self, id: &str, at: u64) -> bool {
        let truth = self.truth(id).unwrap();
        truth.from <= at + OPEN_US && truth.to + OPEN_US >= at
    }

    /// Whether it is connected and, as far as the record shows it, was let in.
    fn holds_place(&self, client: &str, at: u64) -> bool {
        let connections = &self.run.servers[0].connections;
        let connection = connections.iter().find(|one| one.client == client).unwrap();
        let first = connection.requests.first();
        let known = first.filter(|first| first.started_us().is_some());
        let was_let_in = known.is_none_or(|first| {
            self.truth(&first.id)
                .is_some_and(|truth| truth.from <= at + OPEN_US)
        });
        was_let_in && connection.opened_us <= Some(at) && connection.closed_us >= Some(at)
    }

    /// What is wrong with an event's sentence.
    fn lie(&self, at: u64, sentence: &str) -> Option<String> {
        let (_, what) = sentence.split_once("server: ").unwrap();
        for clause in what.split(". ").flat_map(|one| one.split(", and ")) {
            let clause = clause.split(", so ").next().unwrap();
            if let Some(names) = subject(clause, &["is being served", "are being served"])
            {
                let lie = names.iter().find(|id| !self.is_served(id, at));
                if let Some(id) = lie {
                    return Some(format!("{id} is not being served"));
                }
            }
            if let Some(id) = clause.strip_prefix("The only thread is serving ") {
                let truths = self.truths.iter();
                let served =
                    |truth: &&Truth| truth.from + OPEN_US < at && at + OPEN_US < truth.to;
                if !self.is_served(id, at) || truths.filter(served).count() > 1 {
                    return Some(format!("the thread does not serve {id}, or not alone"));
                }
            }
            if let Some(names) =
                subject(clause, &["holds its place", "hold their places"])
            {
                let lie = names.iter().find(|name| !self.holds_place(name, at));
                if let Some(name) = lie {
                    return Some(format!("{name} holds no place"));
                }
            }
            let comes = [
                "comes next",
                "come next",
                "comes first",
                "come first",
                "asks later and is served first",
                "ask later and are served first",
            ];
            if let Some(names) = subject(clause, &comes) {
                let waits = what.rsplit(", so ").next().unwrap();
                let id = waits.strip_suffix(" waits.").unwrap();
                let begins = self.truth(id).unwrap().from;
                let later = |name: &&String| {
                    self.truth(name)
                        .is_some_and(|truth| truth.to > begins + 50_000)
                };
                if let Some(name) = names.iter().find(later) {
                    return Some(format!("{name} does not come before {id}"));
                }
            }
        }
        None
    }
}

/// The names before one of these words.
fn subject(clause: &str, words: &[&str]) -> Option<Vec<String>> {
    let names = words.iter().find_map(|word| clause.strip_suffix(word))?;
    let names = names.trim().replace(" and ", ", ");
    let names = names.split(", ").filter(|name| *name != "others");
    Some(names.map(str::to_owned).collect())
}

#[test]
fn no_event_says_what_was_not_so() {
    let mut dice = Dice::new(21);
    let kinds = [Kind::Threads, Kind::Places(1), Kind::Places(2), Kind::Lock];
    let timed = [
        Timed::Honest,
        Timed::Honest,
        Timed::FromArrival,
        Timed::Unknown,
    ];
    let (mut served, mut next) = (0, 0);
    let runs = Dice::rounds(20_000);
    for number in 0..runs {
        let kind = dice.one_of(&kinds);
        let timed = dice.one_of(&timed);
        let guests = guests(&mut dice);
        let mut simulated = play(&guests, kind, timed, 0, &mut dice);
        if kind == Kind::Places(1) {
            simulated.server.places = Some(timeline::Places::Limited(1));
        }
        let run = Run {
            servers: vec![simulated.server],
            ..Run::default()
        };
        let verdict = Verdict::of(&run.servers[0]);
        // Service times that count waiting, and are not found out, are the server's word.
        let is_believed = kind != Kind::Lock || timed != Timed::FromArrival;
        let is_found_out = verdict.requests.iter().any(|one| one.inside.is_some());
        if !is_believed && !is_found_out {
            continue;
        }
        let (events, _) = events(&run, &[verdict]);
        let simulation = Simulation {
            run: &run,
            truths: &simulated.truths,
        };
        for event in events {
            let sentence = &event.sentence;
            served += usize::from(
                sentence.contains("being served") || sentence.contains("only thread"),
            );
            next += usize::from(sentence.contains("next, so"));
            if let Some(lie) = simulation.lie(event.at_us, sentence) {
                panic!(
                    "run {number}, {kind:?}, {timed:?}: {sentence}: \
                     {lie}\n{guests:#?}\n{:#?}",
                    simulated.truths
                );
            }
            for id in &event.standing.serving {
                let end = simulation.truth(id).unwrap();
                assert!(end.to + OPEN_US >= event.at_us, "{sentence}: {id} is over");
            }
            for id in &event.standing.waiting {
                assert!(
                    simulation.sent(id) <= event.at_us.max(end_of(&simulation, id)),
                    "{id}"
                );
            }
        }
    }
    assert!(served > runs / 4 && next > runs / 20, "{served}, {next}");
}

fn end_of(simulation: &Simulation<'_>, id: &str) -> u64 {
    simulation.truth(id).unwrap().to
}
