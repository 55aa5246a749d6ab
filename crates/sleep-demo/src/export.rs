//! The record for other programs and for slides: one file an export.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
};

use serde::Serialize;

use timeline::{
    chart::{html, svg},
    designs::{self, Table},
    record::Record,
    trace::trace,
};

use crate::{error::Error, options::Options, viewer::print};

/// Writes every export that is asked for.
///
/// # Errors
///
/// [`Error::Export`] for the first that cannot be written.
pub fn all(record: &Record, options: &Options) -> Result<(), Error> {
    if let Some(file) = &options.json {
        write(file, json(record))?;
    }
    if let Some(file) = &options.svg {
        write(file, Ok(svg::picture(record)))?;
    }
    if let Some(file) = &options.html {
        write(file, Ok(html::page(record)))?;
    }
    if let Some(file) = &options.trace {
        write(file, json(&trace(record)))?;
    }
    Ok(())
}

/// Writes the table of designs where that is asked for.
///
/// # Errors
///
/// [`Error::Export`] for the first that cannot be written.
pub fn table(table: &Table, options: &Options) -> Result<(), Error> {
    if let Some(file) = &options.json {
        write(file, json(table))?;
    }
    if let Some(file) = &options.svg {
        write(file, Ok(designs::picture(table)))?;
    }
    Ok(())
}

/// Finds out before a run whether its exports can be written.
///
/// # Errors
///
/// [`Error::Export`] for the first that cannot be, [`Error::Usage`] where two go to
/// standard output.
pub fn check_places(options: &Options) -> Result<(), Error> {
    let (standard, files): (Vec<_>, Vec<_>) =
        options.places().partition(|place| is_standard(place));
    if standard.len() > 1 {
        return Err(Error::Usage(
            "one export can go to standard output, not two".to_owned(),
        ));
    }
    for file in files {
        let can_write = try_to_open(file);
        can_write.map_err(|source| Error::Export {
            file: file.clone(),
            source,
        })?;
    }
    Ok(())
}

/// Leaves what is there as it is.
fn try_to_open(file: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(_) => fs::remove_file(file),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::metadata(file)?.is_dir() => Err(ErrorKind::IsADirectory.into()),
        // A pipe would wait for its reader.
        Err(_) if !fs::metadata(file)?.is_file() => Ok(()),
        Err(_) => OpenOptions::new().write(true).open(file).map(drop),
    }
}

fn is_standard(place: &Path) -> bool {
    place == Path::new("-")
}

fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn write(file: &Path, text: io::Result<String>) -> Result<(), Error> {
    let written = text.and_then(|text| match is_standard(file) {
        true => print(&text),
        false => fs::write(file, text),
    });
    written.map_err(|source| Error::Export {
        file: file.to_owned(),
        source,
    })
}
