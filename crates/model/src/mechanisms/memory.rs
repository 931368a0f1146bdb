//! # E16 Memory of the last war
//!
//! Claim: soldiers and statesmen expect the next war to be like the last. 1866 and 1870 taught that attack wins quickly;
//! 1914-18 that it does not.
//!
//! ```text
//! after a war    ln m̂_i += η (ln m_obs − ln m̂_i)
//!                m_obs = m_long (m_quick / m_long)^{won · exp(−D / t_quick)}
//! every day      ln m̂_i += η_d (ln m^doctrine_i − ln m̂_i) dt
//!
//! η        weight: of those who fought, of those who looked on      0..1
//! D        length of the war                                        years
//! won      1 if who struck first won, else 0
//! m^doctrine  balance that doctrine teaches: the scenario's `perceived_balance` at the date
//! ```
//! Source: Jervis, Perception and Misperception (1976), ch. 6; Van Evera, International Security 9 (1984), for doctrine (the cult of
//! the offensive); the form is ours.
//! Off: belief about the balance is what doctrine teaches, at once, and wars teach nothing.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln};

use super::{Entry, Parameters, Switches};
use crate::components::{Given, PerceivedBalance, Roster, StateId};
use crate::phases::{Clock, Large, Phase};
use crate::columns::sweep;

