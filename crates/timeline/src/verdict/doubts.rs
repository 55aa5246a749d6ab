//! What a server says, held against what can be: its service times against the latency
//! and against the same request alone, and its replies against the requests. A server of
//! one's own may count from the wrong moment, or answer the wrong client.

use super::{
    Judged,
    claims::{alone_us, cuts_sleeps, is_cut_short, possible_service, says_too_little},
    names::Names,
};
use crate::{
    chart::seconds,
    columns::in_a_sentence,
    record::{Request, ServerRun, is_one_of},
    stall::WORTH_SAYING_US,
};

/// What is wrong with one reply, or with its service time. All times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Of which request.
    pub id: String,
    /// What the server says.
    pub claimed_us: Option<i64>,
    /// What it is held against.
    pub fault: Fault,
}

/// Why a reply or its service time is not taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The reply, and the request that it does not answer.
    NotItsReply(String, String),
    /// The reply of a server that knows TIMED came without one.
    Missing,
    /// It is less than nothing.
    Negative,
    /// The reply came this long after the request was sent.
    LongerThanLatency(u64),
    /// It was answered after the one time, and is a SLEEP of the other.
    CutShort(u64, u64),
    /// A SLEEP takes this long.
    ShorterThanSleep(u64),
    /// Alone it takes this long; it waited inside the server for others.
    WaitedInside(u64),
    /// Alone it takes this long; why it took longer is not known.
    LongerThanAlone(u64),
    /// A SLEEP of this long was served for longer.
    LongerThanAsked(u64),
    /// The same: the server computed for another request until then.
    HeldUp(u64),
}

pub(crate) fn of(server: &ServerRun, judged: &[Judged], tolerance_us: u64) -> Vec<Doubt> {
    let both = server.requests().zip(judged);
    // Then nobody knows how long a SLEEP takes there.
    let cuts_sleeps = cuts_sleeps(server);
    both.filter_map(|((_, request), judged)| {
        let of_its_time = || fault(request, judged, tolerance_us, cuts_sleeps);
        let of_its_time = || server.timed.then(of_its_time).flatten();
        let fault = not_its_reply(request)
            .or_else(|| cut_short(request))
            .or_else(of_its_time)?;
        let claimed = request.service_us.and_then(|one| i64::try_from(one).ok());
        Some(Doubt {
            id: request.id.clone(),
            claimed_us: request.claimed_us.or(claimed),
            fault,
        })
    })
    .collect()
}

/// Of requests whose reply follows from the request. An error may answer any.
fn not_its_reply(request: &Request) -> Option<Fault> {
    /// Shorter texts stand in the record as they are.
    const SHORT: usize = 100;
    let reply = request.reply.as_ref().filter(|_| !request.has_failed())?;
    let words = proto::split_line(request.request.as_bytes()).ok()?;
    let text = || String::from_utf8(words.get(1)?.clone()).ok();
    let is_plain = |text: &String| proto::printable(text) == *text && text.len() < SHORT;
    let due = match words.len() {
        1 if request.is("PING") => "+PONG".to_owned(),
        2 if request.is("SLEEP") => "+OK".to_owned(),
        2 if request.is("PING") || request.is("ECHO") => {
            format!("${}", text().filter(is_plain)?.trim_end())
        }
        _ => return None,
    };
    (*reply != due).then(|| Fault::NotItsReply(reply.clone(), request.request.clone()))
}

fn cut_short(request: &Request) -> Option<Fault> {
    let is_short = is_cut_short(request);
    let fault = || Some(Fault::CutShort(request.latency_us()?, alone_us(request)?));
    is_short.then(fault).flatten()
}

