//! The process between this program and a server, which ends everything that comes of the
//! server, whatever becomes of this program.
//!
//! A program that starts servers is run a second time for each of them, as its keeper:
//! the keeper adopts every process below it that loses its parent, and ends all of them
//! when the program asks for it, ends, or is killed (`guard.rs`). A third run becomes the
//! server, and asks the system to be killed with its keeper (`start.rs`). A run finds out
//! in `roles.rs` which one it is. What the two say to each other stands in `message.rs`.

#[cfg(target_os = "linux")]
mod guard;
pub(crate) mod message;
#[cfg(target_os = "linux")]
mod roles;
#[cfg(target_os = "linux")]
mod start;

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
};

/// The first argument of a keeper, which no person types.
const GUARD: &str = "--keep-a-server-as-the-kit-does";

/// What the keeper is called in a list of processes: a person who kills this program by
/// its name leaves the keeper alive, which then does its work.
const NAME: &str = "keeper";

/// This program, by the link that survives a new build of it.
const MYSELF: &str = "/proc/self/exe";

static KEEPER: OnceLock<PathBuf> = OnceLock::new();

/// The first line of `main` in every program that starts servers: this run may be a
/// keeper's. Then the program ends with the status that it gives back, and does nothing
/// else.
///
/// A program that does not call it starts servers without a keeper. They still end with
/// their whole group on every way out but SIGKILL to the program. Other systems than
/// Linux let no process adopt those below it: there no server has a keeper.
#[must_use]
pub fn keep() -> Option<ExitCode> {
    #[cfg(target_os = "linux")]
    return roles::play();
    #[cfg(not(target_os = "linux"))]
    None
}

/// Has servers kept by the program at `path`, which calls [`keep`]: for tests, whose
/// `main` is not theirs. The first path counts.
pub fn keep_with(path: impl Into<PathBuf>) {
    if cfg!(target_os = "linux") {
        let _ = KEEPER.set(path.into());
    }
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
