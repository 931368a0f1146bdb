//! Estimates of one sample with their 95 % intervals: shares, means, quantiles, rates.
//!
//! Quantiles of the normal, Student and chi-square distributions come from `statrs`, which uses the platform's logarithm wherever
//! another crate of the build turns on `num-traits/std`. They are therefore rounded to eleven digits, so that the last bits of a
//! platform do not show. Everything else is plain arithmetic with `sqrt` and portable `exp`.

use spiral_kernel::maths::exp;
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

use crate::outcomes::Reader;
use crate::table::Estimate;

/// Coverage of every interval.
pub const LEVEL: f64 = 0.95;
/// Probability below the lower end, and above the upper end.
const TAIL: f64 = (1.0 - LEVEL) / 2.0;

/// Eleven digits of a positive number, which hide the rounding of a platform's mathematics.
fn eleven_digits(x: f64) -> f64 {
    let (mut scale, mut size) = (1e11, 1.0);
    while size < x && scale > 1.0 {
        size *= 10.0;
        scale /= 10.0;
    }
    (x * scale).round() / scale
}

/// The standard normal quantile of 0.975, to eleven digits.
#[must_use]
pub fn normal_critical() -> f64 {
    eleven_digits(Normal::standard().inverse_cdf(1.0 - TAIL))
}

/// A quantile of the chi-square distribution, to eleven digits.
#[must_use]
pub fn chi_square(degrees_of_freedom: f64, probability: f64) -> f64 {
    ChiSquared::new(degrees_of_freedom).map_or(f64::NAN, |chi| eleven_digits(chi.inverse_cdf(probability)))
}

/// The quantile of 0.975 of Student's t, to eleven digits below 1000 degrees of freedom.
///
/// From 1000 degrees of freedom on it is the expansion in 1/ν about the normal quantile (Abramowitz and Stegun 1964, 26.7.5),
/// exact to twelve digits there, where the library's inversion of the incomplete beta function is slower and less exact.
#[must_use]
pub fn student_critical(degrees_of_freedom: f64) -> f64 {
    let z = normal_critical();
    if degrees_of_freedom >= 1000.0 {
        let (z3, z5) = (z * z * z, z * z * z * z * z);
        let z7 = z5 * z * z;
        let nu = degrees_of_freedom;
        return z
            + (z3 + z) / (4.0 * nu)
            + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * nu * nu)
            + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * nu * nu * nu);
    }
    StudentsT::new(0.0, 1.0, degrees_of_freedom).map_or(f64::NAN, |t| eleven_digits(t.inverse_cdf(1.0 - TAIL)))
}

/// Ends of Wilson's interval of a share (Wilson 1927), NaN without a trial.
#[must_use]
pub fn wilson_ends(successes: u64, trials: u64) -> (f64, f64) {
    let (k, n) = (successes as f64, trials as f64);
    let z2 = normal_critical() * normal_critical();
    let centre = (k + z2 / 2.0) / (n + z2);
    let half = (z2 * (k * (n - k) / n + z2 / 4.0)).sqrt() / (n + z2);
    // At the borders the ends are 0 and 1; rounding must not push them past.
    let lower = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let upper = if successes == trials { 1.0 } else { (centre + half).min(1.0) };
    if trials == 0 { (f64::NAN, f64::NAN) } else { (lower, upper) }
}

/// A share with Wilson's interval.
#[must_use]
pub fn share(successes: u64, trials: u64) -> Estimate {
    Estimate::new(successes as f64 / trials as f64, wilson_ends(successes, trials), trials, "Wilson")
}

/// Mean and sum of squared deviations, in the order of the slice (two passes).
#[must_use]
pub(crate) fn moments(values: impl Iterator<Item = f64> + Clone) -> (u64, f64, f64) {
    let (mut n, mut sum) = (0_u64, 0.0);
    for x in values.clone() {
        n += 1;
        sum += x;
    }
    let mean = sum / n as f64;
    let mut squares = 0.0;
    for x in values {
        squares += (x - mean) * (x - mean);
    }
    (n, mean, squares)
}

