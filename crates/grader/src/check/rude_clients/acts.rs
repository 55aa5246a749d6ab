//! What rude clients do.

use std::{
    cell::Cell,
    thread,
    time::{Duration, Instant},
};

use proto::encode_request;

use crate::{
    commands::Commands,
    running::Running,
    test_client::{TestClient, Trouble},
};

/// How long a rude client waits for the server to close. Once one has waited without
/// effect, none waits any more.
const WAITS: Duration = Duration::from_millis(500);

/// How long a rude client's four SLEEPs take, and a moment more.
const SLEPT: Duration = Duration::from_millis(30);

/// Up to this many more replies than bytes are not taken for an endless loop.
const SPARE: usize = 100;

/// What a rude client is called in the report, and what it does.
pub(super) type Act = (&'static str, fn(&Rude<'_>) -> Result<(), Trouble>);

pub(super) const ACTS: &[Act] = &[
    ("a reset in the middle of a reply", |rude| {
        rude.reset_in_mid_reply()
    }),
    ("500 requests, before the replies", |rude| {
        rude.pipeline_and_leave()
    }),
    ("four SLEEPs, before the replies", |rude| {
        rude.sleep_and_leave()
    }),
    ("half a frame", |rude| {
        rude.send(b"*2\r\n$4\r\nECHO\r\n$10\r\nhalf")
    }),
    ("garbage", |rude| rude.send(&garbage())),
    ("a request that is not UTF-8", |rude| {
        rude.send(b"\xff\xfe\x80 \xc3\x28\r\n")
    }),
    ("1 GiB announced", |rude| {
        rude.send(b"*2\r\n$4\r\nECHO\r\n$1073741824\r\nshort")
    }),
    ("a negative length", |rude| rude.send(b"*1\r\n$-5\r\n")),
    ("an empty line and an empty request", |rude| {
        rude.send(b"\r\n*0\r\n")
    }),
    ("nothing at all", |rude| rude.send(b"")),
];

pub(super) struct Rude<'r> {
    running: &'r Running<'r>,
    echo: &'static str,
    knows_sleep: bool,
    /// Whether every client so far has seen the server close.
    server_closes: Cell<bool>,
    /// How many replies a client got that are more than its bytes.
    endless: Cell<Option<usize>>,
}

impl<'r> Rude<'r> {
    pub(super) fn new(running: &'r Running<'r>, commands: &Commands) -> Self {
        Self {
            running,
            echo: commands.echo(),
            knows_sleep: commands.know("SLEEP"),
            server_closes: Cell::new(true),
            endless: Cell::new(None),
        }
    }

    /// How many replies came to one client, if they were more than it can have asked for.
    pub(super) fn endless_replies(&self) -> Option<usize> {
        self.endless.get()
    }

    /// A socket that is closed with unread bytes in it resets its connection.
    fn reset_in_mid_reply(&self) -> Result<(), Trouble> {
        let payload = vec![b'x'; 256 * 1024];
        let mut bytes = Vec::new();
        encode_request(&[self.echo.as_bytes(), &payload], &mut bytes);
        let mut test_client = self.connect()?;
        test_client.send_bytes(&bytes)?;
        test_client.send(&[self.echo, "again"])?;
        let end = Instant::now() + WAITS;
        while !test_client.has_something() && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// The server writes to a client that is gone, again and again. The client
    /// half-closes first: the reset that follows is then EPIPE and a signal to the next
    /// write, and without the half-close ECONNRESET (`tcp_reset` in Linux).
    fn pipeline_and_leave(&self) -> Result<(), Trouble> {
        let mut bytes = Vec::new();
        for _ in 0..500 {
            encode_request(&[self.echo, "to nobody"], &mut bytes);
        }
        let mut test_client = self.connect()?;
        test_client.send_bytes(&bytes)?;
        test_client.finish_sending();
        Ok(())
    }

    /// The same to a server that collects the replies to what came in one read: before it
    /// sleeps, it sends what it has.
    fn sleep_and_leave(&self) -> Result<(), Trouble> {
        if !self.knows_sleep {
            return Ok(());
        }
        let mut bytes = Vec::new();
        for _ in 0..4 {
            encode_request(&["SLEEP", "5ms"], &mut bytes);
        }
        let mut test_client = self.connect()?;
        test_client.send_bytes(&bytes)?;
        drop(test_client);
        thread::sleep(SLEPT);
        Ok(())
    }

    /// Sends, half-closes, and waits for the server to close: then it has dealt with the
    /// client, whose effect B is to meet. Whether it closes is for another check.
    fn send(&self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut test_client = self.connect()?;
        test_client.send_bytes(bytes)?;
        test_client.finish_sending();
        for replies in 0.. {
            if replies > bytes.len() + SPARE {
                self.endless.set(Some(replies));
                break;
            }
            if !self.server_closes.get() && !test_client.has_something() {
                return Ok(());
            }
            match test_client.reply() {
                Ok(_) => {}
                Err(trouble) => {
                    let silent = matches!(trouble, Trouble::Silent { .. });
                    self.server_closes.set(self.server_closes.get() && !silent);
                    return Err(trouble);
                }
            }
        }
        Ok(())
    }

    fn connect(&self) -> Result<TestClient, Trouble> {
        let mut test_client = self.running.connect()?;
        test_client.set_patience(WAITS);
        Ok(test_client)
    }
}

fn garbage() -> Vec<u8> {
    let mut bytes = b"*3\r\n$1\r\n*\r\n$x\r\n".to_vec();
    let mut state = 0x9e37_79b9_u32;
    bytes.extend((0..4096).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    }));
    bytes
}
