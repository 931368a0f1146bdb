//! Who enters the war, and when.

use std::collections::BTreeMap;

use serde::Serialize;
use spiral_model::EventKind;

use super::{Histories, standing_name};
use crate::history::{Record, Standing};
use crate::intervals::{mean, point_quantile, share};
use crate::skill::SquaredError;
use crate::table::{Estimate, finite};

/// Day of the war up to which belligerents are counted.
const DAY: f64 = 30.0;

/// A war of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct War {
    /// Position of the history.
    pub history: usize,
    /// Number of its crisis.
    pub crisis: u32,
    /// Who fights: position, side (0 or 1), day after the first strike.
    pub parties: Vec<(usize, u8, f64)>,
    /// Great powers among those in by day 30.
    pub great_powers: usize,
}

/// Every war of every history, in order.
#[must_use]
pub fn wars(histories: &Histories<'_>) -> Vec<War> {
    let mut open: BTreeMap<(usize, u32), (War, f64)> = BTreeMap::new();
    for event in histories.events {
        let Some(history) = histories.position(event) else { continue };
        let key = (history, event.crisis);
        let (actor, target, day) = (event.actor as usize, event.target as usize, f64::from(event.day));
        match event.kind {
            EventKind::Strike => {
                let fresh = || (War { history, crisis: event.crisis, parties: Vec::new(), great_powers: 0 }, day);
                let (war, _) = open.entry(key).or_insert_with(fresh);
                if war.parties.is_empty() {
                    war.parties.extend([(actor, 0, 0.0), (target, 1, 0.0)]);
                }
            }
            EventKind::Joining => {
                if let Some((war, start)) = open.get_mut(&key) {
                    let side = war.parties.iter().find(|party| party.0 == target).map_or(1, |party| party.1);
                    if !war.parties.iter().any(|party| party.0 == actor) {
                        war.parties.push((actor, side, day - *start));
                    }
                }
            }
            _ => {}
        }
    }
    let great = |war: &War| {
        let in_time = war.parties.iter().filter(|party| party.2 <= DAY);
        in_time.filter(|party| histories.great_powers.get(party.0) == Some(&true)).count()
    };
    open.into_values().map(|(war, _)| War { great_powers: great(&war), ..war }).collect()
}

/// The largest war of each history that has one: the one with the most great powers by day 30, the first of equals.
pub(super) fn largest(wars: &[War]) -> Vec<&War> {
    let mut found: Vec<&War> = Vec::new();
    for war in wars {
        match found.last_mut() {
            Some(last) if last.history == war.history => {
                if war.great_powers > last.great_powers {
                    *last = war;
                }
            }
            _ => found.push(war),
        }
    }
    found
}

/// The entry of a state, compared with history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryScore {
    /// Code of the state.
    pub state: String,
    /// Day on which it entered; none if it stayed out.
    pub history_day: Option<f64>,
    /// Share of the largest wars in which it is in by day 30.
    pub simulated: Estimate,
    /// Median day on which it enters, of the wars that it enters.
    pub median_day: Option<f64>,
}

/// Entry of all states together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderScore {
    /// Wars that it rests on: the largest of each history.
    pub wars: u64,
    /// Kendall's τ_b of the order of entry, mean over wars; states that stay out come last. A random order has 0.
    pub kendall: Estimate,
    /// Brier score of who is in by day 30: mean square of the share less 1 or 0.
    pub brier: f64,
    /// The same of the naive forecast: every state as often as states were in history.
    pub brier_naive: f64,
    /// Skill, 1 − brier / brier_naive, with its interval over wars.
    pub skill: Estimate,
    /// How the scenario used it.
    #[serde(serialize_with = "standing_name")]
    pub standing: Standing,
    /// Where history's days come from.
    pub source: String,
}

