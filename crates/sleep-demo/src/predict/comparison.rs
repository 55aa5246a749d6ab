//! What was predicted beside the queue model and the measurement.

use timeline::{
    Style,
    chart::seconds,
    columns::{cut, to_left, to_right},
    line::{Ink, Line},
    record::{Request, Run, ServerRun},
    verdict::Verdict,
};

use super::{ASKED, Guesses};

/// The columns of one server's times: 11, 8 and 10.
const TIMES: usize = 29;

/// The columns of a request, at the least and at the most.
const SHORTEST: usize = 11;
const LONGEST: usize = 29;

/// A guess is right if it is off from the queue model by less: 0.1 s.
const RIGHT_US: u64 = 100_000;

impl Guesses {
    /// What was said of lost updates, beside what the replies prove. How many are lost is
    /// a matter of chance; whether any are is not.
    fn compare_lost(&self, run: &Run) -> Vec<Line> {
        let servers = run.servers.iter();
        let lines = servers.filter_map(|server| {
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
        lines.collect()
    }

    /// Guess, model and measurement of every request, as many servers side by side as
    /// fit.
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
            let shown = measured(server).into_iter().take(ASKED);
            shown.filter_map(|(request, waited)| {
                let guess = self.guess(server, request)?;
                Some(guess.abs_diff(right_answer(request, waited)?) < RIGHT_US)
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
        let all: Vec<_> = servers.iter().map(|one| (one, measured(one))).collect();
        let most = all.iter().map(|(_, requests)| requests.len()).max();
        for index in 0..most.unwrap_or_default().min(ASKED) {
            let mut line = String::new();
            for (server, requests) in &all {
                let Some((request, waited)) = requests.get(index).copied() else {
                    continue;
                };
                if line.is_empty() {
                    let who = format!(" {} {}", request.id, request.request);
                    line = to_left(&cut(&who, room - 1, style.ascii), room);
                }
                line += &times(self.guess(server, request), request, waited);
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

/// Each request with its wait, as the verdict believes it.
fn measured(server: &ServerRun) -> Vec<(&Request, Option<u64>)> {
    let judged = Verdict::of(server).requests;
    let requests = server.requests().map(|(_, request)| request);
    let waits = judged.into_iter().map(|one| one.waited_us);
    requests
        .zip(waits.map(|waited| waited.filter(|_| server.timed)))
        .collect()
}

/// What the queue model says; the measurement, with the machine's noise, where it says
/// nothing.
fn right_answer(request: &Request, waited: Option<u64>) -> Option<u64> {
    request.model.map(|model| model.waited_us).or(waited)
}

fn times(guess: Option<u64>, request: &Request, measured: Option<u64>) -> String {
    let time = |micros: Option<u64>| {
        micros.map_or_else(|| "-".to_owned(), |micros| seconds(micros) + " s")
    };
    let model = request.model.map(|model| model.waited_us);
    format!(
        "{:>11}{:>8}{:>10}",
        time(guess),
        time(model),
        time(measured)
    )
}

#[cfg(test)]
mod tests {
    use super::right_answer;
    use timeline::record::{Modelled, Request};

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
        assert_eq!(right_answer(&request, request.waited_us()), Some(2_000_000));
    }
}
