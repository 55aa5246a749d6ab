//! How the server of a submission is started, and what people call it.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::files;

/// The command of a server, in a folder of its own.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    pub(crate) command: Vec<OsString>,
    /// The path in the command that people know as the submission's.
    place: PathBuf,
}

impl Started {
    /// A program that was built, or the kit's own.
    pub(crate) fn built(server: &Path) -> Self {
        Self {
            command: vec![server.into()],
            place: server.to_owned(),
        }
    }

    /// A program of the submission, all of which is copied to `seen`.
    pub(crate) fn program(
        submission: &Path,
        name: &OsStr,
        seen: &Path,
    ) -> io::Result<Self> {
        files::copy_all(submission, seen)?;
        let server = seen.join(name);
        fs::set_permissions(&server, fs::Permissions::from_mode(0o755))?;
        Ok(match name == "server" {
            true => Self::built(&server),
            false => Self {
                command: vec![server.into()],
                place: seen.to_owned(),
            },
        })
    }

    /// A script of the submission, all of which is copied to `seen`.
    pub(crate) fn script(
        submission: &Path,
        name: &OsStr,
        seen: &Path,
    ) -> io::Result<Self> {
        files::copy_all(submission, seen)?;
        Ok(Self {
            command: vec!["python3".into(), seen.join(name).into()],
            place: seen.to_owned(),
        })
    }

    /// A text of the grader in the words of people, who know the submission and not the
    /// place.
    pub(crate) fn in_their_words(&self, text: &str, known: &str) -> String {
        text.replace(&*self.place.to_string_lossy(), known)
    }
}
