//! Clients that break off, talk nonsense or promise too much, each again and again; then
//! one that behaves.

use std::{
    cell::Cell,
    thread,
    time::{Duration, Instant},
};

use proto::encode_request;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    running::Running,
    test_client::{TestClient, Trouble},
    workbench::Workbench,
};

/// How often each is done: a worker or a place that is lost each time is missed then.
const TIMES: usize = 20;
/// How long a rude client waits for the server to close. Once one has waited without
/// effect, none waits any more.
const WAITS: Duration = Duration::from_millis(500);
/// Acts go on for so long at most; B is served in any case.
const LASTS: Duration = Duration::from_secs(8);

/// What a rude client is called in the report, and what it does.
type Act = (&'static str, fn(&Rude<'_>) -> Result<(), Trouble>);

const ACTS: &[Act] = &[
    ("a reset in mid-reply", |rude| rude.reset_in_mid_reply()),
    ("500 requests, and was gone", |rude| {
        rude.pipeline_and_leave()
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
    ("nothing at all", |rude| rude.send(b"")),
];

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.with_server(|running| {
        let rude = Rude {
            running,
            echo: workbench.echo(),
            server_closes: Cell::new(true),
        };
        let start = Instant::now();
        for (act, be_rude) in ACTS {
            for times in 1..=TIMES {
                // How the server parts with a rude client is its own affair.
                let _ = be_rude(&rude);
                if times == 1 || times == TIMES {
                    b_is_served(workbench, running, act, times)?;
                }
                if start.elapsed() > LASTS {
                    break;
                }
            }
        }
        b_is_served(workbench, running, "all of them", 1)
    })?;
    let acts: Vec<_> = ACTS.iter().map(|(act, _)| *act).collect();
    Ok(format!(
        "B was served after {}, {TIMES} times each",
        acts.join(", ")
    ))
}

fn b_is_served(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    act: &str,
    times: usize,
) -> Result<(), EarlyEnd> {
    let clients = match times {
        1 => "a client".to_owned(),
        _ => format!("{times} clients, one after another,"),
    };
    let failure_text = FailureText::new(
        format!("{clients} left {act}; then B sent {}", workbench.echo()),
        "B is answered",
        "one client can stop the server for every other client",
        &[
            "an unwrap, or an exception that nobody catches, on what a client sent",
            "SIGPIPE, which ends a program that does not ignore it",
            "a lock poisoned by a panic, or kept by a thread that died",
            "a worker, or a place under a limit, that is not released on every path",
            "a loop at the end of input",
        ],
    );
    let mut b = running.test_client(&failure_text, "B")?;
    let trip = b.round_trip(workbench.echo());
    trip.map_err(|trouble| failure_text.trouble("B's request", &trouble))
}

struct Rude<'r> {
    running: &'r Running<'r>,
    echo: &'static str,
    /// Whether every client so far has seen the server close.
    server_closes: Cell<bool>,
}

impl Rude<'_> {
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

    /// Sends, half-closes, and waits for the server to close: then it has dealt with the
    /// client, whose effect B is to meet. Whether it closes is for another check.
    fn send(&self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut test_client = self.connect()?;
        test_client.send_bytes(bytes)?;
        test_client.finish_sending();
        loop {
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
