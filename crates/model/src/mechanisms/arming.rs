#![doc = include_str!("arming.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, tanh};

use super::{Concept, Entry, ExplainGroup, Parameters, not_below};
use crate::columns::sweep;
use crate::components::{
    Answered, ArmsGrowth, BeyondHabit, CustomaryThreat, Defence, Greed, Held, JustifiedGrowth, NewOffence, Offence, Output,
    Procurement, Roster, StateId, StateInputsNow, ThreatCeiling, ThreatTotal, Weariness,
};
use crate::description::{Described, described};
use crate::inputs::ArmingRule;
use crate::phases::{Arm, Clock, Large, Phase};

crate::parameters! {
    /// How states arm.
    pub struct Arming {
        /// Procurement that answers one unit of threat.
        sensitivity: "k", "1/year", 0.0..=100.0, 0.05, 0.03..=0.08;
        /// Share of output that a wholly greedy state would add to its procurement.
        greed_drive: "δ_μ", "share of output", 0.0..=1.0, 0.11, 0.08..=0.15;
        /// Share of arms that wears out or grows obsolete.
        depreciation: "α", "1/year", 0.0001..=10.0, 0.15, 0.1..=0.2;
        /// How fast the customary threat follows the threat.
        custom_rate: "η_h", "1/year", 0.0..=10.0, 0.01, 0.005..=0.03;
        /// Submissiveness, with the rule "submissive" only.
        submissiveness: "σ", "1", 0.0..=100.0, 1.0, 0.5..=3.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "arming",
    equation: "E5",
    phase: Phase::Arm,
    explains: ExplainGroup::Economy,
    concepts: &[(Concept::Adaptation, "States adapt what they buy to the threat that they feel, within a budget (E5).")],
    components: &[Richardson::DESCRIPTION],
    text: include_str!("arming.md"),
};

/// E5: `B tanh(g / B)`, which is `g` where the budget `B` is large.
#[inline(always)]
#[must_use]
pub fn within_budget(wanted: f64, budget: f64) -> f64 {
    budget * tanh(wanted / not_below(budget))
}

/// E5: what a state can add to its habitual procurement.
#[inline(always)]
#[must_use]
pub fn budget(habitual_burden: f64, maximum_burden: f64, output: f64, weariness: f64) -> f64 {
    (maximum_burden - habitual_burden) * output * (1.0 - weariness)
}

/// Shares of a stock and of a year's procurement that are in the stock after `years`.
#[must_use]
pub fn wear(depreciation: f64, years: f64) -> (f64, f64) {
    let left = exp(-depreciation * years);
    (left, (1.0 - left) / depreciation)
}

/// Growth of a stock in a tick after a part has been taken away again, 1/year: the stock was `arms` at the end of the tick, and
/// growth is over
/// the stock at its start, `arms = before (1 + growth years)`.
#[must_use]
pub fn growth_without(growth: f64, arms: f64, taken_away: f64, years: f64) -> f64 {
    let before = arms / (1.0 + growth * years);
    growth - taken_away / (not_below(before) * years)
}

described! {
    /// The linear equations of Richardson's rule, frozen at the start.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Richardson {
        /// `step[i][j]`: arms of `i` after a tick for a unit of arms of `j`; last column the constant term.
        pub step: Vec<Vec<f64>>,
        /// `k_ij`, less depreciation on the diagonal.
        pub coefficients: Vec<Vec<f64>>,
        /// `g_i` and the habitual procurement.
        pub constants: Vec<f64>,
    }
}

/// stub-until-merge
pub fn alarm_after_crisis(severity: f64, lost: bool, _p: &Arming) -> f64 { 0.0 * severity * if lost { 1.0 } else { 0.4 } }

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(arm::<WIDTH>.in_set(Arm::Build));
}

/// A state as it arms within its budget.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct ArmingState<const WIDTH: usize> {
    given: &'static StateInputsNow,
    greed: &'static Greed<WIDTH>,
    output: &'static Output<WIDTH>,
    weariness: &'static Weariness<WIDTH>,
    posture: &'static NewOffence<WIDTH>,
    threat: &'static ThreatTotal<WIDTH>,
    ceiling: &'static ThreatCeiling<WIDTH>,
    answered: &'static Answered<WIDTH>,
    held: &'static Held<WIDTH>,
    custom: &'static mut CustomaryThreat<WIDTH>,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
    growth: &'static mut ArmsGrowth<WIDTH>,
    justified: &'static mut JustifiedGrowth<WIDTH>,
    beyond: &'static mut BeyondHabit<WIDTH>,
}

