//! Skill: how much better than a naive forecast. One is perfect, nought is no better, below nought is worse, and is shown as it is.
//!
//! ```text
//! skill = 1 − error of the model / error of the naive forecast
//! ```
//! The error of a series is the root mean square over the dates that are scored; of a single number, its distance from history.
//! Three naive forecasts of a series know nothing but its first part: no change, the straight line through it, and Richardson's
//! equations fitted to it.

use spiral_kernel::maths::ln;

use crate::paired::{REPLICATES, Resampling, percentile_ends};
use crate::table::Estimate;

/// Dates that are drawn together, since neighbours are alike.
pub const BLOCK: usize = 2;
/// Fewest dates that an interval is made from.
pub const FEWEST_DATES: usize = 4;

/// Root mean square; NaN of nothing.
#[must_use]
pub fn root_mean_square(errors: &[f64]) -> f64 {
    let mut sum = 0.0;
    for error in errors {
        sum += error * error;
    }
    (sum / errors.len() as f64).sqrt()
}

/// Skill of a series: errors of the model and of the naive forecast at the same dates.
///
/// The interval is that of a bootstrap of dates in circular blocks of [`BLOCK`], since errors of neighbouring years are alike. Dates
/// are few, so it is wide and rough; below [`FEWEST_DATES`] there is none.
#[must_use]
pub fn series_skill(model: &[f64], naive: &[f64], resampling: Resampling) -> Estimate {
    let n = model.len();
    let of = |model: &[f64], naive: &[f64]| 1.0 - root_mean_square(model) / root_mean_square(naive);
    let point = of(model, naive);
    if n < FEWEST_DATES {
        return Estimate::new(point, (f64::NAN, f64::NAN), n as u64, "fewer than 4 dates: no interval");
    }
    let replicates = (0..REPLICATES).map(|replicate| {
        let (mut some, mut other) = (Vec::with_capacity(n + BLOCK), Vec::with_capacity(n + BLOCK));
        resampling.blocks(replicate, n, BLOCK, |position| {
            some.push(model[position]);
            other.push(naive[position]);
        });
        of(&some, &other)
    });
    let ends = percentile_ends(replicates.collect());
    Estimate::new(point, ends, n as u64, "bootstrap of dates in blocks of 2, percentile, B = 2000")
}

/// Skill over several series together: for each the squared error of the model and of the naive forecast, both relative to the size
/// of the series. The interval is that of a bootstrap of series.
#[must_use]
pub fn pooled_skill(squares: &[(f64, f64)], resampling: Resampling) -> Estimate {
    let n = squares.len();
    let of = |positions: &[usize]| {
        let (mut model, mut naive) = (0.0, 0.0);
        for position in positions {
            model += squares[*position].0;
            naive += squares[*position].1;
        }
        1.0 - (model / naive).sqrt()
    };
    let all: Vec<usize> = (0..n).collect();
    if n < FEWEST_DATES {
        return Estimate::new(of(&all), (f64::NAN, f64::NAN), n as u64, "fewer than 4 series: no interval");
    }
    let replicates = (0..REPLICATES).map(|replicate| {
        let mut drawn = Vec::with_capacity(n);
        resampling.blocks(replicate, n, 1, |position| drawn.push(position));
        of(&drawn)
    });
    Estimate::new(of(&all), percentile_ends(replicates.collect()), n as u64, "bootstrap of series, percentile, B = 2000")
}