pub(super) fn scores(histories: &Histories<'_>, wars: &[War], record: Option<&Record>) -> (Vec<EntryScore>, Option<OrderScore>) {
    let Some(entries) = record.and_then(|record| record.entries.as_ref()) else { return (Vec::new(), None) };
    let largest = largest(wars);
    let states = histories.codes.len();
    let history: Vec<Option<f64>> =
        histories.codes.iter().map(|code| entries.days.iter().find(|(state, _)| state == code).map(|(_, day)| *day)).collect();
    let day = |war: &War, state: usize| war.parties.iter().find(|party| party.0 == state).map(|party| party.2);
    let mut scores = Vec::new();
    for (state, code) in histories.codes.iter().enumerate() {
        let mut days: Vec<f64> = largest.iter().filter_map(|war| day(war, state)).collect();
        days.sort_unstable_by(f64::total_cmp);
        let early = days.iter().filter(|day| **day <= DAY).count() as u64;
        scores.push(EntryScore {
            state: code.clone(),
            history_day: history[state],
            simulated: share(early, largest.len() as u64),
            median_day: finite(point_quantile(&days, 0.5)),
        });
    }
    if largest.is_empty() {
        return (scores, None);
    }
    let late = |day: Option<f64>| day.unwrap_or(f64::INFINITY);
    let known: Vec<f64> = history.iter().map(|day| late(*day)).collect();
    let taus: Vec<f64> = largest
        .iter()
        .map(|war| {
            let own: Vec<f64> = (0..states).map(|state| late(day(war, state))).collect();
            kendall(&known, &own)
        })
        .filter(|tau| tau.is_finite())
        .collect();
    let truth = |state: usize| f64::from(u8::from(history[state].is_some_and(|day| day <= DAY)));
    let brier = |of: &dyn Fn(usize) -> f64| {
        let mut sum = 0.0;
        for state in 0..states {
            sum += (of(state) - truth(state)) * (of(state) - truth(state));
        }
        sum / states as f64
    };
    let usual = (0..states).map(truth).fold(0.0, |sum, x| sum + x) / states as f64;
    let point = brier(&|state| scores[state].simulated.estimate.unwrap_or(0.0));
    let naive = brier(&|_| usual);
    // By war: in by the day or not.
    let in_early = |state: usize| {
        let of = |war: &&War| f64::from(u8::from(day(war, state).is_some_and(|day| day <= DAY)));
        (largest.iter().map(of).collect::<Vec<f64>>(), truth(state))
    };
    let error = SquaredError::of(&(0..states).map(in_early).collect::<Vec<_>>());
    let order = OrderScore {
        wars: largest.len() as u64,
        kendall: mean(&taus),
        brier: point,
        brier_naive: naive,
        skill: error.proportional_skill(naive),
        standing: entries.standing,
        source: entries.source.clone(),
    };
    (scores, Some(order))
}

/// Kendall's τ_b; NaN where either has no order.
fn kendall(one: &[f64], other: &[f64]) -> f64 {
    let sign = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for i in 0..one.len() {
        for j in 0..i {
            let (a, b) = (sign(one[i], one[j]), sign(other[i], other[j]));
            both += a * b;
            first += a * a;
            second += b * b;
        }
    }
    both / (first * second).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kendall_is_one_for_the_same_order_and_less_one_for_the_reverse() {
        let order = [0.0, 3.0, 5.0, f64::INFINITY];
        assert_eq!(kendall(&order, &[1.0, 2.0, 3.0, 4.0]), 1.0);
        assert_eq!(kendall(&order, &[4.0, 3.0, 2.0, 1.0]), -1.0);
        // One tie in the second: 5 of 6 pairs agree, τ_b = 5 / √(6·5).
        let tied = kendall(&order, &[0.0, 3.0, 3.0, 9.0]);
        assert!((tied - 5.0 / 30.0_f64.sqrt()).abs() < 1e-12, "{tied}");
        assert!(kendall(&order, &[1.0; 4]).is_nan());
    }
}
