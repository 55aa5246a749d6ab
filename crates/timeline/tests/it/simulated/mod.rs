//! Records of servers whose truth is known: simulated, with delays of the machine, and
//! with service times that are honest or not.

mod life;

use timeline::{
    Places,
    record::{Connection, Late, Request, ServerRun},
};

use fixture::Dice;
use life::{Life, State};

/// What a server does with its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A thread for each client.
    Threads,
    /// This number of connections at once, each to its end.
    Places(usize),
    /// A thread for each client, and a lock around each request.
    Lock,
}

/// What it says of its service times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timed {
    Honest,
    /// From the arrival of a request, so that waiting for the lock counts.
    FromArrival,
    /// Nothing takes any time.
    Zero,
    /// Longer than it can have been.
    Absurd,
    /// Less than nothing.
    Negative,
    /// None at all, though it knows TIMED.
    Missing,
    /// It does not know TIMED.
    Unknown,
}

/// One client: when it comes, the SLEEPs it asks for, its pauses, and how long it stays.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) at: u64,
    pub(crate) sleeps: Vec<u64>,
    pub(crate) pause: u64,
    pub(crate) hold: u64,
}

/// A service as it really was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truth {
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// How long it waited for a place or the lock.
    pub(crate) blocked: u64,
}

/// From when to when a connection held one of the server's places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) place: usize,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// What really happened, one service for each request of the record.
pub(crate) struct Simulated {
    pub(crate) server: ServerRun,
    pub(crate) truths: Vec<Truth>,
    /// One for each connection; `None` on a server without places.
    pub(crate) held: Vec<Option<Held>>,
}

pub(crate) fn guests(dice: &mut Dice) -> Vec<Guest> {
    const MS: u64 = 1_000;
    let count = 1 + dice.below(7);
    (0..count)
        .map(|_| {
            let requests = dice.one_of(&[0, 1, 1, 1, 1, 2, 3]);
            let sleep =
                |dice: &mut Dice| dice.one_of(&[0, 1, 10, 40, 100, 300, 1000]) * MS;
            Guest {
                at: dice.one_of(&[0, 0, 10, 20, 100, 200, 500]) * MS + dice.below(100),
                sleeps: (0..requests).map(|_| sleep(dice)).collect(),
                pause: dice.one_of(&[0, 0, 50, 400]) * MS,
                hold: dice.one_of(&[0, 0, 0, 300, 900]) * MS,
            }
        })
        .collect()
}

/// Plays the guests against a server; each delay of the machine is below `noise`.
pub(crate) fn play(
    guests: &[Guest],
    kind: Kind,
    timed: Timed,
    noise: u64,
    dice: &mut Dice,
) -> Simulated {
    let mut state = State::of(kind, noise);
    let mut lives: Vec<Life> = guests.iter().map(Life::of).collect();
    // Each turn takes the life whose next step comes first; where several wait for a
    // place, the one that came first; ties in the order of the file.
    while let Some(index) = (0..lives.len())
        .filter(|index| !lives[*index].is_over && state.has_place_for(&lives[*index]))
        .min_by_key(|index| (state.step_at(&lives[*index]), lives[*index].next))
    {
        let (guest, life) = (&guests[index], &mut lives[index]);
        state.step(guest, life, kind, dice);
    }
    let mut truths = Vec::new();
    let mut connections = Vec::new();
    for (index, (guest, life)) in guests.iter().zip(&lives).enumerate() {
        truths.extend(life.truths.iter().map(|(_, truth, _)| *truth));
        connections.push(connection(index, guest, life, timed));
    }
    let mut server = ServerRun {
        name: "server".to_owned(),
        command: "server".to_owned(),
        places: Some(Places::THREADS),
        timed: timed != Timed::Unknown,
        connections,
        ..ServerRun::default()
    };
    if noise > 0 {
        // The program that plays the clients meets the same machine.
        server.late = vec![Late {
            at_us: 0,
            by_us: noise,
        }];
    }
    let held = lives.into_iter().map(|life| life.held).collect();
    Simulated {
        server,
        truths,
        held,
    }
}

fn connection(index: usize, guest: &Guest, life: &Life, timed: Timed) -> Connection {
    let name = char::from(b'A' + u8::try_from(index).unwrap()).to_string();
    let requests = guest.sleeps.iter().zip(&life.truths).enumerate();
    let requests = requests.map(|(number, (sleep, (sent, truth, stamp)))| {
        let served = truth.to - truth.from;
        let (service_us, claimed_us) = match timed {
            Timed::Honest => (Some(served), None),
            Timed::FromArrival => (Some(truth.to - sent), None),
            Timed::Zero => (Some(0), None),
            Timed::Absurd => (Some(1_000_000_000), None),
            Timed::Negative => (None, Some(-5)),
            Timed::Missing | Timed::Unknown => (None, None),
        };
        let id = match guest.sleeps.len() {
            1 => name.clone(),
            _ => format!("{name}.{}", number + 1),
        };
        Request {
            id,
            request: format!("SLEEP {sleep}us"),
            sent_us: Some(*sent),
            replied_us: Some(*stamp),
            service_us,
            claimed_us,
            alone_us: Some(*sleep),
            reply: Some("+OK".to_owned()),
            ..Request::default()
        }
    });
    Connection {
        client: name.clone(),
        due_us: guest.at,
        opened_us: Some(guest.at),
        closed_us: Some(life.closed),
        requests: requests.collect(),
        ..Connection::default()
    }
}
