//! The words around an experiment: what a class is asked and what it takes home.

use serde::{Deserialize, Serialize};

/// The words around an experiment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The file's name without `.toml`.
    pub name: String,
    /// One line: what happens.
    pub title: String,
    /// One sentence: what to take home.
    pub lesson: String,
    /// How long it takes in class, discussion included.
    pub minutes: u32,
    /// The question to the class.
    pub question: String,
    /// Its answer.
    pub answer: String,
    /// The usual wrong answer.
    pub mistake: String,
}
