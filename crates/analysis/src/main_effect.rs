//! An outcome over one factor of a design: the mean of its points, whatever the other factors have.

use spiral_kernel::maths::{exp, ln};

use crate::intervals::{Term, mean_of_groups};
use crate::table::Estimate;

/// Most values of a factor that each have a mean of their own; more are put in bins.
const MOST_LEVELS: usize = 12;
/// Most bins.
const MOST_BINS: usize = 10;
/// Fewest points of a bin.
const LEAST_IN_BIN: usize = 5;

/// Where the points of a design come from: what makes a mean over some of them uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Every combination of values: only chance within the points. Points may share draws of chance, which may make their errors
    /// alike, so the ends of the interval of a mean are the means of the ends of its points. No correlation makes them too
    /// narrow: the standard deviation of
    /// a mean is at most the mean of the standard deviations.
    Complete,
    /// A sample of the space of the factors: Student's interval over the points, or over groups of so many in a row, where points of a
    /// group have values in common. Points that fill space evenly have somewhat narrower intervals than that.
    Sample {
        /// Points of a group.
        group: usize,
    },
}

/// The mean of the points in a part of the range of a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Lowest value of the factor among its points.
    pub low: f64,
    /// Highest.
    pub high: f64,
    /// Mean value; the geometric mean, where equal steps of the factor are equal ratios.
    pub centre: f64,
    /// Points with a value of the outcome.
    pub points: usize,
    /// The mean of their outcomes.
    pub mean: Estimate,
}

/// The means of an outcome over a factor, from its lowest value to its highest. Each value has its own where they are few and have
/// several points each; else bins hold equal numbers of points, at least five and at most ten bins. Empty where there are too few
/// points for two bins. `values` and `outcomes` are by point; points that lack either are passed over.
#[must_use]
pub fn main_effect(values: &[f64], outcomes: &[Estimate], logarithmic: bool, origin: Origin) -> Vec<Part> {
    let known = |point: &usize| values[*point].is_finite() && outcomes[*point].estimate.is_some();
    let mut order: Vec<usize> = (0..values.len().min(outcomes.len())).filter(known).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]).then(one.cmp(other)));
    let levels: Vec<&[usize]> = order.chunk_by(|one, other| values[*one] == values[*other]).collect();
    let few = levels.len() <= MOST_LEVELS && 2 * levels.len() <= order.len();
    if origin == Origin::Complete || few {
        return levels.into_iter().map(|points| part(points, values, outcomes, logarithmic, origin)).collect();
    }
    let bins = (order.len() / LEAST_IN_BIN).min(MOST_BINS);
    if bins < 2 {
        return Vec::new();
    }
    let edge = |bin: usize| bin * order.len() / bins;
    (0..bins).map(|bin| part(&order[edge(bin)..edge(bin + 1)], values, outcomes, logarithmic, origin)).collect()
}

