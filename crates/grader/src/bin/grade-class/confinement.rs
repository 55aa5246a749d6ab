//! How builds and servers are kept from the grader's files and processes.

use std::{
    ffi::OsString,
    fmt,
    path::Path,
    process::{Command, Stdio},
};

use clap::ValueEnum;
use rustix::process::geteuid;

use crate::kit::{cargo_home, rustup_home, toolchain};

/// Builds run as this user, and those after it, one for each place.
const BUILDER: u32 = 990_000;

/// From weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Confinement {
    /// As the one who starts the grader
    None,
    /// As a user that nobody else is; takes root
    User,
    /// Inside bubblewrap
    Bubblewrap,
    /// The strongest that works here
    Best,
}

impl Confinement {
    /// What can be done here.
    ///
    /// # Errors
    ///
    /// Says what is missing for what was asked for.
    pub(crate) fn resolve(self) -> Result<Self, String> {
        let is_root = geteuid().is_root();
        match self {
            Self::None => Ok(self),
            Self::User if is_root => Ok(self),
            Self::User => {
                Err("a user of their own takes root; nothing was judged".to_owned())
            }
            Self::Bubblewrap if bubblewrap_works() => Ok(self),
            Self::Bubblewrap => Err(
                "bubblewrap is missing or may not work here: apt install bubblewrap, or \
                 --confine best; nothing was judged"
                    .to_owned(),
            ),
            Self::Best if bubblewrap_works() => Ok(Self::Bubblewrap),
            Self::Best if is_root => Ok(Self::User),
            Self::Best => Err(
                "neither bubblewrap nor a user of their own works here: apt install \
                 bubblewrap, or run it as root; nothing was judged"
                    .to_owned(),
            ),
        }
    }

    /// What the grader is given.
    pub(crate) fn for_grader(self, show: &Path) -> Vec<OsString> {
        match self {
            Self::None => Vec::new(),
            Self::User => vec!["--confine=user".into()],
            Self::Bubblewrap | Self::Best => {
                vec!["--confine=bubblewrap".into(), "--show".into(), show.into()]
            }
        }
    }

    /// The user that builds in a place, if it is another one.
    pub(crate) fn builder(self, place: u32) -> Option<u32> {
        (self == Self::User).then_some(BUILDER + place)
    }

    /// The words before a build that may write to `own` alone.
    pub(crate) fn for_build(self, own: &[&Path], place: u32) -> Vec<OsString> {
        let limits = ["--data=4294967296", "--cpu=600", "--fsize=1073741824"];
        let mut words: Vec<OsString> = Vec::new();
        match (self, self.builder(place)) {
            (Self::Bubblewrap | Self::Best, _) => {
                words.push("prlimit".into());
                words.extend(limits.map(OsString::from));
                words.push("--".into());
                words.extend(bubblewrap(own));
            }
            (_, Some(user)) => {
                words.push("prlimit".into());
                words.extend(limits.map(OsString::from));
                words.extend(["--nproc=4096", "--", "setpriv"].map(OsString::from));
                words.extend([
                    format!("--reuid={user}").into(),
                    format!("--regid={user}").into(),
                ]);
                words.extend(
                    ["--clear-groups", "--no-new-privs", "--"].map(OsString::from),
                );
            }
            _ => {}
        }
        words
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::User => "user",
            Self::Bubblewrap | Self::Best => "bubblewrap",
        })
    }
}

/// A build sees no network, no process but its own, and the system's programs.
#[rustfmt::skip]
const BUILD: &[&str] = &[
    "bwrap", "--unshare-all", "--die-with-parent", "--new-session",
    "--proc", "/proc",
    "--dev", "/dev",
    "--size", "67108864", "--tmpfs", "/dev/shm",
    "--remount-ro", "/dev",
    "--tmpfs", "/tmp",
    "--ro-bind", "/usr", "/usr",
];

fn bubblewrap(own: &[&Path]) -> Vec<OsString> {
    let mut words: Vec<OsString> = BUILD.iter().map(OsString::from).collect();
    let mut bind = |how: &str, path: &Path| {
        words.extend([how.into(), path.into(), path.into()]);
    };
    for path in [
        "/bin",
        "/lib",
        "/lib64",
        "/etc/alternatives",
        "/etc/ld.so.cache",
    ] {
        bind("--ro-bind-try", Path::new(path));
    }
    // Not the folders as a whole: there may be a token in one.
    for part in ["bin", "registry", "git", "config.toml"] {
        bind("--ro-bind-try", &cargo_home().join(part));
    }
    bind("--ro-bind-try", &rustup_home());
    if let Some(toolchain) = toolchain() {
        bind("--ro-bind-try", &toolchain);
    }
    own.iter().for_each(|path| bind("--bind", path));
    words.push("--".into());
    words
}

fn bubblewrap_works() -> bool {
    Command::new("bwrap")
        .args(["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"])
        .args(["--proc", "/proc", "--dev", "/dev", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
