//! Numbers by design point instead of a row for each history: counts, exact sums, and how often values came in each step. Tallies of
//! two groups of histories merge to the tally of both, to the bit, in any order; so a study of any number of histories takes the same
//! room.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spiral_model::{Ended, Outcome};

use crate::exact_sum::ExactSum;
use crate::intervals::{Term, half_width, quantile_of, rate_of_sums, share};
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::table::Estimate;

/// Steps of a year in which dates are counted: one is 17 hours.
pub const STEPS_A_YEAR: f64 = 512.0;

/// Names of the statistics in a tally.
mod statistic {
    pub(super) const COUNT: &str = "count";
    pub(super) const TRUE: &str = "true";
    pub(super) const SUM: &str = "sum";
    pub(super) const SQUARES: &str = "squares";
    pub(super) const BELOW: &str = "below";
    pub(super) const BELOW_SQUARES: &str = "below_squares";
    pub(super) const PRODUCTS: &str = "products";
    pub(super) const STEP: &str = "step";
}

/// The outcome of the row that counts all histories of a point.
const HISTORIES: &str = "histories";
/// The outcome of the row that counts the histories of a point that failed.
const FAILURES: &str = "failures";

spiral_model::table_row! {
    /// One row of `tallies`: a number of an outcome over the histories of a point.
    #[derive(Debug, Clone, PartialEq)]
    pub struct TallyRow {
        /// Name of the outcome, or histories (all of them), or failures (those that failed numerically).
        outcome: String = String::new(), "";
        /// What is counted or added up, over the histories that have the outcome: count (their number), true (in how many it is true),
        /// sum and squares (of the values), below, below_squares and products (the same of the number below a ratio, and of both), step
        /// (how many values lie in a step).
        statistic: String = String::new(), "";
        /// Lower end of the step, in the unit of the outcome; empty for all other statistics.
        from: Option<f64> = None, "";
        /// The number, rounded to a double.
        value: f64 = 0.0, "";
        /// What rounding took from it: value and rest together are exact to 32 digits.
        rest: f64 = 0.0, "";
    }
}

/// The tally of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Tally {
    /// Of a share.
    Share { successes: u64, trials: u64 },
    /// Of a mean.
    Mean { count: u64, sum: ExactSum, squares: ExactSum },
    /// Of a ratio of sums.
    Ratio { count: u64, above: Moments, below: Moments, products: ExactSum },
    /// Of a median: how many values lie in each step, by the number of the step.
    Steps(BTreeMap<i64, u64>),
}

/// Sum and sum of squares.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Moments {
    sum: ExactSum,
    squares: ExactSum,
}

impl Moments {
    fn add(&mut self, number: f64) {
        self.sum.add(number);
        self.squares.add_product(number, number);
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }
}

/// What is known of the histories of a point that keeps no rows: a tally of every measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointTally {
    histories: u64,
    failures: u64,
    /// In the order of [`MEASURES`].
    tallies: Vec<Tally>,
}

impl Default for PointTally {
    fn default() -> Self {
        Self { histories: 0, failures: 0, tallies: MEASURES.iter().map(|measurement| Tally::of(measurement.kind)).collect() }
    }
}

/// Steps in one unit of what a median is of.
fn steps_a_unit(measurement: &Measurement) -> f64 {
    if measurement.unit == "year" { STEPS_A_YEAR } else { 1.0 }
}

