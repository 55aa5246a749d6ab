//! A folder that is there as long as it is needed.

use std::{
    env,
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

use crate::nonce::nonce;

const PREFIX: &str = "grader-";
const TRIES: u32 = 3;

/// A new folder for temporary files; removed, with all that is in it, when this is
/// dropped, or by the next grader if this one is killed.
#[derive(Debug)]
pub(crate) struct Temporary {
    path: PathBuf,
    /// Locked as long as the folder is in use.
    _lock: File,
}

impl Temporary {
    /// With these rights, as in `0o700`.
    pub(crate) fn make(rights: u32) -> io::Result<Self> {
        remove_abandoned();
        let mut made = Self::lock_new(rights);
        // Another grader may have taken it for abandoned before it was locked.
        for _ in 1..TRIES {
            made = made.or_else(|_| Self::lock_new(rights));
        }
        made
    }

    fn lock_new(rights: u32) -> io::Result<Self> {
        let path = env::temp_dir().join(format!("{PREFIX}{}", nonce()));
        fs::DirBuilder::new().mode(rights).create(&path)?;
        let lock = File::open(&path)?;
        lock.try_lock_shared()?;
        fs::metadata(&path)?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path); // somebody else removed it
    }
}

/// Removes the folders of graders that were killed.
fn remove_abandoned() {
    let found = fs::read_dir(env::temp_dir())
        .into_iter()
        .flatten()
        .flatten();
    let own = found.filter(|entry| {
        entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry
                .metadata()
                .is_ok_and(|folder| folder.is_dir() && folder.uid() == geteuid().as_raw())
    });
    for path in own.map(|entry| entry.path()) {
        let Ok(lock) = File::open(&path) else {
            continue;
        };
        if lock.try_lock().is_ok() {
            let _ = fs::remove_dir_all(&path); // what it holds may be another user's
        }
    }
}
