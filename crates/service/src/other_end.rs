//! Whether the program at the other end of a connection is still there.
//!
//! A client that has closed its side may still read (`nc -N` does), or may have gone: TCP
//! does not separate the two. On the same machine the system does.

use std::{
    fs,
    net::{IpAddr, SocketAddr, TcpStream},
    os::fd::AsFd,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{RecvFlags, recv},
};

/// Whether the client has reset the connection.
pub(crate) fn is_reset(client: &impl AsFd) -> bool {
    // Errors are always reported.
    let mut state = [PollFd::new(client, PollFlags::empty())];
    matches!(poll(&mut state, Some(&Timespec::default())), Ok(1..))
}

/// Whether the client has closed its side, or is gone, and nothing it sent is left to
/// read.
pub(crate) fn has_closed(client: &impl AsFd) -> bool {
    let mut byte = [0; 1];
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    !matches!(
        recv(client, &mut byte, flags),
        Ok((1.., _)) | Err(Errno::AGAIN | Errno::INTR)
    )
}

/// Whether the other end of this connection is on this machine, and no program's any
/// more.
pub(crate) fn is_abandoned(stream: &TcpStream) -> bool {
    let (Ok(peer), Ok(local)) = (stream.peer_addr(), stream.local_addr()) else {
        return true;
    };
    let table = match peer.ip().to_canonical() {
        IpAddr::V4(_) => "/proc/self/net/tcp",
        IpAddr::V6(_) => "/proc/self/net/tcp6",
    };
    let table = fs::read_to_string(table).unwrap_or_default();
    let (its_end, our_end) = (as_listed(peer), as_listed(local));
    let row = table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let is_it = fields.next()? == its_end && fields.next()? == our_end;
        is_it.then(|| fields.nth(6)) // the number of the socket's file
    });
    row.flatten() == Some("0")
}

/// An address as Linux lists it: words of four bytes in the machine's order, and the
/// port.
fn as_listed(address: SocketAddr) -> String {
    let bytes = match address.ip().to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let (words, _) = bytes.as_chunks::<4>();
    let words = words.iter().map(|word| u32::from_ne_bytes(*word));
    let listed: String = words.map(|word| format!("{word:08X}")).collect();
    format!("{listed}:{:04X}", address.port())
}
