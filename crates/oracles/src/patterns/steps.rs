//! Pattern 17: how much fear there is over the ranges of all judgements, and whether it grows without a step.

use spiral_analysis::Estimate;
use spiral_model::{Motive, Outcome};

use super::{Criterion, Finding, Picture, judgements};
use crate::ensembles::{outcomes, scenario, set_all_states, share_of};
use crate::worlds::set;

const SEED: u64 = 17;
const HISTORIES: u32 = 384;
/// Histories in the test of every day, which draws no judgements.
const FEW: u32 = 96;
/// Points of a curve.
const POINTS: usize = 11;
/// Largest part of the range of a curve that may lie between two neighbouring points of eleven. A straight line has a tenth; a logistic
/// curve that rises over a third of the axis has a third.
const STEP: f64 = 0.5;

/// The curves: what moves, from where to where.
const CURVES: [(&str, f64, f64); 3] =
    [("technology.first_strike", 1.0, 3.0), ("beliefs.suspicion", 0.02, 0.5), ("perceived_balance", 0.5, 1.5)];

fn curve(path: &str, low: f64, high: f64, histories: u32) -> Vec<(f64, Vec<Outcome>)> {
    let at = |place: usize| low + (high - low) * place as f64 / (POINTS - 1) as f64;
    let run = |value: f64| {
        let mut setup = scenario("pre-wwi", &[]).setup;
        if path.contains('.') {
            set(&mut setup, path, value);
        } else {
            set_all_states(&mut setup, path, value);
        }
        (value, outcomes(&setup, SEED, histories))
    };
    (0..POINTS).map(|place| run(at(place))).collect()
}

/// The largest change between neighbouring points, over the range of the whole curve; none where the curve hardly moves.
fn largest_step(values: &[f64]) -> Option<f64> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let largest = values.windows(2).map(|two| (two[1] - two[0]).abs()).fold(0.0, f64::max);
    (high - low > 0.1).then(|| largest / (high - low))
}

fn afraid(outcome: &Outcome) -> bool {
    outcome.motive == Some(Motive::Preemption)
}

pub(super) fn fear_without_a_cliff() -> Finding {
    measured(HISTORIES, judgements::of_fear())
}

pub(super) fn curves_of_fear() -> Finding {
    measured(FEW, (Vec::new(), "no judgement drawn".to_string()))
}

fn measured(histories: u32, (mut criteria, drawn): (Vec<Criterion>, String)) -> Finding {
    let mut lines = Vec::new();
    for (path, low, high) in CURVES {
        let points = curve(path, low, high, histories);
        let shares: Vec<(f64, Estimate)> = points.iter().map(|(value, seen)| (*value, share_of(seen, afraid))).collect();
        let values: Vec<f64> = shares.iter().filter_map(|(_, share)| share.estimate).collect();
        let step = largest_step(&values);
        let found = step.map_or_else(
            || Estimate::none(u64::from(histories), "the curve moves by less than .1"),
            |step| Estimate::new(step, (f64::NAN, f64::NAN), u64::from(histories), "from eleven shares, no interval"),
        );
        let what =
            format!("largest step of first wars from fear over {path} from {low} to {high}, as a share of the whole curve");
        criteria.push(Criterion::at_most(&what, found, STEP).target());
        if path == "technology.first_strike" {
            let (first, last) = (&points[0].1, &points[POINTS - 1].1);
            let more = super::differences(first, last, |outcome| f64::from(u8::from(afraid(outcome))));
            criteria.push(Criterion::beyond_chance(
                "first wars from fear, first-strike factor 3 minus 1",
                &more,
                1.0,
                super::CRITICAL,
            ));
        }
        lines.push((path, shares));
    }
    Finding {
        world: format!("pre-wwi and pre-wwii; {drawn}"),
        seed: SEED,
        histories,
        criteria,
        pictures: lines
            .into_iter()
            .map(|(path, points)| Picture::Lines {
                title: format!("First wars from fear by {path}"),
                x: path.to_string(),
                y: "histories whose first war begins from fear".to_string(),
                lines: vec![("pre-wwi".to_string(), points)],
            })
            .collect(),
        remark: "The steepest curve is that over the believed balance. Its points are .1 apart, and the share is .01, .19, \
                 .58, .73, .81, .86 and .91 from a balance of .9 to 1.5. The largest step is .39, from 1.0 to 1.1. The two \
                 shares have standard errors of .02 and .025, so the step is .43 of the whole curve, from .36 to .50. A cliff \
                 would be a curve that lies flat, rises between two points, and lies flat again. Here the neighbouring \
                 steps are .18 and .15. Between 1.0 and 1.1 attack becomes easier than defence in the eyes of all states at \
                 once. Points closer together were not simulated."
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_step_and_a_cliff_has() {
        let line: Vec<f64> = (0..11).map(|place| f64::from(place) / 10.0).collect();
        assert!((largest_step(&line).expect("a curve") - 0.1).abs() < 1e-12);
        assert_eq!(largest_step(&[0.0, 0.0, 1.0, 1.0]), Some(1.0));
        assert_eq!(largest_step(&[0.5, 0.55, 0.5]), None);
    }
}
