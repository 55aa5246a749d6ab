//! A time in a scenario file.

use std::time::Duration;

use toml::Spanned;

use super::error::Fault;

/// No class waits for longer.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// No time where none is given.
pub(super) fn optional(text: Option<&Spanned<String>>) -> Result<Duration, Fault> {
    text.map_or(Ok(Duration::ZERO), duration)
}

/// `500ms`, `2s`, `1m`: what humantime reads, up to a day.
pub(super) fn duration(text: &Spanned<String>) -> Result<Duration, Fault> {
    let fault = |why: String| {
        let shown = proto::printable(text.get_ref());
        let what = format!(
            "'{shown}' is not a duration ({why}); expected one such as 500ms, 2s or 1m"
        );
        Fault::new(text.span(), what)
    };
    let read = humantime::parse_duration(text.get_ref());
    let duration = read.map_err(|error| fault(error.to_string()))?;
    if duration > LONGEST {
        return Err(fault("longer than a day".to_owned()));
    }
    Ok(duration)
}
