//! The submissions in a folder. A name is data: whatever bytes a folder may have.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use crate::found;

/// More is no server of a student.
const MOST_FILES: usize = 20_000;
/// A longer name leaves no room for an ending.
const LONGEST_NAME: usize = 200;

/// One student's folder.
#[derive(Clone, Debug)]
pub(crate) struct Submission {
    pub(crate) path: PathBuf,
    pub(crate) name: OsString,
}

/// What a submission holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Package,
    /// The only executable, or the one called `server`.
    Program(OsString),
    /// A script for python3.
    Script(OsString),
    /// No server, and what is there instead.
    Nothing(String),
    /// It must not be judged, for this reason.
    Refused(String),
}

impl Submission {
    /// The one in this folder, whatever is there.
    pub(crate) fn at(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(OsStr::new("submission"));
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The folders in `folder`, and the links to folders, by name; hidden ones are left
    /// out.
    pub(crate) fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let is_hidden = entry.file_name().as_bytes().starts_with(b".");
            if !is_hidden && entry.path().is_dir() {
                found.push(Self::at(&entry.path()));
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Its name, as a file's without an ending.
    pub(crate) fn file_name(&self) -> OsString {
        let bytes = self.name.as_bytes();
        match bytes.get(..LONGEST_NAME) {
            None => self.name.clone(),
            Some(start) => {
                // The same on each machine, so that reports of one submission meet.
                let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                    (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
                });
                let mut name = OsStr::from_bytes(start).to_owned();
                name.push(format!("-{hash:016x}"));
                name
            }
        }
    }

    pub(crate) fn content(&self) -> Content {
        if self.path.is_symlink() {
            return Content::Refused("the submission is a link, not a folder".to_owned());
        }
        let mut files = 0;
        if let Err(why) = look_at(&self.path, 0, &mut files) {
            return Content::Refused(why);
        }
        found::server(&self.path).unwrap_or_else(|error| {
            Content::Refused(format!("{} can't be read: {error}", self.path.display()))
        })
    }
}

/// Refuses links out of the submission, devices, pipes and crowds of files.
fn look_at(folder: &Path, depth: usize, files: &mut usize) -> Result<(), String> {
    let failed =
        |error: io::Error| format!("{} can't be read: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(failed)?;
        *files += 1;
        if *files > MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).map_err(failed)?;
            if leaves(&target, depth) {
                return Err(format!("the link {name:?} leads out of the submission"));
            }
        } else if kind.is_dir() {
            // What was built elsewhere is not looked at, and not copied.
            if depth > 0 || name != "target" {
                look_at(&entry.path(), depth + 1, files)?;
            }
        } else if !kind.is_file() {
            return Err(format!("{name:?} is neither a file nor a folder"));
        }
    }
    Ok(())
}

/// Whether a link that stands `depth` folders below the top may lead above it. A way back
/// up behind a name counts as one: the name may be a link itself.
fn leaves(target: &Path, depth: usize) -> bool {
    let mut parts = target.components().peekable();
    let mut up = 0;
    while parts.next_if_eq(&Component::ParentDir).is_some() {
        up += 1;
    }
    let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    up > depth || !parts.all(stays)
}

#[cfg(test)]
mod tests {
    use super::leaves;
    use std::path::Path;

    #[test]
    fn a_link_stays_below_the_top() {
        for (target, depth, is_out) in [
            ("main.rs", 0, false),
            ("../main.rs", 1, false),
            ("../main.rs", 0, true),
            ("../../main.rs", 1, true),
            ("src/../main.rs", 3, true),
            ("/etc/passwd", 5, true),
        ] {
            assert_eq!(leaves(Path::new(target), depth), is_out, "{target}");
        }
    }
}
