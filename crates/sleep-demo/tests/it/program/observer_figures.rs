//! How often the place that a chart names is right, whether looking changes a verdict,
//! and what it costs: figures of `docs/run-record.md`.

use std::{env, fs, process::Command, sync::Mutex, time::Duration};

use tempfile::TempDir;
use timeline::{
    record::{Record, Run, ServerRun},
    verdict::Verdict,
    whereabouts::{Whereabouts, mostly},
};

/// A shorter wait is the machine's own: 100 ms.
const LONG_US: u64 = 100_000;

/// Scenarios with long waits, and how many runs of each are played at once: where clients
/// compute, one has the machine for itself.
const SCENARIOS: [(&str, usize); 4] = [
    ("head-of-line", 3),
    ("lock-too-long", 3),
    ("thread-limit", 3),
    ("cpu-bound", 1),
];

fn runs() -> usize {
    let runs = env::var("KIT_RUNS").ok();
    runs.map_or(20, |runs| runs.parse().unwrap())
}

/// A run of a scenario, and the seconds of processor time that the demo took for it.
fn played(scenario: &str, looks: &str) -> (Record, f64) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("run.json");
    let line = format!(
        "TIMEFORMAT='%U %S'; time {} {scenario} --where={looks} --json {} > {}/out",
        fixture::workspace()
            .join("target/demo/sleep-demo")
            .display(),
        file.display(),
        folder.path().display(),
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let times = said.lines().last().unwrap().split_whitespace();
    let cpu = times.map(|time| time.parse::<f64>().unwrap()).sum();
    (Record::read(&fs::read(&file).unwrap()).unwrap(), cpu)
}

/// Where each long wait on a server was said to be, and where it was.
fn placed(server: &ServerRun) -> Vec<(Whereabouts, Whereabouts)> {
    let believed = Verdict::of(server).believed(server);
    let stays = timeline::whereabouts::of(&believed);
    let there = match server.name.as_str() {
        "lock-too-long" => Whereabouts::Lock,
        _ => Whereabouts::Backlog,
    };
    let waits = believed.requests().map(|(_, request)| request).zip(stays);
    let long = waits.filter(|(request, _)| request.waited_us() > Some(LONG_US));
    let said = long.map(|(request, mut stays)| {
        stays.retain(|stay| Some(stay.from) < request.started_us());
        mostly(&stays).unwrap_or(Whereabouts::Unknown)
    });
    said.map(|said| (said, there)).collect()
}

#[test]
#[ignore = "a figure of docs/run-record.md"]
fn places_are_right_and_looking_changes_nothing() {
    let script = fixture::workspace().join("scripts/demo.sh");
    let built = Command::new(script).arg("--list").output().unwrap();
    assert!(built.status.success(), "{built:?}");
    let numbers: Vec<usize> = (0..runs()).collect();
    for (scenario, at_once) in SCENARIOS {
        let figures = Mutex::new(Figures::default());
        fixture::side_by_side(at_once, &numbers, |_| {
            let (seen, with) = played(scenario, "always");
            let (unseen, without) = played(scenario, "never");
            let mut figures = figures.lock().unwrap();
            figures.add(&seen.runs[0], &unseen.runs[0]);
            figures.looking += with - without;
        });
        let figures = figures.into_inner().unwrap();
        println!("{}", figures.line(scenario));
        assert!(figures.wrong.is_empty(), "{:?}", figures.wrong);
    }
}

/// What the runs of one scenario have shown.
#[derive(Default)]
struct Figures {
    right: usize,
    unknown: usize,
    wrong: Vec<(String, Whereabouts)>,
    differ: usize,
    /// Between the waits on a server with looking and without, at most, in microseconds.
    apart: u64,
    /// In seconds: of processor time, and of the runs.
    looking: f64,
    lasted: f64,
}

impl Figures {
    fn add(&mut self, seen: &Run, unseen: &Run) {
        self.lasted += Duration::from_micros(seen.end_us()).as_secs_f64();
        for (seen, unseen) in seen.servers.iter().zip(&unseen.servers) {
            for (said, there) in placed(seen) {
                match said {
                    _ if said == there => self.right += 1,
                    Whereabouts::Unknown => self.unknown += 1,
                    _ => self.wrong.push((seen.name.clone(), said)),
                }
            }
            let (seen, unseen) = (Verdict::of(seen), Verdict::of(unseen));
            self.differ += usize::from(contradict(&seen, &unseen));
            let waits = seen.waited_us.zip(unseen.waited_us);
            let apart = waits.map_or(0, |(seen, unseen)| seen.abs_diff(unseen));
            self.apart = self.apart.max(apart);
        }
    }

    fn line(&self, scenario: &str) -> String {
        format!(
            "{scenario}: the place of {} waits is right, {} unknown, {} wrong; {} \
             verdicts differ without --where, the waits of a server by {:.2} s at most; \
             looking takes {:.2} % of a core",
            self.right,
            self.unknown,
            self.wrong.len(),
            self.differ,
            Duration::from_micros(self.apart).as_secs_f64(),
            self.looking / self.lasted * 100.0,
        )
    }
}

/// Whether one says of a request that it was blocked, and the other that it was not.
fn contradict(one: &Verdict, other: &Verdict) -> bool {
    let mut both = one.requests.iter().zip(&other.requests);
    both.any(|(one, other)| {
        let is_open = one.undecided || other.undecided;
        !is_open && one.behind.is_empty() != other.behind.is_empty()
    })
}