fn arm<const WIDTH: usize>(
    mut states: Query<ArmingState<WIDTH>>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let Arming { sensitivity, greed_drive, depreciation, custom_rate, .. } = parameters.arming;
    let (left, bought) = wear(depreciation, clock.years);
    let custom_step = 1.0 - exp(-custom_rate * clock.years);
    let first = clock.tick == 0;
    let years = clock.years;
    sweep!(WIDTH, large.0, states, |given,
                                    greed,
                                    output,
                                    weariness,
                                    posture,
                                    threat,
                                    ceiling,
                                    answered,
                                    held,
                                    custom,
                                    offence,
                                    defence,
                                    procurement,
                                    growth,
                                    justified,
                                    beyond| {
        let inputs = given.inputs;
        let k = sensitivity * inputs.sensitivity_factor;
        let accustomed = if first { threat.0 } else { custom.0 };
        let budgets =
            Lanes::<WIDTH>::from_fn(|l| budget(inputs.habitual_burden, inputs.maximum_burden, output.0[l], weariness.0[l]));
        beyond.0 = Lanes::from_fn(|l| {
            let excess = threat.0[l] - accustomed[l];
            let felt = if excess > 0.0 { excess } else { 0.0 };
            let wanted = k * (answered.0[l] * felt) + greed_drive * greed.0[l] * output.0[l] + inputs.grievance;
            within_budget(wanted, budgets[l])
        });
        let spent = Lanes::<WIDTH>::from_fn(|l| {
            let wanted = inputs.habitual_burden * output.0[l] + held.0[l] * beyond.0[l];
            if wanted < 0.0 { 0.0 } else { wanted }
        });
        let before = Lanes::<WIDTH>::from_fn(|l| offence.0[l] + defence.0[l]);
        let new_offence = Lanes::<WIDTH>::from_fn(|l| offence.0[l] * left + posture.0[l] * spent[l] * bought);
        let new_defence = Lanes::<WIDTH>::from_fn(|l| defence.0[l] * left + (1.0 - posture.0[l]) * spent[l] * bought);
        // A state without arms has no rate of growth.
        let armed = |l: usize, rate: f64| if before[l] > 0.0 { rate } else { 0.0 };
        justified.0 = Lanes::from_fn(|l| armed(l, within_budget(k * ceiling.0[l], budgets[l]) / not_below(before[l])));
        growth.0 = Lanes::from_fn(|l| armed(l, (new_offence[l] + new_defence[l] - before[l]) / (not_below(before[l]) * years)));
        custom.0 = Lanes::from_fn(|l| accustomed[l] + custom_step * (threat.0[l] - accustomed[l]));
        procurement.0 = spent;
        offence.0 = new_offence;
        defence.0 = new_defence;
    });
}

pub(crate) fn register_richardson<const WIDTH: usize>(rule: ArmingRule, schedule: &mut Schedule) {
    if rule == ArmingRule::Submissive {
        schedule.add_systems(arm_submissively::<WIDTH>.in_set(Arm::Build));
    } else {
        schedule.add_systems(arm_linearly::<WIDTH>.in_set(Arm::Build));
    }
}

/// A state as it arms by one of Richardson's rules.
#[derive(QueryData)]
#[query_data(mutable)]
struct Stocks<const WIDTH: usize> {
    state: &'static StateId,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
    growth: &'static mut ArmsGrowth<WIDTH>,
    posture: &'static NewOffence<WIDTH>,
}

fn stocks<const WIDTH: usize>(states: &Query<Stocks<WIDTH>>, number: usize) -> Vec<Lanes<WIDTH>> {
    let mut arms = vec![Lanes::<WIDTH>::splat(0.0); number];
    for stocks in states {
        arms[stocks.state.index] = Lanes::from_fn(|l| stocks.offence.0[l] + stocks.defence.0[l]);
    }
    arms
}

