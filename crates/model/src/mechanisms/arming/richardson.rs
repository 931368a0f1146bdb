//! Richardson's rules of arming: states do not choose, they react. Closed forms, coefficients frozen at the start.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;

use super::{Arming, look_back};
use crate::components::{ArmsGrowth, Defence, NewOffence, Offence, Procurement, Roster, StateId};
use crate::description::described;
use crate::inputs::ArmingRule;
use crate::mechanisms::{Parameters, not_below};
use crate::phases::{Arm, Clock};

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

pub(crate) fn register_richardson<const WIDTH: usize>(rule: ArmingRule, schedule: &mut Schedule) {
    schedule.add_systems(look_back::<WIDTH>.in_set(Arm::Account));
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
