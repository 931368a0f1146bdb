//! Values of tracks by date.

use spiral_kernel::maths;
use spiral_model::setup::{Interpolation, Track};

/// The value of a track at a date; `None` where a step track has not begun.
pub(crate) fn value_at(track: &Track, date: f64) -> Option<f64> {
    let after = track.points.partition_point(|(at, _)| *at <= date);
    let last = track.points.len().checked_sub(1)?;
    if track.interpolation == Interpolation::Step {
        return after.checked_sub(1).map(|position| track.points[position].1);
    }
    if after == 0 {
        return Some(track.points[0].1);
    }
    if last == 0 || (after > last && track.interpolation == Interpolation::Linear) {
        return Some(track.points[last].1);
    }
    let (first_date, first) = track.points[after.min(last) - 1];
    let (second_date, second) = track.points[after.min(last)];
    let share = (date - first_date) / (second_date - first_date);
    Some(match track.interpolation {
        Interpolation::Geometric => first * maths::exp(maths::ln(second / first) * share),
        _ => first + (second - first) * share,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use spiral_model::setup::{StateInputs, Target};

    fn track(interpolation: Interpolation) -> Track {
        Track { target: Target::State(0, StateInputs::OUTPUT), points: vec![(1900.0, 100.0), (1910.0, 400.0)], interpolation }
    }

    #[test]
    fn each_interpolation_has_its_closed_form() {
        let near = |interpolation, date, expected: Option<f64>| {
            let found = value_at(&track(interpolation), date);
            let close = match (found, expected) {
                (Some(found), Some(expected)) => (found / expected - 1.0_f64).abs() < 1e-14,
                (found, expected) => found == expected,
            };
            assert!(close, "{interpolation:?} at {date} is {found:?}, not {expected:?}");
        };
        near(Interpolation::Step, 1899.0, None);
        near(Interpolation::Step, 1905.0, Some(100.0));
        near(Interpolation::Step, 1910.0, Some(400.0));
        near(Interpolation::Linear, 1899.0, Some(100.0));
        near(Interpolation::Linear, 1905.0, Some(250.0));
        near(Interpolation::Linear, 1920.0, Some(400.0));
        near(Interpolation::Geometric, 1899.0, Some(100.0));
        near(Interpolation::Geometric, 1905.0, Some(200.0));
        near(Interpolation::Geometric, 1920.0, Some(1600.0));
    }
}
