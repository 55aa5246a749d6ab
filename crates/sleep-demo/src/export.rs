//! The record for other programs and for slides: one file an export.

use std::{fs, io, path::Path};

use serde::Serialize;

use timeline::{
    chart::{html, svg},
    record::Record,
    trace::trace,
};

use crate::{error::Error, options::Options};

/// Writes every export that is asked for.
///
/// # Errors
///
/// [`Error::Export`] for the first that can't be written.
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

fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn write(file: &Path, text: io::Result<String>) -> Result<(), Error> {
    let written = text.and_then(|text| fs::write(file, text));
    written.map_err(|source| Error::Export {
        file: file.to_owned(),
        source,
    })
}
