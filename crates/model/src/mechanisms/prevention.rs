#![doc = include_str!("prevention.md")]

use bevy_ecs::prelude::Schedule;
use spiral_kernel::maths::powf;

use super::{Concept, Entry, ExplainGroup};
use crate::phases::Phase;

crate::parameters! {
    /// How far ahead states look.
    pub struct Prevention {
        /// Years ahead.
        horizon: "h", "years", 0.0..=50.0, 5.0, 3.0..=8.0;
        /// Worth of a payoff next year relative to one this year.
        discount: "δ", "1/year", 0.0..=0.9999, 0.9, 0.85..=0.95;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "prevention",
    equation: "E11",
    phase: Phase::Crisis,
    explains: ExplainGroup::Beliefs,
    concepts: &[(Concept::Prediction, "States extrapolate the growth of arms and ask whether time works against them (E11).")],
    components: &[],
    text: include_str!("prevention.md"),
};

/// Fearon (1995): how far the window closes; above 0 the declining state fights.
#[inline(always)]
#[must_use]
pub fn closing_window(discount: f64, now: f64, later: f64, cost: f64) -> f64 {
    discount * later - now - cost * (1.0 - discount) * (1.0 - discount)
}

/// E11: what a closing window adds to striking now: the discounted fall of the chance of winning, less what it costs to fight for it.
/// `now` and `later` are the chances that an attack of the other wins, both sides ready and nobody surprised.
#[inline(always)]
#[must_use]
pub fn closing_worth(p: &Prevention, now: f64, later: f64, prize: f64, cost: f64) -> f64 {
    let fall = powf(p.discount, p.horizon) * (later - now) * prize - cost * (1.0 - p.discount) * (1.0 - p.discount);
    if fall > 0.0 { fall } else { 0.0 }
}

/// What `h` years of growth at the present rates multiply the ratio of the other's to own strength by.
#[inline(always)]
#[must_use]
pub fn relative_growth(own_growth: f64, other_growth: f64, years: f64) -> f64 {
    // Faster change is a war or a demobilisation and no trend.
    let factor = |growth: f64| powf(1.0 + growth.clamp(-0.1, 0.2), years);
    factor(other_growth) / factor(own_growth)
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without growth: who gains nothing by striking first has no window that closes, and who gains much has.
    /// The condition of Fearon (1995) alone, not E11: with chances by a first strike, it holds without any growth once a first strike brings
    /// enough. For this reason E11 takes both chances without a first strike.
    #[test]
    fn without_growth_only_a_first_strike_closes_a_window() {
        let closing = |first: f64| closing_window(powf(0.9, 5.0), 1.0 - first, first, 0.3);
        assert!(closing(0.5) < 0.0, "{}", closing(0.5));
        // δ⁵ p = 1 − p + c (1 − δ⁵)² at p = .6609.
        assert!(closing(0.660) < 0.0 && closing(0.662) > 0.0, "{} {}", closing(0.660), closing(0.662));
    }

    #[test]
    fn the_window_of_fearon() {
        let war = closing_window(0.9, 0.4, 0.6, 1.0);
        assert!((war - (0.14 - 0.01)).abs() < 1e-12, "O8: {war}");
        let peace = closing_window(0.9, 0.4, 0.45, 1.0);
        assert!((peace - (0.005 - 0.01)).abs() < 1e-12, "O8: {peace}");
    }

    /// δ = .9, h = 5: .59049 · (.6 − .4) · 1.5 − .3 · .01 = .174147.
    #[test]
    fn without_growth_no_window_closes() {
        let p = Prevention { horizon: 5.0, discount: 0.9 };
        assert_eq!(closing_worth(&p, 0.6, 0.6, 1.5, 0.3), 0.0);
        assert!((closing_worth(&p, 0.4, 0.6, 1.5, 0.3) - 0.174_147).abs() < 1e-12);
        assert_eq!(closing_worth(&p, 0.6, 0.4, 1.5, 0.3), 0.0, "a window that opens adds nothing");
    }

    #[test]
    fn equal_growth_turns_no_balance() {
        assert_eq!(relative_growth(0.05, 0.05, 5.0), 1.0);
        assert!(relative_growth(0.0, 0.1, 5.0) > 1.6);
        assert_eq!(relative_growth(0.0, 0.1, 0.0), 1.0);
    }
}
