//! Where a program is: beside this one, or in PATH.

use std::{
    env,
    ffi::OsStr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// What to run for this name. A path counts from `folder`, or from this process's working
/// directory.
pub(crate) fn find(program: &OsStr, folder: Option<&Path>) -> PathBuf {
    let path = Path::new(program);
    if is_path(program) {
        let path = folder.unwrap_or(Path::new("")).join(path);
        return std::path::absolute(&path).unwrap_or(path);
    }
    beside_this_one(path).unwrap_or_else(|| path.to_owned())
}

/// Whether it says where the program is, and is no name to look for.
pub(crate) fn is_path(program: &OsStr) -> bool {
    program.as_encoded_bytes().contains(&b'/')
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
