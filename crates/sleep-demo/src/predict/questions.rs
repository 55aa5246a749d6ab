//! Asks the class for its predictions before a run.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use launch::Interrupt;
use timeline::record::is_one_of;

use super::{ASKED, Guesses};
use crate::{
    choosing::ChosenServer,
    error::Error,
    prompt::ask_until,
    scenario::{ClientSpec, Scenario},
};

impl Guesses {
    /// Shows the scenario and, on a terminal, asks for each wait on each server.
    ///
    /// # Errors
    ///
    /// An interruption, or a terminal that cannot be read.
    pub fn ask(
        scenario: &Scenario,
        chosen_servers: &[ChosenServer],
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
                writeln!(err, "  {}", described(client))?;
            }
        }
        if !io::stdin().is_terminal() {
            return Ok(guesses);
        }
        if updates > 0 {
            guesses.ask_for_lost(updates, chosen_servers, interrupt)?;
        }
        if requests > ASKED {
            return Ok(guesses);
        }
        writeln!(
            err,
            "How many seconds does each wait? Enter alone says nothing."
        )?;
        for chosen in chosen_servers {
            for client in &scenario.clients {
                for index in 0..client.requests.len() {
                    let id = client.request_id(index);
                    if let Some(wait) = ask_for(chosen.name(), &id, interrupt)? {
                        guesses.waits.insert((chosen.name().to_owned(), id), wait);
                    }
                }
            }
        }
        Ok(guesses)
    }

    fn ask_for_lost(
        &mut self,
        updates: usize,
        chosen_servers: &[ChosenServer],
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        writeln!(
            io::stderr(),
            "How many of {updates} updates does each server lose? Enter alone says \
             nothing."
        )?;
        for chosen in chosen_servers {
            let question = format!("  {}: ", chosen.name());
            let expected = "  a number of updates, as in 0 or 12";
            let lost = ask_until(&question, expected, interrupt, |line| {
                line.trim().parse().ok()
            })?;
            if let Some(lost) = lost {
                self.lost.insert(chosen.name().to_owned(), lost);
            }
        }
        Ok(())
    }
}

fn described(client: &ClientSpec) -> String {
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

fn is_update(request: &str) -> bool {
    is_one_of(request, &["INCR", "INCRBY"])
}

#[cfg(test)]
mod tests {
    use super::{exact, typed};
    use std::time::Duration;

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
}
