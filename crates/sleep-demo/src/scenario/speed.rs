//! A scenario at another speed: every time of it is divided, and the labels say so.

use std::time::Duration;

use thiserror::Error;

use super::{ClientSpec, Scenario, sleep::sleep_of};

/// A speed that no scenario can be played at.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error(
    "cannot play at speed {0}; expected more than 0, as in 0.5 or 2, and times below a \
     day"
)]
pub struct SpeedError(f64);

impl SpeedError {
    /// Accepts a speed at which a recorded run can be shown.
    ///
    /// # Errors
    ///
    /// [`SpeedError`] when `speed` is not above 0.
    pub fn check(speed: f64) -> Result<(), Self> {
        if speed > 0.0 && speed.is_finite() {
            Ok(())
        } else {
            Err(Self(speed))
        }
    }
}

impl Scenario {
    /// The same scenario at `speed`: 0.5 takes twice as long.
    ///
    /// # Errors
    ///
    /// [`SpeedError`] when `speed` is not above 0, or makes a time longer than a day.
    pub fn at_speed(mut self, speed: f64) -> Result<Self, SpeedError> {
        if speed == 1.0 {
            return Ok(self);
        }
        for client in &mut self.clients {
            client.scale(speed).ok_or(SpeedError(speed))?;
        }
        Ok(self)
    }
}

impl ClientSpec {
    fn scale(&mut self, speed: f64) -> Option<()> {
        for time in [
            &mut self.at,
            &mut self.pause,
            &mut self.hold,
            &mut self.read_delay,
        ] {
            *time = scaled(*time, speed)?;
        }
        for request in &mut self.requests {
            if let Some(duration) = sleep_of(request) {
                let duration = scaled(duration, speed)?;
                *request = format!("SLEEP {}", shortest(duration));
            }
        }
        Some(())
    }
}

fn scaled(time: Duration, speed: f64) -> Option<Duration> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let time = Duration::try_from_secs_f64(time.as_secs_f64() / speed).ok()?;
    let whole = Duration::from_micros(u64::try_from(time.as_micros()).ok()?);
    (speed > 0.0 && speed.is_finite() && time <= DAY).then_some(whole)
}

/// As one word, so that it is one argument: `1500ms`, not `1s 500ms`.
fn shortest(duration: Duration) -> String {
    let micros = duration.as_micros();
    if micros.is_multiple_of(1_000_000) {
        format!("{}s", micros / 1_000_000)
    } else if micros.is_multiple_of(1_000) {
        format!("{}ms", micros / 1_000)
    } else {
        format!("{micros}us")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sleep::sleep_of, scaled, shortest};
    use std::time::Duration;

    #[test]
    fn half_the_speed_takes_twice_as_long() {
        let two = Duration::from_secs(2);
        assert_eq!(scaled(two, 0.5), Some(Duration::from_secs(4)));
        assert_eq!(scaled(two, 8.0), Some(Duration::from_millis(250)));
    }

    #[test]
    fn a_speed_that_is_no_speed_is_refused() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert_eq!(scaled(Duration::from_secs(2), speed), None, "{speed}");
        }
    }

    #[test]
    fn labels_stay_one_argument() {
        for millis in [2_000, 1_500, 40] {
            let duration = Duration::from_millis(millis);
            let request = format!("SLEEP {}", shortest(duration));
            assert_eq!(sleep_of(&request), Some(duration), "{request}");
        }
    }
}
