//! Logistic regression by Newton's method, with a weak penalty so that what never happens in a sample has a finite coefficient.
//!
//! ```text
//! maximise  Σ_r [y_r ln p_r + (1 − y_r) ln(1 − p_r)] − Σ_k>0 β_k² / (2 σ²),   p = 1 / (1 + e^(−x'β)),   σ = 10
//! ```
//! The constant comes first in every row and bears no penalty. With the few hundred events of a real study a penalty of σ = 10 moves no
//! digit that is shown; it acts where a value separates all events from all others.

use spiral_kernel::maths::{ln, logistic};

/// Standard deviation of the normal prior of every coefficient but the constant.
const PRIOR: f64 = 10.0;
/// Newton steps at most.
const STEPS: usize = 60;
/// A step whose largest change is below this is the last one.
const CLOSE: f64 = 1e-9;
/// No coefficient moves further in one step.
const LONGEST: f64 = 4.0;

/// Rows of the same length, one after the other, with what came.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rows {
    /// Values of a row.
    pub(crate) columns: usize,
    /// All values.
    pub(crate) values: Vec<f64>,
    /// What came, one for each row.
    pub(crate) came: Vec<bool>,
    /// Group of each row.
    pub(crate) group: Vec<usize>,
}

impl Rows {
    fn each(&self) -> impl Iterator<Item = (&[f64], bool, usize)> {
        let rows = self.values.chunks_exact(self.columns);
        rows.zip(self.came.iter().zip(&self.group)).map(|(row, (came, group))| (row, *came, *group))
    }
}

/// Gradient and information matrix (lower triangle, by row) of the log likelihood of one group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slope {
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: Vec<f64>,
}

impl Slope {
    fn new(columns: usize) -> Self {
        Self { gradient: vec![0.0; columns], information: vec![0.0; columns * (columns + 1) / 2] }
    }

    pub(crate) fn add(&mut self, other: &Self, times: f64) {
        for (own, other) in self.gradient.iter_mut().zip(&other.gradient) {
            *own += times * other;
        }
        for (own, other) in self.information.iter_mut().zip(&other.information) {
            *own += times * other;
        }
    }

    /// The penalty at some coefficients.
    fn penalise(&mut self, coefficients: &[f64]) {
        let weight = 1.0 / (PRIOR * PRIOR);
        for (position, coefficient) in coefficients.iter().enumerate().skip(1) {
            self.gradient[position] -= weight * coefficient;
            self.information[position * (position + 3) / 2] += weight;
        }
    }

    /// The Newton step; `None` where the matrix is not positive definite.
    fn step(&self) -> Option<Vec<f64>> {
        solve(&self.information, &self.gradient)
    }
}

/// Solves a symmetric positive definite system by Cholesky's decomposition; the matrix is its lower triangle, by row.
fn solve(matrix: &[f64], right: &[f64]) -> Option<Vec<f64>> {
    let n = right.len();
    let at = |row: usize, column: usize| row * (row + 1) / 2 + column;
    let mut lower = vec![0.0; matrix.len()];
    for row in 0..n {
        for column in 0..=row {
            let mut sum = matrix[at(row, column)];
            for k in 0..column {
                sum -= lower[at(row, k)] * lower[at(column, k)];
            }
            if row == column {
                if sum <= 1e-12 * matrix[at(row, row)].abs() || !sum.is_finite() {
                    return None;
                }
                lower[at(row, row)] = sum.sqrt();
            } else {
                lower[at(row, column)] = sum / lower[at(column, column)];
            }
        }
    }
    let mut solution = right.to_vec();
    for row in 0..n {
        for k in 0..row {
            solution[row] -= lower[at(row, k)] * solution[k];
        }
        solution[row] /= lower[at(row, row)];
    }
    for row in (0..n).rev() {
        for k in row + 1..n {
            solution[row] -= lower[at(k, row)] * solution[k];
        }
        solution[row] /= lower[at(row, row)];
    }
    Some(solution)
}

/// Chance that a row gives.
#[must_use]
pub(crate) fn chance(coefficients: &[f64], row: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (coefficient, value) in coefficients.iter().zip(row) {
        sum += coefficient * value;
    }
    logistic(sum)
}

/// Gradient and information by group at some coefficients, without the penalty; groups for which `skip` is true stay empty.
pub(crate) fn slopes(rows: &Rows, coefficients: &[f64], groups: usize, skip: &dyn Fn(usize) -> bool) -> Vec<Slope> {
    let mut slopes = vec![Slope::new(rows.columns); groups];
    for (row, came, group) in rows.each() {
        if skip(group) {
            continue;
        }
        let p = chance(coefficients, row);
        let (error, weight) = (f64::from(u8::from(came)) - p, p * (1.0 - p));
        let slope = &mut slopes[group];
        let mut position = 0;
        for (i, one) in row.iter().enumerate() {
            slope.gradient[i] += error * one;
            for other in &row[..=i] {
                slope.information[position] += weight * one * other;
                position += 1;
            }
        }
    }
    slopes
}