fn arm_linearly<const WIDTH: usize>(
    mut states: Query<Stocks<WIDTH>>,
    richardson: Res<Richardson>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
) {
    let before = stocks(&states, roster.states.len());
    let after: Vec<Lanes<WIDTH>> = richardson
        .step
        .iter()
        .map(|row| {
            let mut after = Lanes::<WIDTH>::splat(row[before.len()]);
            for (weight, arms) in row.iter().zip(&before) {
                after = Lanes::from_fn(|l| after[l] + weight * arms[l]);
            }
            after
        })
        .collect();
    take_stock(&mut states, &before, &after, parameters.arming.depreciation, clock.years);
}

/// E5 with submissiveness: growth that the arms of another provoke, `k a_j [1 − σ (a_j − a_i) / (a_j + a_i)]`.
#[inline(always)]
#[must_use]
pub fn submissive(coefficient: f64, own: f64, other: f64, submissiveness: f64) -> f64 {
    coefficient * other * (1.0 - submissiveness * (other - own) / not_below(other + own))
}

/// Runge-Kutta steps in a tick.
const STEPS: u32 = 8;

fn arm_submissively<const WIDTH: usize>(
    mut states: Query<Stocks<WIDTH>>,
    richardson: Res<Richardson>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
) {
    let Arming { submissiveness, depreciation, .. } = parameters.arming;
    let before = stocks(&states, roster.states.len());
    let slope = |arms: &[Lanes<WIDTH>]| -> Vec<Lanes<WIDTH>> {
        let row = |(i, own): (usize, &Lanes<WIDTH>)| {
            let mut sum = Lanes::from_fn(|l| richardson.constants[i] + richardson.coefficients[i][i] * own[l]);
            for (j, other) in arms.iter().enumerate().filter(|(j, _)| *j != i) {
                sum = Lanes::from_fn(|l| sum[l] + submissive(richardson.coefficients[i][j], own[l], other[l], submissiveness));
            }
            sum
        };
        arms.iter().enumerate().map(row).collect()
    };
    let along = |arms: &[Lanes<WIDTH>], slope: &[Lanes<WIDTH>], years: f64| -> Vec<Lanes<WIDTH>> {
        arms.iter().zip(slope).map(|(arms, slope)| Lanes::from_fn(|l| arms[l] + years * slope[l])).collect()
    };
    let years = clock.years / f64::from(STEPS);
    let mut arms = before.clone();
    for _ in 0..STEPS {
        let one = slope(&arms);
        let two = slope(&along(&arms, &one, 0.5 * years));
        let three = slope(&along(&arms, &two, 0.5 * years));
        let four = slope(&along(&arms, &three, years));
        for (i, arms) in arms.iter_mut().enumerate() {
            *arms = Lanes::from_fn(|l| {
                let next = arms[l] + years / 6.0 * (one[i][l] + 2.0 * (two[i][l] + three[i][l]) + four[i][l]);
                if next < 0.0 { 0.0 } else { next }
            });
        }
    }
    take_stock(&mut states, &before, &arms, depreciation, clock.years);
}

/// Writes stocks, growth and procurement of a tick; the mix of arms stays.
fn take_stock<const WIDTH: usize>(
    states: &mut Query<Stocks<WIDTH>>,
    before: &[Lanes<WIDTH>],
    after: &[Lanes<WIDTH>],
    depreciation: f64,
    years: f64,
) {
    for StocksItem { state, mut offence, mut defence, mut procurement, mut growth, posture } in states {
        let after = after[state.index];
        let after = Lanes::<WIDTH>::from_fn(|l| if after[l] < 0.0 { 0.0 } else { after[l] });
        let own = before[state.index];
        let scale = Lanes::<WIDTH>::from_fn(|l| after[l] / not_below(own[l]));
        growth.0 = Lanes::from_fn(|l| if own[l] > 0.0 { (scale[l] - 1.0) / years } else { 0.0 });
        procurement.0 = Lanes::from_fn(|l| (after[l] - own[l]) / years + depreciation * own[l]);
        let (attack, resist) = (offence.0, defence.0);
        offence.0 = Lanes::from_fn(|l| if own[l] > 0.0 { attack[l] * scale[l] } else { posture.0[l] * after[l] });
        defence.0 = Lanes::from_fn(|l| if own[l] > 0.0 { resist[l] * scale[l] } else { (1.0 - posture.0[l]) * after[l] });
    }
}