/// Skill of one number with its interval. The interval of the skill is that of the number, seen through the skill: exact where the
/// number's is.
#[must_use]
pub fn number_skill(simulated: &Estimate, history: f64, naive: f64, logarithmic: bool) -> Estimate {
    const METHOD: &str = "interval of the number, seen through the skill";
    let distance = |value: f64| if logarithmic { (ln(value) - ln(history)).abs() } else { (value - history).abs() };
    let skill = |value: f64| 1.0 - distance(value) / distance(naive);
    let Some(point) = simulated.estimate.filter(|value| !logarithmic || *value > 0.0) else {
        return Estimate::none(simulated.n, METHOD);
    };
    let ends = match (simulated.lower, simulated.upper) {
        (Some(lower), Some(upper)) if !logarithmic || lower > 0.0 => {
            let (one, other) = (skill(lower), skill(upper));
            (one.min(other), if lower <= history && history <= upper { 1.0 } else { one.max(other) })
        }
        _ => (f64::NAN, f64::NAN),
    };
    Estimate::new(skill(point), ends, simulated.n, METHOD)
}

/// The straight line through points by least squares, at a date; NaN of fewer than two dates.
#[must_use]
pub fn linear_trend(points: &[(f64, f64)], at: f64) -> f64 {
    let n = points.len() as f64;
    let (mut date, mut value) = (0.0, 0.0);
    for point in points {
        date += point.0 / n;
        value += point.1 / n;
    }
    let (mut covariance, mut variance) = (0.0, 0.0);
    for point in points {
        covariance += (point.0 - date) * (point.1 - value);
        variance += (point.0 - date) * (point.0 - date);
    }
    value + covariance / variance * (at - date)
}

/// Richardson's equations in years, fitted to several series at once: `x_i(t+1) − x_i(t) = k Σ_j x_j(t) − α x_i(t) + g_i`, j ≠ i.
///
/// `k` and `α` are common to all, `g` is each state's own: with one `k` and `α` a state, a decade would not tell them apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Richardson {
    /// Reaction to the sum of the others, per year.
    pub reaction: f64,
    /// Fatigue, per year.
    pub fatigue: f64,
    /// Constant term of each state, per year.
    pub grievances: Vec<f64>,
}

impl Richardson {
    /// Least squares over all yearly steps of all series, which have the same years. `None` where the years do not tell reaction
    /// from fatigue.
    #[must_use]
    pub fn fit(series: &[Vec<f64>]) -> Option<Self> {
        let steps = series.first()?.len().checked_sub(1).filter(|steps| *steps >= 2)?;
        if series.iter().any(|values| values.len() != steps + 1) {
            return None;
        }
        let others = |state: usize, year: usize| {
            let mut sum = 0.0;
            for (position, values) in series.iter().enumerate() {
                sum += if position == state { 0.0 } else { values[year] };
            }
            sum
        };
        // Means of each state are taken off, which leaves its constant out.
        let (mut aa, mut ab, mut bb, mut ay, mut by) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut means = Vec::new();
        for (state, values) in series.iter().enumerate() {
            let rows: Vec<(f64, f64, f64)> =
                (0..steps).map(|year| (others(state, year), values[year], values[year + 1] - values[year])).collect();
            let mean = |pick: fn(&(f64, f64, f64)) -> f64| rows.iter().map(pick).fold(0.0, |sum, x| sum + x) / steps as f64;
            let middle = (mean(|row| row.0), mean(|row| row.1), mean(|row| row.2));
            for row in &rows {
                let (a, b, y) = (row.0 - middle.0, row.1 - middle.1, row.2 - middle.2);
                aa += a * a;
                ab += a * b;
                bb += b * b;
                ay += a * y;
                by += b * y;
            }
            means.push(middle);
        }
        let determinant = aa * bb - ab * ab;
        if determinant.is_nan() || determinant <= 1e-9 * aa * bb {
            return None;
        }
        let reaction = (ay * bb - by * ab) / determinant;
        let fatigue = -(by * aa - ay * ab) / determinant;
        let grievances = means.iter().map(|(a, b, y)| y - reaction * a + fatigue * b).collect();
        Some(Self { reaction, fatigue, grievances })
    }

