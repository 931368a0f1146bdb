//! The simulator against Richardson's equations, solved by hand.

use spiral_kernel::maths::exp;
use spiral_model::mechanisms::REGISTRY;
use spiral_model::mechanisms::arming::linear_step;
use spiral_model::setup::{ArmingRule, Horizon, Setup};
use spiral_model::{Observer, Simulation, Snapshot};
use spiral_scenario::{Overrides, load};

use super::Check;

/// Exact but for the rounding of a few hundred steps.
const EXACT: f64 = 1e-12;

/// Arms of every state at every date that a history shows.
#[derive(Debug, Default)]
pub(crate) struct Arms {
    /// Decimal years, the start first.
    pub(crate) dates: Vec<f64>,
    /// `arms[look][state]`, billion int$.
    pub(crate) arms: Vec<Vec<f64>>,
}

impl Arms {
    /// Arms of history 0.
    pub(crate) fn of(setup: &Setup) -> Self {
        let mut arms = Self::default();
        let _ = Simulation::<1>::new(setup).run(1, 0, false, &mut arms);
        arms
    }

    /// Arms of a state at a date; NaN where the history does not show it.
    fn at(&self, date: f64, state: usize) -> f64 {
        let look = self.dates.iter().position(|shown| (shown - date).abs() < 1e-9);
        look.and_then(|look| self.arms[look].get(state).copied()).unwrap_or(f64::NAN)
    }

    pub(crate) fn last(&self, state: usize) -> f64 {
        self.arms.last().and_then(|arms| arms.get(state).copied()).unwrap_or(f64::NAN)
    }

    fn look(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.dates.push(snapshot.date);
        self.arms.push(snapshot.states.iter().map(|metrics| metrics[0][0]).collect());
    }
}

