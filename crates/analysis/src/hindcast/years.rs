//! Numbers over start years, with intervals by resampling whole years: dyads of one year are not independent of each other.

use crate::intervals::point_quantile;
use crate::paired::{REPLICATES, Resampling};
use crate::table::Estimate;

/// How the intervals are made.
pub(crate) const METHOD: &str = "bootstrap over start years, percentile, B = 2000";
/// Fewest start years for an interval.
const FEWEST_YEARS: usize = 4;
const TOO_FEW: &str = "fewer than four start years: no interval";

/// A ratio of sums over years: each year gives a numerator and a denominator. A mean over years has the denominator 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OverYears {
    parts: Vec<(f64, f64)>,
}

impl OverYears {
    /// From numerator and denominator of each year.
    pub(crate) fn new(parts: Vec<(f64, f64)>) -> Self {
        Self { parts: parts.into_iter().filter(|(above, below)| above.is_finite() && *below > 0.0).collect() }
    }

    /// From a value for each year, years without one left out.
    pub(crate) fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self::new(values.into_iter().flatten().map(|value| (value, 1.0)).collect())
    }

    /// The number with its interval; `name` decides the draws.
    pub(crate) fn estimate(&self, seed: u64, name: &str) -> Estimate {
        let n = self.parts.len();
        // Where no event came there is nothing to divide by.
        let ratio = |above: f64, below: f64| if below > 1e-6 { above / below } else { f64::NAN };
        let (above, below) = self.parts.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        if n < FEWEST_YEARS {
            return Estimate::new(ratio(above, below), (f64::NAN, f64::NAN), n as u64, TOO_FEW);
        }
        let resampling = Resampling::new(seed, name);
        let replicates = (0..REPLICATES).map(|replicate| {
            let (mut above, mut below) = (0.0, 0.0);
            resampling.positions(replicate, n, |year| {
                above += self.parts[year].0;
                below += self.parts[year].1;
            });
            ratio(above, below)
        });
        Estimate::new(ratio(above, below), ends(replicates.collect()), n as u64, METHOD)
    }
}

/// The number that `of` makes of how often each of `n` years counts, with its interval over resampled years.
pub(crate) fn resampled(point: f64, n: usize, seed: u64, name: &str, of: impl Fn(&[f64]) -> Option<f64>) -> Estimate {
    if n < FEWEST_YEARS {
        return Estimate::new(point, (f64::NAN, f64::NAN), n as u64, TOO_FEW);
    }
    let resampling = Resampling::new(seed, name);
    let replicates = (0..REPLICATES).map(|replicate| {
        let mut times = vec![0.0; n];
        resampling.positions(replicate, n, |year| times[year] += 1.0);
        of(&times).unwrap_or(f64::NAN)
    });
    Estimate::new(point, ends(replicates.collect()), n as u64, METHOD)
}

/// Percentiles of replicates; none if more than one in twenty does not exist.
fn ends(mut replicates: Vec<f64>) -> (f64, f64) {
    let all = replicates.len();
    replicates.retain(|value| value.is_finite());
    if replicates.len() * 20 < all * 19 {
        return (f64::NAN, f64::NAN);
    }
    replicates.sort_unstable_by(f64::total_cmp);
    (point_quantile(&replicates, 0.025), point_quantile(&replicates, 0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_sums_has_the_interval_of_its_years() {
        let parts: Vec<(f64, f64)> = (0..30).map(|year| (f64::from(year % 3), 2.0)).collect();
        let found = OverYears::new(parts).estimate(1, "x");
        assert_eq!((found.estimate, found.n), (Some(0.5), 30));
        // The standard error of the mean of thirty values with variance 1/6 is .0745.
        let (lower, upper) = (found.lower.unwrap_or(0.0), found.upper.unwrap_or(0.0));
        assert!((0.5 - lower - 0.146).abs() < 0.03 && (upper - 0.5 - 0.146).abs() < 0.03, "{found:?}");
        let few = OverYears::mean([Some(1.0), None, Some(2.0)]).estimate(1, "x");
        assert_eq!((few.estimate, few.lower, few.n), (Some(1.5), None, 2));
        let none = OverYears::mean([None]).estimate(1, "x");
        assert_eq!((none.estimate, none.n), (None, 0));
    }

    #[test]
    fn the_same_name_draws_the_same_years() {
        // Values of no common step, so that two samples hardly ever have the same percentile.
        let of =
            |times: &[f64]| Some(times.iter().enumerate().map(|(year, times)| (1.0 + year as f64).sqrt() * times).sum::<f64>());
        assert_eq!(resampled(22.5, 10, 3, "a", of), resampled(22.5, 10, 3, "a", of));
        assert_ne!(resampled(22.5, 10, 3, "a", of), resampled(22.5, 10, 4, "a", of));
        assert_ne!(resampled(22.5, 10, 3, "a", of), resampled(22.5, 10, 3, "b", of));
    }
}
