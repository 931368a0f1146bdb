#![doc = include_str!("reciprocal_fear.md")]

use bevy_ecs::prelude::Schedule;
use spiral_kernel::maths::{logistic, powf};

use super::strike::logistic_scale;
use super::{Concept, Entry, ExplainGroup};
use crate::phases::Phase;

crate::parameters! {
    /// How far states think about what others think.
    pub struct ReciprocalFear {
        /// Steps of reasoning; 0 none, 1000 and more the fixed point.
        levels: "K", "count", 0.0..=1000.0, 3.0, 2.0..=5.0;
        /// Standard deviation of what the other may believe of the balance, in logarithms.
        balance_spread: "σ_m", "log", 0.0..=10.0, 0.3, 0.15..=0.35;
        /// How far the other is thought to share its own doctrine rather than that of the observer.
        empathy: "χ", "0..1", 0.0..=1.0, 0.8, 0.3..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "reciprocal_fear",
    equation: "E10",
    phase: Phase::Crisis,
    explains: ExplainGroup::Beliefs,
    concepts: &[(
        Concept::Prediction,
        "States predict whether the other will strike by putting themselves in its place, step after step (E10).",
    )],
    components: &[],
    text: include_str!("reciprocal_fear.md"),
};

/// One side of a dyad on a day as the observer sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Side {
    /// Chance to win by striking first, `p^F`, and when struck first, `p^S`.
    pub first: f64,
    /// See `first`.
    pub struck: f64,
    /// Prize `W` of a security seeker in its place.
    pub prize: f64,
    /// Prize `W` of a greedy state in its place.
    pub prize_if_greedy: f64,
    /// Value of peace, `R`.
    pub peace: f64,
    /// What a closing window adds to striking (E11).
    pub prevention: f64,
    /// Mean cost of a war, and what warheads add to it when it strikes and when it is struck (E12).
    pub cost: f64,
    /// See `cost`.
    pub loss_first: f64,
    /// See `cost`.
    pub loss_struck: f64,
}

/// What both sides fear, as the observer sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fears {
    /// Chance that the other strikes if the observer waits, `π`.
    pub other_strikes: f64,
    /// Chance that the observer strikes if the other waits, in the eyes of the other as the observer imagines them.
    pub own_strikes: f64,
}

/// Largest fear: nobody is ever quite certain.
const MOST_FEAR: f64 = 0.98;

/// E10: the cost of war below which a side strikes, `θ`.
#[inline(always)]
#[must_use]
pub fn cost_threshold(side: &Side, prize: f64, peace: f64, fear: f64) -> f64 {
    let calm = if fear < 0.999 { 1.0 - fear } else { 0.001 };
    ((side.first - fear * side.struck) * prize - side.loss_first + fear * side.loss_struck) / calm - peace + side.prevention
}

/// E10: chance that a side strikes whose cost and belief about the balance are not known.
#[inline(always)]
#[must_use]
pub fn chance_to_strike(side: &Side, belief: f64, peace: f64, fear: f64, spreads: &Spreads) -> f64 {
    let chance = |prize: f64| {
        let by_balance = prize * side.first * (1.0 - side.first) * spreads.balance;
        let scale = logistic_scale((spreads.cost * spreads.cost + by_balance * by_balance).sqrt());
        logistic((cost_threshold(side, prize, peace, fear) - side.cost) / scale)
    };
    belief * chance(side.prize_if_greedy) + (1.0 - belief) * chance(side.prize)
}

/// What nobody knows of the other side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spreads {
    /// Standard deviation of the cost of a war, `σ_c`.
    pub cost: f64,
    /// Standard deviation that the belief about the balance gives the logarithm of the odds, `r σ_m`.
    pub balance: f64,
}

/// E10: `K` steps of reasoning from no fear on. `belief` is the chance that the other is greedy; the other is imagined to suspect as much.
#[must_use]
pub fn fears(own: &Side, other: &Side, belief: f64, levels: f64, spreads: &Spreads) -> Fears {
    if levels < 1.0 {
        return Fears::default();
    }
    let mut last = Fears::default();
    let steps = levels.min(1000.0) as u32;
    // The first step knows no fear; each of the `K` that follow answers the one before.
    for _ in 0..=steps {
        let next = Fears {
            other_strikes: chance_to_strike(other, belief, other.peace, last.own_strikes, spreads).min(MOST_FEAR),
            own_strikes: chance_to_strike(own, belief, own.peace, last.other_strikes, spreads).min(MOST_FEAR),
        };
        if next == last {
            break;
        }
        last = next;
    }
    last
}