/// A mean with Student's interval. One value has no interval.
#[must_use]
pub fn mean(values: &[f64]) -> Estimate {
    Mean::default().over(values.iter().copied()).estimate()
}

/// A mean of values that are read twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mean {
    reading: u8,
    n: u64,
    sum: f64,
    squares: f64,
}

impl Reader for Mean {
    type Item = f64;

    fn take(&mut self, x: f64) {
        match self.reading {
            0 => {
                self.n += 1;
                self.sum += x;
            }
            1 => self.squares += (x - self.mean()) * (x - self.mean()),
            _ => {}
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        self.reading < 2
    }
}

impl Mean {
    fn mean(&self) -> f64 {
        self.sum / self.n as f64
    }

    /// The mean with Student's interval.
    pub(crate) fn estimate(&self) -> Estimate {
        let (n, mean) = (self.n, self.mean());
        let half = self.half_width();
        Estimate::new(mean, (mean - half, mean + half), n, "Student t")
    }

    /// Half the width of Student's interval.
    pub(crate) fn half_width(&self) -> f64 {
        half_width(self.n, self.squares / (self.n as f64 * (self.n as f64 - 1.0)))
    }
}

/// Half the width of Student's interval from a variance of the mean; NaN below two values.
pub(crate) fn half_width(n: u64, variance: f64) -> f64 {
    if n < 2 { f64::NAN } else { student_critical(n as f64 - 1.0) * variance.sqrt() }
}

/// A median with its exact interval; see [`quantile`].
#[must_use]
pub fn median(sorted: &[f64]) -> Estimate {
    quantile(sorted, 0.5)
}

/// A quantile of a sorted sample with the exact interval of two of its values: their ranks are the largest and smallest whose
/// binomial tails hold at most 2.5 %, so it covers at least 95 % whatever the distribution (David and Nagaraja 2003, "Order
/// Statistics", 7.1). An end that no value of the sample can hold (a median needs six values) is `None`.
///
/// The point is the linear interpolation of Hyndman and Fan (1996), type 7.
#[must_use]
pub fn quantile(sorted: &[f64], p: f64) -> Estimate {
    quantile_of(sorted.len(), p, |position| sorted[position])
}

/// [`quantile`] of `n` values; `at` gives the value at a position in their order.
pub(crate) fn quantile_of(n: usize, p: f64, at: impl Fn(usize) -> f64) -> Estimate {
    let (lower, upper) = order_statistic_ranks(n, p);
    let value = |rank: Option<usize>| rank.map_or(f64::NAN, &at);
    let ends = (value(lower), value(upper));
    Estimate::new(point_quantile_of(n, p, at), ends, n as u64, "order statistics, exact binomial")
}

/// A quantile of a sorted sample without an interval (type 7); NaN of nothing.
#[must_use]
pub fn point_quantile(sorted: &[f64], p: f64) -> f64 {
    point_quantile_of(sorted.len(), p, |position| sorted[position])
}

fn point_quantile_of(n: usize, p: f64, at: impl Fn(usize) -> f64) -> f64 {
    if n == 0 {
        return f64::NAN;
    }
    let position = p * (n - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(n - 1);
    // The neighbour of a value that is hit may be infinite.
    let part = position - below as f64;
    at(below) + if part > 0.0 { part * (at(above) - at(below)) } else { 0.0 }
}

/// Positions, from 0, of the order statistics that bound the `p` quantile of `n` values.
#[must_use]
pub fn order_statistic_ranks(n: usize, p: f64) -> (Option<usize>, Option<usize>) {
    let below = BinomialTable::new(n as u64, p);
    // P(x_(l) > quantile) = P(B ≤ l − 1) with l from 1: the largest l with at most 2.5 %.
    let (mut lower, mut tail) = (None, 0.0);
    for (k, probability) in below.rising() {
        tail += probability;
        if tail > TAIL {
            // l = k is the largest; position l − 1.
            lower = (k as usize).checked_sub(1);
            break;
        }
    }
    // P(x_(u) < quantile) = P(B ≥ u): the smallest u with at most 2.5 %.
    let (mut upper, mut tail) = (None, 0.0);
    for (k, probability) in below.falling() {
        tail += probability;
        if tail > TAIL {
            // u = k + 1 is the smallest; position u − 1.
            upper = Some(k as usize).filter(|position| *position < n);
            break;
        }
    }
    (lower, upper)
}

/// Probabilities of a binomial where they do not vanish in a double, built from the mode outwards by ratios: no logarithm, no
/// gamma function, exact to rounding for any `n`.
pub(crate) struct BinomialTable {
    first: u64,
    probabilities: Vec<f64>,
}

impl BinomialTable {
    pub(crate) fn new(n: u64, p: f64) -> Self {
        let odds = p / (1.0 - p);
        let mode = (((n + 1) as f64 * p) as u64).min(n);
        let mut low = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0 {
            weight *= k as f64 / ((n - k + 1) as f64 * odds);
            k -= 1;
            if weight == 0.0 {
                k += 1;
                break;
            }
            low.push(weight);
        }
        let first = k;
        let mut probabilities: Vec<f64> = low.into_iter().rev().collect();
        probabilities.push(1.0);
        let (mut k, mut weight) = (mode, 1.0);
        while k < n {
            weight *= (n - k) as f64 * odds / (k + 1) as f64;
            k += 1;
            if weight == 0.0 {
                break;
            }
            probabilities.push(weight);
        }
        let total: f64 = probabilities.iter().sum();
        for probability in &mut probabilities {
            *probability /= total;
        }
        Self { first, probabilities }
    }

    /// Values with their probabilities, from the lowest.
    fn rising(&self) -> impl Iterator<Item = (u64, f64)> {
        (self.first..).zip(self.probabilities.iter().copied())
    }

    /// Values with their probabilities, from the highest.
    fn falling(&self) -> impl Iterator<Item = (u64, f64)> {
        let last = self.first + self.probabilities.len() as u64 - 1;
        self.probabilities.iter().copied().rev().enumerate().map(move |(back, probability)| (last - back as u64, probability))
    }

    /// P(B ≤ k).
    pub(crate) fn at_most(&self, k: u64) -> f64 {
        self.rising().take_while(|(value, _)| *value <= k).map(|(_, probability)| probability).sum()
    }
}

/// A Poisson rate with Garwood's exact interval (Garwood 1936): chi-square quantiles of twice the count.
///
/// For events that come singly and independently. Crises beget crises within a history, so counts over histories are wider
/// than Poisson: use [`rate`] for them.
#[must_use]
pub fn poisson_rate(events: u64, exposure: f64) -> Estimate {
    let twice = 2.0 * events as f64;
    let lower = if events == 0 { 0.0 } else { chi_square(twice, TAIL) / 2.0 };
    let upper = chi_square(twice + 2.0, 1.0 - TAIL) / 2.0;
    let ends = if exposure > 0.0 { (lower / exposure, upper / exposure) } else { (f64::NAN, f64::NAN) };
    Estimate::new(events as f64 / exposure, ends, events, "Poisson, exact (Garwood)")
}

/// What a history adds to a ratio of sums: to a rate (events over exposure) or to a mean over the histories that have a value
/// (value over 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// Part of the upper sum.
    pub numerator: f64,
    /// Part of the lower sum.
    pub denominator: f64,
}

impl Term {
    /// A history that has no value.
    pub const ABSENT: Self = Self { numerator: 0.0, denominator: 0.0 };

