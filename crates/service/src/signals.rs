//! SIGTERM, SIGINT and SIGHUP: the first stops the server in order, the second at once,
//! as SIGQUIT does.

use std::{
    fs,
    io::{self, ErrorKind, Read},
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use signal_hook::{
    SigId,
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ},
    flag, low_level,
};

use crate::shared::Shared;

/// SIGQUIT's number, which asks for no order.
const QUIT: usize = 3;
/// How long a client that does not read gets after the grace to take its last reply.
const LAST_REPLY: Duration = Duration::from_secs(1);

/// The thread that watches for signals, joined when the server ends.
#[derive(Debug)]
pub(crate) struct Signals {
    /// Written to by the system for each signal; shutting it ends the thread.
    pipe: UnixStream,
    thread: Option<JoinHandle<()>>,
    registered: Vec<SigId>,
}

impl Signals {
    pub(crate) fn watch(shared: &Arc<Shared>) -> io::Result<Self> {
        let (mut arrivals, pipe) = UnixStream::pair()?;
        let latest = Arc::new(AtomicUsize::new(0));
        let mut registered = Vec::new();
        for (signal, number) in [(SIGTERM, 15), (SIGINT, 2), (SIGHUP, 1), (SIGQUIT, 3)] {
            // `nohup` and a shell's `&` have these ignored, and mean it.
            if matches!(signal, SIGHUP | SIGQUIT) && is_ignored(signal) {
                continue;
            }
            registered.push(flag::register_usize(signal, Arc::clone(&latest), number)?);
            registered.push(low_level::pipe::register(signal, pipe.try_clone()?)?);
        }
        // A file that may not grow any more is a write that fails, and not the end.
        registered.push(flag::register(SIGXFSZ, Arc::default())?);
        let shared = Arc::clone(shared);
        let wait = move || {
            if matches!(arrivals.read(&mut [0]), Ok(1)) {
                if latest.load(SeqCst) == QUIT {
                    end_at_once(&shared, QUIT);
                }
                let busy = shared.accounting.busy();
                shared.stop();
                say_who_is_waited_for(&shared, busy);
                wait_for_the_end(&mut arrivals, &shared, &latest);
            }
        };
        let thread = thread::Builder::new()
            .name("signals".to_owned())
            .spawn(wait)?;
        Ok(Self {
            pipe,
            thread: Some(thread),
            registered,
        })
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.registered.drain(..) {
            low_level::unregister(id);
        }
        let _ = self.pipe.shutdown(Shutdown::Both); // cannot fail on a pair
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it has nothing to say
        }
    }
}

/// Otherwise nobody could see why a server that must stop is still there.
fn say_who_is_waited_for(shared: &Shared, clients: u64) {
    let grace = humantime::format_duration(shared.options.grace);
    let s = if clients == 1 { "" } else { "s" };
    if clients > 0 {
        shared.console.show(format_args!(
            "waiting for {clients} client{s} (at most {grace}; a second Ctrl-C ends it \
             now)"
        ));
    }
}

/// Ends what outlasts the grace; a second signal ends everything.
fn wait_for_the_end(arrivals: &mut UnixStream, shared: &Shared, latest: &AtomicUsize) {
    let grace = shared.options.grace + LAST_REPLY;
    let _ = arrivals.set_read_timeout(Some(grace)); // without it the wait is for a signal
    loop {
        match arrivals.read(&mut [0]) {
            Ok(0) => return,
            Ok(_) => end_at_once(shared, latest.load(SeqCst)),
            // A read with a timeout is not taken up again after SIGSTOP and SIGCONT.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => {
                shared.places.cut();
                let _ = arrivals.set_read_timeout(None);
            }
        }
    }
}

/// Whether the starting program has it ignore a signal; no where only Linux would say so.
pub(crate) fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.unwrap_or_default() & (1 << (signal - 1)) != 0
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever signals twice does not want to wait for destructors"
)]
fn end_at_once(shared: &Shared, signal: usize) -> ! {
    let _no_replies = shared.children.kill_all();
    std::process::exit(128 + i32::try_from(signal).unwrap_or_default());
}
