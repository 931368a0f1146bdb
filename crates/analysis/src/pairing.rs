//! What common random numbers are worth: by how much pairing the histories of two scenarios shrinks the variance of a difference.

use crate::intervals::{Sums, Term, half_width, moments};
use crate::outcomes::Reader;
use crate::table::Estimate;

/// Groups that the jackknife leaves out one after the other.
const GROUPS: usize = 20;
/// Fewest pairs for an interval.
const FEWEST_PAIRS: u64 = 10 * GROUPS as u64;
/// Fewest differences that carry the variance of the difference, for an interval: its square sum squared over the sum of fourth powers.
const FEWEST_CARRYING: f64 = 10.0;
const JACKKNIFE: &str = "jackknife of the logarithm, 20 groups, Student t";

/// Variance of the difference with independent histories over its variance with these pairs: how many times the histories
/// independent draws would need for the same precision. Above 1 pairing helps. No number where the pairs do not differ at all.
///
/// The interval is Student's, from a jackknife of the logarithm that leaves out a twentieth of the histories at a time.
#[must_use]
pub fn variance_reduction(pairs: &[(Term, Term)]) -> Estimate {
    VarianceReduction::default().over(pairs.iter().copied()).estimate()
}

/// [`variance_reduction`] of pairs that are read twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct VarianceReduction {
    reading: u8,
    n: u64,
    sums: [Sums; 2],
    /// Pairs read again so far.
    position: u64,
    /// Squares of the contributions of both sides, and of their differences, by group.
    groups: [(f64, f64); GROUPS],
    fourth_powers: f64,
}

impl Reader for VarianceReduction {
    type Item = (Term, Term);

    fn take(&mut self, (a, b): (Term, Term)) {
        match self.reading {
            0 => {
                self.n += 1;
                self.sums[0].add(a);
                self.sums[1].add(b);
            }
            1 => {
                let (a, b) = (self.sums[0].contribution(self.n, a), self.sums[1].contribution(self.n, b));
                let group = &mut self.groups[(self.position * GROUPS as u64 / self.n) as usize];
                self.position += 1;
                self.fourth_powers += (b - a) * (b - a) * (b - a) * (b - a);
                group.0 += a * a + b * b;
                group.1 += (b - a) * (b - a);
            }
            _ => {}
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        self.reading < 2
    }
}

impl VarianceReduction {
    pub(crate) fn estimate(&self) -> Estimate {
        let (independent, paired) = self.groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
        let n = self.n;
        if !(independent / paired).is_finite() {
            return Estimate::none(n, "no pair differs");
        }
        let without = self.groups.map(|group| libm::log((independent - group.0) / (paired - group.1)));
        let (_, _, squares) = moments(without.iter().copied());
        let count = GROUPS as f64;
        let half = half_width(GROUPS as u64, squares * (count - 1.0) / count);
        let factor = independent / paired;
        if n < FEWEST_PAIRS {
            return Estimate::new(factor, (f64::NAN, f64::NAN), n, "fewer than 200 pairs: no interval");
        }
        if paired * paired < FEWEST_CARRYING * self.fourth_powers {
            return Estimate::new(factor, (f64::NAN, f64::NAN), n, "too few pairs differ: no interval");
        }
        Estimate::new(factor, (factor * libm::exp(-half), factor * libm::exp(half)), n, JACKKNIFE)
    }
}
