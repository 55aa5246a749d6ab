//! The folders of a run: one that servers see, and one that they don't. They go with the
//! run, or with the next one if this run is killed.

use std::{
    env,
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::{files, kit, one};

const PREFIX: &str = "grade-";
const LOCK: &str = "lock";

pub(crate) struct RunFolders {
    pub(crate) seen: PathBuf,
    pub(crate) own: PathBuf,
    /// Held as long as the run lasts: who can take it finds the folders of a dead run.
    _lock: File,
}

impl RunFolders {
    pub(crate) fn begin() -> io::Result<Self> {
        fs::create_dir_all(kit::work())?;
        // Between a folder and its lock nobody may look.
        let turn = File::create(kit::work().join("runs.lock"))?;
        turn.lock()?;
        remove_those_of_dead_runs()?;
        let name = format!("{PREFIX}{}", one::secret());
        let (seen, own) = (seen_by_servers(&name), kit::work().join(&name));
        make(&own, 0o700)?;
        let lock = File::create(own.join(LOCK))?;
        lock.lock()?;
        make(&seen, 0o711)?;
        Ok(Self {
            seen,
            own,
            _lock: lock,
        })
    }

    /// Folders for one submission: for its server, and for the grader.
    pub(crate) fn place(&self, name: &str) -> io::Result<(PathBuf, PathBuf)> {
        let (seen, own) = (self.seen.join(name), self.own.join(name));
        if !own.exists() {
            make(&own, 0o700)?;
            make(&seen, 0o755)?;
        }
        Ok((seen, own))
    }
}

impl Drop for RunFolders {
    fn drop(&mut self) {
        // What cannot be removed holds nothing of worth.
        let _ = files::remove(&self.seen);
        let _ = files::remove(&self.own);
    }
}

fn seen_by_servers(name: &str) -> PathBuf {
    env::temp_dir().join(name)
}

fn remove_those_of_dead_runs() -> io::Result<()> {
    for entry in fs::read_dir(kit::work())? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else {
            continue;
        };
        let is_dead = || {
            File::create(entry.path().join(LOCK))?
                .try_lock()
                .map_err(io::Error::from)
        };
        if name.starts_with(PREFIX) && is_dead().is_ok() {
            // Another user's run may have been killed: its folders are left to that user.
            let _ = files::remove(&seen_by_servers(&name));
            let _ = files::remove(&entry.path());
        }
    }
    Ok(())
}

fn make(folder: &Path, mode: u32) -> io::Result<()> {
    fs::create_dir(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
}