/// One tick of `da/dt = M a + g` as a matrix with the constant term in the last column: exact, or an Euler step.
#[must_use]
pub fn linear_step(coefficients: &[Vec<f64>], constants: &[f64], years: f64, exact: bool) -> Vec<Vec<f64>> {
    let n = constants.len();
    // The augmented matrix [[M, g], [0, 0]] has the solution with its constant term in its exponential.
    let mut generator = vec![vec![0.0; n + 1]; n + 1];
    for i in 0..n {
        for j in 0..n {
            generator[i][j] = coefficients[i][j] * years;
        }
        generator[i][n] = constants[i] * years;
    }
    let mut step = if exact { exponential(&generator) } else { plus_identity(&generator) };
    step.truncate(n);
    step
}

fn plus_identity(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut result = matrix.to_vec();
    for (i, row) in result.iter_mut().enumerate() {
        row[i] += 1.0;
    }
    result
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = a.len();
    (0..n).map(|i| (0..n).map(|j| (0..n).map(|k| a[i][k] * b[k][j]).sum()).collect()).collect()
}

/// Matrix exponential by scaling and squaring of its Taylor series (Moler and Van Loan, SIAM Review 45 (2003), method 3): the
/// scaled norm is below 1/2, where twenty terms leave less than 1e-24.
fn exponential(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let norm = matrix.iter().map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max);
    let mut squarings = 0;
    let mut scale = 1.0;
    while norm * scale > 0.5 && squarings < 1000 {
        scale *= 0.5;
        squarings += 1;
    }
    let scaled: Vec<Vec<f64>> = matrix.iter().map(|row| row.iter().map(|x| x * scale).collect()).collect();
    let zero = vec![vec![0.0; matrix.len()]; matrix.len()];
    let mut term = plus_identity(&zero);
    let mut sum = term.clone();
    for order in 1..=20 {
        term = product(&term, &scaled);
        for (sum, term) in sum.iter_mut().zip(&mut term) {
            for (sum, term) in sum.iter_mut().zip(term) {
                *term /= f64::from(order);
                *sum += *term;
            }
        }
    }
    for _ in 0..squarings {
        sum = product(&sum, &sum);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_again_has_not_grown() {
        // From 10 to 12 in a quarter is .8 a year; without the 2 nothing has grown, without 3 it has shrunk by a tenth.
        assert!(growth_without(0.8, 12.0, 2.0, 0.25).abs() < 1e-12);
        assert!((growth_without(0.8, 12.0, 3.0, 0.25) + 0.4).abs() < 1e-12);
    }

    #[test]
    fn procurement_stays_within_the_budget_and_is_linear_far_below_it() {
        for wanted in [0.0, 0.3, 1.0, 5.0, 1e6] {
            let spent = within_budget(wanted, 1.0);
            assert!((0.0..=1.0).contains(&spent) && spent <= wanted, "{wanted} gives {spent}");
        }
        assert!((within_budget(1e-6, 1.0) - 1e-6).abs() < 1e-17);
        assert_eq!(within_budget(0.0, 0.0), 0.0);
    }

    #[test]
    fn a_constant_procurement_ends_at_its_steady_state() {
        let (left, bought) = wear(0.15, 0.25);
        let mut arms = 3.0;
        for _ in 0..4000 {
            arms = arms * left + 2.0 * bought;
        }
        assert!((arms - 2.0 / 0.15).abs() < 1e-10, "{arms}");
    }

    #[test]
    fn the_exponential_of_a_rotation_is_a_rotation() {
        let angle = 10.0_f64;
        let found = exponential(&[vec![0.0, -angle], vec![angle, 0.0]]);
        let expected = (libm::cos(angle), libm::sin(angle));
        assert!((found[0][0] - expected.0).abs() < 1e-12 && (found[1][0] - expected.1).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn submissiveness_leaves_equals_alone_and_daunts_the_weaker() {
        assert_eq!(submissive(0.3, 2.0, 2.0, 5.0), 0.6, "equals");
        assert_eq!(submissive(0.3, 1.0, 3.0, 0.0), 0.3 * 3.0, "no submissiveness is Richardson");
        assert_eq!(submissive(0.3, 1.0, 3.0, 2.0), 0.0, "three to one, σ = 2");
        assert!(submissive(0.3, 3.0, 1.0, 2.0) > 0.3, "the stronger is emboldened");
    }
}
