//! In which of its three roles a program runs: as a keeper, as a server to be, or as
//! itself.

use std::{
    env,
    ffi::{OsStr, OsString},
    process::ExitCode,
    sync::Arc,
};

use rustix::process::{getpid, set_child_subreaper};

use signal_hook::{consts::SIGCHLD, flag};

use crate::interrupt::is_ignored;

use super::{GUARD, MYSELF, guard, keep_with, start};

/// The first argument of a run that becomes a server.
pub(super) const START: &str = "--become-a-server-as-the-kit-does";

/// Does the whole work of a run as a keeper or as a server. From any other run on, this
/// program has servers kept by itself.
pub(super) fn play() -> Option<ExitCode> {
    if is_ignored(SIGCHLD) {
        // The system would reap what this program waits for. A program that is started
        // has its handlers taken away.
        let _ = flag::register(SIGCHLD, Arc::default());
    }
    let mut arguments = env::args_os().skip(1);
    let role = arguments.next();
    let rest: Vec<OsString> = arguments.collect();
    match role.as_deref().and_then(OsStr::to_str) {
        Some(GUARD) => Some(guard::run(&rest)),
        Some(START) => Some(start::run(&rest)),
        _ => {
            keep_with(MYSELF);
            // If a keeper is killed, what it kept comes to this process.
            let _ = set_child_subreaper(Some(getpid()));
            None
        }
    }
}
