#![doc = include_str!("reciprocal_fear.md")]

use bevy_ecs::prelude::Schedule;
use spiral_kernel::Lanes;

use super::strike::{chance_of_choosing, strike_advantage};
use super::{Concept, Entry, ExplainGroup};
use crate::phases::Phase;

crate::parameters! {
    /// How far states think about what others think.
    pub struct ReciprocalFear {
        /// Steps of reasoning; 0 none, 1000 and more the fixed point.
        levels: "K", "count", 0.0..=1000.0, 3.0, 2.0..=5.0;
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

/// Payoffs of one side as the observer sees them, for `N` observers abreast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stakes<const N: usize> {
    /// Peace, `R`.
    pub peace: Lanes<N>,
    /// Striking first, `T`.
    pub strike: Lanes<N>,
    /// Being struck, `S`.
    pub struck: Lanes<N>,
    /// Striking first, were it greedy.
    pub greedy_strike: Lanes<N>,
}

/// One step of contagion: fear of greed, and of the fear of the peaceful.
#[inline(always)]
#[must_use]
pub fn contagion(unprovoked: f64, strikes_from_fear: f64) -> f64 {
    unprovoked + (1.0 - unprovoked) * strikes_from_fear
}

/// E10: the chance `π` that `i` gives to being struck by `j`, for `N` observers abreast.
#[inline(always)]
#[must_use]
pub fn fear<const N: usize>(own: &Stakes<N>, other: &Stakes<N>, belief: &Lanes<N>, levels: f64, noise: f64) -> Lanes<N> {
    if levels < 1.0 {
        return Lanes::splat(0.0);
    }
    let base_of_other = Lanes::<N>::from_fn(
        #[inline(always)]
        |l| belief[l] * chance_of_choosing(other.greedy_strike[l] - other.peace[l], noise),
    );
    let base_of_own = Lanes::<N>::from_fn(
        #[inline(always)]
        |l| belief[l] * chance_of_choosing(own.greedy_strike[l] - own.peace[l], noise),
    );
    // A level of one side rests on the level below of the other, so only every second level of each bears on the last.
    let steps = levels.min(1000.0) as u32;
    let mut last = if steps % 2 == 1 { base_of_own } else { base_of_other };
    let mut before = Lanes::splat(f64::NAN);
    for left in (0..steps).rev() {
        let mine = left % 2 == 0;
        let (base, side) = if mine { (&base_of_other, other) } else { (&base_of_own, own) };
        let next = Lanes::<N>::from_fn(
            #[inline(always)]
            |l| {
                let advantage = strike_advantage(side.peace[l], side.strike[l], side.struck[l], last[l]);
                contagion(base[l], chance_of_choosing(advantage, noise))
            },
        );
        if next == before {
            return if mine { next } else { last };
        }
        (before, last) = (last, next);
    }
    last
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thresholds uniform on [0, top]: the chance that fear π makes one strike is min(π / top, 1).
    fn fixed_point(greedy: f64, top: f64) -> (f64, bool) {
        let (mut fear, mut rising) = (greedy, true);
        for _ in 0..100_000 {
            let next = contagion(greedy, (fear / top).min(1.0));
            rising &= next >= fear;
            fear = next;
        }
        (fear, rising)
    }

    #[test]
    fn contagion_has_the_closed_form() {
        for greedy in [0.01, 0.05, 0.1, 0.2] {
            let (found, rising) = fixed_point(greedy, 2.0);
            let expected = 2.0 * greedy / (1.0 + greedy);
            assert!((found - expected).abs() < 1e-12, "O9: {found}, expected {expected}");
            assert!(rising, "O9: levels rise to the fixed point");
        }
    }

    #[test]
    fn fear_unravels_where_thresholds_are_low() {
        for greedy in [0.001, 0.01, 0.2] {
            let (found, _) = fixed_point(greedy, 0.5);
            assert!((found - 1.0).abs() < 1e-12, "O9: {found}");
        }
    }

    #[test]
    fn more_reasoning_never_lessens_fear() {
        let one = Lanes::<1>::splat;
        let stakes = Stakes { peace: one(1.0), strike: one(0.9), struck: one(0.2), greedy_strike: one(1.4) };
        let mut last = fear(&stakes, &stakes, &one(0.3), 0.0, 0.05)[0];
        assert_eq!(last, 0.0, "no reasoning, no fear");
        for levels in [1.0, 2.0, 3.0, 5.0, 10.0, 1000.0] {
            let next = fear(&stakes, &stakes, &one(0.3), levels, 0.05)[0];
            assert!(next >= last, "level {levels}: {next} after {last}");
            last = next;
        }
    }

    #[test]
    fn the_chain_of_one_side_is_that_of_both() {
        let lanes = |values: [f64; 2]| Lanes::<2>::from_fn(|l| values[l]);
        let own = Stakes {
            peace: lanes([1.0, 0.9]),
            strike: lanes([0.95, 0.6]),
            struck: lanes([0.3, 0.1]),
            greedy_strike: lanes([1.2, 0.9]),
        };
        let other = Stakes {
            peace: lanes([0.8, 1.0]),
            strike: lanes([0.7, 0.97]),
            struck: lanes([0.2, 0.4]),
            greedy_strike: lanes([1.0, 1.1]),
        };
        let (belief, noise) = (lanes([0.2, 0.6]), 0.1);
        for steps in [1_u32, 2, 3, 4, 7, 999, 1000] {
            let found = fear(&own, &other, &belief, f64::from(steps), noise);
            for l in 0..2 {
                let responds = |side: &Stakes<2>, fear: f64| {
                    chance_of_choosing(strike_advantage(side.peace[l], side.strike[l], side.struck[l], fear), noise)
                };
                let base = |side: &Stakes<2>| belief[l] * chance_of_choosing(side.greedy_strike[l] - side.peace[l], noise);
                let (mut mine, mut theirs) = (base(&other), base(&own));
                for _ in 0..steps {
                    (mine, theirs) =
                        (contagion(base(&other), responds(&other, theirs)), contagion(base(&own), responds(&own, mine)));
                }
                assert_eq!(found[l], mine, "{steps} levels");
            }
        }
    }
}