    /// A history with a value, or without one (`None` or not finite).
    #[must_use]
    pub fn of(value: Option<f64>) -> Self {
        value.filter(|x| x.is_finite()).map_or(Self::ABSENT, |x| Self { numerator: x, denominator: 1.0 })
    }
}

/// A ratio of sums over histories, such as crises per dyad-year, or wars per history.
///
/// Histories are independent, what happens within one is not: the variance is that of the histories' linearised
/// contributions `x − R·y` (delta method), on the logarithm of the ratio so that no end is negative. `exp(ln R ± t·se/R)`,
/// Student's t with n − 1 degrees. Counts must not be negative. Without a single event over-dispersion cannot be seen, and
/// the interval is Garwood's, `[0, 3.69/exposure]`.
#[must_use]
pub fn rate(terms: &[Term]) -> Estimate {
    Ratio::default().over(terms.iter().copied()).rate()
}

/// A [`rate`] from its sums over `n` histories, and from the sum of the squares `(x − R·y)²`.
pub(crate) fn rate_of_sums(n: u64, upper: f64, lower: f64, squares: f64) -> Estimate {
    Ratio { reading: 2, n, sums: Sums { upper, lower }, squares }.rate()
}

/// A mean over values that come in independent groups: `numerator` is the sum of a group's values, `denominator` their number. Student's
/// interval with the variance of the groups' linearised contributions (delta method); with one value a group it is that of [`mean`].
#[must_use]
pub fn mean_of_groups(groups: &[Term]) -> Estimate {
    let found = Ratio::default().over(groups.iter().copied());
    let (mean, half) = (found.sums.ratio(), half_width(found.n, found.variance()));
    Estimate::new(mean, (mean - half, mean + half), found.n, "Student t over groups, delta method")
}

/// One [`rate`] over another of the same histories, in their order: `R_a / R_b`. What the two share is in the variance, which is
/// that of the histories' parts in `ln R_a − ln R_b` (delta method); two independent samples of one size may be set side by side
/// too. `exp(ln R ± t·se)`, Student's t with n − 1 degrees; no interval where either rate is 0.
#[must_use]
pub fn rate_ratio(a: &[Term], b: &[Term]) -> Estimate {
    let n = a.len().min(b.len());
    let [first, second] = [a, b].map(|terms| {
        let mut sums = Sums::default();
        for term in terms {
            sums.add(*term);
        }
        sums
    });
    let part = |sums: &Sums, term: &Term| sums.contribution(n as u64, *term) / sums.ratio();
    let parts = a.iter().zip(b).map(|(a, b)| part(&first, a) - part(&second, b));
    let ratio = first.ratio() / second.ratio();
    let factor = exp(Mean::default().over(parts).half_width());
    let ends = if factor.is_finite() { (ratio / factor, ratio * factor) } else { (f64::NAN, f64::NAN) };
    Estimate::new(ratio, ends, n as u64, "ratio of two rates by history, delta method on the logarithm")
}

/// A ratio of sums of terms that are read twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ratio {
    reading: u8,
    n: u64,
    sums: Sums,
    squares: f64,
}

