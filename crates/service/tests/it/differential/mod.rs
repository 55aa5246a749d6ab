//! The differential fuzz: the same bytes to a real redis-server and to ours.

pub(crate) mod answer;
pub(crate) mod comparable;
pub(crate) mod generate;
pub(crate) mod redis;
