//! The students who have registered, and the write lock that keeps them whole.

use std::{collections::HashMap, io, mem, ops::Range, path::Path, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::{Error, lock::lock, roster_file::RosterFile};

/// How many students a roster holds: clients must not fill the memory with names.
pub(crate) const MOST: usize = 10_000;
/// The file is written again once one of this many of its entries is outdated.
const OUTDATED: usize = 8;

/// One student, as the client sent it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Student {
    pub(crate) name: String,
    pub(crate) student_id: String,
    pub(crate) github: String,
}

/// The roster, in memory and in its file.
#[derive(Debug)]
pub(crate) struct Roster {
    /// Held while a student is put on the roster, in memory and on the disk.
    write_lock: Mutex<Students>,
}

#[derive(Debug, Default)]
struct Students {
    list: Vec<Student>,
    /// Where in the list a student id is.
    by_id: HashMap<String, usize>,
    file: Option<RosterFile>,
    /// Entries of the file that a later one replaces.
    outdated: usize,
}

/// Why a student was not put on the roster.
#[derive(Debug)]
pub(crate) enum NotRegistered {
    Full,
    NotSaved(io::Error),
}

impl Roster {
    /// The roster of `path`, which is created if it is not there, and locked.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let mut students = Students::default();
        if let Some(path) = path {
            let (file, saved) = RosterFile::open(path)?;
            for student in saved {
                students.put(student);
            }
            students.file = Some(file);
        }
        Ok(Self {
            write_lock: Mutex::new(students),
        })
    }

    /// Adds a student, in the place of one who had the same student id. Where the roster
    /// has a file, the student is on the disk when this returns.
    pub(crate) fn register(&self, student: Student) -> Result<(), NotRegistered> {
        let mut students = lock(&self.write_lock);
        let is_known = students.by_id.contains_key(&student.student_id);
        if !is_known && students.list.len() >= MOST {
            return Err(NotRegistered::Full);
        }
        let before = students.put(student.clone());
        students.save(&student).map_err(|error| {
            students.take_back(&student, before);
            NotRegistered::NotSaved(error)
        })
    }

    /// How many students there are. Nobody is taken off the roster.
    pub(crate) fn len(&self) -> usize {
        lock(&self.write_lock).list.len()
    }

    /// The students at some places of the list, as they registered last.
    pub(crate) fn students(&self, places: Range<usize>) -> Vec<Student> {
        let students = lock(&self.write_lock);
        students.list.get(places).unwrap_or_default().to_vec()
    }

    /// Leaves a file that holds each student once.
    pub(crate) fn finish(&self) -> io::Result<()> {
        let mut students = lock(&self.write_lock);
        if students.outdated == 0 {
            return Ok(());
        }
        students.save_all()
    }
}

impl Students {
    /// Puts a student in its place, and returns who was there.
    fn put(&mut self, student: Student) -> Option<Student> {
        let known = self.by_id.get(&student.student_id);
        if let Some(place) = known.and_then(|index| self.list.get_mut(*index)) {
            self.outdated += 1;
            return Some(mem::replace(place, student));
        }
        self.by_id
            .insert(student.student_id.clone(), self.list.len());
        self.list.push(student);
        None
    }

    /// Undoes the [`put`](Self::put) that came last.
    fn take_back(&mut self, student: &Student, before: Option<Student>) {
        if let Some(before) = before {
            self.put(before);
            self.outdated -= 2;
        } else {
            self.list.pop();
            self.by_id.remove(&student.student_id);
        }
    }

    fn save(&mut self, student: &Student) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        if file.is_appendable() && self.outdated * OUTDATED <= self.list.len() {
            file.append(student)
        } else {
            self.save_all()
        }
    }

    fn save_all(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.replace(&self.list)?;
            self.outdated = 0;
        }
        Ok(())
    }
}
