//! Differences between two scenarios whose histories share their draws: second less first, history by history.
//!
//! Where a measure exists in some histories only (days to a war), the difference is that of the two means or medians, each over
//! the histories that have it, and what is resampled is the pair. So a difference is always that of the two numbers shown.

use spiral_kernel::draws::{entity_number, philox4x32};

use crate::intervals::{
    BinomialTable, Term, half_width, moments, order_statistic_ranks, point_quantile, ratio_variance, wilson_ends,
};
use crate::table::Estimate;

/// Bootstrap replicates.
pub const REPLICATES: u32 = 2000;
/// Most pairs that are resampled; above it the intervals come from theory.
pub const MOST_RESAMPLED: usize = 10_000;
/// Fewest values in either scenario for an interval.
pub const FEWEST_VALUES: usize = 10;
/// Purpose of the draws that resample, far from those of the model.
pub const RESAMPLING_PURPOSE: u32 = 0xB007_0001;

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
    let pairs: Vec<_> = pairs.iter().copied().filter(|(a, b)| a.denominator + b.denominator > 0.0).collect();
    let n = pairs.len();
    let (ratio_a, _, _) = ratio_variance(pairs.iter().map(|pair| pair.0));
    let (ratio_b, _, _) = ratio_variance(pairs.iter().map(|pair| pair.1));
    let difference = ratio_b - ratio_a;
    let present = |side: fn(&(Term, Term)) -> Term| pairs.iter().filter(|pair| side(pair).denominator > 0.0).count();
    let fewest = present(|pair| pair.0).min(present(|pair| pair.1));
    if fewest < FEWEST_VALUES {
        return Estimate::new(difference, (f64::NAN, f64::NAN), n as u64, TOO_FEW);
    }
    if n > MOST_RESAMPLED {
        let (first, second) = contributions(&pairs);
        let half = mean_half_width(first.iter().zip(&second).map(|(a, b)| b - a));
        let everywhere = pairs.iter().all(|(a, b)| a.denominator == 1.0 && b.denominator == 1.0);
        let method = if everywhere { "paired, Student t" } else { "paired by history, delta method, Student t" };
        return Estimate::new(difference, (difference - half, difference + half), n as u64, method);
    }
    let rows: Vec<[f64; 4]> = pairs.iter().map(|(a, b)| [a.numerator, a.denominator, b.numerator, b.denominator]).collect();
    let replicates = (0..REPLICATES).map(|replicate| {
        let mut sums = [0.0; 4];
        resampling.positions(replicate, n, |position| {
            for (sum, x) in sums.iter_mut().zip(rows[position]) {
                *sum += x;
            }
        });
        sums[2] / sums[3] - sums[0] / sums[1]
    });
    Estimate::new(difference, percentile_ends(replicates.collect()), n as u64, BOOTSTRAP)
}

/// What each history contributes to the error of the ratio on either side: `(x − R·y)/ȳ`.
pub(crate) fn contributions(pairs: &[(Term, Term)]) -> (Vec<f64>, Vec<f64>) {
    let side = |term: fn(&(Term, Term)) -> Term| {
        let (mut upper, mut lower) = (0.0, 0.0);
        for pair in pairs {
            upper += term(pair).numerator;
            lower += term(pair).denominator;
        }
        let (ratio, mean) = (upper / lower, lower / pairs.len() as f64);
        pairs.iter().map(|pair| (term(pair).numerator - ratio * term(pair).denominator) / mean).collect()
    };
    (side(|pair| pair.0), side(|pair| pair.1))
}

/// Half the width of Student's interval of a mean.
fn mean_half_width(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let (n, _, squares) = moments(values);
    half_width(n, squares / (n as f64 * (n as f64 - 1.0)))
}

/// Difference of two medians over the same histories, each over the histories that have a value.
///
/// Up to 10,000 pairs the interval is the percentile bootstrap over pairs, which is conservative where values are few or whole
/// days. Above, the exact intervals of the two medians are squared and added with the correlation of the medians (Zou and
/// Donner 2008, Statistics in Medicine 27:1693, as Newcombe does for shares). Both keep their coverage for whole days,
/// where a t interval from the density at the median loses it.
#[must_use]
pub fn median_difference(pairs: &[(Option<f64>, Option<f64>)], resampling: Resampling) -> Estimate {
    let finite = |x: Option<f64>| x.filter(|x| x.is_finite());
    let pairs: Vec<_> = pairs.iter().map(|&(a, b)| (finite(a), finite(b))).filter(|(a, b)| a.is_some() || b.is_some()).collect();
    let n = pairs.len();
    let first = Side::new(pairs.iter().map(|pair| pair.0));
    let second = Side::new(pairs.iter().map(|pair| pair.1));
    let difference = second.median() - first.median();
    if first.sorted.len().min(second.sorted.len()) < FEWEST_VALUES {
        return Estimate::new(difference, (f64::NAN, f64::NAN), n as u64, TOO_FEW);
    }
    if n > MOST_RESAMPLED {
        let correlation = median_correlation(&pairs, first.median(), second.median());
        let ((below_a, above_a), (below_b, above_b)) = (first.median_distances(), second.median_distances());
        let ends = (
            difference - difference_of_errors(below_b, above_a, correlation),
            difference + difference_of_errors(above_b, below_a, correlation),
        );
        return Estimate::new(difference, ends, n as u64, "order statistics squared and added, paired");
    }
    let mut times_drawn = vec![0_u32; n];
    let replicates = (0..REPLICATES).map(|replicate| {
        times_drawn.fill(0);
        resampling.positions(replicate, n, |position| times_drawn[position] += 1);
        second.resampled_median(&times_drawn) - first.resampled_median(&times_drawn)
    });
    Estimate::new(difference, percentile_ends(replicates.collect()), n as u64, BOOTSTRAP)
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

    fn median(&self) -> f64 {
        let n = self.sorted.len();
        if n == 0 { f64::NAN } else { f64::midpoint(self.sorted[(n - 1) / 2].0, self.sorted[n / 2].0) }
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

    /// How far the ends of the exact interval lie below and above the median.
    fn median_distances(&self) -> (f64, f64) {
        let value = |rank: Option<usize>| rank.map_or(f64::NAN, |rank| self.sorted[rank].0);
        let (lower, upper) = order_statistic_ranks(self.sorted.len(), 0.5);
        (self.median() - value(lower), value(upper) - self.median())
    }
}

/// Correlation of two sample medians: that of the signs of the values about them, zero where there is no value.
fn median_correlation(pairs: &[(Option<f64>, Option<f64>)], median_a: f64, median_b: f64) -> f64 {
    let sign = |value: Option<f64>, median: f64| value.map_or(0, |x| i64::from(x > median) - i64::from(x < median));
    let (mut both, mut squares_a, mut squares_b) = (0, 0, 0);
    for &(a, b) in pairs {
        let (a, b) = (sign(a, median_a), sign(b, median_b));
        both += a * b;
        squares_a += a * a;
        squares_b += b * b;
    }
    if squares_a * squares_b == 0 { 0.0 } else { both as f64 / (squares_a as f64 * squares_b as f64).sqrt() }
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
        for pair in pairs {
            *match pair {
                (true, true) => &mut table.both,
                (true, false) => &mut table.first_only,
                (false, true) => &mut table.second_only,
                (false, false) => &mut table.neither,
            } += 1;
        }
        table
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