fn fault(
    request: &Request,
    judged: &Judged,
    tolerance_us: u64,
    cuts_sleeps: bool,
) -> Option<Fault> {
    let latency = request.latency_us()?;
    if request.claimed_us.is_some_and(i64::is_negative) {
        return Some(Fault::Negative);
    }
    let Some(claimed) = possible_service(request) else {
        let cannot_be_timed = ["HELLO", "QUIT", "TIMED"];
        let is_missing = request.service_us.is_none();
        return match is_missing {
            false => Some(Fault::LongerThanLatency(latency)),
            true if request.has_failed() => None, // an error needs none
            true if is_one_of(&request.request, &cannot_be_timed) => None,
            true => Some(Fault::Missing),
        };
    };
    let alone = alone_us(request)?;
    if says_too_little(request) {
        return (!cuts_sleeps).then_some(Fault::ShorterThanSleep(alone));
    }
    if let Some(inside) = judged.inside {
        return Some(Fault::WaitedInside(inside.alone_us));
    }
    let excess = claimed.saturating_sub(alone);
    let is_long = excess >= WORTH_SAYING_US.max(tolerance_us / 4);
    let fault = match request.is("SLEEP") {
        true if judged.is_held_up => Fault::HeldUp(alone),
        true => Fault::LongerThanAsked(alone),
        false => Fault::LongerThanAlone(alone),
    };
    (is_long && !request.is("PRIMES")).then_some(fault)
}

/// A sentence for each kind of fault, about its first request.
pub(crate) fn sentences(
    server: &str,
    doubts: &[Doubt],
    names: &Names<'_>,
) -> Vec<String> {
    let mut kinds: Vec<(&Doubt, Vec<&str>)> = Vec::new();
    for doubt in doubts {
        let is_same = |one: &Doubt| {
            std::mem::discriminant(&one.fault) == std::mem::discriminant(&doubt.fault)
        };
        match kinds.iter_mut().find(|(first, _)| is_same(first)) {
            Some((_, others)) => others.push(&doubt.id),
            None => kinds.push((doubt, Vec::new())),
        }
    }
    let sentences = kinds.into_iter().map(|(first, others)| {
        let also = match others.as_slice() {
            [] => String::new(),
            others => format!(" So it is with {}.", names.list(others)),
        };
        format!("{server}: {}.{also}", first.sentence())
    });
    sentences.collect()
}

impl Doubt {
    fn sentence(&self) -> String {
        let id = &self.id;
        let claimed = self.claimed_us.map_or_else(String::new, signed_seconds);
        let says = format!("{id} was served for {claimed} s, says the server");
        match &self.fault {
            Fault::NotItsReply(reply, words) => {
                let words = proto::blanked(&in_a_sentence(words));
                format!("the reply to {id} is {reply}, which does not answer {words}")
            }
            Fault::Missing => format!("the reply to {id} has no service time"),
            Fault::Negative => format!("{says}; that cannot be"),
            Fault::LongerThanLatency(latency) => {
                let latency = seconds(*latency);
                format!("{says}, but its reply came after {latency} s; that cannot be")
            }
            Fault::CutShort(latency, sleep) => format!(
                "{id} was answered after {} s; it asked for a sleep of {} s",
                seconds(*latency),
                seconds(*sleep)
            ),
            Fault::ShorterThanSleep(sleep) => {
                format!("{says}; a sleep of {} s takes longer", seconds(*sleep))
            }
            Fault::LongerThanAsked(sleep) => {
                format!("{says}; it asked for a sleep of {} s", seconds(*sleep))
            }
            Fault::HeldUp(sleep) => format!(
                "{says}; it asked for a sleep of {} s, and the server computed until \
                 its reply",
                seconds(*sleep)
            ),
            Fault::WaitedInside(alone) => format!(
                "{id} was served for {claimed} s; alone it takes {} s: it waited inside \
                 the server",
                seconds(*alone)
            ),
            Fault::LongerThanAlone(alone) => {
                format!("{says}; alone it takes {} s", seconds(*alone))
            }
        }
    }
}

fn signed_seconds(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    match micros.unsigned_abs() {
        small @ 1..5_000 => format!("{sign}0.{small:06}"),
        more => format!("{sign}{}", seconds(more)),
    }
}