/// What the other is thought to believe of the balance: between its doctrine and the observer's.
#[must_use]
pub fn imagined_balance(own: f64, other: f64, empathy: f64) -> f64 {
    powf(own, 1.0 - empathy) * powf(other, empathy)
}

/// E10: fear of a side that could have struck with chance `past` before and did not.
#[inline(always)]
#[must_use]
pub fn screened(fear: f64, past: f64) -> f64 {
    let past = if past < MOST_FEAR { past } else { MOST_FEAR };
    if fear > past { (fear - past) / (1.0 - past) } else { 0.0 }
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::close;

    const SPREADS: Spreads = Spreads { cost: 0.1, balance: 0.0 };

    fn side(first: f64, cost: f64) -> Side {
        Side { first, struck: 1.0 - first, prize: 1.2, prize_if_greedy: 1.9, peace: 1.0, cost, ..Side::default() }
    }

    /// θ = {[.7 − .5 · .3] 1.2} / .5 − 1 = .32; at a cost of .32 the chance is one half.
    #[test]
    fn threshold_by_hand() {
        close("no fear", cost_threshold(&side(0.7, 0.3), 1.2, 1.0, 0.0), 0.7 * 1.2 - 1.0);
        close("fear of one half", cost_threshold(&side(0.7, 0.3), 1.2, 1.0, 0.5), 0.32);
        close("chance at the threshold", chance_to_strike(&side(0.7, 0.32), 0.0, 1.0, 0.5, &SPREADS), 0.5);
    }

    /// Harsanyi: the chance that the other strikes is the chance that its cost lies below its threshold.
    #[test]
    fn the_chance_is_an_integral_over_costs() {
        let (side, n) = (side(0.7, 0.2), 200_000);
        let below = (0..n)
            .map(|k| 0.2 + super::super::strike::logistic_quantile((f64::from(k) + 0.5) / f64::from(n), 0.1))
            .filter(|cost| *cost < cost_threshold(&side, 1.2, 1.0, 0.4))
            .count();
        let found = chance_to_strike(&side, 0.0, 1.0, 0.4, &SPREADS);
        assert!((found - below as f64 / f64::from(n)).abs() < 1e-4, "{found} {below}");
    }

    #[test]
    fn fear_grows_with_what_striking_first_brings_with_suspicion_and_with_steps_and_has_no_step_of_its_own() {
        let fear = |first, belief, levels| fears(&side(first, 0.3), &side(first, 0.3), belief, levels, &SPREADS).other_strikes;
        let mut last = fear(0.4, 0.2, 3.0);
        for step in 1..=4000 {
            let next = fear(0.4 + 0.0001 * f64::from(step), 0.2, 3.0);
            assert!(next >= last && next - last < 0.005, "{step}: {last} {next}");
            last = next;
        }
        assert!(fear(0.65, 0.4, 3.0) > fear(0.65, 0.2, 3.0));
        assert!(fear(0.65, 0.2, 3.0) > fear(0.65, 0.2, 1.0));
        assert_eq!(fear(0.65, 0.2, 0.0), 0.0);
        assert_eq!(fear(0.65, 0.2, 1000.0), fear(0.65, 0.2, 1001.0), "the fixed point");
    }

    #[test]
    fn who_could_have_struck_and_did_not_is_feared_less() {
        assert_eq!(screened(0.5, 0.0), 0.5);
        close("half of it", screened(0.5, 0.25), 1.0 / 3.0);
        assert_eq!(screened(0.5, 0.6), 0.0);
    }

    #[test]
    fn the_other_is_imagined_between_two_doctrines() {
        close("all its own", imagined_balance(0.5, 2.0, 1.0), 2.0);
        close("half way", imagined_balance(0.5, 2.0, 0.5), 1.0);
    }
}
