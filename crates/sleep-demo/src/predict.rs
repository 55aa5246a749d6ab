//! Predict, observe, explain: what the class says, what the queue model says, and what a run
//! measures, side by side.

use std::{
    collections::HashMap,
    io::{self, IsTerminal, Write},
};

use launch::Interrupt;

use crate::{
    audience::read_line,
    casting::Cast,
    chart::{
        line::{Ink, Line, cut},
        seconds,
    },
    error::Error,
    record::{Request, Run},
    scenario::{ClientSpec, Scenario},
    terminal::Style,
};

/// More requests than this are not asked about.
const ASKED: usize = 12;

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

    /// Guess, model and measurement of every request.
    #[must_use]
    pub fn compare(&self, run: &Run, style: &Style) -> Vec<Line> {
        let heading = format!(
            "{:<30}{:>10}{:>10}{:>10}",
            "who waits how long", "predicted", "model", "measured"
        );
        let mut lines = vec![Line::of(
            Ink::Strong,
            cut(&heading, style.width, style.ascii),
        )];
        let (mut right, mut guessed) = (0, 0);
        for server in &run.servers {
            let name = cut(&server.name, style.width - 1, style.ascii);
            lines.push(Line::of(Ink::Plain, format!(" {name}")));
            for (_, request) in server.requests().take(ASKED) {
                let guess = self.waits.get(&(server.name.clone(), request.id.clone()));
                lines.push(Line::of(Ink::Plain, row(request, guess.copied(), style)));
                if let (Some(guess), Some(measured)) = (guess, request.waited_us()) {
                    guessed += 1;
                    right += usize::from(guess.abs_diff(measured) < RIGHT_US);
                }
            }
        }
        if guessed > 0 {
            let text = format!(" {right} of {guessed} predictions were right to 0.1 s");
            lines.push(Line::of(Ink::Plain, text));
        }
        lines
    }
}

fn row(request: &Request, guess: Option<u64>, style: &Style) -> String {
    let time = |micros: Option<u64>| {
        micros.map_or_else(|| "-".to_owned(), |micros| seconds(micros) + " s")
    };
    let who = cut(
        &format!("{} {}", request.id, request.request),
        26,
        style.ascii,
    );
    let model = request.model.map(|model| model.waited_us);
    let text = format!(
        "   {who:<27}{:>10}{:>10}{:>10}",
        time(guess),
        time(model),
        time(request.waited_us())
    );
    cut(&text, style.width, style.ascii)
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