impl Tally {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Share(_) | Kind::ShareOfWars(_) | Kind::Motive(_) => Self::Share { successes: 0, trials: 0 },
            Kind::Mean(..) => Self::Mean { count: 0, sum: ExactSum::default(), squares: ExactSum::default() },
            Kind::Rate(..) => {
                let (above, below, products) = Default::default();
                Self::Ratio { count: 0, above, below, products }
            }
            Kind::Median(_) => Self::Steps(BTreeMap::new()),
        }
    }

    /// Takes a history that did not fail.
    fn take(&mut self, measurement: &Measurement, outcome: &Outcome, window: Window) {
        let finite = |value: &f64| value.is_finite();
        match (self, measurement.kind) {
            (Self::Share { successes, trials }, kind) => {
                let is = if let Kind::Share(of) = kind { Some(of.is_true(outcome)) } else { of_war(kind, outcome) };
                *trials += u64::from(is.is_some());
                *successes += u64::from(is == Some(true));
            }
            (Self::Mean { count, sum, squares }, Kind::Mean(of, _)) => {
                if let Some(value) = of.number(outcome, window).filter(finite) {
                    *count += 1;
                    sum.add(value);
                    squares.add_product(value, value);
                }
            }
            (Self::Ratio { count, above, below, products }, kind @ Kind::Rate(..)) => {
                let Term { numerator, denominator } = kind.ratio(outcome, window);
                *count += 1;
                above.add(numerator);
                below.add(denominator);
                products.add_product(numerator, denominator);
            }
            (Self::Steps(steps), Kind::Median(of)) => {
                if let Some(value) = of.number(outcome, window).filter(finite) {
                    *steps.entry((value * steps_a_unit(measurement)).floor() as i64).or_default() += 1;
                }
            }
            // Each tally is made for the kind of its measure.
            _ => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Share { successes, trials }, Self::Share { successes: more, trials: of }) => {
                *successes += more;
                *trials += of;
            }
            (Self::Mean { count, sum, squares }, Self::Mean { count: more, sum: other, squares: other_squares }) => {
                *count += more;
                sum.merge(other);
                squares.merge(other_squares);
            }
            (Self::Ratio { count, above, below, products }, Self::Ratio { count: more, above: a, below: b, products: p }) => {
                *count += more;
                above.merge(a);
                below.merge(b);
                products.merge(p);
            }
            (Self::Steps(steps), Self::Steps(others)) => {
                for (step, count) in others {
                    *steps.entry(*step).or_default() += count;
                }
            }
            // Both are in the order of the measures.
            _ => {}
        }
    }

    fn rows(&self, measurement: &Measurement, rows: &mut Vec<TallyRow>) {
        let mut add = |statistic: &str, from: Option<f64>, (value, rest): (f64, f64)| {
            let (outcome, statistic) = (measurement.name.to_string(), statistic.to_string());
            rows.push(TallyRow { outcome, statistic, from, value, rest });
        };
        let whole = |count: u64| (count as f64, 0.0);
        match self {
            Self::Share { successes, trials } => {
                add(statistic::COUNT, None, whole(*trials));
                add(statistic::TRUE, None, whole(*successes));
            }
            Self::Mean { count, sum, squares } => {
                add(statistic::COUNT, None, whole(*count));
                add(statistic::SUM, None, sum.rounded());
                add(statistic::SQUARES, None, squares.rounded());
            }
            Self::Ratio { count, above, below, products } => {
                add(statistic::COUNT, None, whole(*count));
                add(statistic::SUM, None, above.sum.rounded());
                add(statistic::SQUARES, None, above.squares.rounded());
                add(statistic::BELOW, None, below.sum.rounded());
                add(statistic::BELOW_SQUARES, None, below.squares.rounded());
                add(statistic::PRODUCTS, None, products.rounded());
            }
            Self::Steps(steps) => {
                add(statistic::COUNT, None, whole(steps.values().sum()));
                for (step, count) in steps {
                    add(statistic::STEP, Some(*step as f64 / steps_a_unit(measurement)), whole(*count));
                }
            }
        }
    }
}

impl PointTally {
    /// The tally of these histories, in a world of these years.
    #[must_use]
    pub fn of(outcomes: &[Outcome], years: (f64, f64)) -> Self {
        let window = Window { start: years.0, length: years.1 - years.0 };
        let mut tally = Self::default();
        for outcome in outcomes {
            tally.histories += 1;
            if outcome.ended == Ended::Failure {
                tally.failures += 1;
                continue;
            }
            for (measurement, tally) in MEASURES.iter().zip(&mut tally.tallies) {
                tally.take(measurement, outcome, window);
            }
        }
        tally
    }

    /// Histories in it, those that failed included.
    #[must_use]
    pub fn histories(&self) -> u64 {
        self.histories
    }

    /// Adds the histories of another tally.
    pub fn merge(&mut self, other: &Self) {
        self.histories += other.histories;
        self.failures += other.failures;
        for (tally, other) in self.tallies.iter_mut().zip(&other.tallies) {
            tally.merge(other);
        }
    }

    /// The tally as rows of a table.
    #[must_use]
    pub fn rows(&self) -> Vec<TallyRow> {
        let count = |outcome: &str, value: u64| TallyRow {
            outcome: outcome.to_string(),
            statistic: statistic::COUNT.to_string(),
            from: None,
            value: value as f64,
            rest: 0.0,
        };
        let mut rows = vec![count(HISTORIES, self.histories), count(FAILURES, self.failures)];
        for (measurement, tally) in MEASURES.iter().zip(&self.tallies) {
            tally.rows(measurement, &mut rows);
        }
        rows
    }
}

