//! One socket of this machine, by its addresses: the system's `sock_diag`, as `ss` uses
//! it.
//!
//! A table of all sockets takes milliseconds to read on a machine with much memory; this
//! takes some microseconds.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::OwnedFd,
};

use rustix::{
    io::Errno,
    net::{
        AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType,
        netlink::{SOCK_DIAG, SocketAddrNetlink},
        recv, sendto, socket_with,
    },
};

use super::sockets::Found;

/// What is asked: `struct nlmsghdr` and `struct inet_diag_req_v2` of the system's
/// headers.
const HEADER: usize = 16;
const REQUEST: usize = HEADER + 56;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const INET: u8 = 2;
const INET6: u8 = 10;
const TCP: u8 = 6;
/// An answer of `struct inet_diag_msg`: where its fields are.
const STATE: usize = HEADER + 1;
const QUEUED: usize = HEADER + 56;
const INODE: usize = HEADER + 68;
/// Of the states of a TCP socket.
const LISTEN: u8 = 10;
const CONNECTED: [u8; 4] = [1, 3, 8, 12]; // established, half-open, half-closed, new

/// A socket that asks after sockets.
#[derive(Debug)]
pub(super) struct Diag {
    socket: OwnedFd,
    asked: u32,
}

impl Diag {
    pub(super) fn open() -> io::Result<Self> {
        let (domain, kind) = (AddressFamily::NETLINK, SocketType::DGRAM);
        let socket = socket_with(domain, kind, SocketFlags::CLOEXEC, Some(SOCK_DIAG))?;
        let mut diag = Self { socket, asked: 0 };
        // A system that does not know the question says so.
        diag.find(SocketAddr::from(([127, 0, 0, 1], 1)), None)?;
        Ok(diag)
    }

    /// The socket with its own end `here`, and its other end `there`; a listener has
    /// none.
    pub(super) fn find(
        &mut self,
        here: SocketAddr,
        there: Option<SocketAddr>,
    ) -> io::Result<Option<Found>> {
        self.asked = self.asked.wrapping_add(1);
        let question = question(self.asked, here, there);
        let system = SocketAddrNetlink::new(0, 0);
        sendto(&self.socket, &question, SendFlags::empty(), &system)?;
        loop {
            let mut bytes = [0; 1024];
            let (_, length) = recv(&self.socket, &mut bytes[..], RecvFlags::empty())?;
            let answer = Answer(bytes.get(..length).unwrap_or_default());
            if answer.number(8) == self.asked {
                return answer.read();
            }
        }
    }
}

fn question(number: u32, here: SocketAddr, there: Option<SocketAddr>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(REQUEST);
    bytes.extend(u32::try_from(REQUEST).unwrap_or_default().to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(NLM_F_REQUEST.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend([0; 4]); // the system's own port
    bytes.extend([if here.is_ipv4() { INET } else { INET6 }, TCP, 0, 0]);
    bytes.extend(u32::MAX.to_ne_bytes()); // in any state
    bytes.extend(here.port().to_be_bytes());
    bytes.extend(there.map_or(0, |there| there.port()).to_be_bytes());
    bytes.extend(octets(Some(here.ip())));
    bytes.extend(octets(there.map(|there| there.ip())));
    bytes.extend([0; 4]); // on any interface
    bytes.extend([0xff; 8]); // of no known cookie
    bytes
}

fn octets(address: Option<IpAddr>) -> [u8; 16] {
    let mut octets = [0; 16];
    match address {
        Some(IpAddr::V4(address)) => {
            for (octet, value) in octets.iter_mut().zip(address.octets()) {
                *octet = value;
            }
        }
        Some(IpAddr::V6(address)) => octets = address.octets(),
        None => {}
    }
    octets
}

struct Answer<'a>(&'a [u8]);

impl Answer<'_> {
    fn number(&self, at: usize) -> u32 {
        let bytes = self.0.get(at..at + 4).and_then(|some| some.try_into().ok());
        bytes.map_or(0, u32::from_ne_bytes)
    }

    fn read(&self) -> io::Result<Option<Found>> {
        let kind = self.number(4).to_ne_bytes();
        if u16::from_ne_bytes([kind[0], kind[1]]) == NLMSG_ERROR {
            let number = i32::from_ne_bytes(self.number(HEADER).to_ne_bytes());
            return match Errno::from_raw_os_error(number.saturating_neg()) {
                Errno::NOENT => Ok(None),
                error => Err(error.into()),
            };
        }
        let state = self.0.get(STATE).copied().unwrap_or_default();
        Ok(Some(Found {
            listens: state == LISTEN,
            is_connected: CONNECTED.contains(&state),
            queued: self.number(QUEUED),
            inode: self.number(INODE).into(),
        }))
    }
}
