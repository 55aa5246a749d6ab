//! The keeper: it starts the server, passes signals on, and ends everything in the end.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, ErrorKind, Read, Write},
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
        unix::process::CommandExt,
    },
    path::Path,
    process::{Child, ExitCode, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    io::Errno,
    process::{
        Pid, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, kill_process,
        kill_process_group, set_child_subreaper, setsid, wait, waitid,
    },
};

use super::{MYSELF, NAME, message::Message, role, roles::START};
use crate::{
    tree::{self, Entry},
    watch::process_id,
};

/// How long it goes on ending what does not end: a process that hangs in the kernel.
const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(1);

/// Keeps the server that `words` start. Standard input is the socket to the program that
/// started us: its end means that the program is gone, or wants everything to end.
pub(super) fn run(words: &[OsString]) -> ExitCode {
    match keep(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE, // the closed socket says it
    }
}

fn keep(words: &[OsString]) -> io::Result<()> {
    // No process below can join the program's group then, or is reached by its Ctrl-C.
    let _ = setsid();
    let _ = set_child_subreaper(Some(getpid()));
    let _ = rustix::thread::set_name(c"keeper");
    let socket = UnixStream::from(rustix::stdio::stdin().try_clone_to_owned()?);
    let (mut report, theirs) = UnixStream::pair()?;
    let child = start(words, OwnedFd::from(theirs).into())?;
    let Some(pid) = process_id(&child) else {
        return Err(io::Error::from(ErrorKind::Unsupported));
    };
    leave_the_streams_to_the_server()?;
    let kept = Kept {
        pid,
        has_ended: Mutex::new(false),
        socket: &socket,
    };
    kept.say(Message::Started(child.id()));
    // One that has ended already neither reads nor writes.
    let _ = report.write_all(&[1]);
    let mut errno = String::new();
    let _ = report.read_to_string(&mut errno);
    kept.say(match errno.parse() {
        Ok(errno) => Message::Refused(errno),
        Err(_) => Message::Runs, // nothing was said against it
    });
    kept.until_the_end()
}

fn start(words: &[OsString], report: Stdio) -> io::Result<Child> {
    role(Path::new(MYSELF), START)
        .arg(getpid().as_raw_nonzero().to_string())
        .args(words)
        .stdin(report)
        .process_group(0)
        .spawn()
}

/// The server's pipes close with the server, and not with us.
fn leave_the_streams_to_the_server() -> io::Result<()> {
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(nothing.as_fd())?;
    rustix::stdio::dup2_stdout(nothing.as_fd())?;
    rustix::stdio::dup2_stderr(nothing.as_fd())?;
    Ok(())
}

struct Kept<'s> {
    pid: Pid,
    /// Its id may be another's once it has been waited for.
    has_ended: Mutex<bool>,
    socket: &'s UnixStream,
}

impl Kept<'_> {
    fn until_the_end(&self) -> io::Result<()> {
        thread::scope(|scope| {
            let waiting = thread::Builder::new().name(NAME.to_owned());
            let waiting = waiting.spawn_scoped(scope, || self.wait_for_all());
            if waiting.is_ok() {
                self.pass_signals_on();
            }
            self.say(Message::Left(left_behind(self.pid)));
            let patience = Instant::now() + PATIENCE;
            let is_over = || {
                waiting
                    .as_ref()
                    .map_or(true, |waiting| waiting.is_finished())
            };
            while {
                tree::kill_below(getpid());
                !is_over() && Instant::now() < patience
            } {
                thread::sleep(STEP);
            }
            match is_over() {
                true => Ok(()),
                // What hangs in the kernel is left to it, because the scope would wait;
                // what forks faster than we look, in our own group, ends with us.
                false => {
                    kill_process_group(getpid(), Signal::KILL).map_err(io::Error::from)
                }
            }
        })
    }

    fn pass_signals_on(&self) {
        let mut number = [0];
        loop {
            match (&mut &*self.socket).read(&mut number) {
                Ok(1) => self.signal(i32::from(number[0])),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }

    fn signal(&self, number: i32) {
        let has_ended = self.has_ended();
        if let (false, Some(signal)) = (*has_ended, Signal::from_named_raw(number)) {
            let _ = kill_process(self.pid, signal);
        }
    }

    /// Waits for every process below us, the server and those that lost their parent,
    /// until there is none.
    fn wait_for_all(&self) {
        loop {
            let mut has_ended = self.has_ended();
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) if pid == self.pid => {
                    *has_ended = true;
                    drop(has_ended);
                    self.say(Message::Ended(status.as_raw()));
                }
                Ok(Some(_)) | Err(Errno::INTR) => {}
                Ok(None) => {
                    drop(has_ended);
                    wait_for_a_child();
                }
                Err(_) => return,
            }
        }
    }

    fn say(&self, message: Message) {
        // Nobody may be there any longer to hear it.
        let _ = (&mut &*self.socket).write_all(message.to_string().as_bytes());
    }

    fn has_ended(&self) -> MutexGuard<'_, bool> {
        self.has_ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many processes below this one are neither `server` nor in its group.
fn left_behind(server: Pid) -> usize {
    let below = tree::below(getpid());
    let server = server.as_raw_nonzero().get();
    let is_stray = |pid: &&Pid| {
        Entry::of(**pid).is_some_and(|entry| !entry.is_dead && entry.group != server)
    };
    below.iter().filter(is_stray).count()
}

/// Waits until a child has ended, and leaves it to be waited for.
fn wait_for_a_child() {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(Errno::INTR) = waitid(WaitId::All, options) {}
}
