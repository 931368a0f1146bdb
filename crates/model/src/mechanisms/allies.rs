#![doc = include_str!("allies.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{logistic, powf};

use super::{Concept, Dirty, Entry, ExplainGroup, Parameters};
use crate::columns::{Rows, sweep, table};
use crate::components::{AttackStrength, DefenceStrength, DyadId, DyadInputsNow, Reach, Roster, Support};
use crate::description::{Described, described};
use crate::phases::{Date, Large, Perceive, Phase};

crate::parameters! {
    /// Whether allies come.
    pub struct Allies {
        /// Worth of a kept commitment.
        reputation: "r", "share of own value", 0.0..=10.0, 0.4, 0.3..=0.5;
        /// Loss from the fall of an ally, at full commitment.
        loss: "Loss", "share of own value", 0.0..=10.0, 1.0, 0.7..=1.3;
        /// How the believed balance speeds up the fall of an ally.
        doctrine_exponent: "ν", "1", 0.0..=10.0, 1.0, 0.5..=1.5;
        /// Cost of joining.
        cost: "C_k", "share of own value", 0.0..=10.0, 0.3, 0.25..=0.35;
        /// Worth of letting others fight instead.
        waiting: "w", "share of own value", 0.0..=10.0, 0.3, 0.2..=0.4;
        /// Share of a commitment that counts in an attack.
        in_attack: "A_X", "0..1", 0.0..=1.0, 0.5, 0.25..=0.75;
        /// Share of a commitment that counts in defence: some help comes too late.
        in_defence: "A_Z", "0..1", 0.0..=1.0, 0.5, 0.25..=0.75;
        /// Noise of the choice on one day.
        noise: "τ_k", "share of own value", 0.0001..=10.0, 0.05, 0.03..=0.07;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "allies",
    equation: "E14",
    phase: Phase::Date,
    explains: ExplainGroup::Alliances,
    concepts: &[
        (Concept::Adaptation, "Allies choose each day of a war whether to join (E14)."),
        (Concept::Interaction, "Allies add their strength to one another, and draw one another into war (E14)."),
    ],
    components: &[Coalitions::DESCRIPTION],
    text: include_str!("allies.md"),
};

/// Smallest commitment that makes an ally.
pub const ALLY: f64 = 0.05;

/// Commitment from which staying out counts as abandonment.
pub const FIRM_COMMITMENT: f64 = 0.25;

described! {
    /// Who is allied with whom, from the commitments in force.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Coalitions {
        /// For each dyad `i→j`: allies of `i` and the share of their strength that counts in an attack on `j`.
        pub attack: Vec<Vec<(usize, f64)>>,
        /// For each dyad `i→j`: allies of `j` and the share of their strength that counts in its defence against `i`.
        pub defence: Vec<Vec<(usize, f64)>>,
        /// For each state: its allies `k` and their commitments `A_kj`.
        pub allies_of: Vec<Vec<(usize, f64)>>,
    }
}

/// E14: what joining is worth to an ally.
#[must_use]
pub fn worth_of_joining(commitment: f64, owed: bool, falls_alone: f64, falls_helped: f64, balance: f64, p: &Allies) -> f64 {
    let kept = if owed { commitment * p.reputation } else { 0.0 };
    let saved = commitment * p.loss * (falls_alone - falls_helped) * powf(balance, p.doctrine_exponent);
    let patience = (1.0 - balance).max(0.0);
    kept + saved - p.cost - p.waiting * patience * (1.0 - falls_alone)
}

/// E14: chance to join on a day.
#[must_use]
pub fn chance_of_joining(worth: f64, p: &Allies) -> f64 {
    logistic(worth / p.noise)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((count_commitments.in_set(Date::Commitments), count_on_allies::<WIDTH>.in_set(Perceive::Support)));
}

