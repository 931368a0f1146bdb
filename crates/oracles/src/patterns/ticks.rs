//! Pattern 18: the same world at 2, 4, 12 and 24 ticks a year.
//!
//! Draws are keyed by the tick, so histories of two ticks are independent samples. Null: two shares differ by no more than .05. A row
//! fails where the 99 % interval of a difference lies wholly outside ±.05.

use spiral_analysis::Estimate;
use spiral_model::{Outcome, Setup};
use spiral_scenario::{Overrides, load};

use super::{Criterion, Finding, Picture};
use crate::ensembles::{outcomes, share_of};

const SEED: u64 = 24;
/// Histories of each world and tick in the report, where fewer leave the question open.
const HISTORIES: u32 = 4000;
/// Histories of the first look of the report.
const FIRST_LOOK: u32 = 1000;
/// Histories in the test of every day.
const FEW: u32 = 200;
const TICKS: [u32; 4] = [2, 4, 12, 24];
const SCENARIOS: [&str; 5] = ["four-worlds", "pre-wwi", "pre-wwii", "two-states", "cold-war"];
/// Difference of two shares that does not matter.
const TOLERANCE: f64 = 0.05;
/// Two-sided 99 % point of the standard normal.
const CRITICAL_99: f64 = 2.575_829_303_548_9;

fn at(setup: &Setup, ticks: u32, histories: u32) -> Vec<Outcome> {
    let mut setup = setup.clone();
    setup.horizon.ticks_per_year = ticks;
    outcomes(&setup, SEED, histories)
}

/// Difference of two shares of independent samples with its 99 % interval. One history is added to each count, so that a share of 0 or
/// 1 has an error too (Agresti and Caffo 2000).
fn difference(one: [u64; 2], other: [u64; 2]) -> Estimate {
    let share = |[k, n]: [u64; 2]| ((k as f64 + 1.0) / (n as f64 + 2.0), n as f64 + 2.0);
    let ((p, n), (q, m)) = (share(one), share(other));
    let half = CRITICAL_99 * (p * (1.0 - p) / n + q * (1.0 - q) / m).sqrt();
    let plain = |[k, n]: [u64; 2]| k as f64 / n as f64;
    Estimate::new(plain(one) - plain(other), (p - q - half, p - q + half), one[1], "independent samples, 99 %, Agresti and Caffo")
}

/// Whether something is true of a history.
type Holds = fn(&Outcome) -> bool;

/// What is counted.
const OUTCOMES: [(&str, Holds); 2] =
    [("war", |outcome| outcome.first_war_date.is_some()), ("general war", |outcome| outcome.general_war_date.is_some())];

/// The differences of a share between all pairs of ticks: position of the one, of the other, difference.
fn differences(seen: &[Vec<Outcome>; TICKS.len()], holds: Holds) -> Vec<(usize, usize, Estimate)> {
    let counts = seen.each_ref().map(|seen| [seen.iter().filter(|outcome| holds(outcome)).count() as u64, seen.len() as u64]);
    let pairs = (0..TICKS.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    pairs.map(|(one, other)| (one, other, difference(counts[one], counts[other]))).collect()
}

/// Whether an interval lies wholly within the tolerance (`Some(true)`), wholly outside (`Some(false)`), or neither.
fn settled(found: &Estimate) -> Option<bool> {
    let (lower, upper) = found.lower.zip(found.upper)?;
    if lower > TOLERANCE || upper < -TOLERANCE {
        return Some(false);
    }
    (lower >= -TOLERANCE && upper <= TOLERANCE).then_some(true)
}

/// The worlds at every tick: `first` histories and, where they leave a difference open, `most`.
fn measured(first: u32, most: u32) -> Finding {
    let mut criteria = Vec::new();
    let mut lines = Vec::new();
    for name in SCENARIOS {
        for scenario in load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            let mut seen = TICKS.map(|ticks| at(&scenario.setup, ticks, first));
            let all = OUTCOMES.iter().flat_map(|(_, holds)| differences(&seen, *holds));
            let open = all.map(|(.., found)| found).any(|found| settled(&found).is_none());
            if open && most > first {
                seen = TICKS.map(|ticks| at(&scenario.setup, ticks, most));
            }
            for (what, holds) in OUTCOMES {
                let size = |found: &Estimate| found.estimate.map_or(f64::NAN, f64::abs);
                let worst = differences(&seen, holds).into_iter().max_by(|a, b| size(&a.2).total_cmp(&size(&b.2)));
                let Some((one, other, worst)) = worst else { continue };
                let agrees = settled(&worst) != Some(false);
                let what = format!(
                    "{what}, {}, {} minus {} ticks a year, the largest of six differences",
                    scenario.name, TICKS[one], TICKS[other]
                );
                criteria.push(Criterion::new(&what, worst, "99 % interval not wholly outside ±.05".to_string(), agrees));
            }
            let line =
                TICKS.iter().zip(&seen).map(|(ticks, seen)| (f64::from(*ticks), share_of(seen, |outcome| outcome.wars > 0)));
            lines.push((scenario.name.clone(), line.collect()));
        }
    }
    Finding {
        world: format!(
            "{} at 2, 4, 12 and 24 ticks a year; {first} histories where they settle the question",
            SCENARIOS.join(", ")
        ),
        seed: SEED,
        histories: most,
        criteria,
        pictures: vec![Picture::Lines {
            title: "War by the number of ticks in a year".to_string(),
            x: "ticks a year".to_string(),
            y: "histories with a war".to_string(),
            lines,
        }],
        remark: String::new(),
    }
}

pub(super) fn all_histories() -> Finding {
    measured(FIRST_LOOK, HISTORIES)
}

pub(super) fn few_histories() -> Finding {
    measured(FEW, FEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares .6 and .4 of a thousand: half width 2.5758 √(2 · .24/1000) = .0564.
    #[test]
    fn a_difference_and_its_interval() {
        let found = difference([600, 1000], [400, 1000]);
        let half = (found.upper.expect("an end") - found.lower.expect("an end")) / 2.0;
        assert!((found.estimate.expect("a difference") - 0.2).abs() < 1e-12 && (half - 0.0564).abs() < 2e-4, "{found:?}");
        assert_eq!(settled(&found), Some(false), "surely more than .05");
        assert_eq!(settled(&difference([500, 1000], [490, 1000])), None);
        assert_eq!(settled(&difference([5, 1000], [6, 1000])), Some(true));
        let none = difference([0, 1000], [0, 1000]);
        assert!(none.lower < Some(0.0) && none.upper > Some(0.0), "no war in either is not certain: {none:?}");
    }
}
