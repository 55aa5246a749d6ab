//! Finds the program of a name, as the demo and the tests mean it.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// A name without `/` stands for a program beside this one if there is one, else for one in
/// PATH. A path counts from this process's working directory.
pub(crate) fn find(program: &OsStr) -> PathBuf {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    beside_this_one(path).unwrap_or_else(|| path.to_owned())
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