fn count_commitments(
    dyads: Query<(&DyadInputsNow, &Reach)>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    dirty: Res<Dirty>,
    mut coalitions: ResMut<Coalitions>,
) {
    if !(dirty.coalitions || dirty.geography) {
        return;
    }
    let commitment = |from: usize, to: usize| {
        roster.dyad(from, to).and_then(|dyad| dyads.get(roster.dyads[dyad]).ok()).map_or(0.0, |(terms, _)| terms.0.commitment)
    };
    let reach = |from: usize, to: usize| {
        roster.dyad(from, to).and_then(|dyad| dyads.get(roster.dyads[dyad]).ok()).map_or(0.0, |(_, reach)| reach.forth)
    };
    let allies_of: Vec<Vec<(usize, f64)>> = (0..roster.states.len())
        .map(|state| {
            let others = roster.outgoing[state].iter().map(|&dyad| roster.ends[dyad].1);
            others.map(|other| (other, commitment(other, state))).filter(|(_, bond)| *bond >= ALLY).collect()
        })
        .collect();
    let helpers = |of: usize, against: usize, share: f64| -> Vec<(usize, f64)> {
        let bonds = allies_of[of].iter().filter(|(ally, _)| *ally != against);
        // An ally of both sides helps neither.
        let free = bonds.filter(|(ally, _)| commitment(*ally, against) < ALLY);
        free.map(|(ally, bond)| (*ally, share * bond * reach(*ally, against).max(reach(*ally, of)))).collect()
    };
    let Allies { in_attack, in_defence, .. } = parameters.allies;
    coalitions.attack = roster.ends.iter().map(|&(from, to)| helpers(from, to, in_attack)).collect();
    coalitions.defence = roster.ends.iter().map(|&(from, to)| helpers(to, from, in_defence)).collect();
    coalitions.allies_of = allies_of;
}

