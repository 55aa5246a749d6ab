//! What a client of a scenario file asks for and never gets: probably a slip. The file
//! can be played all the same.

use std::{collections::BTreeMap, ops::Range};

use proto::Request;

use super::{
    requests::{Refused, parsed},
    written::Client,
};

/// What is written for one client, and has no effect. `all` is how many requests it
/// sends.
pub(super) fn slips(client: &Client, all: usize) -> impl Iterator<Item = Refused> {
    let name = client.name.get_ref();
    let pause = client.pause.as_ref().filter(|_| all < 2).map(|pause| {
        let what = "'pause' is the time between two requests, and this client does not \
                    send two; 'hold' is how long it stays";
        Refused::new(name, pause.span(), what.to_owned())
    });
    let mut sent = client.requests.iter().enumerate();
    let quit = sent.find(|(_, one)| parsed(one.get_ref()) == Some(Request::Quit));
    let quit = quit.filter(|(index, _)| index + 1 < all).map(|(_, quit)| {
        let what = "QUIT ends the connection; the requests after it get no answer";
        Refused::new(name, quit.span(), what.to_owned())
    });
    let idle = (all == 0 && client.hold.is_none()).then(|| {
        let what = "this client asks for nothing and leaves at once; 'hold' is how long \
                    it stays";
        Refused::new(name, client.name.span(), what.to_owned())
    });
    let times = client.times.as_ref().filter(|_| all == 0).map(|times| {
        let what = "'times' repeats the requests, and there are none";
        Refused::new(name, times.span(), what.to_owned())
    });
    let pipelined = client.pause.as_ref().filter(|_| client.pipeline && all > 1);
    let pipelined = pipelined.map(|pause| {
        let what = "'pause' has no effect with 'pipeline': all requests are sent at once";
        Refused::new(name, pause.span(), what.to_owned())
    });
    let slips = [pause, quit, idle, times, pipelined];
    slips.into_iter().flatten()
}

/// Those who come to a MEET, by the size that it asks for.
#[derive(Default)]
pub(super) struct Meetings(BTreeMap<usize, Comers>);

/// How many clients come to a MEET.
struct Comers {
    clients: usize,
    /// The name of the first of them, and where the file writes its MEET.
    first: String,
    span: Range<usize>,
}

impl Meetings {
    /// Notes that `clients` of a file's `[[client]]` send its requests.
    pub(super) fn add(&mut self, client: &Client, clients: usize) {
        let meets = client.requests.iter().filter_map(|request| {
            match parsed(request.get_ref())? {
                Request::Meet(size) => Some((size, request.span())),
                _ => None,
            }
        });
        let meets: BTreeMap<usize, _> = meets.collect();
        for (size, span) in meets {
            let comers = self.0.entry(size).or_insert_with(|| Comers {
                clients: 0,
                first: client.name.get_ref().clone(),
                span,
            });
            comers.clients += clients;
        }
    }

    /// The meetings to which too few come.
    pub(super) fn in_vain(self) -> impl Iterator<Item = Refused> {
        let few = self
            .0
            .into_iter()
            .filter(|(size, come)| come.clients < *size);
        few.map(|(size, come)| {
            let send = if come.clients == 1 { "sends" } else { "send" };
            let what = format!(
                "MEET {size} waits for {size} clients, and {} {send} it",
                come.clients
            );
            Refused::new(&come.first, come.span, what)
        })
    }
}
