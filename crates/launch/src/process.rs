//! A server's process as its owner sees it: kept by a keeper, or this program's own
//! child.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    net::Shutdown,
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{
    keeper::{self, message::Message},
    observed::Observed,
    strays, tree,
    watch::{process_id, wait_for_exit},
};

/// How long a keeper may take to end what it keeps, before that is done without it. It
/// gives up by itself a little earlier.
const KEEPER: Duration = Duration::from_secs(8);
const STEP: Duration = Duration::from_millis(5);

#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// To the keeper; none if the child is the server itself.
    keeper: Option<Arc<UnixStream>>,
}

impl Process {
    /// Starts what `describe` adds to a command: the program is `program`.
    pub(crate) fn start(
        program: &Path,
        describe: impl FnOnce(&mut Command),
    ) -> io::Result<Self> {
        let Some(mut command) = keeper::command() else {
            let mut command = Command::new(program);
            describe(&mut command);
            command.stdin(Stdio::null()).process_group(0);
            let child = piped(&mut command).spawn()?;
            return Ok(Self {
                child,
                keeper: None,
            });
        };
        let (ours, theirs) = UnixStream::pair()?;
        command.arg(program);
        describe(&mut command);
        command.stdin(OwnedFd::from(theirs));
        let child = strays::spawn_keeper(piped(&mut command))?;
        Ok(Self {
            child,
            keeper: Some(Arc::new(ours)),
        })
    }

    pub(crate) fn pipes(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// What watches it until its end, on a thread of its own: it fills `observed`.
    pub(crate) fn watcher(
        &self,
        observed: Arc<Observed>,
    ) -> impl FnOnce() + Send + 'static {
        let keeper = self.keeper.clone();
        let (id, pid) = (self.child.id(), process_id(&self.child));
        move || {
            match keeper {
                Some(socket) => listen(&socket, &observed),
                None => {
                    observed.started(id);
                    if let Some(pid) = pid {
                        wait_for_exit(pid);
                    }
                }
            }
            observed.exited();
        }
    }

    /// Sends the server a signal, unless it is known to have ended.
    pub(crate) fn signal(&self, signal: Signal) {
        match &self.keeper {
            Some(socket) => {
                let number = u8::try_from(signal.as_raw()).unwrap_or_default();
                // An error says that the keeper is gone, and with it the server.
                let _ = (&mut &**socket).write_all(&[number]);
            }
            None => {
                if let Some(pid) = process_id(&self.child) {
                    let _ = kill_process(pid, signal);
                }
            }
        }
    }

    /// Ends the server and everything that came of it. Takes at most some seconds, even
    /// if the server stops or kills its keeper.
    pub(crate) fn end(&mut self, observed: &Observed) -> io::Result<()> {
        let Some(pid) = process_id(&self.child) else {
            return Ok(());
        };
        self.ender().end();
        if self.keeper.is_none() {
            if !observed.wait_until_exited(KEEPER) {
                return Err(ErrorKind::TimedOut.into());
            }
            observed.ended(self.child.wait()?);
            return Ok(());
        }
        if !goes(pid, observed) {
            let _ = self.child.kill();
        }
        let is_clean = reap(&mut self.child);
        strays::forget_keeper(self.child.id());
        if !is_clean? {
            strays::end_session(pid);
        }
        Ok(())
    }

    /// What ends it from another thread.
    pub(crate) fn ender(&self) -> Ender {
        match &self.keeper {
            Some(socket) => Ender(Means::Kept(Arc::clone(socket))),
            None => Ender(Means::Child(process_id(&self.child))),
        }
    }
}

/// Ends a server from another thread than its owner's, with everything that came of it;
/// the owner sees a server that was killed. Use it while the owner has the server, not
/// later.
#[derive(Clone, Debug)]
pub struct Ender(Means);

#[derive(Clone, Debug)]
enum Means {
    Kept(Arc<UnixStream>),
    Child(Option<Pid>),
}

impl Ender {
    /// Ends it; returns at once.
    pub fn end(&self) {
        match &self.0 {
            Means::Kept(socket) => {
                let _ = socket.shutdown(Shutdown::Write);
            }
            Means::Child(Some(pid)) => {
                // Before it is waited for: until then no other group can have its id.
                let below = tree::below(*pid);
                let _ = kill_process_group(*pid, Signal::KILL);
                for stray in below {
                    let _ = kill_process(stray, Signal::KILL);
                }
            }
            Means::Child(None) => {}
        }
    }
}

fn piped(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::piped()).stderr(Stdio::piped())
}

/// Reads the keeper's messages until it is gone.
fn listen(socket: &UnixStream, observed: &Observed) {
    for line in BufReader::new(socket).lines() {
        let Ok(line) = line else { break };
        if let Ok(message) = line.parse::<Message>() {
            observed.heard(message);
        }
    }
    observed.gone();
}

/// Waits for a keeper to be gone, which the server may stop at any moment, and again and
/// again; whether it is.
fn goes(keeper: Pid, observed: &Observed) -> bool {
    let patience = Instant::now() + KEEPER;
    while Instant::now() < patience {
        let _ = kill_process(keeper, Signal::CONT);
        if observed.wait_until_gone(STEP) {
            return true;
        }
    }
    false
}

/// Waits for a keeper that has closed its socket or was killed; whether it did its work.
fn reap(keeper: &mut Child) -> io::Result<bool> {
    let patience = Instant::now() + KEEPER;
    while Instant::now() < patience {
        if let Some(status) = keeper.try_wait()? {
            return Ok(status.success());
        }
        thread::sleep(STEP);
    }
    Ok(false)
}
