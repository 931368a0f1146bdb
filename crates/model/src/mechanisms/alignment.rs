#![doc = include_str!("alignment.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use rayon::prelude::*;
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::allies::{ALLY, FIRM_COMMITMENT};
use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::columns::{Rows, sweep, table};
use crate::components::{
    AttackStrength, Defence, DefenceStrength, DyadId, DyadInputsNow, Offence, Reach, Roster, Support, ThreatFelt,
};
use crate::description::{Described, described};
use crate::ledger::Ledger;
use crate::outcome::EventKind;
use crate::phases::{Clock, Diplomacy, Large, Perceive, Phase};

crate::parameters! {
    /// How alliances form and lapse.
    pub struct Alignment {
        /// Rate at which alliances form; with 0 only the scenario makes alliances.
        formation: "η_+", "1/year", 0.0..=10.0, 0.0;
        /// Rate at which they lapse.
        lapse: "η_−", "1/year", 0.0..=10.0, 0.3, 0.1..=1.0;
        /// Largest commitment that forms.
        strongest: "A_max", "0..1", 0.0..=1.0, 0.8, 0.6..=0.9;
        /// Shared threat, in units of own arms, at which the commitment is half of the largest one.
        half_threat: "θ", "1", 0.001..=100.0, 0.5, 0.25..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "alignment",
    equation: "E14b",
    phase: Phase::Diplomacy,
    explains: ExplainGroup::Alliances,
    concepts: &[(
        Concept::Interaction,
        "Where alliances can form, states that fear the same third state become bound, and part when they no longer fear it (E14b).",
    )],
    components: &[Alignments::<1>::DESCRIPTION],
    text: include_str!("alignment.md"),
};

described! {
    /// Commitments that have formed in each history of a block.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Alignments<const WIDTH: usize> {
        /// By dyad `i→k`: how firmly `i` is bound to `k`. Empty where none has ever formed.
        pub formed: Vec<Lanes<WIDTH>>,
    }
}

impl<const WIDTH: usize> Alignments<WIDTH> {
    /// The commitment in force of a dyad for which the scenario gives `given`.
    #[must_use]
    pub fn commitment(&self, dyad: usize, lane: usize, given: f64) -> f64 {
        self.formed.get(dyad).map_or(given, |formed| if formed[lane] > given { formed[lane] } else { given })
    }

    /// Nothing has formed.
    pub(crate) fn reset(&mut self) {
        self.formed.clear();
    }
}

/// E14b: the commitment towards which a shared threat moves two states.
#[inline(always)]
#[must_use]
pub fn called_for(shared: f64, between: f64, strongest: f64, half_threat: f64) -> f64 {
    let net = shared - between;
    let net = if net > 0.0 { net } else { 0.0 };
    // A threat divided by almost no arms has no bound; without a bound here the result would be ∞ / ∞.
    let net = if net < 1e300 { net } else { 1e300 };
    strongest * net / (net + half_threat)
}

/// E14b: a commitment after a tick, of which `forming` and `lapsing` are the shares that it moves up or down.
#[inline(always)]
#[must_use]
pub fn moved(commitment: f64, called_for: f64, forming: f64, lapsing: f64) -> f64 {
    let step = if called_for > commitment { forming } else { lapsing };
    commitment + step * (called_for - commitment)
}

/// Pairs of dyads `(i→j, k→j)` to the states that two have within reach, by rising `j`.
fn common(roster: &Roster, one: usize, other: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let (mine, theirs) = (&roster.outgoing[one], &roster.outgoing[other]);
    let mut place = 0;
    mine.iter().filter_map(move |&dyad| {
        let to = roster.ends[dyad].1;
        while place < theirs.len() && roster.ends[theirs[place]].1 < to {
            place += 1;
        }
        theirs.get(place).filter(|&&dyad| roster.ends[dyad].1 == to).map(|&other| (dyad, other))
    })
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((align::<WIDTH>.in_set(Diplomacy::Alliances), count_on_partners::<WIDTH>.in_set(Perceive::Partners)));
}

/// Commitments move towards the target that the threats of the tick set.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn align<const WIDTH: usize>(
    states: Query<(&Offence<WIDTH>, &Defence<WIDTH>)>,
    dyads: Query<(&DyadId, &ThreatFelt<WIDTH>)>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
    mut alignments: ResMut<Alignments<WIDTH>>,
    mut ledger: ResMut<Ledger>,
) {
    let p = parameters.alignment;
    if p.formation == 0.0 && alignments.formed.is_empty() {
        return;
    }
    if alignments.formed.is_empty() {
        alignments.formed = vec![Lanes::splat(0.0); roster.dyads.len()];
    }
    let forming = 1.0 - exp(-p.formation * clock.years);
    let lapsing = 1.0 - exp(-p.lapse * clock.years);
    let (states, threats) = (table(&states), table(&dyads));
    let arms = |state: usize| -> Lanes<WIDTH> {
        let (offence, defence) = states.row(state);
        Lanes::from_fn(|l| not_below(offence.0[l] + defence.0[l]))
    };
    let formed = &alignments.formed;
    let of = |dyad: usize| -> Lanes<WIDTH> {
        let (one, other) = roster.ends[dyad];
        let (mine, theirs) = (arms(one), arms(other));
        let mut shared = Lanes::<WIDTH>::splat(0.0);
        for (to_third, from_other) in common(&roster, one, other) {
            let (ours, yours) = (threats.row(to_third).1.0, threats.row(from_other).1.0);
            shared = Lanes::from_fn(|l| {
                let (a, b) = (ours[l] / mine[l], yours[l] / theirs[l]);
                shared[l] + if a < b { a } else { b }
            });
        }
        let (id, forth) = threats.row(dyad);
        let (forth, back) = (forth.0, threats.row(id.mirror_index).1.0);
        let before = formed[dyad];
        Lanes::from_fn(|l| {
            let (a, b) = (forth[l] / mine[l], back[l] / theirs[l]);
            let target = called_for(shared[l], if a > b { a } else { b }, p.strongest, p.half_threat);
            moved(before[l], target, forming, lapsing)
        })
    };
    let after: Vec<Lanes<WIDTH>> = if WIDTH == 1 && large.0 {
        (0..roster.dyads.len()).into_par_iter().with_min_len(256).map(of).collect()
    } else {
        (0..roster.dyads.len()).map(of).collect()
    };
    let date = clock.date + clock.years;
    for (dyad, (before, after)) in alignments.formed.iter().zip(&after).enumerate() {
        let (one, other) = roster.ends[dyad];
        if one > other {
            continue;
        }
        for lane in 0..WIDTH {
            let firm = |commitment: f64| commitment >= FIRM_COMMITMENT;
            if firm(before[lane]) != firm(after[lane]) {
                let kind = if firm(after[lane]) { EventKind::Alliance } else { EventKind::Lapse };
                ledger.tell_between(lane, date, kind, (one, other), after[lane]);
            }
        }
    }
    alignments.formed = after;
}

