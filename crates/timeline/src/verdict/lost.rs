//! Lost updates: counters that were read by two clients before either wrote.

use std::collections::{HashMap, HashSet};

use crate::record::ServerRun;

/// What the replies to INCR and INCRBY prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many updates were answered.
    pub updates: usize,
    /// How many of them got a number that another one had got too.
    pub lost: usize,
}

impl Lost {
    /// `None` if nobody counted.
    pub(super) fn of(server: &ServerRun) -> Option<Self> {
        let mut seen: HashMap<String, HashSet<&str>> = HashMap::new();
        let mut updates = 0;
        for (_, request) in server.requests() {
            if let Some(counter) = counter(&request.request)
                && let Some(reply) = request.reply.as_deref()
                && reply.starts_with(':')
            {
                updates += 1;
                seen.entry(counter).or_default().insert(reply);
            }
        }
        let different: usize = seen.values().map(HashSet::len).sum();
        (updates > 0).then_some(Self {
            updates,
            lost: updates - different,
        })
    }
}

fn counter(request: &str) -> Option<String> {
    let mut words = request.split_whitespace();
    let name = words.next()?.to_ascii_uppercase();
    let counter = words.next()?;
    matches!(name.as_str(), "INCR" | "INCRBY").then(|| counter.to_owned())
}
