//! One client's part: what it sends and when, and what it writes down.

use std::{mem, net::TcpStream, time::Duration};

use client::{ClientError, Connection as Stream, Reply};

use super::{
    reply::{Answer, can_be_timed},
    run_log::RunLog,
    staying::{self, Stay},
};
use crate::scenario::ClientSpec;

/// One client of one server.
#[derive(Clone)]
pub(super) struct Client {
    index: usize,
    server: usize,
    at: Duration,
    pause: Duration,
    hold: Duration,
    read_delay: Duration,
    pipeline: bool,
    requests: Vec<Frame>,
}

/// One request, ready to be sent.
#[derive(Clone)]
struct Frame {
    bytes: Vec<u8>,
    timed: bool,
}

impl Frame {
    fn of(request: &str, server_is_timed: bool) -> Self {
        let mut arguments = proto::split_line(request.as_bytes()).unwrap_or_default();
        let timed = server_is_timed && can_be_timed(&arguments);
        if timed {
            arguments.insert(0, b"TIMED".to_vec());
        }
        let mut bytes = Vec::new();
        proto::encode_request(&arguments, &mut bytes);
        Self { bytes, timed }
    }
}

impl Client {
    pub(super) fn new(
        spec: &ClientSpec,
        index: usize,
        server: usize,
        server_is_timed: bool,
    ) -> Self {
        let frames = spec
            .requests
            .iter()
            .map(|one| Frame::of(one, server_is_timed));
        Self {
            index,
            server,
            at: spec.at,
            pause: spec.pause,
            hold: spec.hold,
            read_delay: spec.read_delay,
            pipeline: spec.pipeline,
            requests: frames.collect(),
        }
    }

    pub(super) fn at(&self) -> Duration {
        self.at
    }

    /// What it sends once it is connected: its first request, or all when pipelined.
    pub(super) fn first_bytes(&self) -> Vec<u8> {
        let frames = self.requests.iter().take(self.sent_at_once());
        frames
            .flat_map(|frame| frame.bytes.iter().copied())
            .collect()
    }

    fn sent_at_once(&self) -> usize {
        if self.pipeline {
            self.requests.len()
        } else {
            1
        }
    }

    /// Stamps the moment before it connects, which is also when its first request is
    /// sent.
    pub(super) fn opens(&self, run_log: &RunLog) {
        let now = run_log.now();
        let at_once = self.sent_at_once();
        run_log.write(self.server, self.index, move |record| {
            record.opened_us = Some(now);
            for request in record.requests.iter_mut().take(at_once) {
                request.sent_us = Some(now);
            }
        });
    }

    pub(super) fn keep(&self, stream: &TcpStream, run_log: &RunLog) {
        run_log.keep(self.server, self.index, stream);
    }

    /// Could not connect, or not send.
    pub(super) fn gives_up(&self, run_log: &RunLog, error: &ClientError) {
        run_log.close(self.server, self.index);
        let why = error.to_string();
        run_log.write(self.server, self.index, move |record| {
            for request in &mut record.requests {
                request.failure.get_or_insert_with(|| why.clone());
            }
        });
    }

    /// Receives, thinks, sends the next, and closes at the end.
    pub(super) fn act(mut self, mut connection: Stream, run_log: &RunLog) {
        let frames = mem::take(&mut self.requests);
        let mut last = self.at;
        for (index, frame) in frames.iter().enumerate() {
            let asked = self.ask(index, frame, last, &mut connection, run_log);
            match asked.and_then(|()| self.receive(&mut connection, run_log)) {
                Ok((reply, now)) => {
                    let answer = Answer::of(&reply, frame.timed);
                    last = Duration::from_micros(now) + self.read_delay;
                    run_log.write(self.server, self.index, move |record| {
                        if let Some(request) = record.requests.get_mut(index) {
                            request.replied_us = Some(now);
                            request.service_us = answer.service_us;
                            request.claimed_us = answer.claimed_us;
                            request.thread = answer.thread;
                            request.reply = Some(answer.line);
                        }
                    });
                }
                Err(error) => return self.fails(index, &error, run_log),
            }
        }
        let stay = staying::on(&mut connection, last + self.hold, run_log);
        self.was_closed(stay, run_log);
        run_log.close(self.server, self.index);
    }

    /// Whether the server closed the connection, which is noted.
    fn was_closed(&self, stay: Stay, run_log: &RunLog) -> bool {
        let was_closed = stay == Stay::ServerClosed;
        if was_closed {
            run_log.write(self.server, self.index, |record| {
                record.closed_by_server = true;
            });
        }
        was_closed
    }

    /// The next reply, and the moment it was in; one that reads slowly lets it lie there.
    fn receive(
        &self,
        connection: &mut Stream,
        run_log: &RunLog,
    ) -> Result<(Reply, u64), ClientError> {
        if self.read_delay.is_zero() {
            let reply = connection.receive()?;
            return Ok((reply, run_log.now()));
        }
        connection.wait_for_bytes()?;
        let now = run_log.now();
        run_log.wait_until(Duration::from_micros(now) + self.read_delay);
        Ok((connection.receive()?, now))
    }

    /// Sends the request of this index after a pause, unless it was sent at once.
    fn ask(
        &self,
        index: usize,
        frame: &Frame,
        last: Duration,
        connection: &mut Stream,
        run_log: &RunLog,
    ) -> Result<(), ClientError> {
        if index == 0 || self.pipeline {
            return Ok(());
        }
        let stay = staying::between(connection, last + self.pause, run_log);
        if self.was_closed(stay, run_log) {
            return connection.receive().map(|_| ());
        }
        let now = run_log.now();
        run_log.write(self.server, self.index, move |record| {
            if let Some(request) = record.requests.get_mut(index) {
                request.sent_us = Some(now);
            }
        });
        connection.send(&frame.bytes)
    }

    /// The request of this index got no reply, so those after it get none either.
    fn fails(&self, index: usize, error: &ClientError, run_log: &RunLog) {
        let why = if run_log.is_aborted() {
            "stopped".to_owned()
        } else {
            error.to_string()
        };
        run_log.close(self.server, self.index);
        run_log.write(self.server, self.index, move |record| {
            for request in record.requests.iter_mut().skip(index) {
                request.failure = Some(why.clone());
            }
        });
    }
}