/// What allies add to attack and defence (E14), by the commitments in force.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn count_on_partners<const WIDTH: usize>(
    states: Query<(&AttackStrength<WIDTH>, &DefenceStrength<WIDTH>)>,
    terms: Query<(&DyadId, &DyadInputsNow, &Reach)>,
    mut dyads: Query<(&DyadId, &mut Support<WIDTH>)>,
    alignments: Res<Alignments<WIDTH>>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    large: Res<Large>,
) {
    if alignments.formed.is_empty() || !switches.allies {
        return;
    }
    let (in_attack, in_defence) = (parameters.allies.in_attack, parameters.allies.in_defence);
    let (states, terms) = (table(&states), table(&terms));
    let commitment = |dyad: usize| {
        let given = terms.row(dyad).1.0.commitment;
        Lanes::<WIDTH>::from_fn(|l| alignments.commitment(dyad, l, given))
    };
    // Strength that the allies of `of` bring against `against`.
    let help = |of: usize, against: usize, share: f64, attack: bool| -> Lanes<WIDTH> {
        let mut sum = Lanes::<WIDTH>::splat(0.0);
        let foes = &roster.outgoing[against];
        let mut place = 0;
        for &dyad in &roster.outgoing[of] {
            let ally = roster.ends[dyad].1;
            if ally == against {
                continue;
            }
            while place < foes.len() && roster.ends[foes[place]].1 < ally {
                place += 1;
            }
            let to_foe = foes.get(place).filter(|&&foe| roster.ends[foe].1 == ally).map(|&foe| terms.row(foe).0.mirror_index);
            let to_friend = terms.row(dyad).0.mirror_index;
            let bond = commitment(to_friend);
            let other_bond = to_foe.map_or(Lanes::splat(0.0), commitment);
            let way = to_foe.map_or(0.0, |foe| terms.row(foe).2.forth).max(terms.row(to_friend).2.forth);
            let (in_attack, in_defence) = states.row(ally);
            let strength = if attack { in_attack.0 } else { in_defence.0 };
            sum = Lanes::from_fn(|l| {
                let counts = bond[l] >= ALLY && other_bond[l] < ALLY;
                sum[l] + if counts { share * bond[l] * way * strength[l] } else { 0.0 }
            });
        }
        sum
    };
    sweep!(WIDTH, large.0, dyads, |(dyad, support)| {
        let (one, other) = dyad.ends;
        *support = Support { attack: help(one, other, in_attack, true), defence: help(other, one, in_defence, false) };
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_threat_binds_and_a_threat_between_the_two_does_not() {
        assert_eq!(called_for(0.0, 0.0, 0.8, 0.5), 0.0);
        assert_eq!(called_for(0.5, 0.0, 0.8, 0.5), 0.4, "half of the largest at θ");
        assert_eq!(called_for(0.5, 0.5, 0.8, 0.5), 0.0, "who fears its partner as much as the third has none");
        assert_eq!(called_for(0.2, 0.7, 0.8, 0.5), 0.0);
        assert!(called_for(1e9, 0.0, 0.8, 0.5) <= 0.8);
        assert_eq!(called_for(f64::INFINITY, 0.0, 0.8, 0.5), 0.8, "a threat to who has no arms");
    }

    /// A constant threat: the solution of the linear equation, whatever the length of the tick.
    #[test]
    fn commitments_form_and_lapse_at_their_rates() {
        for (rate, target, start) in [(0.4, 0.6, 0.0), (0.3, 0.0, 0.7)] {
            let step = 1.0 - exp(-rate * 0.25);
            let mut commitment = start;
            for _ in 0..20 {
                commitment = moved(commitment, target, step, step);
            }
            let expected = target + (start - target) * exp(-rate * 5.0);
            assert!((commitment - expected).abs() < 1e-14, "{commitment} expected {expected}");
        }
        assert!((moved(0.3, 0.9, 0.5, 0.0) - 0.6).abs() < 1e-15, "half of the way");
        assert_eq!(moved(0.3, 0.1, 0.5, 0.0), 0.3, "an alliance that never lapses");
    }
}
