//! The report as JSON: every round of every finding, for those who want other statistics.

use std::io::{self, Write};

use super::Report;

/// Writes it, in one line a field.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    out.write_all(b"\n")?;
    out.flush()
}