/// Histories of a point and those of them that failed, from the rows of its tally.
#[must_use]
pub fn tallied_histories(rows: &[TallyRow]) -> (u64, u64) {
    let count = |outcome: &str| rows.iter().find(|row| row.outcome == outcome).map_or(0, |row| row.value as u64);
    (count(HISTORIES), count(FAILURES))
}

/// One measure of the histories of a point, by name, from the rows of its tally; `None` where there is no measure of that name. The
/// estimate is that of [`measure_estimate`](crate::measure_estimate) of the histories themselves, but for the last digits; a median of dates is known to the step
/// in which it lies.
#[must_use]
pub fn tally_estimate(name: &str, rows: &[TallyRow], years: (f64, f64)) -> Option<Estimate> {
    let measurement = MEASURES.iter().find(|measure| measure.name == name)?;
    let window = Window { start: years.0, length: years.1 - years.0 };
    let of = |statistic: &str| {
        let row = rows.iter().find(|row| row.outcome == name && row.statistic == statistic);
        row.map_or((f64::NAN, f64::NAN), |row| (row.value, row.rest))
    };
    let count = of(statistic::COUNT).0;
    Some(match measurement.kind {
        Kind::Share(_) | Kind::ShareOfWars(_) | Kind::Motive(_) => share(of(statistic::TRUE).0 as u64, count as u64),
        Kind::Mean(..) => mean_of_sums(count, of(statistic::SUM), of(statistic::SQUARES)).within(measurement.kind.range(window)),
        Kind::Rate(..) => {
            let (above, below) = (of(statistic::SUM).0, of(statistic::BELOW).0);
            let squares = [of(statistic::SQUARES), of(statistic::PRODUCTS), of(statistic::BELOW_SQUARES)];
            rate_of_sums(count as u64, above, below, residuals(above / below, squares))
        }
        Kind::Median(_) => median_of_steps(measurement, rows),
    })
}

/// The mean of `count` numbers, from their sum and the sum of their squares, with Student's interval.
fn mean_of_sums(count: f64, sum: (f64, f64), squares: (f64, f64)) -> Estimate {
    // n times the squares about the mean: n Σx² − (Σx)², without rounding.
    let mut about = ExactSum::default();
    about.add_product(count, squares.0);
    about.add_product(count, squares.1);
    about.add_product(-sum.0, sum.0);
    about.add_product(-2.0 * sum.0, sum.1);
    about.add_product(-sum.1, sum.1);
    let about = about.nearest().max(0.0) / count;
    let mean = sum.0 / count;
    let half = half_width(count as u64, about / (count * (count - 1.0)));
    Estimate::new(mean, (mean - half, mean + half), count as u64, "Student t")
}

/// Σ(x − R y)² from Σx², Σxy and Σy², which are given in this order.
fn residuals(ratio: f64, [above, products, below]: [(f64, f64); 3]) -> f64 {
    let mut sum = ExactSum::default();
    sum.add(above.0);
    sum.add(above.1);
    sum.add_product(-2.0 * ratio, products.0);
    sum.add_product(-2.0 * ratio, products.1);
    let square = ratio * ratio;
    for part in [square, ratio.mul_add(ratio, -square)] {
        sum.add_product(part, below.0);
        sum.add_product(part, below.1);
    }
    sum.nearest().max(0.0)
}

fn median_of_steps(measurement: &Measurement, rows: &[TallyRow]) -> Estimate {
    let steps: Vec<(f64, u64)> = rows
        .iter()
        .filter(|row| row.outcome == measurement.name && row.statistic == statistic::STEP)
        .filter_map(|row| Some((row.from?, row.value as u64)))
        .collect();
    let steps_a_unit = steps_a_unit(measurement);
    // Days are whole, and stand at the lower end of their step; a date lies anywhere in it.
    let middle = if steps_a_unit > 1.0 { 0.5 / steps_a_unit } else { 0.0 };
    let count: u64 = steps.iter().map(|step| step.1).sum();
    let at = |position: usize| {
        let mut up_to = 0;
        let found = steps.iter().find(|(_, count)| {
            up_to += count;
            up_to > position as u64
        });
        found.map_or(f64::NAN, |(from, _)| from + middle)
    };
    let found = quantile_of(count as usize, 0.5, at);
    if steps_a_unit > 1.0 {
        let method = format!("{}, in steps of 1/{steps_a_unit} {}", found.method, measurement.unit);
        return Estimate { method, ..found };
    }
    found
}

#[cfg(test)]
mod tests {
    use spiral_model::Motive;
    use spiral_model::table_row::TableRow;

    use super::*;
    use crate::measure_estimate;

    const YEARS: (f64, f64) = (1890.0, 1914.0);

