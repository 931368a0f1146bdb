//! What common random numbers are worth: by how much pairing the histories of two scenarios shrinks the variance of a difference.

use spiral_model::Outcome;

use crate::intervals::{Term, half_width, moments};
use crate::measures::{Kind, MEASURES, Window};
use crate::paired::contributions;
use crate::table::{Estimate, Measure};

/// Groups that the jackknife leaves out one after the other.
const GROUPS: usize = 20;
/// Fewest pairs for an interval.
const FEWEST_PAIRS: usize = 10 * GROUPS;
/// Fewest differences that carry the variance of the difference, for an interval: its square sum squared over the sum of fourth powers.
const FEWEST_CARRYING: f64 = 10.0;
const JACKKNIFE: &str = "jackknife of the logarithm, 20 groups, Student t";

/// Variance of the difference with independent histories over its variance with these pairs: how many times the histories
/// independent draws would need for the same precision. Above 1 pairing helps. No number where the pairs do not differ at all.
///
/// The interval is Student's, from a jackknife of the logarithm that leaves out a twentieth of the histories at a time.
#[must_use]
pub fn variance_reduction(pairs: &[(Term, Term)]) -> Estimate {
    let (first, second) = contributions(pairs);
    let mut groups = [(0.0, 0.0); GROUPS];
    let mut fourth_powers = 0.0;
    for (position, (a, b)) in first.iter().zip(&second).enumerate() {
        let group = &mut groups[position * GROUPS / pairs.len()];
        fourth_powers += (b - a) * (b - a) * (b - a) * (b - a);
        group.0 += a * a + b * b;
        group.1 += (b - a) * (b - a);
    }
    let (independent, paired) = groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
    let n = pairs.len() as u64;
    if !(independent / paired).is_finite() {
        return Estimate::none(n, "no pair differs");
    }
    let without = groups.map(|group| libm::log((independent - group.0) / (paired - group.1)));
    let (_, _, squares) = moments(without.iter().copied());
    let count = GROUPS as f64;
    let half = half_width(GROUPS as u64, squares * (count - 1.0) / count);
    let factor = independent / paired;
    if pairs.len() < FEWEST_PAIRS {
        return Estimate::new(factor, (f64::NAN, f64::NAN), n, "fewer than 200 pairs: no interval");
    }
    if paired * paired < FEWEST_CARRYING * fourth_powers {
        return Estimate::new(factor, (f64::NAN, f64::NAN), n, "too few pairs differ: no interval");
    }
    Estimate::new(factor, (factor * libm::exp(-half), factor * libm::exp(half)), n, JACKKNIFE)
}

/// [`variance_reduction`] of every measure whose difference is paired by history: shares, means and rates. Measures that
/// do not differ in any history, or exist in none, are left out.
#[must_use]
pub(crate) fn pairing(pairs: &[(&Outcome, &Outcome)], a: Window, b: Window) -> Vec<Measure> {
    let found = MEASURES.iter().filter_map(|measurement| {
        let terms: Vec<(Term, Term)> = match measurement.kind {
            Kind::Share(of) => {
                let term = |outcome: &Outcome| Term { numerator: f64::from(u8::from(of(outcome))), denominator: 1.0 };
                pairs.iter().map(|(x, y)| (term(x), term(y))).collect()
            }
            Kind::Mean(of) => pairs.iter().map(|(x, y)| (Term::of(of(x, a)), Term::of(of(y, b)))).collect(),
            Kind::Rate(of) => pairs.iter().map(|(x, y)| (of(x), of(y))).collect(),
            // Differences of these are not paired, or follow no sum over histories.
            Kind::ShareOfWars(_) | Kind::Motive(_) | Kind::Median(_) => return None,
        };
        let estimate = variance_reduction(&terms);
        estimate.estimate?;
        let (name, label) = (measurement.name.to_string(), measurement.label.to_string());
        Some(Measure { name, label, unit: "factor".to_string(), estimate })
    });
    found.collect()
}
