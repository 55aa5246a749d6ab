//! What each check is worth in one assignment, where that differs from the usual points.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use thiserror::Error;

use crate::check::{CHECKS, Check};

/// The most that one check can be worth.
const MOST: u32 = 1000;

/// Points of checks, from a file of JSON: `{"at-once": 12, "idle": 2}`. A check that the
/// file does not name keeps its usual points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    points: BTreeMap<String, u32>,
    file: Option<PathBuf>,
}

/// Why a file of weights was not taken.
#[derive(Debug, Error)]
pub enum WeightsError {
    /// Occurs when there is no such file, or it may not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// Occurs when the text is no object of names and whole numbers, or names a check
    /// twice.
    #[error("expected an object of checks and their points, as in {{\"slow\": 4}}: {0}")]
    NotUnderstood(#[from] serde_json::Error),
    /// Occurs when no check has such a name.
    #[error("no check is called '{name}'; expected some of {}", names())]
    UnknownCheck {
        /// The name in the file.
        name: String,
    },
    /// Occurs when a check is worth more than a thousand points.
    #[error("'{name}' is worth {points} points; expected 0 to {MOST}")]
    TooMany {
        /// The check.
        name: String,
        /// Its points in the file.
        points: u32,
    },
}

impl Weights {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A [`WeightsError`], which does not name the file.
    pub fn read(file: &Path) -> Result<Self, WeightsError> {
        let mut weights: Self = fs::read_to_string(file)?.parse()?;
        weights.file = Some(file.to_owned());
        Ok(weights)
    }

    /// What a check is worth.
    #[must_use]
    pub fn of(&self, check: &Check) -> u32 {
        let named = self.points.get(check.name);
        named.copied().unwrap_or(check.points)
    }

    /// The file they were read from, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

impl FromStr for Weights {
    type Err = WeightsError;

    fn from_str(text: &str) -> Result<Self, WeightsError> {
        let Named(points) = serde_json::from_str(text)?;
        for (name, points) in &points {
            if !CHECKS.iter().any(|check| check.name == name) {
                return Err(WeightsError::UnknownCheck { name: name.clone() });
            }
            if *points > MOST {
                let (name, points) = (name.clone(), *points);
                return Err(WeightsError::TooMany { name, points });
            }
        }
        Ok(Self { points, file: None })
    }
}

fn names() -> String {
    let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
    names.join(", ")
}

/// The object, in which a name may stand once: JSON itself would let the last one win.
struct Named(BTreeMap<String, u32>);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Named;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of checks and their points")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named, A::Error> {
        let mut points = BTreeMap::new();
        while let Some((name, worth)) = map.next_entry::<String, u32>()? {
            if points.insert(name.clone(), worth).is_some() {
                return Err(A::Error::custom(format!("'{name}' stands there twice")));
            }
        }
        Ok(Named(points))
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECKS, Weights};

    fn points(weights: &Weights, name: &str) -> u32 {
        let check = CHECKS.iter().find(|check| check.name == name).unwrap();
        weights.of(check)
    }

    #[test]
    fn a_check_that_is_not_named_keeps_its_points() {
        let weights: Weights = r#"{"slow": 9, "idle": 0}"#.parse().unwrap();
        assert_eq!(points(&weights, "slow"), 9);
        assert_eq!(points(&weights, "idle"), 0);
        assert_eq!(points(&weights, "drain"), 2);
        assert_eq!(points(&Weights::default(), "slow"), 4);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, due) in [
            ("", "expected an object"),
            ("[]", "expected an object"),
            (r#"{"slow": -1}"#, "expected an object"),
            (r#"{"slow": 1.5}"#, "expected an object"),
            (r#"{"slow": 1, "slow": 2}"#, "'slow' stands there twice"),
            (r#"{"slwo": 1}"#, "no check is called 'slwo'; expected"),
            (r#"{"slow": 1001}"#, "'slow' is worth 1001 points"),
        ] {
            let error = text.parse::<Weights>().unwrap_err().to_string();
            assert!(error.contains(due), "{text}: {error}");
        }
    }
}