    /// Histories of many kinds: with and without wars, some that failed.
    fn outcomes(number: u32) -> Vec<Outcome> {
        let one = |history: u32| {
            // A number between 0 and 1 that looks like chance.
            let chance = |salt: u32| {
                f64::from(history.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(977_413_321)) >> 8)
                    / f64::from(1 << 24)
            };
            let war = chance(1) < 0.6;
            Outcome {
                history,
                crises: (chance(2) * 7.0) as u32,
                great_power_crises: (chance(3) * 4.0) as u32,
                great_power_dyad_years: 3.0 + chance(4),
                first_war_date: war.then(|| 1890.0 + 24.0 * chance(5)),
                days_crisis_to_war: war.then(|| (chance(6) * 40.0).floor()),
                motive: war.then(|| if chance(7) < 0.5 { Motive::Preemption } else { Motive::Predation }),
                peak_burden: 0.03 + 0.1 * chance(8),
                arms_growth: chance(9) - 0.5,
                end_date: 1914.0,
                ended: if chance(10) < 0.02 { Ended::Failure } else { Ended::Horizon },
                ..Outcome::BLANK
            }
        };
        (0..number).map(one).collect()
    }

    #[test]
    fn estimates_are_those_of_the_rows() {
        let outcomes = outcomes(3000);
        let rows = PointTally::of(&outcomes, YEARS).rows();
        let failed = outcomes.iter().filter(|outcome| outcome.ended == Ended::Failure).count() as u64;
        assert!(failed > 0 && tallied_histories(&rows) == (3000, failed));
        for measurement in MEASURES {
            let expected = measure_estimate(measurement.name, &outcomes, YEARS).expect("a measure");
            let found = tally_estimate(measurement.name, &rows, YEARS).expect("a measure");
            assert_eq!(found.n, expected.n, "{}", measurement.name);
            let dated = measurement.unit == "year";
            let ends = |estimate: &Estimate| [estimate.estimate, estimate.lower, estimate.upper];
            for (found, expected) in ends(&found).into_iter().zip(ends(&expected)) {
                let close = match (found, expected) {
                    (Some(found), Some(expected)) => {
                        let tolerance = if dated { 0.5 / STEPS_A_YEAR + 1e-9 } else { 1e-11 * expected.abs().max(1.0) };
                        (found - expected).abs() <= tolerance
                    }
                    (None, None) => true,
                    _ => false,
                };
                assert!(close, "{}: {found:?} from the tally, {expected:?} from the rows", measurement.name);
            }
        }
    }

    #[test]
    fn tallies_merge_to_the_bit_in_any_order() {
        let outcomes = outcomes(1000);
        let whole = PointTally::of(&outcomes, YEARS).rows();
        let merged = |cuts: &[std::ops::Range<usize>]| {
            let mut all = PointTally::default();
            for cut in cuts {
                all.merge(&PointTally::of(&outcomes[cut.clone()], YEARS));
            }
            all.rows()
        };
        assert!(merged(&[0..1, 1..640, 640..1000]) == whole);
        assert!(merged(&[640..1000, 0..1, 1..640]) == whole);
    }

    #[test]
    fn a_mean_of_large_numbers_that_hardly_differ_keeps_its_interval() {
        let values = [1e9, 1e9 + 1e-6, 1e9 + 2e-6];
        let (mut sum, mut squares) = (ExactSum::default(), ExactSum::default());
        for value in values {
            sum.add(value);
            squares.add_product(value, value);
        }
        let found = mean_of_sums(3.0, sum.rounded(), squares.rounded());
        let expected = crate::intervals::mean(&values);
        let width = |estimate: &Estimate| estimate.upper.expect("an end") - estimate.lower.expect("an end");
        assert!((width(&found) - width(&expected)).abs() < 2e-7, "{found:?} {expected:?}");
        assert!(width(&found) > 4e-6);
    }

    #[test]
    fn every_median_has_steps_that_suit_its_unit() {
        for measurement in MEASURES.iter().filter(|measurement| matches!(measurement.kind, Kind::Median(_))) {
            assert!(["year", "days"].contains(&measurement.unit), "{}: no steps for {}", measurement.name, measurement.unit);
        }
    }

    #[test]
    fn nothing_gives_no_estimate() {
        let rows = PointTally::default().rows();
        for measurement in MEASURES {
            let found = tally_estimate(measurement.name, &rows, YEARS).expect("a measure");
            assert_eq!((found.estimate, found.n), (None, 0), "{}", measurement.name);
        }
        assert_eq!(tally_estimate("nothing", &rows, YEARS), None);
    }
}
