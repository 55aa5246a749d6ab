//! Where a connection to a server is: in the backlog of its listener, or accepted.

use std::{fs, net::SocketAddr};

use rustix::process::Pid;

use super::{Missing, diag::Diag, tables::Tables};

/// The two ends of a connection, as its client has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ends {
    /// Of the client.
    pub client: SocketAddr,
    /// Of the server, as the client reached it.
    pub server: SocketAddr,
}

/// Where a connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stay {
    /// The server has not accepted it: the system keeps it in the listener's backlog.
    Backlog,
    /// The server has accepted it.
    Accepted {
        /// The inode of the server's socket.
        socket: u64,
        /// How many bytes the client has sent that the server has not read.
        unread: u32,
    },
    /// It is not there: closed, or on another machine.
    #[default]
    Unknown,
}

/// What the system says of one socket of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Whether it is a listener.
    pub(super) listens: bool,
    /// Whether a client is, or may be, at its other end.
    pub(super) is_connected: bool,
    /// Connections to be accepted for a listener, bytes to be read for others.
    pub(super) queued: u32,
    /// 0 until it is accepted.
    pub(super) inode: u64,
}

/// Asks after the sockets of one server.
#[derive(Debug)]
pub(super) struct Sockets {
    listener: SocketAddr,
    by: By,
}

#[derive(Debug)]
enum By {
    /// For a server in the network of this program: it costs some microseconds a socket.
    Diag(Diag),
    /// For one in another network, or where the system knows no other way.
    Tables(Tables),
}

impl Sockets {
    pub(super) fn of(server: Option<Pid>, listener: SocketAddr) -> Self {
        let pid = server.unwrap_or_else(rustix::process::getpid);
        let pid = pid.as_raw_nonzero().get();
        let network = |process: &str| fs::read_link(format!("/proc/{process}/ns/net"));
        let is_here = match (network("self"), network(&pid.to_string())) {
            (Ok(ours), Ok(theirs)) => Some(ours == theirs),
            _ => None, // another user's
        };
        let diag = Diag::open().ok().filter(|_| is_here != Some(false));
        // A listener that we can see is in our network, no matter whose.
        let diag = diag.and_then(|mut diag| {
            let listens = |found: Option<Found>| found.is_some_and(|found| found.listens);
            let is_seen =
                is_here.is_some() || diag.find(listener, None).is_ok_and(listens);
            is_seen.then_some(diag)
        });
        Self {
            listener,
            by: match diag {
                Some(diag) => By::Diag(diag),
                None => By::Tables(Tables::of(pid)),
            },
        }
    }

    /// How many connections wait to be accepted.
    pub(super) fn backlog(&mut self, missing: &mut Missing) -> Option<usize> {
        if let By::Tables(tables) = &mut self.by {
            tables.read(missing);
        }
        let found = self.find(self.listener, None, missing)?;
        let queued = found.listens.then_some(found.queued)?;
        usize::try_from(queued).ok()
    }

    /// Where one connection is.
    pub(super) fn stay(&mut self, ends: &Ends, missing: &mut Missing) -> Stay {
        match self.find(ends.server, Some(ends.client), missing) {
            Some(found) if !found.is_connected => Stay::Unknown,
            Some(Found { inode: 0, .. }) => Stay::Backlog,
            Some(found) => Stay::Accepted {
                socket: found.inode,
                unread: found.queued,
            },
            None => Stay::Unknown,
        }
    }

    fn find(
        &mut self,
        here: SocketAddr,
        there: Option<SocketAddr>,
        missing: &mut Missing,
    ) -> Option<Found> {
        match &mut self.by {
            By::Tables(tables) => tables.find(here, there),
            By::Diag(diag) => match diag.find(here, there) {
                Ok(found) => found,
                Err(error) => {
                    missing.note_backlog("the state of a socket", &error);
                    None
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener, TcpStream};

    use super::{super::tables::Tables, *};

    /// Both ways to ask, where the system knows both.
    fn ways(listener: SocketAddr) -> Vec<Sockets> {
        let tables =
            By::Tables(Tables::of(rustix::process::getpid().as_raw_nonzero().get()));
        let diag = Diag::open().map(By::Diag).ok();
        let ways = [Some(tables), diag].into_iter().flatten();
        ways.map(|by| Sockets { listener, by }).collect()
    }

    fn ends(stream: &TcpStream) -> Ends {
        Ends {
            client: stream.local_addr().unwrap(),
            server: stream.peer_addr().unwrap(),
        }
    }

    #[test]
    fn who_is_not_accepted_is_in_the_backlog_by_either_way() {
        for (bound, reached) in [("127.0.0.1:0", "127.0.0.1"), ("0.0.0.0:0", "127.0.0.1")]
        {
            let listener = TcpListener::bind(bound).unwrap();
            let port = listener.local_addr().unwrap().port();
            let first = TcpStream::connect((reached, port)).unwrap();
            let second = TcpStream::connect((reached, port)).unwrap();
            let (accepted, _) = listener.accept().unwrap();
            std::io::Write::write_all(&mut &first, b"PING\n").unwrap();
            let of_first = accepted.peer_addr().unwrap() == first.local_addr().unwrap();
            assert!(of_first, "a backlog is a queue");
            // It has arrived once it can be seen.
            accepted.peek(&mut [0; 5]).unwrap();
            for mut sockets in ways(listener.local_addr().unwrap()) {
                let mut missing = Missing::default();
                assert_eq!(sockets.backlog(&mut missing), Some(1), "{sockets:?}");
                assert_eq!(sockets.stay(&ends(&second), &mut missing), Stay::Backlog);
                let stay = sockets.stay(&ends(&first), &mut missing);
                assert!(matches!(
                    stay,
                    Stay::Accepted {
                        unread: 5,
                        socket: 1..
                    }
                ));
                assert_eq!(missing, Missing::default());
            }
        }
    }

    /// The first process is root's: who it runs beside may be hidden from us.
    #[test]
    fn a_server_of_another_user_is_asked_after_in_the_quick_way_too() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sockets = Sockets::of(Some(Pid::INIT), listener.local_addr().unwrap());
        let is_quick = matches!(sockets.by, By::Diag(_));
        assert_eq!(is_quick, Diag::open().is_ok(), "{sockets:?}");
    }

    #[test]
    fn a_socket_that_is_not_there_is_unknown_and_nothing_is_missing() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let nowhere = Ends {
            client: "127.0.0.1:1".parse().unwrap(),
            server: here,
        };
        drop(listener);
        for mut sockets in ways(here) {
            let mut missing = Missing::default();
            assert_eq!(sockets.backlog(&mut missing), None);
            assert_eq!(sockets.stay(&nowhere, &mut missing), Stay::Unknown);
            assert!(missing.is_nothing());
        }
    }
}
