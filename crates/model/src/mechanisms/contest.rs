#![doc = include_str!("contest.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln, powf};

use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::columns::{Rows, columns, sweep, table};
use crate::components::{
    AttackStrength, Defence, DefenceStrength, DyadId, Odds, Offence, PerceivedBalance, Reach, Roster, Sight, StateId,
    StateInputsNow, Strengths, Support, Vulnerability,
};
use crate::phases::{Large, Perceive, Phase};

crate::parameters! {
    /// The contest function.
    pub struct Contest {
        /// Decisiveness: how sharply strength decides.
        decisiveness: "r", "1", 0.05..=20.0, 1.7, 1.0..=2.2;
        /// Worth of a defensive force in an attack.
        defensive_in_attack: "w0", "0..1", 0.0..=1.0, 0.3, 0.1..=0.5;
        /// What a purely defensive force adds to its own defence.
        defence_bonus: "ψ", "ratio", 0.0..=100.0, 0.5, 0.2..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "contest",
    equation: "E2",
    phase: Phase::Perceive,
    explains: ExplainGroup::Technology,
    concepts: &[(
        Concept::Prediction,
        "States predict their chance of winning, when they strike first and when they are struck, from what they see and believe (E2).",
    )],
    components: &[],
    text: include_str!("contest.md"),
};

/// E2: chance that strength `attack` beats strength `resistance`.
#[inline(always)]
#[must_use]
pub fn chance_of_winning(attack: f64, resistance: f64, decisiveness: f64) -> f64 {
    1.0 / (1.0 + odds_against(attack, resistance, decisiveness))
}

/// `(Z / X)^r`: odds against the attacker; even where neither has anything.
#[inline(always)]
#[must_use]
pub fn odds_against(attack: f64, resistance: f64, decisiveness: f64) -> f64 {
    // Half the cost of a general power, and accurate enough: the relative error is r |ln(Z/X)| ulp.
    exp(decisiveness * ln(not_below(resistance) / not_below(attack)))
}

/// `(w0 + (1 − w0) ω) a`, with `ω a` the offensive stock: strength of arms in attack.
#[inline(always)]
#[must_use]
pub fn attack_strength(offence: f64, defence: f64, defensive_in_attack: f64) -> f64 {
    offence + defensive_in_attack * defence
}

/// `a (1 + ψ (1 − ω))`: strength of arms in defence.
#[inline(always)]
#[must_use]
pub fn defence_strength(offence: f64, defence: f64, defence_bonus: f64) -> f64 {
    offence + (1.0 + defence_bonus) * defence
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        measure_strength::<WIDTH>.in_set(Perceive::Strength),
        weigh_odds::<WIDTH>.in_set(Perceive::Odds),
        feel_vulnerable::<WIDTH>.in_set(Perceive::Threat),
    ));
}

/// The mechanism is off: chances are even, but unrest still makes a state vulnerable.
pub(crate) fn register_even<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(feel_vulnerable::<WIDTH>.in_set(Perceive::Threat));
}

/// Arms of a state and what they are worth.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub(crate) struct ArmedState<const WIDTH: usize> {
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    attack: &'static mut AttackStrength<WIDTH>,
    resistance: &'static mut DefenceStrength<WIDTH>,
}

pub(crate) fn measure_strength<const WIDTH: usize>(
    mut states: Query<ArmedState<WIDTH>>,
    parameters: Res<Parameters>,
    large: Res<Large>,
) {
    let Contest { defensive_in_attack, defence_bonus, .. } = parameters.contest;
    sweep!(WIDTH, large.0, states, |offence, defence, attack, resistance| {
        attack.0 = Lanes::from_fn(|l| attack_strength(offence.0[l], defence.0[l], defensive_in_attack));
        resistance.0 = Lanes::from_fn(|l| defence_strength(offence.0[l], defence.0[l], defence_bonus));
    });
}

/// A state whose chances are weighed.
#[derive(QueryData)]
#[query_data(contiguous(all))]
pub(crate) struct StrongState<const WIDTH: usize> {
    attack: &'static AttackStrength<WIDTH>,
    resistance: &'static DefenceStrength<WIDTH>,
    balance: &'static PerceivedBalance<WIDTH>,
    given: &'static StateInputsNow,
}

/// The chances that one state sees against another.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub(crate) struct ContestDyad<const WIDTH: usize> {
    id: &'static DyadId,
    reach: &'static Reach,
    sight: &'static Sight<WIDTH>,
    support: &'static Support<WIDTH>,
    strengths: &'static mut Strengths<WIDTH>,
    odds: &'static mut Odds<WIDTH>,
}

