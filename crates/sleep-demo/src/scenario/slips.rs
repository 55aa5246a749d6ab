//! What a client of a scenario file asks for and never gets: probably a slip. The file
//! can be played all the same.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{requests::Refused, written::Client};

/// What one client has written in vain. `all` is how many requests it sends.
pub(super) fn slips(client: &Client, all: usize) -> impl Iterator<Item = Refused> {
    let name = client.name.get_ref();
    let pause = client.pause.as_ref().filter(|_| all < 2).map(|pause| {
        let what = "'pause' is the time between two requests, and this client does not \
                    send two; 'hold' is how long it stays";
        Refused::new(name, pause.span(), what.to_owned())
    });
    let is_quit = |one: &&Spanned<String>| is(one.get_ref(), "QUIT");
    let quit = client.requests.iter().position(|one| is_quit(&one));
    let quit = quit.filter(|index| index + 1 < all).and_then(|index| {
        let quit = client.requests.get(index)?;
        let what = "QUIT ends the connection; the requests after it get no answer";
        Some(Refused::new(name, quit.span(), what.to_owned()))
    });
    pause.into_iter().chain(quit)
}

/// How many clients come to a MEET of each size, and who is the first.
#[derive(Default)]
pub(super) struct Meetings(BTreeMap<usize, (usize, Refused)>);

impl Meetings {
    /// Notes that `clients` of a file's `[[client]]` send its requests.
    pub(super) fn add(&mut self, client: &Client, clients: usize) {
        let meets = client.requests.iter().filter_map(|request| {
            let mut words = request.get_ref().split_whitespace().skip(1);
            let size = words.next().filter(|_| is(request.get_ref(), "MEET"))?;
            Some((size.parse().ok()?, request.span()))
        });
        let meets: BTreeMap<usize, _> = meets.collect();
        for (size, span) in meets {
            let first = Refused::new(client.name.get_ref(), span, String::new());
            self.0.entry(size).or_insert((0, first)).0 += clients;
        }
    }

    /// The meetings to which too few come.
    pub(super) fn in_vain(self) -> impl Iterator<Item = Refused> {
        let few = self.0.into_iter().filter(|(size, (came, _))| came < size);
        few.map(|(size, (came, first))| {
            let send = if came == 1 { "sends" } else { "send" };
            first.saying(format!(
                "MEET {size} waits for {size} clients, and {came} {send} it"
            ))
        })
    }
}

fn is(request: &str, command: &str) -> bool {
    let first = request.split_whitespace().next();
    first.is_some_and(|word| word.eq_ignore_ascii_case(command))
}
