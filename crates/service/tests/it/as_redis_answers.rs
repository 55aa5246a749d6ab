//! For any input our servers answer what redis-server answers, byte for byte, and close
//! where it closes: the rules of `docs/protocol.md`, held by a differential fuzz.
//!
//! `KIT_FUZZ_INPUTS=1000000 cargo test --release -p service as_redis_answers` asks more;
//! `KIT_FUZZ_SEED=N` asks others.

use std::{
    collections::HashSet,
    env,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
};

use crate::differential::{answer::answer, comparable, generate, redis::Redis};
use crate::talking::{SINGLE, THREADED};

/// How many inputs are on their way at once.
const WORKERS: usize = 4;

struct Fuzz {
    redis: SocketAddr,
    ours: SocketAddr,
    known_to_redis: HashSet<String>,
    seed: u64,
    inputs: u64,
    next: AtomicU64,
    asked: AtomicU64,
}

fn number(variable: &str) -> Option<u64> {
    Some(env::var(variable).ok()?.parse().expect("a number"))
}

fn seed() -> u64 {
    number("KIT_FUZZ_SEED").unwrap_or(7)
}

fn fuzz(server: &str, seed: u64, inputs: u64) {
    if !fixture::has("redis-server") {
        return;
    }
    let redis = Redis::start();
    let ours = fixture::start(server, &["--quiet"]);
    let fuzz = Fuzz {
        redis: redis.address,
        ours: ours.address(),
        known_to_redis: redis.commands(),
        seed,
        inputs,
        next: AtomicU64::new(0),
        asked: AtomicU64::new(0),
    };
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let worker = thread::Builder::new();
            worker
                .spawn_scoped(scope, || fuzz.work())
                .expect("a thread");
        }
    });
    let Fuzz { seed, inputs, .. } = fuzz;
    println!(
        "{inputs} of {inputs} inputs (seed {seed}) answered by {server} as by \
         redis-server"
    );
}

impl Fuzz {
    /// Asks until as many inputs as wanted were comparable.
    fn work(&self) {
        while self.asked.load(Relaxed) < self.inputs {
            let index = self.next.fetch_add(1, Relaxed);
            let input =
                generate::input(self.seed.wrapping_mul(1 << 32).wrapping_add(index));
            let Some(ending) = comparable::ending(&input, &self.known_to_redis) else {
                continue;
            };
            let expected = answer(self.redis, &input, ending);
            let observed = answer(self.ours, &input, ending);
            let agree = expected.is_ok() && expected == observed;
            if !agree {
                self.asked.store(self.inputs, Relaxed); // the others need not go on
            }
            assert!(
                agree,
                "input {index} of seed {}: {ending:?}, cut at {:?}\n  sent  {}\n  \
                 redis {}\n  ours  {}",
                self.seed,
                input.cuts,
                input.bytes.escape_ascii(),
                shown(&expected),
                shown(&observed),
            );
            self.asked.fetch_add(1, Relaxed);
        }
    }
}

fn shown(answer: &Result<Vec<u8>, String>) -> String {
    match answer {
        Ok(bytes) => bytes.escape_ascii().to_string(),
        Err(error) => format!("({error})"),
    }
}

#[test]
fn the_threaded_server_answers_as_redis_does() {
    fuzz(THREADED, seed(), number("KIT_FUZZ_INPUTS").unwrap_or(5_000));
}

#[test]
fn the_single_server_answers_as_redis_does() {
    fuzz(SINGLE, seed(), 2_000);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_inputs_are_answered_as_redis_does() {
    for seed in (seed()..).take(10) {
        fuzz(THREADED, seed, 100_000);
    }
}
