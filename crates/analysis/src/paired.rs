//! Differences between two scenarios whose histories share their draws: second less first, history by history.
//!
//! Where a measure exists in some histories only (days to a war), the difference is that of the two means or medians, each over
//! the histories that have it, and what is resampled is the pair. So a difference is always that of the two numbers shown.

use spiral_kernel::draws::{entity_number, philox4x32};

use crate::intervals::{BinomialTable, Mean, Sums, Term, order_statistic_ranks, point_quantile, wilson_ends};
use crate::outcomes::{Reader, Sample, Sorted};
use crate::table::Estimate;

/// Bootstrap replicates.
pub const REPLICATES: u32 = 2000;
/// Most pairs that are resampled; above it the intervals come from theory.
pub const MOST_RESAMPLED: usize = 10_000;
/// Fewest values in either scenario for an interval.
pub const FEWEST_VALUES: usize = 10;
/// Purpose of the draws that resample, far from those of the model.
const RESAMPLING_PURPOSE: u32 = 0xB007_0001;

const BOOTSTRAP: &str = "paired bootstrap, percentile, B = 2000";
const TOO_FEW: &str = "fewer than 10 values: no interval";

/// Which draws a bootstrap uses: those of a seed and a measure, so that no measure depends on which others are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    seed: u64,
    entity: u32,
}

impl Resampling {
    /// The resampling of a measure.
    #[must_use]
    pub fn new(seed: u64, measure: &str) -> Self {
        Self { seed, entity: entity_number(measure) }
    }

    /// Draws `n` positions below `n` with replacement: `⌊word·n/2³²⌋`, whose bias at 10,000 pairs is below 3·10⁻⁶ of a
    /// probability.
    pub(crate) fn positions(self, replicate: u32, n: usize, mut visit: impl FnMut(usize)) {
        let key = [self.seed as u32, (self.seed >> 32) as u32];
        let mut left = n;
        for block in 0..n.div_ceil(4) as u32 {
            let words = philox4x32([block, replicate, self.entity, RESAMPLING_PURPOSE], key);
            for word in &words[..left.min(4)] {
                visit(((u64::from(*word) * n as u64) >> 32) as usize);
            }
            left = left.saturating_sub(4);
        }
    }
}

/// Percentile interval of replicates; none if more than one in twenty does not exist.
pub(crate) fn percentile_ends(mut replicates: Vec<f64>) -> (f64, f64) {
    replicates.retain(|x| x.is_finite());
    if replicates.len() * 20 < REPLICATES as usize * 19 {
        return (f64::NAN, f64::NAN);
    }
    replicates.sort_unstable_by(f64::total_cmp);
    (point_quantile(&replicates, 0.025), point_quantile(&replicates, 0.975))
}

/// Difference of two ratios of sums over the same histories: of means over the histories that have a value, of rates.
///
/// Up to 10,000 pairs the interval is the percentile bootstrap over pairs; above, Student's t on the pairs' linearised
/// contributions (delta method), which for values present in every history is the t interval of the mean difference. Histories
/// with nothing in either scenario are left out. A sample without spread has an interval without width.
#[must_use]
pub fn ratio_difference(pairs: &[(Term, Term)], resampling: Resampling) -> Estimate {
    RatioDifference::new(resampling).over(pairs.iter().copied()).estimate()
}

/// [`ratio_difference`] of pairs that are read up to three times. None but those to be resampled are kept.
#[derive(Debug, Clone)]
pub(crate) struct RatioDifference {
    resampling: Resampling,
    reading: u8,
    n: u64,
    sums: [Sums; 2],
    /// Histories with a value on either side.
    present: [u64; 2],
    everywhere: bool,
    /// The first pairs, one more than are resampled at most.
    rows: Vec<[f64; 4]>,
    /// Of the differences of the two sides' contributions.
    mean: Mean,
}

impl Reader for RatioDifference {
    type Item = (Term, Term);

