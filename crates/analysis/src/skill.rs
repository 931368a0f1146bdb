//! Skill: how much better than a naive forecast. One is perfect, nought is no better, below nought is worse, and is shown as it is.
//!
//! ```text
//! skill = 1 − error of the model / error of the naive forecast
//! ```
//! The error of a series is the root mean square over the dates that are scored; of a single number, its distance from history.
//! Three naive forecasts of a series know nothing but its first part: no change, the straight line through it, and Richardson's
//! equations fitted to it.

use spiral_kernel::maths::ln;

use crate::intervals::{half_width, moments};
use crate::table::Estimate;

/// Root mean square; NaN of nothing.
#[must_use]
pub fn root_mean_square(errors: &[f64]) -> f64 {
    let mut sum = 0.0;
    for error in errors {
        sum += error * error;
    }
    (sum / errors.len() as f64).sqrt()
}

/// Mean squared error of simulated means, and how much each history moves it: what a history gives is the change in the mean, to first
/// order, if it alone were all there is.
#[derive(Debug, Clone, PartialEq)]
pub struct SquaredError {
    /// The mean squared error.
    pub value: f64,
    /// By history; they add up to nothing.
    pub moved: Vec<f64>,
}

impl SquaredError {
    /// Of simulated values by history, NaN where a history has none, beside what history shows: one entry for each date.
    #[must_use]
    pub fn of(dates: &[(Vec<f64>, f64)]) -> Self {
        let all = dates.iter().map(|(values, _)| values.len()).max().unwrap_or(0);
        let mut error = Self { value: 0.0, moved: vec![0.0; all] };
        for (values, observed) in dates {
            let (n, sum) =
                values.iter().filter(|value| value.is_finite()).fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            let (centre, distance) = (sum / n, sum / n - observed);
            error.value += distance * distance / dates.len() as f64;
            let weight = 2.0 * distance / dates.len() as f64 * all as f64 / n;
            for (moved, value) in error.moved.iter_mut().zip(values).filter(|(_, value)| value.is_finite()) {
                *moved += weight * (value - centre);
            }
        }
        error
    }

    /// Adds another in shares of a square.
    pub fn add(&mut self, other: &Self, share: f64) {
        self.value += share * other.value;
        self.moved.resize(self.moved.len().max(other.moved.len()), 0.0);
        self.moved.iter_mut().zip(&other.moved).for_each(|(own, moved)| *own += share * moved);
    }

    /// Skill against a naive forecast with this mean squared error, `1 − √(own / naive)`.
    ///
    /// The interval is over histories: how well the skill of the simulated mean is known for the years that were. What years there
    /// might have been it does not say, since there is one history and its errors are alike from year to year.
    #[must_use]
    pub fn skill(&self, naive: f64) -> Estimate {
        self.seen_through(1.0 - (self.value / naive).sqrt(), 0.5 / (self.value * naive).sqrt())
    }

    /// The same of the squares themselves, `1 − own / naive`: Brier's skill.
    #[must_use]
    pub fn proportional_skill(&self, naive: f64) -> Estimate {
        self.seen_through(1.0 - self.value / naive, 1.0 / naive)
    }

    fn seen_through(&self, point: f64, slope: f64) -> Estimate {
        let (n, _, squares) = moments(self.moved.iter().copied());
        let half = slope * half_width(n, squares / (n as f64 * (n as f64 - 1.0)));
        Estimate::new(point, (point - half, point + half), n, "over histories, delta method, Student t")
    }
}

/// Skill of one number with its interval. The interval of the skill is that of the number, converted to skill: exact where the
/// number's is.
#[must_use]
pub fn number_skill(simulated: &Estimate, history: f64, naive: f64, logarithmic: bool) -> Estimate {
    const METHOD: &str = "interval of the number, converted to skill";
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
/// `k` and `α` are common to all, `g` is each state's own: with a `k` and an `α` for each state, ten years of data could not separate them.
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
        // Two histories, two dates: means 2 and 6 against 1 and 8, squared errors 1 and 4.
        let dates = [(vec![1.0, 3.0], 1.0), (vec![6.0, 6.0], 8.0)];
        let error = SquaredError::of(&dates);
        assert_eq!(error.value, 2.5);
        assert_eq!(error.moved, [-1.0, 1.0], "2·1/2·(x − 2) on the first date, nothing on the second");
        assert_eq!(error.skill(2.5).estimate, Some(0.0));
        assert_eq!(error.skill(10.0).estimate, Some(0.5));
        assert_eq!(error.skill(0.625).estimate, Some(-1.0));
        let perfect = SquaredError::of(&[(vec![1.0, 3.0], 2.0)]).skill(1.0);
        assert_eq!((perfect.estimate, perfect.lower), (Some(1.0), None), "at no error at all it has no slope");
        // One that is not at peace counts in no mean.
        let fewer = SquaredError::of(&[(vec![1.0, f64::NAN, 3.0], 1.0)]);
        assert_eq!((fewer.value, fewer.moved), (1.0, vec![-3.0, 0.0, 3.0]));
        let mut pooled = error.clone();
        pooled.add(&error, 3.0);
        assert_eq!((pooled.value, pooled.moved), (10.0, vec![-4.0, 4.0]));
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
