#![doc = include_str!("timeline.md")]

use spiral_kernel::maths::{exp, ln};

use crate::inputs::{Interpolation, Track};

impl Track {
    /// The value at a date; `initial` holds before the first point of a stepwise track.
    #[must_use]
    pub fn value(&self, date: f64, initial: f64) -> f64 {
        // Dates within a millionth of a year of a point count as the point, so that 1904.25 given as text and as a tick agree.
        let after = self.points.partition_point(|point| point.0 <= date + 1e-6);
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else {
            return initial;
        };
        match self.interpolation {
            Interpolation::Step => {
                if after == 0 {
                    initial
                } else {
                    self.points[after - 1].1
                }
            }
            Interpolation::Linear if after == 0 => first.1,
            Interpolation::Linear if after == self.points.len() => last.1,
            Interpolation::Linear => {
                let ((t0, v0), (t1, v1)) = (self.points[after - 1], self.points[after]);
                v0 + (v1 - v0) * (date - t0) / (t1 - t0)
            }
            Interpolation::Geometric if self.points.len() == 1 || after == 0 => first.1,
            Interpolation::Geometric => {
                let to = after.min(self.points.len() - 1);
                let ((t0, v0), (t1, v1)) = (self.points[to - 1], self.points[to]);
                v0 * exp(ln(v1 / v0) * (date - t0) / (t1 - t0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::{StateInputs, Target};

    fn track(interpolation: Interpolation) -> Track {
        Track { target: Target::State(0, StateInputs::OUTPUT), points: vec![(1900.0, 2.0), (1910.0, 4.0)], interpolation }
    }

    #[test]
    fn steps_hold_and_lines_run_straight() {
        let step = track(Interpolation::Step);
        assert_eq!(
            [step.value(1899.0, 1.0), step.value(1900.0, 1.0), step.value(1909.9, 1.0), step.value(1920.0, 1.0)],
            [1.0, 2.0, 2.0, 4.0]
        );
        let line = track(Interpolation::Linear);
        assert_eq!([line.value(1890.0, 1.0), line.value(1905.0, 1.0), line.value(1920.0, 1.0)], [2.0, 3.0, 4.0]);
    }

    #[test]
    fn growth_is_constant_and_goes_on() {
        let growth = track(Interpolation::Geometric);
        for (date, expected) in [(1890.0, 2.0), (1905.0, 8.0_f64.sqrt()), (1910.0, 4.0), (1920.0, 8.0)] {
            let value = growth.value(date, 1.0);
            assert!((value - expected).abs() < 1e-12, "value {value} at {date}, expected {expected}");
        }
    }
}
