//! The clients of a scenario file, one after another, with `count` and `times` unfolded.

use std::{collections::HashSet, time::Duration};

use toml::Spanned;

use super::{
    ClientSpec, check,
    duration::{LONGEST, duration, optional},
    error::Fault,
    read::given_twice,
    requests::{self, Refused},
    slips::{self, Meetings},
    written::Client,
};

/// More clients than that are a mistake in a scenario.
const MOST_CLIENTS: usize = 10_000;

/// More repetitions than that of one client are a mistake, too.
const MOST_TIMES: usize = 100_000;

/// More requests than that, of all clients together, would fill the memory.
const MOST_REQUESTS: usize = 1_000_000;

/// What was read so far.
#[derive(Default)]
pub(super) struct Clients {
    specs: Vec<ClientSpec>,
    /// Requests that the kit's servers would answer with an error.
    refused: Vec<Refused>,
    meetings: Meetings,
    /// The names of clients and groups.
    names: HashSet<String>,
    requests: usize,
}

impl Clients {
    /// Takes in one `[[client]]`, which may stand for several.
    pub(super) fn add(&mut self, client: Client) -> Result<(), Fault> {
        check::client_name(&client.name)?;
        let at = duration(&client.at)?;
        let gap = gap(&client)?;
        let count = at_least_one("count", client.count.as_ref(), MOST_CLIENTS)?;
        let times = at_least_one("times", client.times.as_ref(), MOST_TIMES)?;
        self.make_room(&client, count, times)?;
        let name = client.name.get_ref();
        for request in &client.requests {
            check::request(request)?;
        }
        self.look_for_slips(&client, count, times);
        let once: Vec<String> = client
            .requests
            .iter()
            .map(|one| one.get_ref().clone())
            .collect();
        let spec = ClientSpec {
            name: name.clone(),
            group: client.count.is_some().then(|| name.clone()),
            at,
            requests: vec![once; times].concat(),
            pipeline: client.pipeline,
            pause: optional(client.pause.as_ref())?,
            hold: optional(client.hold.as_ref())?,
            read_delay: read_delay(&client)?,
        };
        self.claim(name.clone(), &client.name)?;
        if spec.group.is_none() {
            self.specs.push(spec);
            return Ok(());
        }
        let mut at = at;
        for number in 1..=count {
            let name = format!("{name}-{number}");
            self.claim(name.clone(), &client.name)?;
            let spec = spec.clone();
            self.specs.push(ClientSpec { name, at, ..spec });
            at += gap;
        }
        last_arrival(at, client.gap.as_ref())
    }

    /// The clients, and what looks like a slip.
    pub(super) fn finish(mut self) -> (Vec<ClientSpec>, Vec<Refused>) {
        self.refused.extend(self.meetings.in_vain());
        (self.specs, self.refused)
    }

    /// Notes what looks like a slip in one `[[client]]`, which stands for `count`.
    fn look_for_slips(&mut self, client: &Client, count: usize, times: usize) {
        let name = client.name.get_ref();
        let requests = client.requests.iter();
        let refused = requests.filter_map(|request| requests::refused(request, name));
        self.refused.extend(refused);
        let all = client.requests.len() * times;
        self.refused.extend(slips::slips(client, all));
        self.meetings.add(client, count);
    }

    fn make_room(
        &mut self,
        client: &Client,
        count: usize,
        times: usize,
    ) -> Result<(), Fault> {
        if self.specs.len() + count > MOST_CLIENTS {
            let what = format!("expected at most {MOST_CLIENTS} clients in all");
            return Err(Fault::new(client.name.span(), what));
        }
        // Neither factor is above 100,000, and a file has fewer than a million
        // characters.
        self.requests += count * times * client.requests.len();
        if self.requests > MOST_REQUESTS {
            let what = format!(
                "expected at most {MOST_REQUESTS} requests in all: \
                 write a smaller count or times"
            );
            return Err(Fault::new(client.name.span(), what));
        }
        Ok(())
    }

    fn claim(&mut self, name: String, at: &Spanned<String>) -> Result<(), Fault> {
        match self.names.replace(name) {
            Some(name) => Err(given_twice("client", &name, at)),
            None => Ok(()),
        }
    }
}

fn at_least_one(
    key: &str,
    number: Option<&Spanned<usize>>,
    most: usize,
) -> Result<usize, Fault> {
    match number {
        None => Ok(1),
        Some(number) if (1..=most).contains(number.get_ref()) => Ok(*number.get_ref()),
        Some(number) => {
            let what = format!("'{key}' takes 1 to {most}; write {key} = 2");
            Err(Fault::new(number.span(), what))
        }
    }
}

/// The time from one client of a group to the next.
fn gap(client: &Client) -> Result<Duration, Fault> {
    match &client.gap {
        Some(text) if client.count.is_none() => Err(Fault::new(
            text.span(),
            "'gap' is the time between the clients of a group; write count = 2 as well",
        )),
        text => optional(text.as_ref()),
    }
}

/// When replies come that wait to be read behind others, nobody sees.
fn read_delay(client: &Client) -> Result<Duration, Fault> {
    match &client.read_delay {
        Some(text) if client.pipeline => Err(Fault::new(
            text.span(),
            "'read_delay' and 'pipeline' do not go together; remove one of the two",
        )),
        text => optional(text.as_ref()),
    }
}

/// The last client of a group comes within a day, too.
fn last_arrival(at: Duration, gap: Option<&Spanned<String>>) -> Result<(), Fault> {
    match gap.filter(|_| at > LONGEST * 2) {
        Some(gap) => Err(Fault::new(
            gap.span(),
            "with this gap the last client comes after more than a day; write a \
             shorter one",
        )),
        None => Ok(()),
    }
}
