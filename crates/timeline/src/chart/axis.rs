//! The time axis that all servers share: two scales would destroy the lesson.

/// Maps microseconds to places on an axis of `length` cells (or pixels).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    horizon_us: u64,
    length: u64,
}

impl Axis {
    pub(crate) fn new(horizon_us: u64, length: usize) -> Self {
        let length = u64::try_from(length).unwrap_or(u64::MAX).max(1);
        Self {
            horizon_us: horizon_us.max(1),
            length,
        }
    }

    /// Where a moment stands; what lies beyond the horizon stands at its end.
    pub(crate) fn place(&self, micros: u64) -> usize {
        let micros = u128::from(micros.min(self.horizon_us));
        let place = micros * u128::from(self.length) / u128::from(self.horizon_us);
        usize::try_from(place).unwrap_or(usize::MAX)
    }

    /// Whether a time takes less than half a place.
    pub(crate) fn hides(&self, micros: u64) -> bool {
        let halves = u128::from(micros) * u128::from(self.length) * 2;
        halves < u128::from(self.horizon_us)
    }

    /// Moments to label, with their labels, at least `apart` places from each other.
    pub(crate) fn ticks(&self, apart: impl Fn(&str) -> usize) -> Vec<(u64, String)> {
        let fits = |step: &u64| {
            let widest = label(self.horizon_us / step * step, *step);
            self.place(*step) >= apart(&widest)
        };
        let steps =
            (0..12).flat_map(|power| [1, 2, 5].map(|unit| unit * 10_u64.pow(power)));
        let steps = steps.skip_while(|step| *step < 1_000);
        let Some(step) = steps.clone().find(fits).or_else(|| steps.last()) else {
            return Vec::new();
        };
        let moments = (0..=self.horizon_us / step).map(|count| count * step);
        moments
            .map(|moment| (moment, label(moment, step)))
            .collect()
    }
}

/// Seconds, with as many decimals as the step has.
fn label(moment: u64, step: u64) -> String {
    let (seconds, rest) = (moment / 1_000_000, moment % 1_000_000);
    match step {
        _ if moment == 0 => "0s".to_owned(),
        1_000_000.. => format!("{seconds}s"),
        100_000.. => format!("{seconds}.{}s", rest / 100_000),
        10_000.. => format!("{seconds}.{:02}s", rest / 10_000),
        _ => format!("{seconds}.{:03}s", rest / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn labels_are_round_numbers_that_do_not_touch() {
        let labels = |horizon, length| -> Vec<String> {
            let ticks = Axis::new(horizon, length).ticks(|label| label.len() + 2);
            ticks.into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(
            labels(2_500_000, 44),
            ["0s", "0.5s", "1.0s", "1.5s", "2.0s", "2.5s"]
        );
        assert_eq!(
            labels(60_000_000, 44),
            ["0s", "10s", "20s", "30s", "40s", "50s", "60s"]
        );
        assert_eq!(labels(40_000, 20), ["0s", "0.02s", "0.04s"]);
        assert_eq!(labels(0, 44), ["0s"]);
    }

    #[test]
    fn a_moment_beyond_the_horizon_stands_at_the_end() {
        let axis = Axis::new(1_000, 10);
        assert_eq!(
            [0, 99, 100, 1_000, u64::MAX].map(|at| axis.place(at)),
            [0, 0, 1, 10, 10]
        );
    }
}
