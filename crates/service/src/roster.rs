//! The students who have registered, kept in a file where one is named.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::PathBuf,
    sync::Mutex,
};

use serde::{Deserialize, Serialize};

use crate::{Error, lock::lock};

/// How many students a roster holds: clients must not fill the memory with names.
pub(crate) const MOST: usize = 10_000;

/// One student, as the client sent it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Student {
    pub(crate) name: String,
    pub(crate) student_id: String,
    pub(crate) github: String,
}

/// The roster, and the write lock that keeps it whole.
#[derive(Debug)]
pub(crate) struct Roster {
    file: Option<PathBuf>,
    write_lock: Mutex<Vec<Student>>,
}

/// Why a student was not put on the roster.
#[derive(Debug)]
pub(crate) enum NotRegistered {
    Full,
    NotSaved(io::Error),
}

impl Roster {
    /// The roster of `file`, which is written with the first student if it is not there.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, Error> {
        let students = match &file {
            None => Vec::new(),
            Some(path) => match fs::read(path) {
                Ok(bytes) => serde_json::from_slice(&bytes)
                    .map_err(|error| refused(path.clone(), &error))?,
                Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(refused(path.clone(), &error)),
            },
        };
        Ok(Self {
            file,
            write_lock: Mutex::new(students),
        })
    }

    /// Adds a student, in the place of one who had the same student id.
    pub(crate) fn register(&self, student: Student) -> Result<(), NotRegistered> {
        let mut students = lock(&self.write_lock);
        let known = students
            .iter()
            .position(|other| other.student_id == student.student_id);
        if known.is_none() && students.len() >= MOST {
            return Err(NotRegistered::Full);
        }
        let mut changed = students.clone();
        match known.and_then(|index| changed.get_mut(index)) {
            Some(place) => *place = student,
            None => changed.push(student),
        }
        self.save(&changed).map_err(NotRegistered::NotSaved)?;
        *students = changed;
        Ok(())
    }

    pub(crate) fn students(&self) -> Vec<Student> {
        lock(&self.write_lock).clone()
    }

    /// Writes a new file beside the old one and puts it in its place in one step, so that
    /// whoever reads it finds the old roster or the new one.
    fn save(&self, students: &[Student]) -> io::Result<()> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let mut beside = path.clone().into_os_string();
        beside.push(".new");
        let mut file = File::create(&beside)?;
        serde_json::to_writer_pretty(&mut file, students)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(beside, path)
    }
}

fn refused(path: PathBuf, reason: &dyn std::fmt::Display) -> Error {
    Error::Roster {
        path,
        reason: reason.to_string(),
    }
}
