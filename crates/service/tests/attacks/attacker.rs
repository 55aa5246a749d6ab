//! An attacker, and everything that it does. The server may close its connections at any
//! moment, so its errors mean nothing.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::Duration,
};

use fixture::Dice;
use rustix::net::sockopt;

/// Connections of a crowd.
pub(crate) const CROWD: usize = 100;
/// How long a crowd stays.
const STAY: Duration = Duration::from_millis(300);
/// How long it waits for the server while it cannot send or receive.
const PATIENCE: Duration = Duration::from_secs(1);
const KIB: usize = 1024;

/// Something that it can do, once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&mut Attacker),
}

const fn named(name: &'static str, make: fn(&mut Attacker)) -> Attack {
    Attack { name, make }
}

pub(crate) const ATTACKS: [Attack; 12] = [
    named("connections that are reset at once", |it| it.comes(b"")),
    named("random bytes", Attacker::sends_noise),
    named("web pages and TLS", Attacker::takes_it_for_a_web_server),
    named("requests that never end", |it| it.crowds(b"ECHO \"half")),
    named("16 MiB from each of 800, cut off", Attacker::announces),
    named("long replies that nobody reads", |it| {
        it.crowds(&[echo(64 * KIB), echo(64 * KIB)].concat().repeat(4));
    }),
    named("a roster that nobody reads", |it| {
        it.registers();
        it.crowds(&b"ROSTER\r\n".repeat(500));
    }),
    named("PINGs by the thousand, not read", |it| {
        it.comes(&b"PING\r\n".repeat(5_000))
    }),
    named("errors by the thousand", |it| {
        it.comes(&b"RUN rm\r\nINCRBY x y\r\nTIMED TIMED\r\nNO\r\n".repeat(1_000));
    }),
    named("SLEEP and MEET, and then a reset", |it| {
        it.crowds(b"SLEEP 1h\r\n");
        it.crowds(b"MEET 999\r\n");
    }),
    named("programs, left by a reset", |it| {
        it.abandons("RUN sleep 3600");
        it.abandons("RUN echo x");
    }),
    named("PRIMES, left by a reset", |it| {
        it.abandons("PRIMES 10000000")
    }),
];

fn echo(length: usize) -> Vec<u8> {
    let head = format!("*2\r\n$4\r\nECHO\r\n${length}\r\n");
    [head.as_bytes(), &vec![b'x'; length], b"\r\n"].concat()
}

#[derive(Debug)]
pub(crate) struct Attacker {
    address: SocketAddr,
    number: usize,
    dice: Dice,
}

impl Attacker {
    pub(crate) fn new(address: SocketAddr, number: usize) -> Self {
        let dice = Dice::new(number as u64);
        Self {
            address,
            number,
            dice,
        }
    }

    /// A connection that ends by a reset when it is dropped, so that it holds no port.
    fn connects(&self) -> Option<TcpStream> {
        let stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).ok()?;
        Some(stream)
    }

    /// Ten times: comes, sends, and goes without reading.
    fn comes(&self, bytes: &[u8]) {
        for _ in 0..10 {
            if let Some(mut stream) = self.connects() {
                let _ = stream.write_all(bytes);
            }
        }
    }

    /// Ten times: goes while its request is done.
    fn abandons(&self, request: &str) {
        for _ in 0..10 {
            if let Some(mut stream) = self.connects() {
                let _ = stream.write_all(format!("PING\r\n{request}\r\n").as_bytes());
                let _ = stream.read(&mut [0; 7]); // the PONG
            }
        }
    }

    /// Many at once, which send and stay for a while without reading.
    fn crowds(&self, bytes: &[u8]) {
        let mut crowd: Vec<_> = (0..CROWD).filter_map(|_| self.connects()).collect();
        for stream in &mut crowd {
            let _ = stream.set_nonblocking(true);
            let _ = stream.write(bytes); // as much as the system takes
        }
        thread::sleep(STAY);
    }

    fn sends_noise(&mut self) {
        let length = self.dice.index(64 * KIB);
        let noise: Vec<u8> = (0..length).map(|_| self.dice.below(256) as u8).collect();
        for part in noise.chunks(8 * KIB) {
            if let Some(mut stream) = self.connects() {
                let _ = stream.write_all(part);
                let _ = stream.read(&mut [0; 100]);
            }
        }
    }

    fn takes_it_for_a_web_server(&mut self) {
        self.comes(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.comes(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    }

    fn announces(&mut self) {
        let head = b"*17\r\n$4\r\nECHO\r\n$1048576\r\n".as_slice();
        self.crowds(&[head, &[b'x'; 512 * KIB]].concat());
    }

    fn registers(&mut self) {
        let id = self.number * 100 + self.dice.index(100);
        self.comes(format!("REGISTER name {id} github\r\n").as_bytes());
    }
}
