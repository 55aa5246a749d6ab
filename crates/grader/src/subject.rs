//! The server under judgement, as a command.

use std::ffi::OsString;

use launch::Launch;

/// The command that starts the server. `--listen 127.0.0.1:0` is added to its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// A path, or a name that is looked for beside this program and in PATH.
    pub program: OsString,
    /// Its own arguments.
    pub arguments: Vec<OsString>,
}

impl Subject {
    pub(crate) fn launch(&self) -> Launch {
        Launch::new(&self.program)
            .args(&self.arguments)
            .args(["--listen", "127.0.0.1:0"])
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
