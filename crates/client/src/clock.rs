//! The time of day that stands beside a message.

use std::time::SystemTime;

/// `HH:MM:SSZ`, in UTC: the same on every machine of a lab.
pub(crate) fn time_of_day(moment: SystemTime) -> String {
    let stamp = humantime::format_rfc3339_seconds(moment).to_string();
    stamp
        .split_once('T')
        .map_or_else(String::new, |(_, time)| time.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_time_of_day_is_short_and_in_utc() {
        let moment = UNIX_EPOCH + Duration::from_millis(86_400_000 + 45_296_999);
        assert_eq!(super::time_of_day(moment), "12:34:56Z");
    }
}
