//! What the server got from the program that started it, and neither passes on nor obeys.

use std::sync::Arc;

use nix::sys::signal::{SigSet, Signal};
use signal_hook::{consts::SIGCHLD, flag};

use crate::signals;

/// Keeps open files of the program that started the server from the programs that it
/// starts, and lets the signals through that end it. Where SIGCHLD is ignored, the system
/// would reap what RUN waits for.
pub(crate) fn set_right() {
    if signals::is_ignored(SIGCHLD) {
        // A program of RUN has none of it.
        let _ = flag::register(SIGCHLD, Arc::default());
    }
    close_fds::set_fds_cloexec(3, &[]);
    let signals = [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ];
    let _ = signals.into_iter().collect::<SigSet>().thread_unblock(); // cannot fail
}