crate::parameters! {
    /// What wars teach.
    pub struct Memory {
        /// Weight of a war on those who fought it.
        belligerent_weight: "η_i", "0..1", 0.0..=1.0, 0.5, 0.3..=0.7;
        /// Weight of a war on those who looked on.
        onlooker_weight: "η_o", "0..1", 0.0..=1.0, 0.1, 0.05..=0.2;
        /// How fast belief drifts to doctrine.
        doctrine_drift: "η_d", "1/year", 0.0..=10.0, 1.0, 0.5..=2.0;
        /// Balance that a quick victory of the attacker teaches.
        quick_balance: "m_quick", "ratio", 0.01..=100.0, 1.5, 1.0..=2.0;
        /// Balance that a long war teaches.
        long_balance: "m_long", "ratio", 0.01..=100.0, 0.3333, 0.25..=0.5;
        /// How long a quick victory takes.
        quick: "t_quick", "years", 0.01..=10.0, 0.75, 0.4..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "memory",
    equation: "E16",
    phase: Phase::Believe,
    claim: "The last war teaches what the next will be like; doctrine drifts.",
    off: "Belief is what doctrine teaches, and wars teach nothing.",
};

/// E16: belief after evidence of weight `weight`.
#[inline(always)]
#[must_use]
pub fn revised(belief: f64, evidence: f64, weight: f64) -> f64 {
    belief * exp(weight * (ln(evidence) - ln(belief)))
}

/// E16: several revisions as one, `ln m̂ ← kept ln m̂ + added`, with one more after them.
#[must_use]
pub fn and_revised((kept, added): (f64, f64), evidence: f64, weight: f64) -> (f64, f64) {
    ((1.0 - weight) * kept, (1.0 - weight) * added + weight * ln(evidence))
}

/// E16: the balance that a war of this length taught.
#[must_use]
pub fn lesson(attacker_won: bool, years: f64, parameters: &Memory) -> f64 {
    let quickness = if attacker_won { exp(-years / parameters.quick) } else { 0.0 };
    parameters.long_balance * exp(quickness * ln(parameters.quick_balance / parameters.long_balance))
}

/// What a war that has ended teaches in one history.
#[derive(Debug, Clone)]
pub(crate) struct Lesson {
    pub(crate) lane: usize,
    /// The balance that it taught.
    pub(crate) taught: f64,
    /// Who fought.
    pub(crate) sides: [Vec<usize>; 2],
}

impl Lesson {
    fn weight(&self, state: usize, parameters: &Memory) -> f64 {
        let fought = self.sides.iter().any(|side| side.contains(&state));
        if fought { parameters.belligerent_weight } else { parameters.onlooker_weight }
    }
}

/// Everybody learns from the wars that ended in a tick, in their order.
pub(crate) fn learn_from_wars<const WIDTH: usize>(
    mut beliefs: Query<(&StateId, &mut PerceivedBalance<WIDTH>)>,
    roster: &Roster,
    lessons: &[Lesson],
    parameters: &Memory,
    large: bool,
) {
    if !large {
        for lesson in lessons {
            for (id, mut belief) in &mut beliefs {
                let before = belief.0[lesson.lane];
                belief.0[lesson.lane] = revised(before, lesson.taught, lesson.weight(id.index, parameters));
            }
        }
        return;
    }
    // In a large world wars end by the hundred, and going through all states for each would make a tick grow with the square of
    // its size. In logarithms a revision is a weighted mean, so all the lessons of onlookers are one of them.
    let onlooking = parameters.onlooker_weight;
    let (mut kept, mut added, mut learns) = (Lanes::<WIDTH>::splat(1.0), Lanes::<WIDTH>::splat(0.0), Lanes::<WIDTH>::splat(0.0));
    for lesson in lessons {
        let lane = lesson.lane;
        (kept[lane], added[lane]) = and_revised((kept[lane], added[lane]), lesson.taught, onlooking);
        learns[lane] = 1.0;
    }
    let fought: BTreeSet<(usize, usize)> =
        lessons.iter().flat_map(|lesson| lesson.sides.iter().flatten().map(|state| (lesson.lane, *state))).collect();
    let mut of_belligerents = Vec::new();
    for (lane, state) in fought {
        let Ok((_, belief)) = beliefs.get(roster.states[state]) else { continue };
        let mut logarithm = ln(belief.0[lane]);
        for lesson in lessons.iter().filter(|lesson| lesson.lane == lane) {
            logarithm += lesson.weight(state, parameters) * (ln(lesson.taught) - logarithm);
        }
        of_belligerents.push((lane, state, exp(logarithm)));
    }
    sweep!(WIDTH, large, beliefs, |(_, belief)| {
        let before = belief.0;
        belief.0 = Lanes::from_fn(|l| if learns[l] > 0.0 { exp(kept[l] * ln(before[l]) + added[l]) } else { before[l] });
    });
    for (lane, state, belief) in of_belligerents {
        if let Ok((_, mut held)) = beliefs.get_mut(roster.states[state]) {
            held.0[lane] = belief;
        }
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(drift::<WIDTH>.in_set(Phase::Believe));
}

pub(crate) fn drift<const WIDTH: usize>(
    mut states: Query<(&Given, &mut PerceivedBalance<WIDTH>)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let on = switches.memory;
    let weight = 1.0 - exp(-parameters.memory.doctrine_drift * clock.years);
    sweep!(WIDTH, large.0, states, |(given, belief)| {
        let doctrine = given.inputs.perceived_balance;
        let before = belief.0;
        belief.0 = if on { Lanes::from_fn(|l| revised(before[l], doctrine, weight)) } else { Lanes::splat(doctrine) };
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_victories_teach_offence_and_long_wars_defence() {
        let memory = Memory::default();
        let quick = lesson(true, 0.1, &memory);
        let long = lesson(true, 4.0, &memory);
        let lost = lesson(false, 0.1, &memory);
        assert!(quick > 1.0 && long < 0.35 && (lost - memory.long_balance).abs() < 1e-12, "{quick} {long} {lost}");
    }

    #[test]
    fn revisions_in_a_row_are_one() {
        let (lessons, before) = ([0.3, 1.4, 0.9, 0.35, 2.0], 0.6);
        let in_a_row = lessons.iter().fold(before, |belief, taught| revised(belief, *taught, 0.1));
        let (kept, added) = lessons.iter().fold((1.0, 0.0), |joint, taught| and_revised(joint, *taught, 0.1));
        let at_once = exp(kept * ln(before) + added);
        assert!((in_a_row - at_once).abs() < 1e-15, "{in_a_row} one by one, {at_once} at once");
    }

    #[test]
    fn revision_moves_a_share_of_the_way_in_logs() {
        assert!((revised(0.25, 1.0, 0.5) - 0.5).abs() < 1e-15);
        assert_eq!(revised(0.7, 0.7, 0.3), 0.7);
    }
}
