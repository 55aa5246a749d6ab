//! Durations as a person types them.

use std::time::Duration;

/// Reads `2s`, `150ms`, `1s 500ms`, or a bare number of seconds as in `sleep 0.5`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(proto::parse_duration("0.5"), Some(Duration::from_millis(500)));
/// assert_eq!(proto::parse_duration("1s 500ms"), Some(Duration::from_millis(1500)));
/// assert_eq!(proto::parse_duration("-1"), None);
/// ```
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let is_bare = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_bare {
        let seconds: f64 = text.parse().ok()?;
        return Duration::try_from_secs_f64(seconds).ok();
    }
    humantime::parse_duration(text).ok()
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            ".",
            "1.2.3",
            "abc",
            "-1s",
            "inf",
            "NaN",
            "1e3",
            "2 parsecs",
            "s",
        ] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
        assert_eq!(parse_duration(&"9".repeat(400)), None);
    }
}
