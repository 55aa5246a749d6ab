//! Predict, observe, explain: what the class says, what the queue model says, and what a run
//! measures, side by side.

use std::{
    collections::HashMap,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use launch::Interrupt;
use timeline::{
    Style,
    chart::seconds,
    columns::{cut, to_left, to_right},
    line::{Ink, Line},
    record::{Request, Run, ServerRun},
    verdict::Verdict,
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

/// A guess is right if it is off from the queue model by less: 0.1 s.
const RIGHT_US: u64 = 100_000;

/// Waits in microseconds that a person expects, by server and request.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    waits: HashMap<(String, String), u64>,
    /// How many updates a server loses, where clients count.
    lost: HashMap<String, usize>,
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
        let counts = scenario.clients.iter().flat_map(|one| &one.requests);
        let updates = counts.filter(|request| is_update(request)).count();
        if updates == 0 && requests > ASKED {
            writeln!(err, "{requests} requests are too many to ask about")?;
            return Ok(guesses);
        }
        if requests <= ASKED {
            for client in &scenario.clients {
                writeln!(err, "  {}", told(client))?;
            }
        }
        if !io::stdin().is_terminal() {
            return Ok(guesses);
        }
        if updates > 0 {
            guesses.ask_for_lost(updates, casts, interrupt)?;
        }
        if requests > ASKED {
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

    fn ask_for_lost(
        &mut self,
        updates: usize,
        casts: &[Cast],
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        writeln!(
            io::stderr(),
            "How many of {updates} updates does each server lose? Enter alone says nothing."
        )?;
        for cast in casts {
            let question = format!("  {}: ", cast.name());
            let expected = "  a number of updates, as in 0 or 12";
            let lost = ask_until(&question, expected, interrupt, |line| {
                line.trim().parse().ok()
            })?;
            if let Some(lost) = lost {
                self.lost.insert(cast.name().to_owned(), lost);
            }
        }
        Ok(())
    }

    /// What was said of lost updates, beside what the replies prove. How many are lost is a
    /// matter of chance; whether any are is not.
    fn compare_lost(&self, run: &Run) -> Vec<Line> {
        let servers = run.servers.iter();
        let told = servers.filter_map(|server| {
            let guess = *self.lost.get(&server.name)?;
            let lost = Verdict::of(server).lost?;
            let is_right = (guess > 0) == (lost.lost > 0);
            let right = if is_right { "right" } else { "wrong" };
            Some(Line::of(
                Ink::Plain,
                format!(
                    " {}: lost updates: predicted {guess}, observed {} of {}: {right}",
                    server.name, lost.lost, lost.updates
                ),
            ))
        });
        told.collect()
    }

    /// Guess, model and measurement of every request, as many servers side by side as fit.
    #[must_use]
    pub fn compare(&self, run: &Run, style: &Style) -> Vec<Line> {
        if !self.lost.is_empty() && self.waits.is_empty() {
            return self.compare_lost(run);
        }
        let side_by_side = (style.width.saturating_sub(SHORTEST) / TIMES).max(1);
        let blocks = run.servers.chunks(side_by_side);
        let mut lines: Vec<Line> = blocks
            .flat_map(|servers| self.block(servers, style))
            .collect();
        lines.extend(self.compare_lost(run));
        let requests = run.servers.iter().flat_map(|server| {
            let shown = server.requests().take(ASKED);
            shown.filter_map(|(_, request)| {
                let guess = self.guess(server, request)?;
                Some(guess.abs_diff(right_answer(request)?) < RIGHT_US)
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

/// What the queue model says; the measurement, with the machine's noise, where it says nothing.
fn right_answer(request: &Request) -> Option<u64> {
    let modelled = request.model.map(|model| model.waited_us);
    modelled.or_else(|| request.waited_us())
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
    let at = exact(client.at);
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
    let reads = match client.read_delay {
        delay if delay.is_zero() => String::new(),
        delay => format!(
            ", and reads each reply after {}",
            humantime::format_duration(delay)
        ),
    };
    format!("{} at {at} s: {does}{reads}{hold}", client.name)
}

/// Seconds with as many decimals as it takes: `0.15`, `2`.
fn exact(time: Duration) -> String {
    let text = format!("{}.{:09}", time.as_secs(), time.subsec_nanos());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

/// A wait as a person types it: `1.8`, `1,8`, `200ms`.
fn typed(line: &str) -> Option<u64> {
    let wait = proto::parse_duration(&line.trim().replace(',', "."))?;
    u64::try_from(wait.as_micros()).ok()
}

fn ask_for(server: &str, id: &str, interrupt: &Interrupt) -> Result<Option<u64>, Error> {
    let question = format!("  {server}, {id}: ");
    let expected = "  a number of seconds, as in 1.8, or 200ms";
    ask_until(&question, expected, interrupt, typed)
}

/// Asks until the answer is one; `None` for an empty one.
fn ask_until<T>(
    question: &str,
    expected: &str,
    interrupt: &Interrupt,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    loop {
        write!(io::stderr(), "{question}")?;
        io::stderr().flush()?;
        let line = match read_line(interrupt)? {
            Some(line) if !line.is_empty() => line,
            _ => return Ok(None),
        };
        match read(&line) {
            Some(answer) => return Ok(Some(answer)),
            None => writeln!(io::stderr(), "{expected}")?,
        }
    }
}

fn is_update(request: &str) -> bool {
    let name = request.split_whitespace().next().unwrap_or_default();
    name.eq_ignore_ascii_case("INCR") || name.eq_ignore_ascii_case("INCRBY")
}

#[cfg(test)]
mod tests {
    use super::{exact, right_answer, typed};
    use std::time::Duration;
    use timeline::record::{Modelled, Request};

    #[test]
    fn arrivals_are_shown_as_they_are() {
        for (millis, shown) in [(150, "0.15"), (0, "0"), (2_000, "2"), (1_005, "1.005")] {
            assert_eq!(exact(Duration::from_millis(millis)), shown);
        }
    }

    #[test]
    fn a_comma_is_a_decimal_point() {
        assert_eq!(typed("1,6"), Some(1_600_000));
        assert_eq!(typed("1.6"), Some(1_600_000));
        assert_eq!(typed(" 200ms "), Some(200_000));
        assert_eq!(typed("soon"), None);
    }

    #[test]
    fn a_prediction_is_judged_against_the_model_and_not_the_machine() {
        let request = Request {
            sent_us: Some(0),
            replied_us: Some(2_300_000),
            service_us: Some(0),
            model: Some(Modelled {
                waited_us: 2_000_000,
                service_us: 0,
            }),
            ..Request::default()
        };
        assert_eq!(right_answer(&request), Some(2_000_000));
    }
}
