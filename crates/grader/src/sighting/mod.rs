//! What a server does while a client waits that it must not keep waiting: where that
//! client is, and what each thread does (`doing.rs`), and which causes fit that
//! (`hints.rs`). It is evidence for a person, and no
//! point depends on it.

mod doing;
mod hints;

use std::{collections::BTreeMap, thread, time::Duration};

use launch::{Ends, Observer, Sample, SeenThread, Stay};

use crate::{
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    report::Report,
    running::Running,
    sandbox,
    test_client::TestClient,
    verdict::Verdict,
    workbench::{Shared, Workbench},
};

use doing::{Doing, doing};

/// The server is looked at 40 times at most. Four looks in a row have to show the same.
const LOOKS: usize = 40;
const SAME: usize = 4;
const PAUSE: Duration = Duration::from_millis(25);

/// How long A sleeps while the server is looked at.
const SLEEP: Duration = Duration::from_secs(2);

/// What was seen of a server while B waited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// For a person: where B is, and what the threads do.
    pub text: String,
    /// The same for comparing: without numbers that differ from server to server.
    pub print: String,
}

/// What A does while B waits.
#[derive(Clone, Copy)]
enum Scene {
    /// It is connected, and asks for nothing.
    Idle,
    /// It is being served.
    Slow,
}

/// Looks at a server again for each check that failed because B had to wait.
pub(crate) fn add(shared: &Shared<'_>, report: &mut Report) {
    for entry in &mut report.entries {
        let scene = match entry.name {
            "idle" => Scene::Idle,
            "slow" => Scene::Slow,
            _ => continue,
        };
        if let Verdict::Failed(failure) = &mut entry.verdict {
            let workbench = Workbench::new(shared);
            let seen = workbench.with_server(|running| play(&workbench, running, scene));
            failure.seen = seen.unwrap_or_default().map(Box::new);
            if let Some(seen) = &failure.seen {
                hints::sort(&mut failure.likely_causes, &seen.print);
            }
        }
    }
}

fn play(
    workbench: &Workbench<'_>,
    running: &mut Running<'_>,
    scene: Scene,
) -> Result<Option<Sighting>, EarlyEnd> {
    let failure_text = FailureText::new("", "", "", &[]);
    let mut a = running.served_client(&failure_text, "A")?;
    if let Scene::Slow = scene {
        a.let_sleep(SLEEP);
        let seconds = format!("{}s", SLEEP.as_secs());
        let sent = a.send(&["SLEEP", &seconds]);
        sent.map_err(|trouble| failure_text.trouble("A", &trouble))?;
        thread::sleep(PAUSE * 2);
    }
    let mut b = running.test_client(&failure_text, "B")?;
    let sent = b.send(&[workbench.echo(), &nonce()]);
    sent.map_err(|trouble| failure_text.trouble("B", &trouble))?;
    let seen = look(workbench.shared, running, &a, &b);
    // What was seen after a reply says nothing about the wait.
    Ok(seen.filter(|_| !a.has_something() && !b.has_something()))
}

/// What several looks in a row show; `None` where that keeps changing.
fn look(
    shared: &Shared<'_>,
    running: &Running<'_>,
    a: &TestClient,
    b: &TestClient,
) -> Option<Sighting> {
    let outer = running.server.pid();
    let pid = match &shared.subject.sandbox {
        None => outer,
        Some(_) => sandbox::inner(outer)?
            .as_raw_nonzero()
            .get()
            .try_into()
            .ok()?,
    };
    let ends: [Ends; 2] = [a.ends()?, b.ends()?];
    let mut observer = Observer::at(pid, running.address());
    let mut last = Sighting::default();
    let mut same = 0;
    for _ in 0..LOOKS {
        let sample = observer.look(&ends);
        if b.has_something() || !sample.missing.is_nothing() {
            return None;
        }
        let seen = describe(&observer, &sample, pid);
        same = if seen == last { same + 1 } else { 0 };
        if same >= SAME {
            return Some(last);
        }
        last = seen;
        thread::sleep(PAUSE);
    }
    None
}

fn describe(observer: &Observer, sample: &Sample, pid: u32) -> Sighting {
    let [of_a, of_b] = sample.connections.as_slice() else {
        return Sighting::default();
    };
    let (place, short) = place_of(of_b);
    let socket = |stay: &Stay| match stay {
        Stay::Accepted { socket, .. } => Some(*socket),
        _ => None,
    };
    let (a, b) = (socket(of_a), socket(of_b));
    let doing = |thread: &SeenThread| doing(observer, thread, a, b);
    let is_main = |thread: &&SeenThread| thread.id == pid;
    let main = sample.threads.iter().find(is_main).map(doing);
    let mut others: BTreeMap<Doing, usize> = BTreeMap::new();
    for thread in sample.threads.iter().filter(|thread| !is_main(thread)) {
        *others.entry(doing(thread)).or_default() += 1;
    }
    let mut seen_doing: Vec<String> = Vec::new();
    seen_doing
        .extend(main.map(|main| format!("the one that runs main {}", main.words(1))));
    seen_doing.extend(others.iter().map(|(what, count)| match count {
        1 => format!("one {}", what.words(1)),
        more => format!("{more} {}", what.words(*more)),
    }));
    let count = sample.threads.len();
    let threads = if count == 1 { "thread" } else { "threads" };
    let short_of = |(what, count): (&Doing, &usize)| {
        let many = if *count > 1 { "+" } else { "" };
        (*what != Doing::Aside).then(|| format!("{}{many}", what.short()))
    };
    let others: Vec<String> = others.iter().filter_map(short_of).collect();
    Sighting {
        text: format!("{place}; {count} {threads}: {}", seen_doing.join("; ")),
        print: format!(
            "{short} main:{} others:{}",
            main.map_or("-", Doing::short),
            others.join(",")
        ),
    }
}

/// Where B is, for a person and for a fingerprint.
fn place_of(stay: &Stay) -> (&'static str, &'static str) {
    match stay {
        Stay::Backlog => ("B is in the backlog", "backlog"),
        Stay::Accepted { unread: 1.., .. } => {
            ("B is accepted, and its request is not read", "unread")
        }
        Stay::Accepted { .. } => ("B's request is read, and not answered", "read"),
        Stay::Unknown => ("B is nowhere to be seen", "unknown"),
    }
}
