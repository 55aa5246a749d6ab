//! The process between this program and a server, which ends everything that comes of the
//! server, whatever becomes of this program.
//!
//! A program that starts servers is run a second time for each of them, as its keeper:
//! the keeper adopts every process below it that loses its parent, and ends all of them
//! when the program asks for it, ends, or is killed (`guard.rs`). A third run becomes the
//! server, and asks the system to be killed with its keeper (`start.rs`). What the two
//! say to each other stands in `message.rs`.

mod guard;
pub(crate) mod message;
mod start;

use std::{
    env,
    ffi::{OsStr, OsString},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
};

use rustix::process::{getpid, set_child_subreaper};

/// First arguments that no person types.
const GUARD: &str = "--keep-a-server-as-the-kit-does";
const START: &str = "--become-a-server-as-the-kit-does";

/// What the keeper is called in a list of processes: whoever kills this program by its
/// name leaves the keeper alive, which then does its work.
const NAME: &str = "keeper";

/// This program, by the link that survives a new build of it.
const MYSELF: &str = "/proc/self/exe";

static KEEPER: OnceLock<PathBuf> = OnceLock::new();

/// The first line of `main` in every program that starts servers: this run may be a
/// keeper's. Then the program ends with the status that it gives back, and does nothing
/// else.
///
/// A program that does not call it starts servers without a keeper. They still end with
/// their whole group on every way out but SIGKILL to the program.
#[must_use]
pub fn keep() -> Option<ExitCode> {
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

/// Has servers kept by the program at `path`, which calls [`keep`]: for tests, whose
/// `main` is not theirs. The first path counts.
pub fn keep_with(path: impl Into<PathBuf>) {
    let _ = KEEPER.set(path.into());
}

/// The command that starts a keeper, to which the server's program and arguments are
/// added.
pub(crate) fn command() -> Option<Command> {
    KEEPER.get().map(|path| role(path, GUARD))
}

/// Whether this program keeps its own servers: then it may end whatever it adopts.
pub(crate) fn is_own() -> bool {
    KEEPER.get().is_some_and(|path| path == Path::new(MYSELF))
}

fn role(path: &Path, role: &str) -> Command {
    let mut command = Command::new(path);
    command.arg0(NAME).arg(role);
    command
}
