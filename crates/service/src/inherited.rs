//! What the server got from the program that started it, and neither passes on nor obeys.

use nix::sys::signal::{SigSet, Signal};

/// Keeps open files of the program that started the server from the programs that it
/// starts, and lets the signals through that end it.
pub(crate) fn set_right() {
    close_fds::set_fds_cloexec(3, &[]);
    let signals = [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ];
    let _ = signals.into_iter().collect::<SigSet>().thread_unblock(); // cannot fail
}
