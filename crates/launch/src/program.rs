//! Where a program is: beside this one, or in PATH.

use std::{
    env,
    ffi::OsStr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// What to run for this name. A path counts from this process's working directory.
pub(crate) fn find(program: &OsStr) -> PathBuf {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    beside_this_one(path).unwrap_or_else(|| path.to_owned())
}

/// The program of this name that [`Launch`](crate::Launch) would start: the one beside
/// this process's own program if there is one, else the first in PATH.
#[must_use]
pub fn find_program(name: &str) -> Option<PathBuf> {
    beside_this_one(Path::new(name)).or_else(|| find_in_path(name))
}

/// The first file of this name in PATH that may be run.
#[must_use]
pub fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| {
            let found = file.metadata();
            found.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
        })
}

/// Cargo puts a test's own program into `deps`, one folder below the others.
fn beside_this_one(name: &Path) -> Option<PathBuf> {
    let this = env::current_exe().ok()?;
    let folder = this.parent()?;
    let folder = match folder.file_name() {
        Some(last) if last == "deps" => folder.parent()?,
        _ => folder,
    };
    let found = folder.join(name);
    found.is_file().then_some(found)
}
