//! Folders copied with their links as links, and files replaced in one step.

use std::{
    fs, io,
    os::unix::fs::{chown, symlink},
    path::Path,
    thread,
    time::Duration,
};

/// Copies what is in `from` into the new folder `to`, all but a folder `target` at its
/// top. Times are kept, by which cargo knows what has to be built.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    copy_but(from, to, Some("target"))
}

/// Copies all of it.
pub(crate) fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    copy_but(from, to, None)
}

fn copy_but(from: &Path, to: &Path, left_out: Option<&str>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let copy = to.join(&name);
        if left_out.is_some_and(|left_out| name == left_out) {
            continue;
        }
        if kind.is_dir() {
            copy_but(&entry.path(), &copy, None)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, copy)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &copy)?;
            let times = entry.metadata()?;
            let times = fs::FileTimes::new()
                .set_modified(times.modified()?)
                .set_accessed(times.accessed()?);
            // A file that may not be written to keeps the time of its copy.
            if let Ok(file) = fs::File::options().append(true).open(&copy) {
                file.set_times(times)?;
            }
        }
    }
    Ok(())
}

/// Removes a folder with all that is in it, if it is there. A submission that is judged
/// beside may write into it meanwhile, where nothing keeps it from that.
pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    const TRIES: usize = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 0..TRIES {
        let Err(error) = fs::remove_dir_all(folder) else {
            return Ok(());
        };
        match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => {}
            io::ErrorKind::NotFound if folder.exists() => {}
            io::ErrorKind::NotFound => return Ok(()),
            _ => return Err(error),
        }
        thread::sleep(PAUSE);
    }
    fs::remove_dir_all(folder)
}

/// Gives a folder with all that is in it to a user.
pub(crate) fn give(folder: &Path, user: u32) -> io::Result<()> {
    std::os::unix::fs::lchown(folder, Some(user), Some(user))?;
    if folder.is_symlink() || !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        give(&entry?.path(), user)?;
    }
    chown(folder, Some(user), Some(user))
}

/// Replaces a file in one step: a reader sees the old text or the new one.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(".new");
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        sync::atomic::{AtomicBool, Ordering::Relaxed},
        thread,
    };

    use super::remove;

    #[test]
    fn a_folder_goes_even_while_somebody_writes_into_it() {
        let parent = tempfile::TempDir::new().unwrap();
        let folder = parent.path().join("place");
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let write = || {
                while !done.load(Relaxed) {
                    let _ = fs::write(folder.join("report"), "mine");
                }
            };
            thread::Builder::new().spawn_scoped(scope, write).unwrap();
            let removed = (0..300).try_for_each(|_| {
                fs::create_dir_all(&folder)?;
                remove(&folder)
            });
            done.store(true, Relaxed); // before a panic, which waits for the writer
            removed.unwrap();
        });
        remove(&folder).unwrap();
        assert!(!folder.exists());
    }
}
