//! What `/proc` shows of a server's processes: whether they sleep, and what they hold.
//!
//! A server whose threads all sleep while a request lies there does not answer it later
//! either, however slow the machine is. So silence is measured in sleep, not in seconds.

use std::{fs, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

/// A server's process, and every process below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    pid: u32,
}

/// What the threads of a server do at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// All of them wait for something.
    Asleep,
    /// One of them uses the CPU, waits for its turn, or waits for a disk.
    Awake,
    /// Somebody has stopped them.
    Stopped,
    /// There is none.
    Gone,
}

/// What a server's processes hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holdings {
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
    /// Processes, those included that have ended and were not waited for.
    pub(crate) processes: usize,
    /// Mapped pieces of memory; a thread that is neither joined nor detached leaves its
    /// stack.
    pub(crate) mappings: usize,
}

/// The turns of a server's threads at a core, all of them added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Turns {
    /// How long they have waited for one that others used.
    pub(crate) waited: Duration,
    pub(crate) count: u64,
}

impl Pulse {
    pub(crate) fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// What its threads do now.
    pub(crate) fn state(self) -> State {
        let states: Vec<char> = self.processes().into_iter().flat_map(threads).collect();
        if states.is_empty() {
            return State::Gone;
        }
        if states.iter().any(|state| matches!(state, 'T' | 't')) {
            return State::Stopped;
        }
        if states.iter().any(|state| matches!(state, 'R' | 'D')) {
            return State::Awake;
        }
        State::Asleep
    }

    /// For how long its processes have used a core, those included that have ended.
    pub(crate) fn has_worked(self) -> Duration {
        let times = self.processes().into_iter().map(|pid| {
            let waited_for = pid == self.pid;
            worked(pid, waited_for).unwrap_or_default()
        });
        times.sum()
    }

    /// What turns its threads have had at a core.
    pub(crate) fn turns(self) -> Turns {
        let mut sum = Turns::default();
        for (waited, count) in self.processes().into_iter().flat_map(turns) {
            sum.waited += Duration::from_nanos(waited);
            sum.count += count;
        }
        sum
    }

    /// Lets processes go on that somebody has stopped.
    pub(crate) fn let_go_on(self) {
        let pids = self.processes().into_iter();
        let pids = pids.filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        for pid in pids {
            // One that has ended, or is traced, stays as it is.
            let _ = kill_process(pid, Signal::CONT);
        }
    }

    /// What its processes hold now.
    pub(crate) fn holdings(self) -> Holdings {
        let mut sum = Holdings::default();
        for pid in self.processes() {
            sum.processes += 1;
            sum.threads += entries(&format!("/proc/{pid}/task"));
            sum.descriptors += entries(&format!("/proc/{pid}/fd"));
            let maps = fs::read(format!("/proc/{pid}/maps")).unwrap_or_default();
            sum.mappings += maps.iter().filter(|byte| **byte == b'\n').count();
        }
        sum
    }

    /// Its process and every process below it, a parent before its children.
    pub(crate) fn processes(self) -> Vec<u32> {
        let mut found = vec![self.pid];
        let mut next = 0;
        while let Some(parent) = found.get(next) {
            let children = children(*parent);
            found.extend(children);
            next += 1;
        }
        found
    }

    /// The programs of its processes, as they were started.
    pub(crate) fn programs(self) -> Vec<String> {
        let program = |pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            let name = line.split(|byte| *byte == 0).next()?;
            Some(String::from_utf8_lossy(name).into_owned())
        };
        self.processes().into_iter().filter_map(program).collect()
    }

    /// The TCP port of IPv4 that one of its processes listens on.
    pub(crate) fn listens_on(self) -> Option<u16> {
        self.processes().into_iter().find_map(listens_on)
    }
}

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

fn children(parent: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{parent}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: String = lists.flatten().collect();
    let pids = lists.split_whitespace();
    pids.filter_map(|pid| pid.parse().ok()).collect()
}

/// The states of a process's threads, as one letter each.
fn threads(pid: u32) -> Vec<char> {
    let folder = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = folder.into_iter().flatten().flatten();
    let state = |thread: fs::DirEntry| {
        let stat = fs::read(thread.path().join("stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat).into_owned();
        // A program's name may hold anything, and stands in parentheses.
        let (_, after_name) = stat.rsplit_once(") ")?;
        after_name.chars().next()
    };
    threads.filter_map(state).collect()
}

/// For how long a process has used a core, with the children that it `waited_for` or
/// without.
fn worked(pid: u32, waited_for: bool) -> Option<Duration> {
    // A hundred in a second, on every Linux.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat).into_owned();
    let (_, after_name) = stat.rsplit_once(") ")?;
    let times = after_name.split(' ').skip(11);
    let times = times.take(if waited_for { 4 } else { 2 });
    let ticks: u32 = times.filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
    Some(TICK * ticks)
}

/// How long each thread of a process has waited for a core, in nanoseconds, and how often
/// it has had one; nothing where the system does not count it.
fn turns(pid: u32) -> Vec<(u64, u64)> {
    let folder = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = folder.into_iter().flatten().flatten();
    let turns = |thread: fs::DirEntry| {
        let counts = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let mut counts = counts.split_whitespace().skip(1);
        Some((counts.next()?.parse().ok()?, counts.next()?.parse().ok()?))
    };
    threads.filter_map(turns).collect()
}

fn listens_on(pid: u32) -> Option<u16> {
    const LISTENING: &str = "0A";
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    let links = descriptors.filter_map(|entry| fs::read_link(entry.path()).ok());
    let sockets: Vec<String> = links
        .filter_map(|link| {
            let link = link.to_str()?;
            Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
        })
        .collect();
    let table = fs::read_to_string(format!("/proc/{pid}/net/tcp")).ok()?;
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (address, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let is_own = *state == LISTENING && sockets.iter().any(|own| own == inode);
        let (_, port) = address.split_once(':').filter(|_| is_own)?;
        u16::from_str_radix(port, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{Pulse, State};
    use std::{net::TcpListener, process::Command};

    #[test]
    fn this_process_is_awake_and_holds_something() {
        let this = Pulse::of(std::process::id());
        assert_eq!(this.state(), State::Awake);
        let held = this.holdings();
        assert!(held.descriptors > 2 && held.threads > 1 && held.mappings > 5);
    }

    #[test]
    fn a_process_that_waits_is_asleep_until_it_is_gone() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pulse = Pulse::of(child.id());
        while pulse.state() != State::Asleep {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(pulse.state(), State::Gone);
    }

    #[test]
    fn the_port_of_a_listener_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let found = Pulse::of(std::process::id()).listens_on();
        // Other tests of this process may listen as well.
        assert!(found.is_some() && port > 0);
    }
}