pub(crate) fn count_on_allies<const WIDTH: usize>(
    states: Query<(&AttackStrength<WIDTH>, &DefenceStrength<WIDTH>)>,
    mut dyads: Query<(&DyadId, &mut Support<WIDTH>)>,
    coalitions: Res<Coalitions>,
    large: Res<Large>,
) {
    let states = table(&states);
    sweep!(WIDTH, large.0, dyads, |(dyad, support)| {
        let mut attack = Lanes::<WIDTH>::splat(0.0);
        for &(ally, share) in &coalitions.attack[dyad.index] {
            let (strength, _) = states.row(ally);
            attack = Lanes::from_fn(|l| attack[l] + share * strength.0[l]);
        }
        let mut defence = Lanes::<WIDTH>::splat(0.0);
        for &(ally, share) in &coalitions.defence[dyad.index] {
            let (_, strength) = states.row(ally);
            defence = Lanes::from_fn(|l| defence[l] + share * strength.0[l]);
        }
        *support = Support { attack, defence };
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};

    #[test]
    fn belief_in_offence_chain_gangs_and_belief_in_defence_passes_the_buck() {
        let p = Allies::default();
        let join = |balance| chance_of_joining(worth_of_joining(0.7, true, 0.6, 0.3, balance, &p), &p);
        assert!(join(1.1) > join(0.7) && join(0.7) > join(0.35), "{} {} {}", join(1.1), join(0.7), join(0.35));
    }

    #[test]
    fn commitment_and_need_bring_allies() {
        let p = Allies::default();
        let worth = |bond, alone, helped| worth_of_joining(bond, true, alone, helped, 1.0, &p);
        assert!(worth(0.8, 0.6, 0.3) > worth(0.4, 0.6, 0.3));
        assert!(worth(0.8, 0.6, 0.3) > worth(0.8, 0.6, 0.6));
        assert!(worth_of_joining(0.8, false, 0.6, 0.3, 1.0, &p) < worth(0.8, 0.6, 0.3));
    }

    /// Reputation .4, loss 1, ν = ½, cost .3, waiting .3, noise .05; a commitment of ½; the friend falls with .6 alone, .2 helped.
    const KEEN: Allies = Allies {
        reputation: 0.4,
        loss: 1.0,
        doctrine_exponent: 0.5,
        cost: 0.3,
        waiting: 0.3,
        in_attack: 0.5,
        in_defence: 0.25,
        noise: 0.05,
    };

    /// Believing in .49: .5 · .4 + .5 (.6 − .2) .7 − .3 − .3 · .51 · .4 = −.0212; in 2.25: .2 + .2 · 1.5 − .3 = .2.
    #[test]
    fn joining_by_hand() {
        let worth = |owed, balance| worth_of_joining(0.5, owed, 0.6, 0.2, balance, &KEEN);
        close("owed, defence believed in", worth(true, 0.49), -0.0212);
        close("not owed", worth(false, 0.49), -0.2212);
        close("owed, offence believed in", worth(true, 2.25), 0.2);
        close("not owed", worth(false, 2.25), 0.0);
    }

    /// U with one term alone, the others set to 0.
    #[test]
    fn each_term_of_joining_stands_alone() {
        let none = Allies { reputation: 0.0, loss: 0.0, cost: 0.0, waiting: 0.0, ..KEEN };
        let worth = |p: Allies, owed| worth_of_joining(0.5, owed, 0.6, 0.2, 0.49, &p);
        close("nothing", worth(none, true), 0.0);
        close("a kept commitment", worth(Allies { reputation: 0.4, ..none }, true), 0.2);
        close("one not owed", worth(Allies { reputation: 0.4, ..none }, false), 0.0);
        close("a friend saved", worth(Allies { loss: 1.0, ..none }, false), 0.14);
        close("the same with ν = 1", worth(Allies { loss: 1.0, doctrine_exponent: 1.0, ..none }, false), 0.098);
        close("the cost", worth(Allies { cost: 0.3, ..none }, true), -0.3);
        close("a burden let to others", worth(Allies { waiting: 0.3, ..none }, true), -0.0612);
        let past_parity = worth_of_joining(0.5, true, 0.6, 0.2, 1.2, &Allies { waiting: 0.3, ..none });
        assert_eq!(past_parity, 0.0, "nobody waits where attack pays");
    }

    /// logistic(ln 3) = ¾.
    #[test]
    fn noise_is_the_unit_of_worth() {
        let ln_3 = 1.098_612_288_668_109_8;
        for (worth, chance) in [(0.05 * ln_3, 0.75), (-0.05 * ln_3, 0.25), (0.0, 0.5)] {
            close("chance to join", chance_of_joining(worth, &KEEN), chance);
        }
    }

    /// C has promised A to defend it by .6. It reaches B by .5 and A by .8, so .5 · .6 · .8 of its attack counts against B and
    /// .25 · .6 · .8 of its defence for A.
    #[test]
    fn an_ally_counts_by_commitment_share_and_reach() {
        let counted = |to_b: f64| {
            let mut bench = Bench::of(3, |p| p.allies = KEEN);
            bench.terms(2, 0, |terms| terms.commitment = 0.6).terms(2, 1, |terms| terms.commitment = to_b);
            bench.reach(2, 1, 0.5).reach(2, 0, 0.8);
            bench.state(2, AttackStrength(one(10.0))).state(2, DefenceStrength(one(30.0)));
            bench.run(count_commitments).run(count_on_allies::<1>);
            let [there, back] = [(0, 1), (1, 0)].map(|(from, to)| *bench.of_dyad::<Support<1>>(from, to));
            [there.attack[0], there.defence[0], back.attack[0], back.defence[0]]
        };
        for (what, (found, expected)) in ["A's attack", "B's defence", "B's attack", "A's defence"]
            .into_iter()
            .zip(counted(0.0).into_iter().zip([2.4, 0.0, 0.0, 3.6]))
        {
            close(what, found, expected);
        }
        assert_eq!(counted(0.05), [0.0; 4], "who is bound to both helps neither");
    }
}
