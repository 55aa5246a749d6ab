//! The roster's file: a JSON array that is whole after each student, and of one server
//! alone.
//!
//! The next student is written over the end of the array, which takes no longer for the
//! last student than for the first. A student who registers again is written a second
//! time, and the last entry of a student id counts, until the file is written anew.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
};

use crate::{Error, roster::Student};

/// What stands after the last student.
const END: &[u8] = b"\n]\n";
/// How many ends of a student are tried in a file whose writing was cut off.
const TRIES: usize = 64;

/// The file, locked for as long as this lives.
#[derive(Debug)]
pub(crate) struct RosterFile {
    path: PathBuf,
    file: File,
    /// Where [`END`] is; none while the file is not as it is written here.
    end: Option<u64>,
}

impl RosterFile {
    /// Opens, locks and reads the file.
    ///
    /// # Errors
    ///
    /// [`Error::Roster`] also where another server has it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Student>), Error> {
        let refused = |reason: String| Error::Roster {
            path: path.to_owned(),
            reason,
        };
        let mut file = open_locked(path).map_err(refused)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| refused(error.to_string()))?;
        let students = read(&bytes).map_err(|error| refused(error.to_string()))?;
        let roster = Self {
            // Behind a link: writing it anew replaces the file and not the link.
            path: path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            file,
            end: None,
        };
        Ok((roster, students))
    }

    /// Whether [`append`](Self::append) is possible.
    pub(crate) fn is_appendable(&self) -> bool {
        self.end.is_some()
    }

    /// Writes one more student, and waits until it is on the disk.
    pub(crate) fn append(&mut self, student: &Student) -> io::Result<()> {
        let Some(end) = self.end.take() else {
            return Err(ErrorKind::Unsupported.into());
        };
        let mut text = serde_json::to_vec_pretty(&[student])?;
        text.push(b'\n');
        if let Some(bracket) = text.first_mut() {
            *bracket = b',';
        }
        let written = self
            .file
            .write_all_at(&text, end)
            .and_then(|()| self.file.sync_data());
        if written.is_ok() {
            self.end = Some(end + (text.len() - END.len()) as u64);
        } else if self.take_back(end).is_ok() {
            self.end = Some(end);
        }
        written
    }

    /// Ends the array where it ended before.
    fn take_back(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end + END.len() as u64)?;
        self.file.write_all_at(END, end)
    }

    /// Writes a new file beside the old one and puts it in its place in one step.
    pub(crate) fn replace(&mut self, students: &[Student]) -> io::Result<()> {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let mut text = serde_json::to_vec_pretty(students)?;
        text.push(b'\n');
        let mut file = File::create(&beside)?;
        // Nobody knows it yet; where locks fail, a warning was printed.
        let _ = file.try_lock();
        if let Ok(old) = self.file.metadata() {
            let _ = file.set_permissions(old.permissions()); // its owner may be another
        }
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        if let Some(folder) = self.path.parent() {
            let _ = File::open(folder).and_then(|folder| folder.sync_all()); // else later
        }
        self.file = file;
        self.end = Some((text.len() - END.len()) as u64).filter(|_| !students.is_empty());
        Ok(())
    }
}

/// Opens the file and locks it. One that was replaced in between is not the roster any
/// more.
fn open_locked(path: &Path) -> Result<File, String> {
    loop {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| error.to_string())?;
        // A device or a FIFO has no end, and its place is not ours to put a file in.
        if !file.metadata().is_ok_and(|found| found.is_file()) {
            return Err("it is not a regular file".to_owned());
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err("another running server uses it".to_owned());
            }
            // A file system without locks: better no lock than no roster.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
            }
            Err(TryLockError::Error(error)) => return Err(error.to_string()),
        }
        let is_same = |now: fs::Metadata| {
            let held = file.metadata()?;
            Ok((now.dev(), now.ino()) == (held.dev(), held.ino()))
        };
        match fs::metadata(path).and_then(is_same) {
            Ok(false) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Ok(true) => return Ok(file),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// The students of a file. If its writing was cut off in the middle of a student, those
/// before.
fn read(bytes: &[u8]) -> serde_json::Result<Vec<Student>> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let whole = serde_json::from_slice(bytes);
    if !whole.as_ref().is_err_and(serde_json::Error::is_eof) {
        return whole;
    }
    let ends = bytes.iter().enumerate().rev();
    let ends = ends.filter(|(_, byte)| **byte == b'}').take(TRIES);
    let mut before = ends.filter_map(|(end, _)| {
        let students = [bytes.get(..=end)?, END].concat();
        serde_json::from_slice(&students).ok()
    });
    before.next().map_or(whole, Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<String>> {
        let students = read(text.as_bytes()).ok()?;
        Some(students.into_iter().map(|student| student.name).collect())
    }

    #[test]
    fn what_was_cut_off_in_the_middle_is_read_up_to_there() {
        let student = |name: &str| {
            format!(r#"{{"name": "{name}", "student_id": "s", "github": "g"}}"#)
        };
        let [ada, odd] = ["Ada", "o}d"].map(student);
        for (text, expected) in [
            (String::new(), Some(vec![])),
            (format!("[{ada}, {odd}]"), Some(vec!["Ada", "o}d"])),
            (format!("[{ada}, {odd}"), Some(vec!["Ada", "o}d"])),
            (format!("[{ada}, {}", &odd[..14]), Some(vec!["Ada"])),
            (format!("[{ada},"), Some(vec!["Ada"])),
            (format!("[{ada} {odd}]"), None),
            ("{}".to_owned(), None),
            ("[".to_owned(), None),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(names(&text), expected, "{text}");
        }
    }
}
