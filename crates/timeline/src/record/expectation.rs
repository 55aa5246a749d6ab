//! What a scenario expects of a server.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the class must see on one server. What is left out is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// Exactly these requests were blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Vec<String>>,
    /// The requests served at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_service: Option<usize>,
    /// A client's last reply: the whole line, or its first word (`-TIMEOUT`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replies: BTreeMap<String, String>,
    /// Whether the replies prove that updates of a counter got lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<bool>,
    /// Exactly these requests got an error, or no reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Vec<String>>,
}
