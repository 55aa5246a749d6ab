//! What kind of server is expected: how many clients it must serve at once.

use std::str::FromStr;

use thiserror::Error;

/// How many clients the server is to serve at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expectation {
    /// All that come.
    #[default]
    Concurrent,
    /// One after another.
    Serial,
    /// Exactly this number, at least 2; the next one waits.
    Limit(usize),
}

/// A text that names no expectation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expected concurrent, serial or limit=N with N from 1 to {MOST}")]
pub struct UnknownExpectation;

/// The largest limit that can be measured: its MEET takes one client more.
const MOST: usize = 100;

impl Expectation {
    /// Whether an idle or a slow client must hold up the next one.
    pub(crate) fn is_serial(self) -> bool {
        self == Self::Serial
    }

    /// How many clients may be in service at once.
    pub(crate) fn allows(self) -> usize {
        match self {
            Self::Concurrent => usize::MAX,
            Self::Serial => 1,
            Self::Limit(limit) => limit,
        }
    }

    /// The title of a check that asks a serial server for the opposite.
    pub(crate) fn title(self, concurrent: &str, serial: &str) -> String {
        match self {
            Self::Serial => serial.to_owned(),
            Self::Concurrent | Self::Limit(_) => concurrent.to_owned(),
        }
    }
}

impl FromStr for Expectation {
    type Err = UnknownExpectation;

    fn from_str(text: &str) -> Result<Self, UnknownExpectation> {
        match text {
            "concurrent" => return Ok(Self::Concurrent),
            "serial" | "limit=1" => return Ok(Self::Serial),
            _ => {}
        }
        let limit = text.strip_prefix("limit=").and_then(|n| n.parse().ok());
        limit
            .filter(|limit| (2..=MOST).contains(limit))
            .map(Self::Limit)
            .ok_or(UnknownExpectation)
    }
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Concurrent => formatter.write_str("concurrent"),
            Self::Serial => formatter.write_str("serial"),
            Self::Limit(limit) => write!(formatter, "limit={limit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Expectation;

    #[test]
    fn an_expectation_reads_as_it_is_written() {
        for text in ["concurrent", "serial", "limit=2", "limit=100"] {
            assert_eq!(text.parse::<Expectation>().unwrap().to_string(), text);
        }
        assert_eq!("limit=1".parse(), Ok(Expectation::Serial));
        for text in ["", "limit", "limit=0", "limit=101", "limit=x", "Serial"] {
            assert!(text.parse::<Expectation>().is_err(), "{text}");
        }
    }
}