    fn take(&mut self, (a, b): (Term, Term)) {
        // As it stands, a denominator that is no number leaves the pair out too.
        let counts = a.denominator + b.denominator > 0.0;
        if !counts {
            return;
        }
        if self.reading > 0 {
            let [first, second] = self.sums;
            self.mean.take(second.contribution(self.n, b) - first.contribution(self.n, a));
            return;
        }
        self.n += 1;
        for (position, term) in [a, b].into_iter().enumerate() {
            self.sums[position].add(term);
            self.present[position] += u64::from(term.denominator > 0.0);
            self.everywhere &= term.denominator == 1.0;
        }
        if self.rows.len() <= MOST_RESAMPLED {
            self.rows.push([a.numerator, a.denominator, b.numerator, b.denominator]);
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        if self.reading == 1 { !self.is_short() && self.rows.len() > MOST_RESAMPLED } else { self.mean.again() }
    }
}

impl RatioDifference {
    pub(crate) fn new(resampling: Resampling) -> Self {
        Self {
            resampling,
            reading: 0,
            n: 0,
            sums: [Sums::default(); 2],
            present: [0; 2],
            everywhere: true,
            rows: Vec::new(),
            mean: Mean::default(),
        }
    }

    fn is_short(&self) -> bool {
        self.present[0].min(self.present[1]) < FEWEST_VALUES as u64
    }

    pub(crate) fn estimate(&self) -> Estimate {
        let difference = self.sums[1].ratio() - self.sums[0].ratio();
        if self.is_short() {
            return Estimate::new(difference, (f64::NAN, f64::NAN), self.n, TOO_FEW);
        }
        let rows = &self.rows;
        if rows.len() > MOST_RESAMPLED {
            let half = self.mean.half_width();
            let method = if self.everywhere { "paired, Student t" } else { "paired by history, delta method, Student t" };
            return Estimate::new(difference, (difference - half, difference + half), self.n, method);
        }
        let replicates = (0..REPLICATES).map(|replicate| {
            let mut sums = [0.0; 4];
            self.resampling.positions(replicate, rows.len(), |position| {
                for (sum, x) in sums.iter_mut().zip(rows[position]) {
                    *sum += x;
                }
            });
            sums[2] / sums[3] - sums[0] / sums[1]
        });
        Estimate::new(difference, percentile_ends(replicates.collect()), self.n, BOOTSTRAP)
    }
}

/// Difference of two medians over the same histories, each over the histories that have a value.
///
/// Up to 10,000 pairs the interval is the percentile bootstrap over pairs, which is conservative where values are few or whole
/// days. Above, the exact intervals of the two medians are squared and added with the correlation of the medians (Zou and
/// Donner 2008, Statistics in Medicine 27:1693, as Newcombe does for shares). Both keep their coverage for whole days,
/// where a t interval from the density at the median loses it.
#[must_use]
pub fn median_difference(pairs: &[(Option<f64>, Option<f64>)], resampling: Resampling) -> Estimate {
    MedianDifference::new(resampling).over(pairs.iter().copied()).estimate()
}

/// [`median_difference`] of pairs that are read up to twice. No pairs but those to be resampled are kept, and the values of
/// either side, sorted.
#[derive(Debug, Clone)]
pub(crate) struct MedianDifference {
    resampling: Resampling,
    reading: u8,
    n: u64,
    samples: [Sample; 2],
    /// The first pairs, one more than are resampled at most.
    pairs: Vec<(Option<f64>, Option<f64>)>,
    /// After the first reading.
    sorted: [Sorted; 2],
    medians: [f64; 2],
    /// Products of the signs about the medians: of both sides, of the first with itself, of the second with itself.
    signs: [i64; 3],
}

impl Reader for MedianDifference {
    type Item = (Option<f64>, Option<f64>);

