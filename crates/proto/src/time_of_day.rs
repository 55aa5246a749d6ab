//! The time of day that servers and clients print beside what happened.

use std::time::{SystemTime, UNIX_EPOCH};

/// `HH:MM:SSZ`, in UTC: the same on every machine of a lab.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let moment = UNIX_EPOCH + Duration::from_millis(86_400_000 + 45_296_999);
/// assert_eq!(proto::time_of_day(moment), "12:34:56Z");
/// ```
#[must_use]
pub fn time_of_day(moment: SystemTime) -> String {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() % 86_400;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}Z", seconds % 60)
}
