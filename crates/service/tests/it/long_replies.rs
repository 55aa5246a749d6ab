//! Behaviour 21 of `docs/reliability.md`: a long reply is sent while it is made.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    client_memory::{MIB, peak},
    talking::{THREADED, ask, connect, raw},
};

#[test]
fn a_roster_that_nobody_reads_is_not_copied_for_each_client() {
    const STUDENTS: usize = 1_000;
    let server = fixture::start(THREADED, &["--quiet"]);
    let mut teacher = raw(&server);
    let long = "🦀".repeat(190);
    for student in 0..STUDENTS {
        let line = format!("REGISTER {long} {student}{long} {long}\r\n");
        teacher.write_all(line.as_bytes()).unwrap();
        teacher.read_exact(&mut [0; 5]).unwrap();
    }
    let before = peak(&server);
    let mut silent: Vec<TcpStream> = (0..50).map(|_| raw(&server)).collect();
    for client in &mut silent {
        client.write_all(b"ROSTER\r\n").unwrap();
        client.read_exact(&mut [0; 1]).unwrap(); // it is being sent
    }
    let more = peak(&server).saturating_sub(before);
    assert!(more < 20 * MIB, "{} MiB more", more / MIB);

    // One that reads gets all of it.
    let proto::Reply::Array(rows) = ask(&mut connect(&server), "ROSTER") else {
        panic!("a roster");
    };
    assert_eq!(rows.len(), STUDENTS);
    let last = [
        long.clone(),
        format!("{}{long}", STUDENTS - 1),
        long.clone(),
    ];
    let last = last.map(|field| proto::Reply::text(&field)).to_vec();
    assert_eq!(rows.last(), Some(&proto::Reply::Array(last)));
}