/// Coefficients fitted to the rows of all groups for which `skip` is false, from a first guess; `None` where these rows have no event, or
/// nothing but events, or do not tell the coefficients apart.
pub(crate) fn fit(rows: &Rows, from: Option<&[f64]>, groups: usize, skip: &dyn Fn(usize) -> bool) -> Option<Vec<f64>> {
    let (mut events, mut all) = (0_usize, 0_usize);
    for (_, came, group) in rows.each() {
        if !skip(group) {
            all += 1;
            events += usize::from(came);
        }
    }
    if events == 0 || events == all {
        return None;
    }
    let mut coefficients = from.map_or_else(
        || {
            let mut start = vec![0.0; rows.columns];
            start[0] = ln(events as f64 / (all - events) as f64);
            start
        },
        <[f64]>::to_vec,
    );
    for _ in 0..STEPS {
        let mut whole = Slope::new(rows.columns);
        for slope in slopes(rows, &coefficients, groups, skip) {
            whole.add(&slope, 1.0);
        }
        whole.penalise(&coefficients);
        let step = whole.step()?;
        let longest = step.iter().map(|change| change.abs()).fold(0.0, f64::max);
        let share = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        for (coefficient, change) in coefficients.iter_mut().zip(&step) {
            *coefficient += share * change;
        }
        if longest < CLOSE {
            return Some(coefficients);
        }
    }
    None
}

/// Where one Newton step leads from coefficients when groups count as often as `times` says: what a fit to a resampled sample gives, to
/// first order.
pub(crate) fn resampled(slopes: &[Slope], coefficients: &[f64], times: &[f64]) -> Option<Vec<f64>> {
    let mut whole = Slope::new(coefficients.len());
    for (slope, times) in slopes.iter().zip(times) {
        whole.add(slope, *times);
    }
    whole.penalise(coefficients);
    let step = whole.step()?;
    Some(coefficients.iter().zip(step).map(|(coefficient, change)| coefficient + change).collect())
}

/// Coefficients of a logit, each with its standard error clustered by group (the sandwich of the groups' gradients). `values` are rows of
/// `columns` values, the constant first. `None` as in [`fit`].
pub(crate) fn clustered_logit(columns: usize, values: Vec<f64>, came: Vec<bool>, group: Vec<usize>) -> Option<Vec<(f64, f64)>> {
    let groups = group.iter().max().map_or(0, |last| last + 1);
    let rows = Rows { columns, values, came, group };
    let coefficients = fit(&rows, None, groups, &|_| false)?;
    let slopes = slopes(&rows, &coefficients, groups, &|_| false);
    let mut whole = Slope::new(columns);
    for slope in &slopes {
        whole.add(slope, 1.0);
    }
    whole.penalise(&coefficients);
    let mut variances = vec![0.0; columns];
    for slope in &slopes {
        let own = solve(&whole.information, &slope.gradient)?;
        for (variance, part) in variances.iter_mut().zip(own) {
            *variance += part * part;
        }
    }
    let of_few = groups as f64 / (groups as f64 - 1.0);
    Some(coefficients.into_iter().zip(variances).map(|(value, variance)| (value, (variance * of_few).sqrt())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two by two tables: the coefficient of a logit is the logarithm of the odds ratio.
    #[test]
    fn a_table_of_four_cells_gives_the_odds_ratio() {
        let mut rows = Rows { columns: 2, ..Rows::default() };
        for (x, events, others) in [(0.0, 20, 180), (1.0, 60, 140)] {
            for position in 0..events + others {
                rows.values.extend([1.0, x]);
                rows.came.push(position < events);
                rows.group.push(position % 3);
            }
        }
        let found = fit(&rows, None, 3, &|_| false).expect("both outcomes in both cells");
        let (constant, odds) = (ln(20.0 / 180.0), ln((60.0 / 140.0) / (20.0 / 180.0)));
        // The penalty of σ = 10 moves the third digit after the point at most.
        assert!((found[0] - constant).abs() < 2e-3 && (found[1] - odds).abs() < 2e-3, "{found:?}, not {constant}, {odds}");
        assert!((chance(&found, &[1.0, 1.0]) - 0.3).abs() < 1e-3);
        let slopes = slopes(&rows, &found, 3, &|_| false);
        let same = resampled(&slopes, &found, &[1.0, 1.0, 1.0]).expect("a maximum");
        assert!(same.iter().zip(&found).all(|(one, other)| (one - other).abs() < 1e-9), "at the maximum no step is left");
        let twice = fit(&rows, Some(&found), 3, &|group| group == 1).expect("two thirds of the rows");
        let step = resampled(&slopes, &found, &[1.0, 0.0, 1.0]).expect("a step");
        assert!(step.iter().zip(&twice).all(|(one, other)| (one - other).abs() < 0.02), "{step:?}, {twice:?}");
    }

    #[test]
    fn what_never_happens_has_a_finite_coefficient() {
        let mut rows = Rows { columns: 2, ..Rows::default() };
        for (x, events, others) in [(0.0, 10, 90), (1.0, 0, 50)] {
            for position in 0..events + others {
                rows.values.extend([1.0, x]);
                rows.came.push(position < events);
                rows.group.push(0);
            }
        }
        let found = fit(&rows, None, 1, &|_| false).expect("the penalty holds it");
        assert!(found[1] < -3.0 && found[1].is_finite(), "{found:?}");
        rows.came.fill(false);
        assert_eq!(fit(&rows, None, 1, &|_| false), None, "nothing happened at all");
        rows.came.fill(true);
        assert_eq!(fit(&rows, None, 1, &|_| false), None);
    }
}