    fn take(&mut self, (a, b): (Option<f64>, Option<f64>)) {
        let pair = [a, b].map(|x| x.filter(|x| x.is_finite()));
        if pair == [None, None] {
            return;
        }
        if self.reading > 0 {
            let sign = |side: usize| {
                let median = self.medians[side];
                pair[side].map_or(0, |x| i64::from(x > median) - i64::from(x < median))
            };
            let (a, b) = (sign(0), sign(1));
            let [both, first, second] = self.signs;
            self.signs = [both + a * b, first + a * a, second + b * b];
            return;
        }
        self.n += 1;
        for (sample, value) in self.samples.iter_mut().zip(pair) {
            if let Some(value) = value {
                sample.add(value);
            }
        }
        if self.pairs.len() <= MOST_RESAMPLED {
            self.pairs.push((pair[0], pair[1]));
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        if self.reading > 1 {
            return false;
        }
        self.sorted = std::mem::take(&mut self.samples).map(Sample::sorted);
        self.medians = [self.sorted[0].median(), self.sorted[1].median()];
        !self.is_short() && self.pairs.len() > MOST_RESAMPLED
    }
}

impl MedianDifference {
    pub(crate) fn new(resampling: Resampling) -> Self {
        let (samples, sorted) = Default::default();
        Self { resampling, reading: 0, n: 0, samples, pairs: Vec::new(), sorted, medians: [f64::NAN; 2], signs: [0; 3] }
    }

    fn is_short(&self) -> bool {
        self.sorted[0].len().min(self.sorted[1].len()) < FEWEST_VALUES
    }

    pub(crate) fn estimate(&self) -> Estimate {
        let [first, second] = &self.sorted;
        let difference = self.medians[1] - self.medians[0];
        if self.is_short() {
            return Estimate::new(difference, (f64::NAN, f64::NAN), self.n, TOO_FEW);
        }
        if self.pairs.len() > MOST_RESAMPLED {
            let [both, squares_a, squares_b] = self.signs;
            let product = squares_a as f64 * squares_b as f64;
            // Correlation of two sample medians: that of the signs of the values about them, zero where there is no value.
            let correlation = if squares_a * squares_b == 0 { 0.0 } else { both as f64 / product.sqrt() };
            let ((below_a, above_a), (below_b, above_b)) = (median_distances(first), median_distances(second));
            let ends = (
                difference - difference_of_errors(below_b, above_a, correlation),
                difference + difference_of_errors(above_b, below_a, correlation),
            );
            return Estimate::new(difference, ends, self.n, "order statistics, half-widths added as squares, paired");
        }
        let (first, second) = (Side::new(self.pairs.iter().map(|pair| pair.0)), Side::new(self.pairs.iter().map(|pair| pair.1)));
        let mut times_drawn = vec![0_u32; self.pairs.len()];
        let replicates = (0..REPLICATES).map(|replicate| {
            times_drawn.fill(0);
            self.resampling.positions(replicate, self.pairs.len(), |position| times_drawn[position] += 1);
            second.resampled_median(&times_drawn) - first.resampled_median(&times_drawn)
        });
        Estimate::new(difference, percentile_ends(replicates.collect()), self.n, BOOTSTRAP)
    }
}

/// How far the ends of the exact interval of the median lie below and above it.
fn median_distances(sorted: &Sorted) -> (f64, f64) {
    let value = |rank: Option<usize>| rank.map_or(f64::NAN, |rank| sorted.at(rank));
    let (lower, upper) = order_statistic_ranks(sorted.len(), 0.5);
    (sorted.median() - value(lower), value(upper) - sorted.median())
}

/// The values of one scenario, sorted, with the position of the pair that each belongs to.
struct Side {
    sorted: Vec<(f64, u32)>,
}

impl Side {
    fn new(values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut sorted: Vec<(f64, u32)> = (0_u32..).zip(values).filter_map(|(at, value)| Some((value?, at))).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self { sorted }
    }

