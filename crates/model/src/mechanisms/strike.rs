#![doc = include_str!("strike.md")]

use bevy_ecs::prelude::Schedule;
use spiral_kernel::maths::logistic;

use super::{Concept, Entry, ExplainGroup};
use crate::phases::Phase;

crate::parameters! {
    /// How sharply states choose.
    pub struct Strike {
        /// Noise of the choice on one day of a crisis.
        noise: "τ", "share of own value", 0.0001..=10.0, 0.03, 0.02..=0.045;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "strike",
    equation: "E9",
    phase: Phase::Crisis,
    explains: ExplainGroup::Types,
    concepts: &[(Concept::Adaptation, "In a crisis, states choose each day whether to strike or to wait (E9).")],
    components: &[],
    text: include_str!("strike.md"),
};

/// E9: what striking is worth beyond waiting, `U_F − U_wait`.
#[inline(always)]
#[must_use]
pub fn strike_advantage(peace: f64, strike: f64, struck: f64, fear: f64) -> f64 {
    strike - ((1.0 - fear) * peace + fear * struck)
}

/// E9: chance of choosing what is worth `advantage` more.
#[inline(always)]
#[must_use]
pub fn chance_of_choosing(advantage: f64, noise: f64) -> f64 {
    logistic(advantage / noise)
}

/// E9: fear from which striking is better, `π*`; above 1 never.
#[must_use]
pub fn fear_threshold(peace: f64, strike: f64, struck: f64) -> f64 {
    let threshold = (peace - strike) / (peace - struck);
    if threshold > 0.0 { threshold } else { 0.0 }
}

/// Trust from which waiting is better in a stag hunt; `None` where `T > R`, since then no trust suffices.
#[must_use]
pub fn trust_threshold(peace: f64, strike: f64, mutual: f64, struck: f64) -> Option<f64> {
    (strike <= peace).then(|| (mutual - struck) / ((mutual - struck) + (peace - strike)))
}

/// Fearon (1995): the range of divisions that both prefer to striking first, if there is one. `first` and `struck` are the
/// chances of A when A or B strikes first.
#[must_use]
pub fn bargaining_range(first: f64, struck: f64, cost_a: f64, cost_b: f64) -> Option<(f64, f64)> {
    let (low, high) = (first - cost_a, struck + cost_b);
    (low <= high).then_some((low, high))
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_of_fear() {
        // V is the value of peace; W the prize; c the cost.
        for (first, struck, expected) in
            [(0.7, 0.3, 0.2), (0.6, 0.4, 0.5), (0.8, 0.2, 0.0), (0.55, 0.45, 0.714_285_714_285_714_3)]
        {
            let (peace, cost) = (0.5, 0.3);
            let found = fear_threshold(peace, first - cost, struck - cost);
            assert!((found - expected).abs() < 1e-12, "O7: threshold {found}, expected {expected}");
            if expected > 0.0 {
                let chance = chance_of_choosing(strike_advantage(peace, first - cost, struck - cost, found), 0.05);
                assert!((chance - 0.5).abs() < 1e-12, "O7: at the threshold the chance is {chance}");
            }
        }
    }

    #[test]
    fn trust_that_a_stag_hunt_needs() {
        assert_eq!(trust_threshold(4.0, 3.0, 2.0, 1.0), Some(0.5));
        let found = trust_threshold(10.0, 8.0, 4.0, 0.0).unwrap_or(f64::NAN);
        assert!((found - 2.0 / 3.0).abs() < 1e-12, "O4: {found}");
        assert_eq!(trust_threshold(3.0, 4.0, 2.0, 1.0), None);
    }

    #[test]
    fn first_strikes_close_the_bargaining_range() {
        assert_eq!(bargaining_range(0.7, 0.5, 0.08, 0.08), None);
        let (low, high) = bargaining_range(0.7, 0.5, 0.12, 0.12).unwrap_or((0.0, 0.0));
        assert!((low - 0.58).abs() < 1e-12 && (high - 0.62).abs() < 1e-12, "O8: {low}, {high}");
    }
}
