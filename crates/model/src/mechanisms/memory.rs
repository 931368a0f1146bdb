#![doc = include_str!("memory.md")]

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln};

use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::sweep;
use crate::components::{PerceivedBalance, Roster, StateId, StateInputsNow};
use crate::description::{Described, described};
use crate::phases::{Believe, Clock, Large, Phase};

crate::parameters! {
    /// What wars teach.
    pub struct Memory {
        /// Weight of a war on those who fought it.
        belligerent_weight: "η_i", "0..1", 0.0..=1.0, 0.5, 0.3..=0.7;
        /// Weight of a war on those who did not fight.
        onlooker_weight: "η_o", "0..1", 0.0..=1.0, 0.1, 0.05..=0.2;
        /// How fast the lessons of wars are forgotten, so that belief drifts back to doctrine.
        doctrine_drift: "η_d", "1/year", 0.0..=10.0, 0.03, 0.01..=0.1;
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
    explains: ExplainGroup::Beliefs,
    concepts: &[(
        Concept::Learning,
        "Wars teach the states that fought, and those that watched, what the balance is. The lesson outlasts a generation (E16).",
    )],
    components: &[Doctrine::DESCRIPTION],
    text: include_str!("memory.md"),
};

described! {
    /// The balance that the state's doctrine taught in the last tick.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Doctrine(pub f64);
}

/// E16: what is believed after doctrine has moved and a share `left` of the lessons of wars is left. A lesson is the distance, in
/// logarithms, between belief and doctrine: it goes along with a doctrine that changes.
#[inline(always)]
#[must_use]
pub fn lessons_left(belief: f64, doctrine_before: f64, doctrine: f64, left: f64) -> f64 {
    doctrine * exp(left * ln(belief / doctrine_before))
}

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
    schedule.add_systems(drift::<WIDTH>.in_set(Believe::Drift));
}

