//! Many requests in one write, from several clients: what keeps a server's threads busy
//! side by side, and shows whose reply is whose.

use std::{thread, time::Duration};

use proto::{Reply, encode_request};

use crate::{
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    test_client::{TestClient, Trouble},
    workbench::Workbench,
};

use super::diagnosis::unserved;

/// At how many glances in a row the server has to sleep before a client is taken for
/// waiting.
const WAITS: u32 = 5;
const STEP: Duration = Duration::from_micros(200);
/// Nonces in a long word.
const LONG: usize = 40;

/// Requests in one write, and the replies that are due.
#[derive(Debug, Default)]
pub(super) struct Burst {
    bytes: Vec<u8>,
    due: Vec<Due>,
}

#[derive(Debug)]
enum Due {
    This(Reply),
    AnyInteger,
}

impl Burst {
    /// Adds a request that is answered with its own nonce; gives the nonce.
    pub(super) fn echo(&mut self, command: &str) -> String {
        let word = nonce();
        encode_request(&[command, &word], &mut self.bytes);
        self.due.push(Due::This(Reply::text(&word)));
        word
    }

    /// Adds a request of some hundred bytes that is answered with its own words.
    pub(super) fn long_echo(&mut self, command: &str) {
        let words = nonce().repeat(LONG);
        encode_request(&[command, &words], &mut self.bytes);
        self.due.push(Due::This(Reply::text(&words)));
    }

    /// Adds a request that raises a counter.
    pub(super) fn raise(&mut self, counter: &str) {
        encode_request(&["INCR", counter], &mut self.bytes);
        self.due.push(Due::AnyInteger);
    }

    /// Adds a short sleep, after which all that was sent meanwhile begins at the same
    /// time.
    pub(super) fn sleep(&mut self) {
        encode_request(&["SLEEP", "20ms"], &mut self.bytes);
        self.due.push(Due::This(Reply::ok()));
    }

    pub(super) fn len(&self) -> usize {
        self.due.len()
    }

    pub(super) fn send(&self, test_client: &mut TestClient) -> Result<(), Trouble> {
        test_client.send_bytes(&self.bytes)
    }

    /// Sends this and what is next in one write.
    pub(super) fn send_with(
        &self,
        next: &Self,
        test_client: &mut TestClient,
    ) -> Result<(), Trouble> {
        test_client.send_bytes(&[self.bytes.as_slice(), &next.bytes].concat())
    }

    /// Reads the replies, each of which has to be the one that is due; gives the
    /// integers.
    pub(super) fn replies(
        &self,
        test_client: &mut TestClient,
    ) -> Result<Vec<i64>, Trouble> {
        let mut integers = Vec::new();
        for due in &self.due {
            match (due, test_client.reply()?) {
                (due, reply) if !due.is(&reply) => return Err(due.missed(reply)),
                (Due::AnyInteger, Reply::Integer(value)) => integers.push(value),
                _ => {}
            }
        }
        Ok(integers)
    }

    /// Reads as many replies as are due, whatever they are: whose they are is for another
    /// check. Counts those that are `strange`, which means not due.
    pub(super) fn any_replies(
        &self,
        test_client: &mut TestClient,
        strange: &mut usize,
    ) -> Result<(), Trouble> {
        for due in &self.due {
            *strange += usize::from(!due.is(&test_client.reply()?));
        }
        Ok(())
    }

    /// The same for the replies that lie there already.
    pub(super) fn replies_there(
        &self,
        test_client: &mut TestClient,
        strange: &mut usize,
    ) {
        test_client.set_patience(STEP);
        for due in &self.due {
            let Ok(reply) = test_client.reply() else {
                return;
            };
            *strange += usize::from(!due.is(&reply));
        }
    }
}

impl Due {
    fn is(&self, reply: &Reply) -> bool {
        match self {
            Self::This(due) => reply == due,
            Self::AnyInteger => matches!(reply, Reply::Integer(_)),
        }
    }

    fn missed(&self, reply: Reply) -> Trouble {
        match self {
            Self::This(due) => Trouble::instead(reply, due),
            Self::AnyInteger => Trouble::other(reply, "an integer"),
        }
    }
}

/// Requests at once that are enough for a check that names as a likely cause that not all
/// of them are looked at.
pub(super) const SOME: usize = 50;

/// Whether the server takes this many requests that come at once from a single client.
/// Whether it has to is for another check; where it does not, requests are sent one by
/// one.
pub(super) fn takes_bursts(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    requests: usize,
) -> bool {
    let mut burst = Burst::default();
    for _ in 0..requests {
        burst.echo(workbench.echo());
    }
    let Ok(mut test_client) = running.connect() else {
        return false;
    };
    burst.send(&mut test_client).is_ok() && burst.replies(&mut test_client).is_ok()
}

/// Clients that are in service side by side: up to `most`, if the expectation allows
/// that, or fewer where the next one gets no answer. Another check says how many there
/// have to be.
pub(super) fn clients(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    most: usize,
    failure_text: &FailureText,
) -> Result<Vec<TestClient>, EarlyEnd> {
    let failure_text = &unserved(failure_text);
    let mut clients = Vec::new();
    while clients.len() < workbench.at_once(most) {
        let mut client = running.test_client(failure_text, "a client")?;
        let word = nonce();
        let sent = client.send(&[workbench.echo(), &word]);
        sent.map_err(|trouble| {
            failure_text.trouble("a client's first request", &trouble)
        })?;
        let mut vigil = running.vigil();
        while !client.has_something() && vigil.is_over().is_none() {
            if vigil.slept() >= WAITS && !clients.is_empty() {
                return Ok(clients);
            }
            thread::sleep(STEP);
        }
        let reply = client.expect(&Reply::text(&word));
        reply.map_err(|trouble| {
            failure_text.trouble("a client's first request", &trouble)
        })?;
        clients.push(client);
    }
    Ok(clients)
}
