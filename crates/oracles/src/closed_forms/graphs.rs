//! O3: where an arms race on a graph turns from decay to growth, found in the simulator.

use spiral_model::setup::{ArmingRule, Horizon, Setup};

use super::Check;
use super::richardson::{Arms, frozen};

const DEPRECIATION: f64 = 0.2;
const CODES: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

/// Name, number of states, who borders whom, and the largest eigenvalue of the adjacency matrix.
type Graph = (&'static str, usize, fn(usize, usize) -> bool, f64);

const GRAPHS: [Graph; 6] = [
    ("complete graph of 3", 3, |_, _| true, 2.0),
    ("complete graph of 6", 6, |_, _| true, 5.0),
    ("complete graph of 10", 10, |_, _| true, 9.0),
    ("ring of 8", 8, |i, j| i.abs_diff(j) == 1 || i.abs_diff(j) == 7, 2.0),
    ("star with 5 leaves", 6, |i, j| i == 0 || j == 0, 2.236_067_977_499_79),
    ("three against three", 6, |i, j| (i < 3) != (j < 3), 3.0),
];

/// The world of a graph: force passes along its edges only.
fn world(states: usize, borders: fn(usize, usize) -> bool, sensitivity: f64) -> Setup {
    let horizon = Horizon { start: 0.0, end: 200.0, ticks_per_year: 1 };
    let mut setup = frozen(&CODES[..states], horizon, ArmingRule::Richardson, sensitivity, DEPRECIATION);
    for dyad in &mut setup.dyads {
        dyad.inputs.terrain = if borders(dyad.from, dyad.to) { 1.0 } else { 0.0 };
    }
    setup
}

/// Whether all arms together are more after 200 years than after 100: what the start had of other modes has died by then.
fn grows(setup: &Setup) -> bool {
    let arms = Arms::of(setup);
    let sum = |look: usize| arms.arms.get(look).map(|arms| arms.iter().sum::<f64>());
    // A history in which arms overflow ends before: it grew.
    sum(200).zip(sum(100)).is_none_or(|(late, early)| !late.is_finite() || late > early)
}

/// O3: `k_c = α / ρ(A)`, by bisection.
pub(crate) fn checks() -> Vec<Check> {
    let mut checks = Vec::new();
    for (name, states, borders, radius) in GRAPHS {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..34 {
            let middle = f64::midpoint(low, high);
            (low, high) = if grows(&world(states, borders, middle)) { (low, middle) } else { (middle, high) };
        }
        checks.push(Check {
            oracle: "O3",
            what: format!("sensitivity above which arms grow: {name}"),
            expected: DEPRECIATION / radius,
            found: f64::midpoint(low, high),
            tolerance: 1e-6,
        });
    }
    checks
}
