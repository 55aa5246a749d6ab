//! Which part of the protocol an assignment asks for.

use std::{collections::BTreeSet, str::FromStr};

use thiserror::Error;

const ALL: &[&str] = &["PING", "ECHO", "SLEEP", "RUN", "MEET", "INCR"];
/// Used where they are asked for: an event loop that computes has made a choice, not a
/// mistake, and only one of the assignments has a roster.
const CHOSEN: &[&str] = &["PRIMES", "REGISTER", "ROSTER"];

/// The commands that the server knows, as far as checks use them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commands(BTreeSet<&'static str>);

/// A command that no check uses.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "no check uses '{0}'; expected some of \
     PING,ECHO,SLEEP,RUN,MEET,INCR,PRIMES,REGISTER,ROSTER"
)]
pub struct UnknownCommand(String);

impl Commands {
    /// Whether the server knows one of `alternatives`, written as in `ECHO|PING`.
    pub(crate) fn know(&self, alternatives: &str) -> bool {
        alternatives.split('|').any(|name| self.0.contains(name))
    }

    /// The command that answers with its argument: `PING text` does where ECHO is
    /// unknown.
    pub(crate) fn echo(&self) -> &'static str {
        if self.know("ECHO") { "ECHO" } else { "PING" }
    }
}

impl Default for Commands {
    fn default() -> Self {
        Self(ALL.iter().copied().collect())
    }
}

impl std::fmt::Display for Commands {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known: Vec<&str> = self.0.iter().copied().collect();
        formatter.write_str(&known.join(","))
    }
}

impl FromStr for Commands {
    type Err = UnknownCommand;

    fn from_str(text: &str) -> Result<Self, UnknownCommand> {
        let find = |name: &str| {
            let known = ALL
                .iter()
                .chain(CHOSEN)
                .find(|known| name.trim().eq_ignore_ascii_case(known));
            known
                .copied()
                .ok_or_else(|| UnknownCommand(name.to_owned()))
        };
        text.split(',')
            .map(find)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::Commands;

    #[test]
    fn what_is_left_out_is_unknown() {
        let commands: Commands = "ping, SLEEP".parse().unwrap();
        assert!(commands.know("SLEEP") && commands.know("ECHO|PING"));
        assert!(!commands.know("MEET"));
        assert_eq!(commands.echo(), "PING");
        assert_eq!(Commands::default().echo(), "ECHO");
        assert!("PING,JUMP".parse::<Commands>().is_err());
        assert!("".parse::<Commands>().is_err());
    }
}