    /// Where the equations lead from these values: one row a year, the first row after one year. Nothing falls below nought.
    #[must_use]
    pub fn forecast(&self, from: &[f64], years: usize) -> Vec<Vec<f64>> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(years);
        let mut now = from.to_vec();
        for _ in 0..years {
            let total = now.iter().fold(0.0, |sum, x| sum + x);
            now = now
                .iter()
                .zip(&self.grievances)
                .map(|(own, grievance)| (own + self.reaction * (total - own) - self.fatigue * own + grievance).max(0.0))
                .collect();
            rows.push(now.clone());
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
    }

    #[test]
    fn a_perfect_forecast_has_skill_one_the_naive_one_none_a_worse_one_less() {
        let naive = [1.0, -2.0, 3.0, -1.0, 2.0];
        let resampling = Resampling::new(1, "skill");
        let skill = |model: &[f64]| series_skill(model, &naive, resampling).estimate;
        assert_eq!(skill(&[0.0; 5]), Some(1.0));
        assert_eq!(skill(&naive), Some(0.0));
        let twice: Vec<f64> = naive.iter().map(|error| 2.0 * error).collect();
        let doubled = series_skill(&twice, &naive, resampling);
        assert_eq!((doubled.estimate, doubled.lower, doubled.upper), (Some(-1.0), Some(-1.0), Some(-1.0)), "whatever is drawn");
        assert_eq!(series_skill(&[1.0], &[2.0], resampling).lower, None);
        assert_eq!(pooled_skill(&[(1.0, 4.0), (0.0, 0.0)], resampling).estimate, Some(0.5));
    }

    #[test]
    fn the_skill_of_a_number_follows_its_interval() {
        let number = Estimate::new(4.0, (3.0, 7.0), 10, "");
        // History 6, naive 2: an error of 2 against 4; at the ends 3 and 1; history lies within.
        let skill = number_skill(&number, 6.0, 2.0, false);
        assert_eq!((skill.estimate, skill.lower, skill.upper), (Some(0.5), Some(0.25), Some(1.0)));
        let outside = number_skill(&Estimate::new(8.0, (7.0, 12.0), 10, ""), 6.0, 2.0, false);
        assert_eq!((outside.lower, outside.upper), (Some(-0.5), Some(0.75)));
        // On the logarithm half of twice is as far as twice of half.
        let ratio = |value| number_skill(&Estimate::new(value, (value, value), 1, ""), 4.0, 1.0, true).estimate;
        assert!(ratio(8.0).zip(ratio(2.0)).is_some_and(|(one, other)| close(one, 0.5) && close(other, 0.5)));
        assert_eq!(number_skill(&Estimate::none(0, ""), 1.0, 2.0, true).estimate, None);
    }

    #[test]
    fn a_straight_line_is_continued_exactly() {
        let line: Vec<(f64, f64)> = (1890..1900).map(|year| (f64::from(year), 3.0 + 0.5 * f64::from(year - 1890))).collect();
        assert!(close(linear_trend(&line, 1913.0), 14.5));
        assert!(linear_trend(&line[..1], 1913.0).is_nan());
    }

    #[test]
    fn richardson_is_found_again_in_his_own_series() {
        let truth = Richardson { reaction: 0.09, fatigue: 0.2, grievances: vec![0.3, -0.1, 0.5] };
        let start = vec![2.0, 5.0, 3.0];
        let rows = truth.forecast(&start, 11);
        let series: Vec<Vec<f64>> =
            (0..3).map(|state| std::iter::once(start[state]).chain(rows.iter().map(|row| row[state])).collect()).collect();
        let found = Richardson::fit(&series).expect("eleven steps of three states");
        assert!((found.reaction - 0.09).abs() < 1e-9 && (found.fatigue - 0.2).abs() < 1e-9, "{found:?}");
        for (one, other) in found.grievances.iter().zip(&truth.grievances) {
            assert!((one - other).abs() < 1e-9, "{found:?}");
        }
        assert_eq!(Richardson::fit(&[vec![1.0, 1.0, 1.0], vec![2.0, 2.0, 2.0]]), None, "what never moves tells nothing");
        assert_eq!(Richardson::fit(&[vec![1.0, 2.0]]), None);
    }
}
