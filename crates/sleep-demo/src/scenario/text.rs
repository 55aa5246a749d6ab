//! The text of a scenario file: UTF-8, and not more of it than a person writes.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{Position, ScenarioError};

/// In bytes. The largest scenario of the kit has 3,000.
const LONGEST: u64 = 1 << 20;

/// Reads the file.
///
/// # Errors
///
/// [`ScenarioError::Unreadable`] where the system refuses, [`ScenarioError::Invalid`]
/// where it is no text in UTF-8, or too long.
pub(super) fn of(path: &Path) -> Result<String, ScenarioError> {
    let bytes = bytes(path).map_err(|source| {
        let file = path.to_owned();
        ScenarioError::Unreadable { file, source }
    })?;
    if bytes.len() as u64 > LONGEST {
        let what =
            format!("the file is longer than {LONGEST} bytes, the most for a scenario");
        return Err(invalid(path, &[], what));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let what = "the file is UTF-16 text; save it as UTF-8";
        return Err(invalid(path, &[], what.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let what = "this byte is not UTF-8 text: save the file as UTF-8";
        invalid(path, before, what.to_owned())
    })
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// At the place behind `before`.
fn invalid(path: &Path, before: &[u8], what: String) -> ScenarioError {
    let before = String::from_utf8_lossy(before);
    ScenarioError::Invalid {
        file: path.to_owned(),
        position: Position::of(&before, before.len()),
        what,
    }
}
