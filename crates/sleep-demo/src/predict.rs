//! Predict, observe, explain: what the class says, what the queue model says, and what a run
//! measures, side by side.

use std::{
    collections::HashMap,
    io::{self, IsTerminal, Write},
};

use launch::Interrupt;
use timeline::{
    Style,
    chart::seconds,
    columns::{cut, to_left, to_right},
    line::{Ink, Line},
    record::{Request, Run, ServerRun},
};

use crate::{
    audience::read_line,
    casting::Cast,
    error::Error,
    scenario::{ClientSpec, Scenario},
};

/// More requests than this are not asked about.
const ASKED: usize = 12;

/// The columns of one server's times: 11, 8 and 10.
const TIMES: usize = 29;

/// The columns of a request, at the least and at the most.
const SHORTEST: usize = 11;
const LONGEST: usize = 29;

/// A guess is right if it is off by less: 0.1 s.
const RIGHT_US: u64 = 100_000;

/// Waits in microseconds that a person expects, by server and request.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    waits: HashMap<(String, String), u64>,
}

impl Guesses {
    /// Shows the scenario and, on a terminal, asks for each wait on each server.
    ///
    /// # Errors
    ///
    /// An interruption, or a terminal that can't be read.
    pub fn ask(
        scenario: &Scenario,
        casts: &[Cast],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let mut guesses = Self::default();
        let mut err = io::stderr();
        writeln!(err, "{}", scenario.lesson.title)?;
        let requests: usize = scenario.clients.iter().map(|one| one.requests.len()).sum();
        if requests > ASKED {
            writeln!(err, "{requests} requests are too many to ask about")?;
            return Ok(guesses);
        }
        for client in &scenario.clients {
            writeln!(err, "  {}", told(client))?;
        }
        if !io::stdin().is_terminal() {
            return Ok(guesses);
        }
        writeln!(
            err,
            "How many seconds does each wait? Enter alone says nothing."
        )?;
        for cast in casts {
            for client in &scenario.clients {
                for index in 0..client.requests.len() {
                    let id = client.request_id(index);
                    if let Some(wait) = ask_for(cast.name(), &id, interrupt)? {
                        guesses.waits.insert((cast.name().to_owned(), id), wait);
                    }
                }
            }
        }
        Ok(guesses)
    }

    /// Guess, model and measurement of every request, as many servers side by side as fit.
    #[must_use]
    pub fn compare(&self, run: &Run, style: &Style) -> Vec<Line> {
        let side_by_side = (style.width.saturating_sub(SHORTEST) / TIMES).max(1);
        let blocks = run.servers.chunks(side_by_side);
        let mut lines: Vec<Line> = blocks
            .flat_map(|servers| self.block(servers, style))
            .collect();
        let requests = run.servers.iter().flat_map(|server| {
            let shown = server.requests().take(ASKED);
            shown.filter_map(|(_, request)| {
                let guess = self.guess(server, request)?;
                Some(guess.abs_diff(request.waited_us()?) < RIGHT_US)
            })
        });
        let judged: Vec<bool> = requests.collect();
        if !judged.is_empty() {
            let right = judged.iter().filter(|is_right| **is_right).count();
            let guessed = judged.len();
            let text = format!(" {right} of {guessed} predictions were right to 0.1 s");
            lines.push(Line::of(Ink::Plain, text));
        }
        lines
    }

    fn block(&self, servers: &[ServerRun], style: &Style) -> Vec<Line> {
        let room = style.width.saturating_sub(TIMES * servers.len());
        let room = room.clamp(SHORTEST, LONGEST);
        let mut names = " ".repeat(room);
        let mut heading = to_left(&cut("who waits", room, style.ascii), room);
        for server in servers {
            let name = cut(&server.name, TIMES - 2, style.ascii);
            names += &to_right(&name, TIMES);
            heading += &format!("{:>11}{:>8}{:>10}", "predicted", "model", "measured");
        }
        let mut lines =
            vec![Line::of(Ink::Strong, names), Line::of(Ink::Strong, heading)];
        let most = servers.iter().map(|server| server.requests().count()).max();
        for index in 0..most.unwrap_or_default().min(ASKED) {
            let mut line = String::new();
            for server in servers {
                let Some((_, request)) = server.requests().nth(index) else {
                    continue;
                };
                if line.is_empty() {
                    let who = format!(" {} {}", request.id, request.request);
                    line = to_left(&cut(&who, room - 1, style.ascii), room);
                }
                line += &times(self.guess(server, request), request);
            }
            lines.push(Line::of(Ink::Plain, line));
        }
        lines
    }

    fn guess(&self, server: &ServerRun, request: &Request) -> Option<u64> {
        let key = (server.name.clone(), request.id.clone());
        self.waits.get(&key).copied()
    }
}

fn times(guess: Option<u64>, request: &Request) -> String {
    let time = |micros: Option<u64>| {
        micros.map_or_else(|| "-".to_owned(), |micros| seconds(micros) + " s")
    };
    let model = request.model.map(|model| model.waited_us);
    let measured = request.waited_us();
    format!(
        "{:>11}{:>8}{:>10}",
        time(guess),
        time(model),
        time(measured)
    )
}

fn told(client: &ClientSpec) -> String {
    let at = client.at.as_secs_f64();
    let does = match client.requests.as_slice() {
        [] => "connects and says nothing".to_owned(),
        [one] => one.clone(),
        many if client.pipeline => format!("{}, all at once", many.join(", ")),
        many if client.pause.is_zero() => many.join(", then "),
        many => {
            let pause = humantime::format_duration(client.pause);
            many.join(&format!(", then after {pause} "))
        }
    };
    let hold = match client.hold {
        hold if hold.is_zero() => String::new(),
        hold => format!(", and stays for {}", humantime::format_duration(hold)),
    };
    format!("{} at {at:.1} s: {does}{hold}", client.name)
}

fn ask_for(server: &str, id: &str, interrupt: &Interrupt) -> Result<Option<u64>, Error> {
    loop {
        write!(io::stderr(), "  {server}, {id}: ")?;
        io::stderr().flush()?;
        let line = match read_line(interrupt)? {
            Some(line) if !line.is_empty() => line,
            _ => return Ok(None),
        };
        let wait = proto::parse_duration(&line);
        match wait.and_then(|wait| u64::try_from(wait.as_micros()).ok()) {
            Some(wait) => return Ok(Some(wait)),
            None => writeln!(io::stderr(), "  a number of seconds, as in 1.8, or 200ms")?,
        }
    }
}
