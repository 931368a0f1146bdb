#![doc = include_str!("strike.md")]

use bevy_ecs::prelude::Schedule;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{ln, logistic};

use super::{Concept, Entry, ExplainGroup};
use crate::phases::Phase;

crate::parameters! {
    /// How states weigh striking against waiting.
    pub struct Strike {
        /// Standard deviation of what a war costs the one who decides: only it knows its own cost.
        cost_spread: "σ_c", "share of own value", 0.0001..=10.0, 0.1, 0.06..=0.14;
        /// Difference in the chance of winning within which a state may strike today or tomorrow.
        timing_spread: "ε", "probability", 0.0001..=1.0, 0.03, 0.02..=0.05;
        /// Noise of choices outside crises: whether to make a gesture, to build, to keep a treaty.
        noise: "τ", "share of own value", 0.0001..=10.0, 0.03, 0.02..=0.045;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "strike",
    equation: "E9",
    phase: Phase::Crisis,
    explains: ExplainGroup::Types,
    concepts: &[
        (Concept::Adaptation, "In a crisis, states choose each day whether to strike or to wait (E9)."),
        (Concept::Prediction, "They compare today's chance of winning with that of the days to come (E9)."),
    ],
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

/// Standard deviations of the standard logistic distribution in its scale: `π / √3`.
const DEVIATIONS_PER_SCALE: f64 = 1.813_799_364_234_217_8;

/// Scale of a logistic distribution with this standard deviation.
#[inline(always)]
#[must_use]
pub fn logistic_scale(standard_deviation: f64) -> f64 {
    standard_deviation / DEVIATIONS_PER_SCALE
}

/// Quantile of a logistic distribution with mean 0 and this standard deviation, at a chance strictly between 0 and 1.
#[must_use]
pub fn logistic_quantile(chance: f64, standard_deviation: f64) -> f64 {
    let u = chance.clamp(1e-12, 1.0 - 1e-12);
    logistic_scale(standard_deviation) * ln(u / (1.0 - u))
}

/// E9: chances of winning on the days to come, as one state sees them: its own and the other's, each striking first, each also as the
/// other is thought to see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast<const DAYS: usize> {
    /// Chance to win by striking first.
    pub own: Lanes<DAYS>,
    /// Chance of the other to win by striking first.
    pub other: Lanes<DAYS>,
    /// `own` in the eyes of the other.
    pub own_seen_by_other: Lanes<DAYS>,
    /// `other` in the eyes of the other.
    pub other_seen_by_other: Lanes<DAYS>,
}

/// E9: how two sides time their strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing<const DAYS: usize> {
    /// Share of its patience that a willing state has used up: it strikes today if this exceeds its patience.
    pub own: Lanes<DAYS>,
    /// The same of the other.
    pub other: Lanes<DAYS>,
    /// Chance to win if the other strikes first on a day of its choice from this day on.
    pub struck: Lanes<DAYS>,
}

/// E9: waiting is worth the best that tomorrow brings, with the readiness of both sides projected: backward induction from the last day.
/// `other_willing` and `own_willing` are the chances that the other, and the state itself in the eyes of the other, strikes at all.
#[must_use]
pub fn timing<const DAYS: usize>(schedule: &Forecast<DAYS>, other_willing: f64, own_willing: f64, spread: f64) -> Timing<DAYS> {
    let Forecast { own: first, other: second, own_seen_by_other: first_seen, other_seen_by_other: second_seen } = schedule;
    let last = DAYS - 1;
    let (mut own_worth, mut other_worth) = (first[last], second_seen[last]);
    let (mut own_today, mut other_today) = (1.0, 1.0);
    let (mut own, mut other, mut struck) = (Lanes::splat(1.0), Lanes::splat(1.0), Lanes::splat(0.0));
    let mut beaten = second[last];
    struck[last] = 1.0 - beaten;
    for day in (0..last).rev() {
        // Where both would strike tomorrow, either comes first with equal chance.
        let other_strikes = other_willing * other_today * (1.0 - 0.5 * own_today);
        let own_strikes = own_willing * own_today * (1.0 - 0.5 * other_today);
        let own_waits = (1.0 - other_strikes) * own_worth + other_strikes * (1.0 - second[day + 1]);
        let other_waits = (1.0 - own_strikes) * other_worth + own_strikes * (1.0 - first_seen[day + 1]);
        own_today = logistic((first[day] - own_waits) / spread);
        other_today = logistic((second_seen[day] - other_waits) / spread);
        own_worth = own_today * first[day] + (1.0 - own_today) * own_waits;
        other_worth = other_today * second_seen[day] + (1.0 - other_today) * other_waits;
        beaten = other_today * second[day] + (1.0 - other_today) * beaten;
        (own[day], other[day], struck[day]) = (own_today, other_today, 1.0 - beaten);
    }
    Timing { own, other, struck }
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
    fn quantiles_have_the_standard_deviation_that_they_are_given() {
        let n = 20_000;
        let sample: Vec<f64> = (0..n).map(|k| logistic_quantile((f64::from(k) + 0.5) / f64::from(n), 0.1)).collect();
        let deviation = (sample.iter().map(|x| x * x).sum::<f64>() / f64::from(n)).sqrt();
        assert!((deviation - 0.1).abs() < 2e-4, "{deviation}");
        assert_eq!(logistic_quantile(0.5, 0.1), 0.0);
    }

    /// Two sides with chances that do not change: today and tomorrow are worth the same but for the risk of being struck first.
    #[test]
    fn without_a_change_to_come_the_fear_of_tomorrow_decides() {
        let even = |first: f64| {
            let row = Lanes::<8>::splat(first);
            Forecast { own: row, other: row, own_seen_by_other: row, other_seen_by_other: row }
        };
        let calm = timing(&even(0.6), 0.0, 0.0, 0.03);
        assert_eq!(calm.own[0], 0.5, "nobody strikes: today is as good as tomorrow");
        let afraid = timing(&even(0.6), 0.5, 0.5, 0.03);
        assert!(afraid.own[0] > 0.5 && afraid.own == afraid.other, "{afraid:?}");
        assert!((calm.struck[0] - 0.4).abs() < 1e-12);
    }

    /// By hand: two days, p^F .5 today and .8 tomorrow, the other never strikes: waiting is worth .8.
    #[test]
    fn who_grows_stronger_waits() {
        let rising = Lanes::<2>::from_fn(|day| if day == 0 { 0.5 } else { 0.8 });
        let flat = Lanes::<2>::splat(0.3);
        let schedule = Forecast { own: rising, other: flat, own_seen_by_other: rising, other_seen_by_other: flat };
        let found = timing(&schedule, 0.0, 0.0, 0.1);
        assert!((found.own[0] - logistic(-3.0)).abs() < 1e-12, "{}", found.own[0]);
        assert_eq!(found.own[1], 1.0, "the last day has no tomorrow");
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
