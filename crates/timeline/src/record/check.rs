//! What the types of a record cannot hold: times that some run can have shown, in their
//! order.

use super::{Connection, Observed, Record, Run, ServerRun, read::RecordError};

/// No run takes longer: 10¹² µs, 11 days and a half. All times together stay below 2⁶⁴.
const MOST_US: u64 = 1_000_000_000_000;

/// The first thing that no run can have shown.
pub(super) fn record(record: &Record) -> Result<(), RecordError> {
    if record.runs.is_empty() {
        return refuse(".runs", "no run; expected at least one");
    }
    if !(record.speed.is_finite() && record.speed > 0.0) {
        return refuse(".speed", &format!("{}; expected more than 0", record.speed));
    }
    for (index, of_index) in record.runs.iter().enumerate() {
        run(&format!(".runs[{index}]"), of_index)?;
    }
    Ok(())
}

fn run(place: &str, run: &Run) -> Result<(), RecordError> {
    if run.servers.is_empty() {
        return refuse(
            &format!("{place}.servers"),
            "no server; expected at least one",
        );
    }
    Clock::new(place).note("horizon_us", run.horizon_us)?;
    for (index, of_index) in run.servers.iter().enumerate() {
        server(&format!("{place}.servers[{index}]"), of_index)?;
    }
    Ok(())
}

fn server(place: &str, server: &ServerRun) -> Result<(), RecordError> {
    for (index, late) in server.late.iter().enumerate() {
        let place = format!("{place}.late[{index}]");
        Clock::new(&place).note("at_us", Some(late.at_us))?;
        Clock::new(&place).note("by_us", Some(late.by_us))?;
    }
    for (key, times) in [
        ("suspended", &server.suspended),
        ("stopped", &server.stopped),
    ] {
        for (index, stopped) in times.iter().enumerate() {
            let mut clock = Clock::new(&format!("{place}.{key}[{index}]"));
            clock.note("from_us", Some(stopped.from_us))?;
            clock.note("to_us", Some(stopped.to_us))?;
        }
    }
    if let Some(of_server) = &server.observed {
        observed(&format!("{place}.observed"), of_server)?;
    }
    for (index, of_index) in server.connections.iter().enumerate() {
        connection(&format!("{place}.connections[{index}]"), of_index)?;
    }
    Ok(())
}

/// What was seen came one after the other.
fn observed(place: &str, observed: &Observed) -> Result<(), RecordError> {
    Clock::new(place).note("until_us", Some(observed.until_us))?;
    let mut clock = Clock::new(place);
    for (index, count) in observed.counts.iter().enumerate() {
        clock.place = format!("{place}.counts[{index}]");
        clock.note("at_us", Some(count.at_us))?;
    }
    for (thread, of_index) in observed.threads.iter().enumerate() {
        let mut clock = Clock::new(place);
        for (index, did) in of_index.did.iter().enumerate() {
            clock.place = format!("{place}.threads[{thread}].did[{index}]");
            clock.note("from_us", Some(did.from_us))?;
            clock.note("to_us", Some(did.to_us))?;
            Clock::new(&clock.place).note("ready_us", Some(did.ready_us))?;
        }
    }
    Ok(())
}

/// A connection opens, sends, gets its replies in the order of its requests, and closes.
fn connection(place: &str, connection: &Connection) -> Result<(), RecordError> {
    Clock::new(place).note("due_us", Some(connection.due_us))?;
    Clock::new(place).note("read_delay_us", connection.read_delay_us)?;
    Clock::new(place).note("in_backlog_us", connection.in_backlog_us)?;
    Clock::new(place).note("accepted_us", connection.accepted_us)?;
    let mut sending = Clock::new(place);
    sending.note("opened_us", connection.opened_us)?;
    let mut replying = sending.clone();
    for (index, request) in connection.requests.iter().enumerate() {
        let place = format!("{place}.requests[{index}]");
        if request.sent_us.is_none() && request.replied_us.is_some() {
            return refuse(
                &format!("{place}.replied_us"),
                "a reply to what was never sent",
            );
        }
        sending.place.clone_from(&place);
        sending.note("sent_us", request.sent_us)?;
        replying.place.clone_from(&place);
        replying.earliest(request.sent_us, "sent_us");
        replying.note("replied_us", request.replied_us)?;
        let model = request.model.unwrap_or_default();
        for (key, duration) in [
            ("service_us", request.service_us),
            ("alone_us", request.alone_us),
            ("model.waited_us", Some(model.waited_us)),
            ("model.service_us", Some(model.service_us)),
        ] {
            Clock::new(&place).note(key, duration)?;
        }
    }
    place.clone_into(&mut replying.place);
    replying.note("closed_us", connection.closed_us)
}

/// Times that never run backwards.
#[derive(Clone)]
struct Clock {
    place: String,
    last: u64,
    /// The key of the last time.
    key: &'static str,
}

impl Clock {
    fn new(place: &str) -> Self {
        let place = place.to_owned();
        Self {
            place,
            last: 0,
            key: "",
        }
    }

    fn note(&mut self, key: &'static str, time: Option<u64>) -> Result<(), RecordError> {
        let Some(time) = time else { return Ok(()) };
        let place = format!("{}.{key}", self.place);
        if time > MOST_US {
            return refuse(&place, &format!("{time}; expected at most {MOST_US}"));
        }
        if time < self.last {
            let what = format!("{time} is before {} at {}", self.key, self.last);
            return refuse(&place, &what);
        }
        (self.last, self.key) = (time, key);
        Ok(())
    }

    /// From here on nothing is earlier than that.
    fn earliest(&mut self, time: Option<u64>, key: &'static str) {
        if let Some(time) = time.filter(|time| *time > self.last) {
            (self.last, self.key) = (time, key);
        }
    }
}

fn refuse(place: &str, what: &str) -> Result<(), RecordError> {
    Err(RecordError {
        place: place.to_owned(),
        what: what.to_owned(),
    })
}