impl Observer<1> for Arms {
    fn begin(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.look(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.look(snapshot);
    }
}

/// A world in which nothing but arming acts, so that every factor of `k_ij` but `k` and the reach is 1: N-nation Richardson.
pub(crate) fn frozen(codes: &[&str], horizon: Horizon, rule: ArmingRule, k: f64, depreciation: f64) -> Setup {
    let mut setup = Setup::complete("frozen", horizon, codes);
    let acting = ["geography", "technology", "threat", "arming", "contest", "game"];
    setup.without = REGISTRY.iter().map(|entry| entry.name.to_string()).filter(|name| !acting.contains(&name.as_str())).collect();
    setup.arming_rule = rule;
    setup.parameters.arming.sensitivity = k;
    setup.parameters.arming.depreciation = depreciation;
    setup.parameters.beliefs.suspicion = 1.0;
    setup.parameters.technology.reference_balance = 1.0;
    setup.parameters.technology.distinguishability = 0.0;
    setup.parameters.geography.floor = 1.0;
    for state in &mut setup.states {
        state.inputs.perceived_balance = 1.0;
        state.inputs.habitual_burden = 0.0;
        state.inputs.arms = 1.0;
    }
    setup
}

fn years(end: f64, ticks_per_year: u32) -> Horizon {
    Horizon { start: 0.0, end, ticks_per_year }
}

pub(crate) fn checks() -> Vec<Check> {
    [blocs_of_1909(), symmetric(), euler(), asymmetric(), saturation()].concat()
}

/// O1: the blocs of 1909. The sum leaves 194 as `5.2 e^{.7t}`, the difference dies as `31.4 e^{−1.1t}`.
fn blocs_of_1909() -> Vec<Check> {
    let scenario = load("richardson-1909", &Overrides::default()).ok().and_then(|found| found.into_iter().next());
    let arms = scenario.as_ref().map(|scenario| Arms::of(&scenario.setup));
    let found = |code: &str, date: f64| {
        let state = scenario.as_ref().and_then(|scenario| scenario.setup.state(code));
        arms.as_ref().zip(state).map_or(f64::NAN, |(arms, state)| arms.at(date, state))
    };
    let mut checks = Vec::new();
    for year in 1..=4 {
        let t = f64::from(year);
        let (sum, difference) = (194.0 + 5.2 * exp(0.7 * t), 31.4 * exp(-1.1 * t));
        for (code, sign) in [("ENT", 1.0), ("CEN", -1.0)] {
            checks.push(Check {
                oracle: "O1",
                what: format!("richardson-1909: arms of {code} in {}", 1909 + year),
                expected: 0.5 * (sum + sign * difference),
                found: found(code, 1909.0 + t),
                tolerance: EXACT,
            });
        }
    }
    checks
}

/// The world of O2: `a = b = .5, k = l = .3, g = h = 1, x0 = (1, 4)`, five years.
fn pair(rule: ArmingRule, ticks_per_year: u32) -> Setup {
    let mut setup = frozen(&["A", "B"], years(5.0, ticks_per_year), rule, 0.3, 0.5);
    for (state, arms) in setup.states.iter_mut().zip([1.0, 4.0]) {
        state.inputs.arms = arms;
        state.inputs.grievance = 1.0;
    }
    setup
}

/// O2: `x(5)` of the stable pair: the sum goes to 10 as `e^{−.2t}`, the difference to 0 as `e^{−.8t}`.
fn symmetric_at_five() -> [f64; 2] {
    let (sum, difference) = (10.0 - 5.0 * exp(-1.0), -3.0 * exp(-4.0));
    [0.5 * (sum + difference), 0.5 * (sum - difference)]
}

fn symmetric() -> Vec<Check> {
    let arms = Arms::of(&pair(ArmingRule::Richardson, 4));
    let expected = symmetric_at_five();
    (0..2)
        .map(|state| Check {
            oracle: "O2",
            what: format!("stable pair: arms of state {state} after 5 years"),
            expected: expected[state],
            found: arms.last(state),
            tolerance: EXACT,
        })
        .collect()
}

/// O2: Euler steps of a month give known numbers, and the error halves with the step.
fn euler() -> Vec<Check> {
    let monthly = Arms::of(&pair(ArmingRule::RichardsonEuler, 12));
    // 60 steps of 1/12: the same sums with (1 − .2/12)⁶⁰ and (1 − .8/12)⁶⁰ for the exponentials.
    let power = |rate: f64| (0..60).fold(1.0, |product: f64, _| product * (1.0 - rate / 12.0));
    let (sum, difference) = (10.0 - 5.0 * power(0.2), -3.0 * power(0.8));
    let mut checks: Vec<Check> = [0.5 * (sum + difference), 0.5 * (sum - difference)]
        .into_iter()
        .enumerate()
        .map(|(state, expected)| Check {
            oracle: "O2",
            what: format!("stable pair by Euler steps of a month: arms of state {state}"),
            expected,
            found: monthly.last(state),
            tolerance: EXACT,
        })
        .collect();
    let error = |ticks: u32| (Arms::of(&pair(ArmingRule::RichardsonEuler, ticks)).last(0) - symmetric_at_five()[0]).abs();
    checks.push(Check {
        oracle: "O2",
        what: "order 1: Euler error at 64 steps a year divided by the error at 128".to_string(),
        expected: 2.0,
        found: error(64) / error(128),
        tolerance: 0.02,
    });
    checks
}

/// O2: the asymmetric pair has two rates of wear, which states of one world share; so its step is checked, not its simulation.
fn asymmetric() -> Vec<Check> {
    // x' = −.4 x + .2 y + 1, y' = .25 x − .3 y + .5 from (2, 1), ten years in quarters.
    let step = linear_step(&[vec![-0.4, 0.2], vec![0.25, -0.3]], &[1.0, 0.5], 0.25, true);
    let mut arms = [2.0, 1.0];
    for _ in 0..40 {
        arms = [0, 1].map(|i| step[i][0] * arms[0] + step[i][1] * arms[1] + step[i][2]);
    }
    // Closed form: equilibrium (40/7, 45/7), eigenvalues −.35 ∓ √.0525, and the weights that meet the start.
    let root = 0.052_5_f64.sqrt();
    let (slow, fast) = (-0.35 + root, -0.35 - root);
    let equilibrium = [40.0 / 7.0, 45.0 / 7.0];
    // Eigenvector of λ: (.2, λ + .4).
    let away = [2.0 - equilibrium[0], 1.0 - equilibrium[1]];
    let weight = |own: f64, other: f64| (away[1] - away[0] / 0.2 * (other + 0.4)) / (own - other);
    let (a, b) = (weight(slow, fast) * exp(10.0 * slow), weight(fast, slow) * exp(10.0 * fast));
    let expected = [equilibrium[0] + 0.2 * (a + b), equilibrium[1] + a * (slow + 0.4) + b * (fast + 0.4)];
    (0..2)
        .map(|state| Check {
            oracle: "O2",
            what: format!("asymmetric pair: arms of state {state} after 10 years"),
            expected: expected[state],
            found: arms[state],
            tolerance: EXACT,
        })
        .collect()
}

/// E5 without any threat: arms end at `B tanh(g / B) / α`, which is `g / α` where the budget is large.
fn saturation() -> Vec<Check> {
    [(3.0, 0.1), (3.0, 0.9)]
        .into_iter()
        .map(|(grievance, ceiling)| {
            let (output, depreciation) = (100.0, 0.2);
            let mut setup = frozen(&["A", "B"], years(200.0, 4), ArmingRule::Programmes, 0.0, depreciation);
            setup.parameters.arming.ceiling = ceiling;
            setup.parameters.arming.budget_noise = 0.0;
            for state in &mut setup.states {
                state.inputs.output = output;
                state.inputs.grievance = grievance;
            }
            let budget = ceiling * output;
            let doubled = exp(2.0 * grievance / budget);
            Check {
                oracle: "E5",
                what: format!("arms of a state that nobody threatens, g {grievance}, budget {budget}"),
                expected: budget * (doubled - 1.0) / (doubled + 1.0) / depreciation,
                found: Arms::of(&setup).last(0),
                tolerance: EXACT,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use spiral_model::mechanisms::Switches;

    use super::*;

    /// A name that is no mechanism would leave one off without anybody noticing.
    #[test]
    fn only_arming_and_what_it_reads_acts() {
        let setup = frozen(&["A", "B"], years(1.0, 4), ArmingRule::Richardson, 0.1, 0.2);
        let on = REGISTRY.iter().filter(|entry| !setup.without.contains(entry.name)).count();
        assert_eq!(on, 6);
        let switches = Switches::without(&setup.without);
        assert!(switches.arming && switches.threat && !switches.crisis && !switches.beliefs && !switches.timeline);
    }
}
