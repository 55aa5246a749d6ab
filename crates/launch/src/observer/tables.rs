//! The sockets of a server's network: `/proc/PID/net/tcp` and `tcp6`.

use std::{
    collections::HashMap,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use super::{Missing, sockets::Found};

/// The largest table that is read: 16 MiB, some hundred thousand sockets.
const MOST_BYTES: usize = 16 << 20;

/// The tables of the network that a process is in, as they were last read.
#[derive(Debug)]
pub(super) struct Tables {
    process: i32,
    sockets: HashMap<(SocketAddr, SocketAddr), Found>,
}

impl Tables {
    pub(super) fn of(process: i32) -> Self {
        Self {
            process,
            sockets: HashMap::new(),
        }
    }

    pub(super) fn read(&mut self, missing: &mut Missing) {
        self.sockets.clear();
        let mut error = None;
        let mut is_read = false;
        for name in ["tcp", "tcp6"] {
            match fs::read_to_string(format!("/proc/{}/net/{name}", self.process)) {
                Ok(table) if table.len() <= MOST_BYTES => {
                    is_read = true;
                    self.sockets.extend(table.lines().skip(1).filter_map(line));
                }
                Ok(_) => {}
                Err(why) => error = Some(why),
            }
        }
        if let Some(error) = error.filter(|_| !is_read) {
            missing.note_backlog("the table of sockets", &error);
        }
    }

    /// The socket with these ends; a listener at any address counts for the one asked
    /// for.
    pub(super) fn find(
        &self,
        here: SocketAddr,
        there: Option<SocketAddr>,
    ) -> Option<Found> {
        let nobody = |ip: IpAddr| SocketAddr::new(ip, 0);
        let any = [
            IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        ];
        let found = |here, there| self.sockets.get(&(here, there)).copied();
        let Some(there) = there else {
            let own = any.iter().find_map(|ip| found(here, nobody(*ip)));
            let wide =
                |ip: &IpAddr| found(SocketAddr::new(*ip, here.port()), nobody(*ip));
            return own.or_else(|| any.iter().find_map(wide));
        };
        found(here, there)
    }
}

/// `sl local remote state tx:rx timer retransmits uid timeout inode …`
fn line(line: &str) -> Option<((SocketAddr, SocketAddr), Found)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, local, remote, state, queues, _, _, _, _, inode, ..] = words.as_slice()
    else {
        return None;
    };
    let (_, received) = queues.split_once(':')?;
    let found = Found {
        listens: *state == "0A",
        is_connected: matches!(*state, "01" | "03" | "08" | "0C"),
        queued: u32::from_str_radix(received, 16).ok()?,
        inode: inode.parse().ok()?,
    };
    Some(((address(local)?, address(remote)?), found))
}

/// Each 32 bits of an address in the order of this machine, then the port:
/// `0100007F:BA13`. An address of IPv4 that a socket of IPv6 has is one of IPv4.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let words: Vec<&str> = match ip.len() {
        8 => vec![ip],
        32 => (0..4).filter_map(|at| ip.get(at * 8..at * 8 + 8)).collect(),
        _ => return None,
    };
    let word = |text: &&str| u32::from_str_radix(text, 16).ok().map(u32::to_ne_bytes);
    let words: Option<Vec<[u8; 4]>> = words.iter().map(word).collect();
    let octets = words?.concat();
    let ip = match <[u8; 4]>::try_from(octets.as_slice()) {
        Ok(four) => IpAddr::from(four),
        Err(_) => {
            IpAddr::from(<[u8; 16]>::try_from(octets.as_slice()).ok()?).to_canonical()
        }
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::{Found, line};

    #[cfg(target_endian = "little")]
    #[test]
    fn a_line_of_the_table_is_read() {
        let listener = "   0: 0100007F:BA13 00000000:0000 0A 00000000:00000003 \
            00:00000000 \
                        00000000     0        0 5082218 4 0000000010110606 100 0 0 10 0";
        let here: SocketAddr = "127.0.0.1:47635".parse().unwrap();
        let ends = (here, "0.0.0.0:0".parse().unwrap());
        let found = Found {
            listens: true,
            is_connected: false,
            queued: 3,
            inode: 5_082_218,
        };
        assert_eq!(line(listener), Some((ends, found)));
        let mapped = "0: 0000000000000000FFFF00000100007F:BA13 \
                      0000000000000000FFFF00000100007F:93A4 01 00000000:00000002 \
                      00:00000000 \
                      00000000 0 0 0 1 00000000";
        let (ends, found) = line(mapped).unwrap();
        assert_eq!(ends, (here, "127.0.0.1:37796".parse().unwrap()));
        assert_eq!((found.inode, found.queued), (0, 2));
        assert_eq!(line("0: nonsense"), None);
    }
}
