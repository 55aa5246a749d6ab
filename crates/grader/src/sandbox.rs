//! Untrusted servers, inside bubblewrap: a loopback of their own, read-only files,
//! limits.
//!
//! The grader and its servers share a network namespace that holds a loopback and nothing
//! else; each server sees the system's programs and its own file, a private /tmp, and
//! processes of its own. Limits hold for each process, and for the number of them.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

use clap::ValueEnum;
use rustix::process::{Pid, geteuid};

/// Set by [`Sandbox::enter`] for the grader inside.
const INSIDE: &str = "GRADER_IS_IN_ITS_OWN_NETWORK";
/// Memory that one process may fill.
const MEMORY: &str = "--data=1073741824";
const CPU_SECONDS: &str = "--cpu=60";
const FILE_SIZE: &str = "--fsize=67108864";
/// Bytes of a private /tmp, and of /dev/shm.
const TMP: &str = "67108864";
/// Processes and threads of one server.
const PROCESSES: u32 = 512;
/// For a user who is not root the limit counts everything that the user runs.
const PROCESSES_OF_USER: u32 = 8192;

/// What every program may read, where it exists.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
];

/// What keeps servers from this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Confinement {
    /// Inside bubblewrap
    #[default]
    Bubblewrap,
    /// Each as a user that nobody else is, which takes root: it can end or stop no
    /// process but its own, and write to no file that not everybody can
    User,
}

/// How servers are confined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// By what.
    pub by: Confinement,
    /// What a server may read beside its own program and the system's.
    pub show: Vec<PathBuf>,
}

/// A confined server sees no process but its own, and no other network.
const NAMESPACES: &[&str] = &[
    "bwrap",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
];

/// Its own files of the system, of which two take what it writes, up to a size.
#[rustfmt::skip]
const FILES: &[&str] = &[
    "--proc", "/proc",
    "--dev", "/dev",
    "--size", TMP, "--tmpfs", "/dev/shm",
    "--remount-ro", "/dev",
    "--size", TMP, "--tmpfs", "/tmp",
];

/// Where it starts, and its environment.
#[rustfmt::skip]
const SURROUNDINGS: &[&str] = &[
    "--chdir", "/tmp",
    "--clearenv",
    "--setenv", "PATH", "/usr/bin:/bin",
    "--setenv", "LANG", "C.UTF-8",
    "--setenv", "HOME", "/tmp",
];

impl Sandbox {
    /// Whether this process is where the servers can be confined.
    #[must_use]
    pub fn is_entered(&self) -> bool {
        match self.by {
            Confinement::Bubblewrap => std::env::var_os(INSIDE).is_some(),
            Confinement::User => geteuid().is_root(),
        }
    }

    /// Replaces this process by itself, with the same arguments, in a network of its own,
    /// if that is what it needs.
    ///
    /// # Errors
    ///
    /// Occurs when bubblewrap is missing or cannot run, or for want of root; nothing has
    /// been judged then.
    pub fn enter(&self) -> io::Error {
        if self.by == Confinement::User {
            return io::Error::other("--confine user takes root");
        }
        let program = match std::env::current_exe() {
            Ok(program) => program,
            Err(error) => return error,
        };
        Command::new("bwrap")
            .args([
                "--dev-bind",
                "/",
                "/",
                "--unshare-net",
                "--die-with-parent",
                "--",
            ])
            .arg(program)
            .args(std::env::args_os().skip(1))
            .env(INSIDE, "1")
            .exec()
    }

    /// The words that run `program` confined, which may read `modules` of Python's.
    pub(crate) fn confine(
        &self,
        program: &OsStr,
        modules: Option<&Path>,
    ) -> Vec<OsString> {
        let mut words = limits();
        if self.by == Confinement::User {
            return words;
        }
        let mut add = |more: &[&str]| words.extend(more.iter().map(OsString::from));
        add(NAMESPACES);
        add(FILES);
        for path in SYSTEM {
            add(&["--ro-bind-try", path, path]);
        }
        let program = Path::new(program);
        let own = program.components().count() > 1;
        let program = std::path::absolute(program).ok().filter(|_| own);
        let shown = program.iter().chain(&self.show).map(PathBuf::as_path);
        for path in shown.chain(modules) {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            words.push("--ro-bind".into());
            words.extend([path.clone().into(), path.into()]);
        }
        let mut add = |more: &[&str]| words.extend(more.iter().map(OsString::from));
        add(SURROUNDINGS);
        if let Some(modules) = modules {
            words.extend(["--setenv".into(), "PYTHONPATH".into(), modules.into()]);
        }
        words.push("--".into());
        words
    }
}

/// Root has no limit on processes, so root's servers run as users that nobody else is.
fn limits() -> Vec<OsString> {
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let is_root = geteuid().is_root();
    let most = if is_root {
        PROCESSES
    } else {
        PROCESSES_OF_USER
    };
    let most = format!("--nproc={most}");
    let mut words = ["prlimit", MEMORY, CPU_SECONDS, FILE_SIZE, &most, "--"]
        .map(OsString::from)
        .to_vec();
    if is_root {
        let number = SERVERS.fetch_add(1, Ordering::Relaxed) % 1000;
        let user = 1_000_000 + std::process::id() % 100_000 * 1000 + number;
        let user = [format!("--reuid={user}"), format!("--regid={user}")];
        words.push("setpriv".into());
        words.extend(user.map(OsString::from));
        words.extend(["--clear-groups", "--no-new-privs", "--"].map(OsString::from));
    }
    words
}

/// The server inside: the first process below `outer` that is not bubblewrap's own.
pub(crate) fn inner(outer: u32) -> Option<Pid> {
    let mut pid = outer;
    while name(pid)? == "bwrap" {
        let children =
            fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
        pid = children.split_whitespace().next()?.parse().ok()?;
    }
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

fn name(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}