impl Reader for Ratio {
    type Item = Term;

    fn take(&mut self, term: Term) {
        match self.reading {
            0 => {
                self.n += 1;
                self.sums.add(term);
            }
            1 => {
                let residual = term.numerator - self.sums.ratio() * term.denominator;
                self.squares += residual * residual;
            }
            _ => {}
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        self.reading < 2
    }
}

impl Ratio {
    /// The ratio with its interval; see [`rate`].
    pub(crate) fn rate(&self) -> Estimate {
        const METHOD: &str = "ratio of sums by history, delta method on the logarithm";
        let (ratio, n) = (self.sums.ratio(), self.n);
        if ratio == 0.0 {
            return Estimate { n, ..poisson_rate(0, self.sums.lower) };
        }
        let factor = exp(half_width(n, self.variance()) / ratio);
        Estimate::new(ratio, (ratio / factor, ratio * factor), n, METHOD)
    }

    /// Variance of the ratio by the delta method.
    fn variance(&self) -> f64 {
        let count = self.n as f64;
        self.squares * count / ((count - 1.0) * self.sums.lower * self.sums.lower)
    }
}

/// Sums of terms.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    upper: f64,
    lower: f64,
}

impl Sums {
    pub(crate) fn add(&mut self, term: Term) {
        self.upper += term.numerator;
        self.lower += term.denominator;
    }

    pub(crate) fn ratio(&self) -> f64 {
        self.upper / self.lower
    }

    /// What one of `n` terms contributes to the error of the ratio: `(x − R·y)/ȳ`.
    pub(crate) fn contribution(&self, n: u64, term: Term) -> f64 {
        (term.numerator - self.ratio() * term.denominator) / (self.lower / n as f64)
    }
}