    /// Median where each pair counts as often as it was drawn; NaN if none was.
    fn resampled_median(&self, times_drawn: &[u32]) -> f64 {
        let drawn: u32 = self.sorted.iter().map(|(_, at)| times_drawn[*at as usize]).sum();
        if drawn == 0 {
            return f64::NAN;
        }
        let (below, above) = ((drawn - 1) / 2, drawn / 2);
        let (mut passed, mut lower) = (0, f64::NAN);
        for (value, at) in &self.sorted {
            passed += times_drawn[*at as usize];
            if lower.is_nan() && passed > below {
                lower = *value;
            }
            if passed > above {
                return f64::midpoint(lower, *value);
            }
        }
        f64::NAN
    }
}

/// Length of the difference of two errors with a correlation: `sqrt(x² − 2ρxy + y²)`.
fn difference_of_errors(x: f64, y: f64, correlation: f64) -> f64 {
    (x * x - 2.0 * correlation * x * y + y * y).max(0.0).sqrt()
}

/// The fourfold table of an event in two scenarios, history by history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FourfoldTable {
    /// Histories with the event in both.
    pub both: u64,
    /// In the first only.
    pub first_only: u64,
    /// In the second only.
    pub second_only: u64,
    /// In neither.
    pub neither: u64,
}

impl FourfoldTable {
    /// Counts pairs of (first, second).
    #[must_use]
    pub fn count(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut table = Self::default();
        for (first, second) in pairs {
            table.add(first, second);
        }
        table
    }

    /// Counts one more pair.
    pub fn add(&mut self, first: bool, second: bool) {
        *match (first, second) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.first_only,
            (false, true) => &mut self.second_only,
            (false, false) => &mut self.neither,
        } += 1;
    }

    /// The second share less the first, with Newcombe's interval for pairs (Newcombe 1998, Statistics in Medicine 17:2635,
    /// method 10): Wilson's ends of both shares, squared and added with their correlation φ, which is corrected for
    /// continuity where it is positive.
    #[must_use]
    pub fn difference(&self) -> Estimate {
        let n = self.both + self.first_only + self.second_only + self.neither;
        let (first, second) = (self.both + self.first_only, self.both + self.second_only);
        let count = n as f64;
        let (p1, p2) = (first as f64 / count, second as f64 / count);
        let (l1, u1) = wilson_ends(first, n);
        let (l2, u2) = wilson_ends(second, n);
        let product = self.both as f64 * self.neither as f64 - self.first_only as f64 * self.second_only as f64;
        let corrected = if product > 0.0 { (product - count / 2.0).max(0.0) } else { product };
        let margins = first as f64 * (n - first) as f64 * second as f64 * (n - second) as f64;
        let phi = if margins > 0.0 { corrected / margins.sqrt() } else { 0.0 };
        let difference = (self.second_only as f64 - self.first_only as f64) / count;
        let ends =
            (difference - difference_of_errors(p2 - l2, u1 - p1, phi), difference + difference_of_errors(u2 - p2, p1 - l1, phi));
        Estimate::new(difference, ends, n, "Newcombe, paired (method 10)")
    }

    /// McNemar's exact p-value (two-sided binomial test of the discordant pairs); `None` where no pair is discordant.
    #[must_use]
    pub fn mcnemar_p(&self) -> Option<f64> {
        let discordant = self.first_only + self.second_only;
        let fewer = self.first_only.min(self.second_only);
        (discordant > 0).then(|| (2.0 * BinomialTable::new(discordant, 0.5).at_most(fewer)).min(1.0))
    }
}

/// The second share less the first where the two samples are not the same histories: Newcombe's hybrid score interval
/// (Newcombe 1998, Statistics in Medicine 17:873, method 10). Each is (successes, trials); `n` counts both samples.
#[must_use]
pub fn independent_share_difference(first: (u64, u64), second: (u64, u64)) -> Estimate {
    let share = |(successes, trials): (u64, u64)| successes as f64 / trials as f64;
    let (p1, p2) = (share(first), share(second));
    let (l1, u1) = wilson_ends(first.0, first.1);
    let (l2, u2) = wilson_ends(second.0, second.1);
    let difference = p2 - p1;
    let ends =
        (difference - difference_of_errors(p2 - l2, u1 - p1, 0.0), difference + difference_of_errors(u2 - p2, p1 - l1, 0.0));
    Estimate::new(difference, ends, first.1 + second.1, "Newcombe, independent shares")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_say_the_numbers_they_work_with() {
        assert!(BOOTSTRAP.ends_with(&format!("B = {REPLICATES}")), "{BOOTSTRAP}, {REPLICATES} replicates");
        assert!(TOO_FEW.starts_with(&format!("fewer than {FEWEST_VALUES} values")), "{TOO_FEW}, fewest {FEWEST_VALUES}");
    }
}
