//! A scenario file as it is written: its tables and their keys, before anything is
//! checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use timeline::Places;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) title: String,
    pub(super) lesson: String,
    pub(super) minutes: u32,
    pub(super) question: String,
    pub(super) answer: String,
    pub(super) mistake: String,
    #[serde(default)]
    pub(super) isolate: bool,
    #[serde(default, rename = "where")]
    pub(super) says_where: bool,
    #[serde(default, rename = "server")]
    pub(super) servers: Vec<Server>,
    #[serde(rename = "client")]
    pub(super) clients: Spanned<Vec<Client>>,
    #[serde(default)]
    pub(super) expect: BTreeMap<Spanned<String>, Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    pub(super) name: Option<Spanned<String>>,
    pub(super) command: Spanned<String>,
    pub(super) places: Spanned<Places>,
    pub(super) about: Option<String>,
    pub(super) needs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) name: Spanned<String>,
    pub(super) at: Spanned<String>,
    #[serde(default)]
    pub(super) requests: Vec<Spanned<String>>,
    pub(super) count: Option<Spanned<usize>>,
    pub(super) gap: Option<Spanned<String>>,
    pub(super) times: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) pipeline: bool,
    pub(super) pause: Option<Spanned<String>>,
    pub(super) hold: Option<Spanned<String>>,
    pub(super) read_delay: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    pub(super) blocked: Option<Vec<Spanned<String>>>,
    pub(super) in_service: Option<usize>,
    #[serde(default)]
    pub(super) replies: BTreeMap<Spanned<String>, String>,
    pub(super) lost: Option<bool>,
    pub(super) failed: Option<Vec<Spanned<String>>>,
}
