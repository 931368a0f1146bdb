//! Which pairs of states have crises, in one logit (logistic regression) of onset on what a pair is: the coefficients that are known of
//! history, and the same of simulated years of pairs.
//!
//! ```text
//! logit P(onset) = constant + border by land + border by water + one great power + two great powers + ln(weaker/stronger)
//!                  + defence pact + ln(distance) + onsets in the five years before, up to 4 + both armed fast
//! ```
//! A year of a pair has an onset if at least one crisis between the two begins in it. Standard errors are clustered by groups that the
//! caller names: what happens in one group is not independent. A weak penalty (a normal prior with a standard deviation of 10) keeps the
//! coefficient of what never happens finite.

use spiral_kernel::maths::ln;

use crate::hindcast::clustered_logit;
use crate::intervals::normal_critical;
use crate::stylised_facts::{Clustered, Era};
use crate::table::Estimate;

/// Most onsets in five years that count.
const MOST_ONSETS: u32 = 4;
/// Least distance, km, and least ratio of capabilities.
const LEAST: (f64, f64) = (50.0, 1e-4);

/// A year of a pair of states: what was so when it began.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of its own in the logit")]
pub struct PairYear {
    /// A common border on land.
    pub land: bool,
    /// No such border, but water of at most 400 miles between them.
    pub water: bool,
    /// How many of the two are great powers.
    pub great_powers: u8,
    /// Capability of the weaker divided by that of the stronger, 0 to 1.
    pub capability_ratio: f64,
    /// A defence pact.
    pub pact: bool,
    /// Distance between the capitals, km.
    pub distance_km: f64,
    /// Onsets in the five years before.
    pub past: u32,
    /// Both armed by 8 % a year more than the median state, for three years.
    pub both_armed: bool,
}

/// A coefficient of the logit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coefficient {
    /// Border on land.
    Land,
    /// Border by water.
    Water,
    /// One great power.
    OneGreatPower,
    /// Two great powers.
    TwoGreatPowers,
    /// Logarithm of the capability ratio.
    Ratio,
    /// Defence pact.
    Pact,
    /// Logarithm of the distance.
    Distance,
    /// Onsets in the five years before.
    Past,
    /// Both armed fast.
    BothArmed,
}

impl Coefficient {
    /// Every one, in the order of the rows.
    pub const ALL: [Self; 9] = [
        Self::Land,
        Self::Water,
        Self::OneGreatPower,
        Self::TwoGreatPowers,
        Self::Ratio,
        Self::Pact,
        Self::Distance,
        Self::Past,
        Self::BothArmed,
    ];

    /// What it is the coefficient of, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Land => "border on land",
            Self::Water => "water of at most 400 miles",
            Self::OneGreatPower => "one great power",
            Self::TwoGreatPowers => "two great powers",
            Self::Ratio => "ln(weaker / stronger capability)",
            Self::Pact => "defence pact",
            Self::Distance => "ln(distance)",
            Self::Past => "onsets in the five years before, up to 4",
            Self::BothArmed => "both armed 8 % a year above the median state for three years",
        }
    }

    /// The coefficient in history, with its standard error (clustered by pair): all states of the system, onsets of militarised disputes.
    #[must_use]
    pub const fn history(self, era: Era) -> (f64, f64) {
        let [before_1914, before_1939] = match self {
            Self::Land => [(1.52, 0.24), (1.95, 0.36)],
            Self::Water => [(0.95, 0.25), (0.74, 0.46)],
            Self::OneGreatPower => [(1.06, 0.20), (1.89, 0.29)],
            Self::TwoGreatPowers => [(1.42, 0.25), (2.93, 0.40)],
            Self::Ratio => [(0.04, 0.06), (0.30, 0.09)],
            Self::Pact => [(-0.20, 0.20), (-1.29, 0.65)],
            Self::Distance => [(0.00, 0.07), (-0.34, 0.10)],
            Self::Past => [(1.21, 0.09), (1.06, 0.12)],
            Self::BothArmed => [(0.47, 0.36), (0.05, 0.33)],
        };
        match era {
            Era::Before1914 => before_1914,
            Era::Before1939 => before_1939,
        }
    }

    /// The sign in history: that of the sum over both eras, each weighed by one over its squared error.
    #[must_use]
    pub fn sign(self) -> f64 {
        let weighed = |era: Era| {
            let (value, error) = self.history(era);
            value / (error * error)
        };
        (weighed(Era::Before1914) + weighed(Era::Before1939)).signum()
    }

    fn of(self, year: &PairYear) -> f64 {
        let flag = |is: bool| f64::from(u8::from(is));
        match self {
            Self::Land => flag(year.land),
            Self::Water => flag(year.water),
            Self::OneGreatPower => flag(year.great_powers == 1),
            Self::TwoGreatPowers => flag(year.great_powers == 2),
            Self::Ratio => ln(year.capability_ratio.max(LEAST.1)),
            Self::Pact => flag(year.pact),
            Self::Distance => ln(year.distance_km.max(LEAST.0) / 1000.0),
            Self::Past => f64::from(year.past.min(MOST_ONSETS)),
            Self::BothArmed => flag(year.both_armed),
        }
    }
}

