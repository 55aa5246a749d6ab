//! The record for other programs: as JSON.

use std::{fs, path::Path};

use crate::{error::Error, record::Record};

/// Writes the run record, as `docs/run-record.md` documents it.
///
/// # Errors
///
/// [`Error::Export`].
pub fn json(record: &Record, file: &Path) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(record).map_err(std::io::Error::from);
    write(file, text.map(|text| text + "\n"))
}

fn write(file: &Path, text: std::io::Result<String>) -> Result<(), Error> {
    let written = text.and_then(|text| fs::write(file, text));
    written.map_err(|source| Error::Export {
        file: file.to_owned(),
        source,
    })
}
