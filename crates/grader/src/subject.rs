//! The server under judgement, as a command.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

use launch::{Launch, Server};
use rustix::process::{Signal, kill_process};

use crate::sandbox::{self, Sandbox};

/// What a server gets of this program's environment: a grade must not depend on the rest,
/// and a server has no use for it.
const KEPT: &[&str] = &["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ"];

/// The command that starts the server. `--listen 127.0.0.1:0` is added to its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// A path, or a name that is looked for beside this program and in PATH.
    pub program: OsString,
    /// Its own arguments.
    pub arguments: Vec<OsString>,
    /// How it is confined, if it is not trusted.
    pub sandbox: Option<Sandbox>,
}

impl Subject {
    /// The server, where Python's interpreter also looks for modules in `modules`. What
    /// is not confined has its temporary files in `temporary`, where there is one.
    pub(crate) fn launch(
        &self,
        modules: Option<&Path>,
        temporary: Option<&Path>,
    ) -> Launch {
        let launch = self.confined(modules).args(&self.arguments);
        let launch = launch.args(["--listen", "127.0.0.1:0"]);
        match temporary.filter(|_| self.sandbox.is_none()) {
            Some(folder) => launch.env("TMPDIR", folder),
            None => launch,
        }
    }

    fn confined(&self, modules: Option<&Path>) -> Launch {
        let launch = match &self.sandbox {
            None => Launch::new(&self.program),
            Some(sandbox) => {
                let words = sandbox.confine(&self.program, modules);
                let (outer, rest) = words
                    .split_first()
                    .map_or((OsStr::new("prlimit"), &[][..]), |(outer, rest)| {
                        (outer.as_os_str(), rest)
                    });
                Launch::new(outer).args(rest).arg(&self.program)
            }
        };
        let launch = match modules {
            Some(modules) => launch.clear_env().env("PYTHONPATH", modules),
            None => launch.clear_env(),
        };
        KEPT.iter()
            .fold(launch, |launch, name| match std::env::var_os(name) {
                Some(value) => launch.env(name, value),
                None => launch,
            })
    }
}

impl Subject {
    /// SIGTERM to the server itself, not to what confines it.
    pub(crate) fn terminate(&self, server: &Server) {
        match &self.sandbox {
            None => server.terminate(),
            Some(_) => {
                if let Some(inner) = sandbox::inner(server.pid()) {
                    // It may have ended by itself, which a check will see.
                    let _ = kill_process(inner, Signal::TERM);
                }
            }
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.program.to_string_lossy())?;
        for argument in &self.arguments {
            write!(formatter, " {}", argument.to_string_lossy())?;
        }
        Ok(())
    }
}