pub(crate) fn drift<const WIDTH: usize>(
    mut states: Query<(&StateInputsNow, &mut Doctrine, &mut PerceivedBalance<WIDTH>)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let on = switches.memory;
    // The date at which the block starts is where its doctrines begin: nothing of a lesson has faded, and no doctrine has changed.
    let first = clock.tick == 0;
    let left = if first { 1.0 } else { exp(-parameters.memory.doctrine_drift * clock.years) };
    sweep!(WIDTH, large.0, states, |(given, taught, belief)| {
        let doctrine = given.inputs.perceived_balance;
        let earlier = if first { doctrine } else { taught.0 };
        let before = belief.0;
        belief.0 = if on { Lanes::from_fn(|l| lessons_left(before[l], earlier, doctrine, left)) } else { Lanes::splat(doctrine) };
        taught.0 = doctrine;
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one, setup};
    use std::f64::consts::FRAC_1_SQRT_2;

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

    /// A lesson is half forgotten in ln 2 / η_d, whatever the ticks: from 2 to a doctrine of .5 by way of 1. The first tick is the start
    /// itself, at which nothing has been forgotten yet.
    #[test]
    fn half_of_a_lesson_is_left_after_its_half_life() {
        for ticks_per_year in [1, 2, 4, 12, 24] {
            let mut setup = setup(2, ticks_per_year);
            setup.parameters.memory.doctrine_drift = ln(2.0) / 23.0;
            let mut bench = Bench::new::<1>(&setup);
            bench.inputs(0, |given| given.perceived_balance = 0.5).state(0, PerceivedBalance(one(2.0))).ticks(1, drift::<1>);
            assert_eq!(bench.of_state::<PerceivedBalance<1>>(0).0[0], 2.0, "at the start");
            for (years, expected) in [(23, 1.0), (46, FRAC_1_SQRT_2), (69, 0.594_603_557_501_360_5)] {
                bench.ticks(23 * ticks_per_year, drift::<1>);
                let found = bench.of_state::<PerceivedBalance<1>>(0).0[0];
                assert!((found - expected).abs() < 1e-11, "{ticks_per_year} ticks a year, {years} years: {found}");
            }
        }
        let usual = ln(2.0) / Memory::default().doctrine_drift;
        assert!(usual > 20.0, "a generation of ministers does not forget half of it: {usual} years");
    }

    /// Where no war has taught anything belief is doctrine, to the bit, at every date; a lesson of a war moves with a doctrine that changes.
    #[test]
    fn a_new_doctrine_is_believed_at_once() {
        let mut bench = Bench::new::<1>(&setup(2, 4));
        let left = exp(-0.25 * Memory::default().doctrine_drift);
        let (mut lesson, mut before) = (1.0, None);
        for (tick, doctrine) in [0.65, 0.65, 0.9, 0.9, 1.1, 0.7].into_iter().enumerate() {
            if before.is_none() {
                bench.state(0, PerceivedBalance(one(doctrine))).state(1, PerceivedBalance(one(doctrine)));
            }
            for state in [0, 1] {
                bench.inputs(state, |given| given.perceived_balance = doctrine);
            }
            bench.ticks(1, drift::<1>);
            assert_eq!(bench.of_state::<PerceivedBalance<1>>(0).0[0], doctrine, "tick {tick}");
            lesson = if before.is_none() { lesson } else { exp(left * ln(lesson)) };
            close("with a lesson", bench.of_state::<PerceivedBalance<1>>(1).0[0], lesson * doctrine);
            if tick == 1 {
                let held = bench.of_state::<PerceivedBalance<1>>(1).0[0];
                bench.state(1, PerceivedBalance(one(revised(held, 0.325, 0.5))));
                lesson = FRAC_1_SQRT_2;
            }
            before = Some(doctrine);
        }
    }

    #[test]
    fn without_memory_doctrine_is_believed_at_once() {
        let mut setup = setup(2, 4);
        setup.without.insert("memory".to_string());
        let mut bench = Bench::new::<1>(&setup);
        bench.inputs(0, |given| given.perceived_balance = 0.7).state(0, PerceivedBalance(one(2.0))).run(drift::<1>);
        assert_eq!(bench.of_state::<PerceivedBalance<1>>(0).0[0], 0.7);
    }

    /// m_quick / m_long = 16: .25 · 16^{e^{−D / .75}}, with e^{−D / .75} of 1, ½ and e^{−1}.
    #[test]
    fn what_a_war_teaches_by_its_length() {
        let memory = Memory { quick_balance: 4.0, long_balance: 0.25, quick: 0.75, ..Memory::default() };
        close("at once", lesson(true, 0.0, &memory), 4.0);
        close("half", lesson(true, 0.75 * ln(2.0), &memory), 1.0);
        close("nine months", lesson(true, 0.75, &memory), 0.693_283_708_785_087_7);
        close("the attacker lost", lesson(false, 0.0, &memory), 0.25);
    }

    /// From .25, a war that teaches 1 leads who fought to .25^{1 − .5} = .5 and who looked on to .25^{1 − .1}; a second one among the
    /// same leads them to .25^.25 and .25^.81.
    #[test]
    fn who_fought_learns_by_a_half_and_who_looked_on_by_a_tenth() {
        for large in [false, true] {
            for (wars, fought, looked_on) in [(1, 0.5, 0.287_174_588_749_258_7), (2, FRAC_1_SQRT_2, 0.325_335_463_860_483_8)] {
                let mut bench = Bench::of(3, |p| (p.memory.belligerent_weight, p.memory.onlooker_weight) = (0.5, 0.1));
                for state in 0..3 {
                    bench.state(state, PerceivedBalance(one(0.25)));
                }
                let lessons = vec![Lesson { lane: 0, taught: 1.0, sides: [vec![0], vec![2]] }; wars];
                bench.run(
                    move |beliefs: Query<(&StateId, &mut PerceivedBalance<1>)>,
                          roster: Res<Roster>,
                          parameters: Res<Parameters>| {
                        learn_from_wars(beliefs, &roster, &lessons, &parameters.memory, large);
                    },
                );
                for (state, expected) in [(0, fought), (1, looked_on), (2, fought)] {
                    close(
                        &format!("{state} after {wars}, large {large}"),
                        bench.of_state::<PerceivedBalance<1>>(state).0[0],
                        expected,
                    );
                }
            }
        }
    }
}