/// Years of pairs, with what came in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairYears {
    values: Vec<f64>,
    came: Vec<bool>,
    group: Vec<usize>,
}

impl PairYears {
    /// Adds a year of a pair: whether it had an onset, and the group to which it belongs, from 0.
    pub fn push(&mut self, year: &PairYear, onset: bool, group: usize) {
        self.values.push(1.0);
        self.values.extend(Coefficient::ALL.map(|coefficient| coefficient.of(year)));
        self.came.push(onset);
        self.group.push(group);
    }

    /// The coefficients with their standard errors by group, in the order of [`Coefficient::ALL`]; `None` where there is no onset.
    #[must_use]
    pub fn logit(self) -> Option<Vec<(Coefficient, Clustered)>> {
        let n = self.came.len() as u64;
        let found = clustered_logit(1 + Coefficient::ALL.len(), self.values, self.came, self.group)?;
        let clustered = |(value, error): (f64, f64)| {
            let half = normal_critical() * error;
            let found = Estimate::new(value, (value - half, value + half), n, "logit, errors clustered");
            Clustered { found, error }
        };
        Some(Coefficient::ALL.into_iter().zip(found.into_iter().skip(1).map(clustered)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of which only borders and past onsets matter, with known odds: the coefficients come back, those of all else are 0.
    #[test]
    fn known_odds_come_back() {
        let mut years = PairYears::default();
        // Every kind of pair as often; events in the very share that the odds give.
        for land in [false, true] {
            for past in 0..3_u32 {
                for great_powers in [0, 1] {
                    let odds = 0.02 * if land { 4.0 } else { 1.0 } * 2.5_f64.powi(past.cast_signed());
                    let (all, events) = (20_000_usize, (20_000.0 * odds / (1.0 + odds)).round() as usize);
                    for position in 0..all {
                        let year = PairYear {
                            land,
                            past,
                            great_powers,
                            capability_ratio: if position % 3 == 0 { 0.2 } else { 0.5 },
                            distance_km: 500.0 + 100.0 * (position % 7) as f64,
                            pact: position % 5 == 0,
                            ..PairYear::default()
                        };
                        // 7919 is prime to the number of years, so the events are spread over all other values.
                        years.push(&year, position * 7919 % all < events, position % 16);
                    }
                }
            }
        }
        let found = years.logit().expect("there are onsets");
        let value = |wanted: Coefficient| found.iter().find(|(name, _)| *name == wanted).map(|(_, found)| found.clone());
        for (coefficient, expected) in [
            (Coefficient::Land, ln(4.0)),
            (Coefficient::Past, ln(2.5)),
            (Coefficient::OneGreatPower, 0.0),
            (Coefficient::Pact, 0.0),
            (Coefficient::Ratio, 0.0),
            (Coefficient::Distance, 0.0),
        ] {
            let Clustered { found, error } = value(coefficient).expect("a coefficient");
            let close = (found.estimate.unwrap_or(f64::NAN) - expected).abs() < 0.05;
            assert!(close && error > 0.0 && error < 0.1, "{coefficient:?}: {found:?}, not {expected}");
        }
    }

    /// A sample that is repeated in every group tells nothing new: the error of two equal groups is that of the sum of their parts.
    #[test]
    fn errors_are_those_of_the_groups() {
        let sample = |groups: usize, uneven: bool| {
            let mut years = PairYears::default();
            for group in 0..groups {
                for position in 0..400 {
                    let land = position % 2 == 0;
                    let less = if uneven && group % 2 == 0 { 10 } else { 0 };
                    let events = if land { 80 - less } else { 30 - less };
                    years.push(
                        &PairYear { land, capability_ratio: 1.0, distance_km: 1000.0, ..PairYear::default() },
                        position / 2 < events,
                        group,
                    );
                }
            }
            years.logit().expect("onsets").remove(0).1.error
        };
        assert!(sample(6, false) < 1e-4, "groups that are alike leave no error");
        assert!(sample(6, true) > 1e-3, "groups that differ do");
    }

    #[test]
    fn signs_are_those_of_history() {
        let signs: Vec<f64> = Coefficient::ALL.into_iter().map(Coefficient::sign).collect();
        assert_eq!(signs, [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0]);
        assert_eq!(PairYears::default().logit(), None, "nothing came");
    }
}