fn part(points: &[usize], values: &[f64], outcomes: &[Estimate], logarithmic: bool, origin: Origin) -> Part {
    let n = points.len() as f64;
    let place = |point: &usize| if logarithmic { ln(values[*point]) } else { values[*point] };
    let (low, high) = (values[points[0]], values[points[points.len() - 1]]);
    let middle = points.iter().map(place).sum::<f64>() / n;
    let middle = if logarithmic { exp(middle) } else { middle };
    let mean = match origin {
        Origin::Complete => {
            let of = |end: fn(&Estimate) -> Option<f64>| {
                points.iter().map(|point| end(&outcomes[*point]).unwrap_or(f64::NAN)).sum::<f64>() / n
            };
            let ends = (of(|outcome| outcome.lower), of(|outcome| outcome.upper));
            Estimate::new(of(|outcome| outcome.estimate), ends, points.len() as u64, "means of the ends of the points' intervals")
        }
        Origin::Sample { group } => {
            let mut sorted = points.to_vec();
            sorted.sort_unstable();
            let group = group.max(1);
            let groups = sorted.chunk_by(|one, other| one / group == other / group);
            let term = |points: &[usize]| Term {
                numerator: points.iter().filter_map(|point| outcomes[*point].estimate).sum(),
                denominator: points.len() as f64,
            };
            mean_of_groups(&groups.map(term).collect::<Vec<Term>>())
        }
    };
    // The mean of equal values is that value, without the rounding of a sum.
    let centre = if low == high { low } else { middle.clamp(low, high) };
    Part { low, high, centre, points: points.len(), mean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intervals::mean;

    fn exact(value: f64) -> Estimate {
        Estimate::new(value, (value - 0.1, value + 0.3), 10, "made up")
    }

    fn ends(estimate: &Estimate) -> [f64; 3] {
        [estimate.estimate, estimate.lower, estimate.upper].map(|end| end.unwrap_or(f64::NAN))
    }

    fn near(found: [f64; 3], wanted: [f64; 3]) {
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}, not {wanted:?}");
    }

    #[test]
    fn a_grid_has_a_mean_at_every_value() {
        // Two factors, the second fastest: y = x + 10 z.
        let (x, z) = ([0.0, 0.0, 1.0, 1.0, 2.0, 2.0], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
        let y: Vec<Estimate> = x.iter().zip(z).map(|(x, z)| exact(x + 10.0 * z)).collect();
        let parts = main_effect(&x, &y, false, Origin::Complete);
        assert_eq!(parts.iter().map(|part| (part.centre, part.points)).collect::<Vec<_>>(), [(0.0, 2), (1.0, 2), (2.0, 2)]);
        near(ends(&parts[1].mean), [6.0, 5.9, 6.3]);
        let parts = main_effect(&z, &y, false, Origin::Complete);
        near(ends(&parts[1].mean), [11.0, 10.9, 11.3]);
    }

    #[test]
    fn a_sample_has_bins_of_equal_numbers() {
        // Sixty points in no order over three decades; the outcome is the logarithm.
        let values: Vec<f64> = (0..60).map(|k| exp(f64::from((k * 37) % 60) / 59.0 * ln(1000.0))).collect();
        let y: Vec<Estimate> = values.iter().map(|value| exact(ln(*value))).collect();
        let parts = main_effect(&values, &y, true, Origin::Sample { group: 1 });
        assert_eq!(parts.len(), 10);
        for part in &parts {
            assert_eq!(part.points, 6);
            assert!(part.low < part.centre && part.centre < part.high);
            let found = part.mean.estimate.unwrap_or(f64::NAN);
            assert!((found - ln(part.centre)).abs() < 1e-12, "{found} at {}", part.centre);
        }
        let inside: Vec<f64> = values.iter().filter(|value| **value <= parts[0].high).map(|value| ln(*value)).collect();
        near(ends(&parts[0].mean), ends(&mean(&inside)));
    }

    #[test]
    fn points_that_belong_together_count_once() {
        // Three groups of four equal points each: the interval is that of three numbers.
        let values = [0.0, 1.0].repeat(6);
        let y: Vec<Estimate> = (0..12).map(|point| exact(f64::from(point / 4))).collect();
        let parts = main_effect(&values, &y, false, Origin::Sample { group: 4 });
        assert_eq!(parts.iter().map(|part| part.centre).collect::<Vec<_>>(), [0.0, 1.0]);
        near(ends(&parts[0].mean), ends(&mean(&[0.0, 1.0, 2.0])));
    }

    #[test]
    fn what_has_no_value_is_passed_over() {
        let values: Vec<f64> = (0..12).map(|point| if point == 3 { f64::NAN } else { f64::from(point) }).collect();
        let mut y = vec![exact(1.0); 12];
        y[5] = Estimate::none(0, "none");
        let parts = main_effect(&values, &y, false, Origin::Sample { group: 1 });
        assert_eq!(parts.iter().map(|part| part.points).sum::<usize>(), 10);
        y[6] = Estimate::none(0, "none");
        assert!(main_effect(&values, &y, false, Origin::Sample { group: 1 }).is_empty(), "nine points are too few for two bins");
    }
}
