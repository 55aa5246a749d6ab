//! A folder that is there as long as it is needed.

use std::{
    env, fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use crate::nonce::nonce;

/// A new folder for temporary files; removed, with all that is in it, when this is
/// dropped.
#[derive(Debug)]
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    /// With these rights, as in `0o700`.
    pub(crate) fn make(rights: u32) -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("grader-{}", nonce()));
        fs::DirBuilder::new().mode(rights).create(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // somebody else removed it
    }
}