pub(crate) fn weigh_odds<const WIDTH: usize>(
    states: Query<StrongState<WIDTH>>,
    supports: Query<&Support<WIDTH>>,
    mut dyads: Query<ContestDyad<WIDTH>>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    large: Res<Large>,
) {
    let r = parameters.contest.decisiveness;
    // (Z / φX)^r = (Z / X)^r φ^−r: one power serves the first strike and the mutual war.
    let surprise = powf(parameters.technology.in_force(&switches).first_strike, -r);
    let Some(states) = columns(&states) else { return };
    let supports = table(&supports);
    sweep!(WIDTH, large.0, dyads, |id, reach, sight, support, strengths, odds| {
        let (from, to) = id.ends;
        let (own_attack, own_defence, balance) = (&states.attack[from], &states.resistance[from], &states.balance[from]);
        let (other_attack, other_defence) = (&states.attack[to], &states.resistance[to]);
        let mirror = supports.row(id.mirror_index);
        let (forth, back) = (reach.forth, reach.back);
        let [own_fort, other_fort] = [from, to].map(|state| states.given[state].inputs.fortification);
        let seen = Strengths {
            attack: Lanes::from_fn(|l| balance.0[l] * (forth * own_attack.0[l] + support.attack[l])),
            resistance: Lanes::from_fn(|l| sight.0[l] * other_defence.0[l] + other_fort + support.defence[l]),
            assault: Lanes::from_fn(|l| balance.0[l] * (back * sight.0[l] * other_attack.0[l] + mirror.attack[l])),
            holding: Lanes::from_fn(|l| own_defence.0[l] + own_fort + mirror.defence[l]),
        };
        let against = Lanes::<WIDTH>::from_fn(|l| odds_against(seen.attack[l], seen.resistance[l], r));
        let relief = Lanes::<WIDTH>::from_fn(|l| odds_against(seen.assault[l], seen.holding[l], r));
        *odds = Odds {
            first: Lanes::from_fn(|l| 1.0 / (1.0 + against[l] * surprise)),
            struck: Lanes::from_fn(|l| 1.0 - 1.0 / (1.0 + relief[l] * surprise)),
            mutual: Lanes::from_fn(|l| 0.5 * (1.0 / (1.0 + against[l]) + (1.0 - 1.0 / (1.0 + relief[l])))),
        };
        *strengths = seen;
    });
}

pub(crate) fn feel_vulnerable<const WIDTH: usize>(
    mut states: Query<(&StateId, &StateInputsNow, &mut Vulnerability<WIDTH>)>,
    dyads: Query<&Odds<WIDTH>>,
    roster: Res<Roster>,
    large: Res<Large>,
) {
    let dyads = table(&dyads);
    sweep!(WIDTH, large.0, states, |(state, given, vulnerability)| {
        let mut worst = Lanes::<WIDTH>::splat(0.0);
        for &dyad in &roster.outgoing[state.index] {
            let odds = dyads.row(dyad);
            worst = Lanes::from_fn(|l| {
                let beaten = 1.0 - odds.struck[l];
                if beaten > worst[l] { beaten } else { worst[l] }
            });
        }
        vulnerability.0 = Lanes::from_fn(|l| worst[l] + given.inputs.unrest);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_the_unarmed_the_contest_is_even() {
        assert_eq!(chance_of_winning(0.0, 0.0, 2.0), 0.5);
        assert!(chance_of_winning(1.0, 0.0, 1.0) == 1.0 && chance_of_winning(0.0, 1.0, 1.0) < 1e-299);
    }

    #[test]
    fn tullock_three_to_one() {
        for (r, expected) in [(0.5, 0.633_974_596_215_561_3), (1.0, 0.75), (2.0, 0.9)] {
            let found = chance_of_winning(3.0, 1.0, r);
            assert!((found - expected).abs() < 1e-12, "O13: r = {r} gives {found}, expected {expected}");
        }
    }

    #[test]
    fn what_one_wins_the_other_loses() {
        for (x, z) in [(0.3, 2.0), (1.0, 1.0), (7.0, 0.01)] {
            for r in [0.5, 1.0, 1.5, 3.0] {
                let sum = chance_of_winning(x, z, r) + chance_of_winning(z, x, r);
                assert!((sum - 1.0).abs() < 1e-15, "sum {sum} at {x}, {z}, {r}");
            }
        }
    }

    #[test]
    fn nothing_against_nothing_is_a_number() {
        assert!(chance_of_winning(0.0, 0.0, 1.5).is_finite());
        assert_eq!(chance_of_winning(0.0, 1.0, 1.5), 0.0);
    }
}
