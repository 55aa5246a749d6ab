//! The first look at a server: is there one, can two run at once, does it outlive a
//! client.

use std::{
    fs,
    net::SocketAddr,
    sync::{Mutex, atomic::AtomicUsize},
    time::{Duration, Instant},
};

use crate::{
    control::{self, Control},
    early_end::EarlyEnd,
    python::TightSwitching,
    running::Running,
    starting::StartFailure,
    test_client::{Trouble, shown},
    workbench::{Shared, Workbench},
};

/// How often a server may fail to answer a lone client before there is nothing to judge.
const TRIES: u32 = 3;
/// How long a server may take to end after its first client, if it does.
const END: Duration = Duration::from_millis(20);
/// How many clients come one after another, as long as this takes no time.
const MANY: usize = 6;
const SOON: Duration = Duration::from_millis(500);
/// How much longer the grading may last where its checks wait for each other.
const MORE_ALONE: Duration = Duration::from_secs(20);

/// What the first look has shown.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// One fault that explains many others, as a sentence.
    pub(crate) summary: Option<String>,
    /// What makes its threads take turns all the time, if a process of it is Python's.
    pub(crate) tight: Option<TightSwitching>,
    /// Whether only one copy of it can run at a time.
    pub(crate) is_alone: bool,
    /// Whether it sends no whole reply, even to a lone client.
    pub(crate) is_cut_off: bool,
}

/// Looks at a server.
///
/// # Errors
///
/// The reason of the last of several tries.
pub(crate) fn look(shared: &Shared<'_>) -> Result<Found, Control> {
    if fs::metadata("/proc/self/task").is_err() {
        return Err(Control::Blind);
    }
    let workbench = Workbench::new(shared);
    let mut last = first_clients(&workbench);
    for _ in 1..TRIES {
        match &last {
            Ok(_) => break,
            // A program that is none does not become one.
            Err(Control::NoServer(start)) if !start.is_the_machines => break,
            Err(_) => last = first_clients(&workbench),
        }
    }
    last
}

fn first_clients(workbench: &Workbench<'_>) -> Result<Found, Control> {
    let looked = workbench.with_server(|running| {
        let start = Instant::now();
        let mut found = Found {
            tight: TightSwitching::of(running.pulse()),
            ..Found::default()
        };
        let answer = running
            .connect()
            .and_then(|mut client| client.round_trip(workbench.echo()));
        found.summary = wrong_first_reply(workbench, &answer);
        found.is_cut_off = answer.as_ref().is_err_and(Trouble::is_begun);
        let answer = control::answered(workbench, answer);
        if running.address().port() == 0 {
            let why = "the first line of the server says port 0: print the port that \
                       the system has chosen (getsockname)";
            return Ok((Err(Control::Slept(why.to_owned())), found));
        }
        if answer.is_ok() {
            more_clients(workbench, running, start, &mut found)?;
        }
        Ok((answer, found))
    });
    let (answer, found) = looked.map_err(Control::from)?;
    answer.map(|()| found)
}

/// What becomes of the server after its first client, and beside a second server.
fn more_clients(
    workbench: &Workbench<'_>,
    running: &mut Running<'_>,
    start: Instant,
    found: &mut Found,
) -> Result<(), EarlyEnd> {
    let alone = a_second_does_not_start(workbench, running.address())?;
    if let Some(end) = running.end(END) {
        let when = match ends_without_a_client(workbench, start.elapsed()) {
            true => "soon after its start, also without a client",
            false => "after its first client",
        };
        found.summary = Some(format!("your server {end} {when}"));
        return Ok(());
    }
    if let Some(why) = alone {
        found.is_alone = true;
        found.summary = Some(format!(
            "your server does not listen where `--listen 127.0.0.1:0` says, but on {}, \
             so that only one can run at a time: {why}",
            running.address(),
        ));
    }
    if let Some(served) = serves_no_more(workbench, running) {
        found.summary = Some(format!(
            "your server answers {served}, and does not answer the next one"
        ));
    }
    Ok(())
}

/// How many clients were served until one was not, if that was soon.
fn serves_no_more(workbench: &Workbench<'_>, running: &Running<'_>) -> Option<String> {
    let start = Instant::now();
    for served in 1..MANY {
        let client = running.connect();
        let answer = client.and_then(|mut one| one.round_trip(workbench.echo()));
        match answer {
            Err(Trouble::Silent { slept: true, .. }) => {
                return Some(match served {
                    1 => "its first client".to_owned(),
                    _ => format!("{served} clients, one after another"),
                });
            }
            Ok(()) if start.elapsed() < SOON => {}
            _ => break,
        }
    }
    None
}

/// What is wrong with the reply to a client that is alone.
fn wrong_first_reply(
    workbench: &Workbench<'_>,
    answer: &Result<(), Trouble>,
) -> Option<String> {
    let echo = workbench.echo();
    match answer {
        Err(Trouble::Unexpected { reply, due, .. }) => {
            let reply = shown(reply);
            Some(format!(
                "your server answers a lone client's {echo} with {reply}, where {due} is \
                 due"
            ))
        }
        Err(trouble) if trouble.is_begun() => Some(format!(
            "your server's reply to a lone client's {echo} does not come to its end: is \
             the length right, and is there a CR LF after each line?"
        )),
        _ => None,
    }
}

/// Whether a fresh server, to which nobody connects, ends too, in twice the time that one
/// with a client was there.
fn ends_without_a_client(workbench: &Workbench<'_>, lived: Duration) -> bool {
    let ends = workbench.with_server(|running| Ok(running.end(2 * lived).is_some()));
    ends.unwrap_or(false)
}

/// Why a second server cannot run beside the first, if it cannot.
fn a_second_does_not_start(
    workbench: &Workbench<'_>,
    first: SocketAddr,
) -> Result<Option<String>, EarlyEnd> {
    match workbench.with_server(|second| Ok(second.address())) {
        Ok(second) if second == first => {
            Ok(Some("a second one prints the same address".to_owned()))
        }
        Err(EarlyEnd::NoServer(start)) if !start.is_the_machines => {
            let StartFailure { why, .. } = *start;
            Ok(Some(format!("a second one beside it: {why}")))
        }
        Err(EarlyEnd::TimeIsUp) => Err(EarlyEnd::TimeIsUp),
        _ => Ok(None),
    }
}

impl Found {
    /// What the checks share, now that this is known.
    pub(crate) fn add_to(self, shared: &mut Shared<'_>) {
        shared.tight = self.tight;
        shared.is_cut_off = self.is_cut_off;
        shared.one_at_a_time = self.is_alone.then(Mutex::default);
        if self.is_alone {
            shared.ends += MORE_ALONE;
        }
        shared.in_service = AtomicUsize::new(0);
    }
}
