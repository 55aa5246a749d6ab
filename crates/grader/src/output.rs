//! Where the report goes. A file holds a valid report at every moment, whatever becomes
//! of us.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use grader::{Format, Report};
use thiserror::Error;

/// Standard output, or a file that is replaced in one step.
#[derive(Debug)]
pub(crate) struct Output(Option<PathBuf>);

#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error(
        "cannot write the report to {}: {source}; give --output a file that can be \
         written",
        .path.display()
    )]
    File { path: PathBuf, source: io::Error },
    #[error("cannot write the report: {0}")]
    Standard(io::Error),
    #[error(
        "cannot confine the server: {0}; --sandbox needs bubblewrap (apt install \
         bubblewrap)"
    )]
    Sandbox(io::Error),
    #[error("cannot watch for signals: {0}")]
    Signals(io::Error),
}

impl Output {
    pub(crate) fn to(path: Option<PathBuf>) -> Self {
        Self(path)
    }

    /// Writes the report that stands until there is another. None goes to standard
    /// output.
    pub(crate) fn begin(&self, report: &Report, format: Format) -> Result<(), Error> {
        match &self.0 {
            None => Ok(()),
            // What is no file keeps nothing, and has to get one report alone.
            Some(path) if is_no_file(path) => Ok(()),
            Some(_) => self.write(&report.render(format)),
        }
    }

    /// Writes the report; beside a file the table for people is printed as well.
    pub(crate) fn finish(&self, report: &Report, format: Format) -> Result<(), Error> {
        self.write(&report.render(format))?;
        match &self.0 {
            None => Ok(()),
            Some(_) => write_out(&report.render(Format::Text)).map_err(Error::Standard),
        }
    }

    fn write(&self, report: &str) -> Result<(), Error> {
        match &self.0 {
            None => write_out(report).map_err(Error::Standard),
            Some(path) => replace(path, report).map_err(|source| Error::File {
                path: path.clone(),
                source,
            }),
        }
    }
}

fn write_out(report: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(report.as_bytes())?;
    out.flush()
}

/// Whether there is a device, a pipe or a socket.
fn is_no_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file())
}

fn replace(path: &Path, report: &str) -> io::Result<()> {
    if is_no_file(path) {
        return fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(report.as_bytes());
    }
    // The file that a link leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = path.clone().into_os_string();
    beside.push(".new");
    fs::write(&beside, report)?;
    fs::rename(beside, path)
}
