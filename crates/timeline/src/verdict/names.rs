//! Lists of names in sentences: many of one group are called by the group's name.

use std::collections::{HashMap, HashSet};

use crate::record::{Connection, ServerRun};

/// At most this many names are listed.
const SHOWN: usize = 6;

/// At most this many stand in a failure.
const ENUMERATED: usize = 12;

/// A group of which at most this many are missing is still called by its name.
const MISSING: usize = 3;

/// The requests of a server, by the group or the client that they belong to.
pub(crate) struct Names<'a> {
    group_of: HashMap<&'a str, &'a str>,
    members: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(server: &'a ServerRun) -> Self {
        let mut names = Self {
            group_of: HashMap::new(),
            members: HashMap::new(),
        };
        for (connection, request) in server.requests() {
            let group = group(connection);
            names.group_of.insert(&request.id, group);
            names.members.entry(group).or_default().push(&request.id);
        }
        names
    }

    /// `B, C and D`, or `F (all 500)`; a long list is cut.
    pub(crate) fn list(&self, ids: &[&str]) -> String {
        let folded = self.folded(ids);
        let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
        list(&folded)
    }

    /// `B, C, D`, as failures have it.
    pub(crate) fn enumerated(&self, ids: &[&str]) -> String {
        let folded = self.folded(ids);
        let shown = folded.iter().take(ENUMERATED).map(String::as_str);
        let shown: Vec<&str> = shown.collect();
        match (shown.as_slice(), folded.len() - shown.len()) {
            ([], _) => "nobody".to_owned(),
            (shown, 0) => shown.join(", "),
            (shown, more) => format!("{} and {more} more", shown.join(", ")),
        }
    }

    /// The same names; a group of which more than a few are among them is one name.
    fn folded(&self, ids: &[&str]) -> Vec<String> {
        let mut present: HashMap<&str, Vec<&str>> = HashMap::new();
        for id in ids {
            if let Some(group) = self.group_of.get(id) {
                present.entry(group).or_default().push(id);
            }
        }
        let mut folded = Vec::new();
        for id in ids {
            let group = self.group_of.get(id).copied().unwrap_or_default();
            match present.get_mut(group) {
                Some(here) if here.len() > SHOWN => {
                    folded.push(self.group(group, &std::mem::take(here)));
                }
                Some(here) if here.is_empty() => {}
                _ => folded.push((*id).to_owned()),
            }
        }
        folded
    }

    /// A group by its name; `here` are those of it that are meant.
    fn group(&self, group: &str, here: &[&str]) -> String {
        let all = self.members.get(group).map_or(&[][..], Vec::as_slice);
        let missing = all.len().saturating_sub(here.len());
        match missing {
            0 => format!("{group} (all {})", all.len()),
            1..=MISSING => {
                let here: HashSet<&str> = here.iter().copied().collect();
                let is_missing = |id: &&&str| !here.contains(**id);
                let left_out: Vec<&str> =
                    all.iter().filter(is_missing).copied().collect();
                format!("{group} (all but {})", list(&left_out))
            }
            _ => format!("{} of {group} ({})", here.len(), list(here)),
        }
    }
}

/// What a request is one of: its client's group, or its client.
fn group(connection: &Connection) -> &str {
    connection.group.as_ref().unwrap_or(&connection.client)
}

/// Before a time that is the longest of several.
pub(crate) fn up_to(names: &[&str]) -> &'static str {
    if names.len() > 1 { "up to " } else { "" }
}

/// `B, C and D`; many are cut.
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] if names.len() <= SHOWN + 1 => {
            format!("{} and {last}", most.join(", "))
        }
        _ => {
            let shown: Vec<&str> = names.iter().take(SHOWN - 1).copied().collect();
            format!(
                "{} and {} more",
                shown.join(", "),
                names.len() - shown.len()
            )
        }
    }
}
