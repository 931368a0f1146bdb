#![doc = include_str!("allies.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{logistic, powf};

use super::strike::logistic_scale;
use super::{Concept, Dirty, Entry, ExplainGroup, Parameters};
use crate::columns::{Rows, sweep, table};
use crate::components::{AttackStrength, DefenceStrength, DyadId, DyadInputsNow, Reach, Roster, Support};
use crate::description::{Described, described};
use crate::phases::{Date, Large, Perceive, Phase};

crate::parameters! {
    /// Whether allies come.
    pub struct Allies {
        /// Worth of a kept commitment.
        reputation: "r", "share of own value", 0.0..=10.0, 0.57, 0.5..=0.7;
        /// Loss from the fall of an ally, at full commitment.
        loss: "Loss", "share of own value", 0.0..=10.0, 1.0, 0.7..=1.3;
        /// Loss from the rise of a greedy neighbour, for a state that it could beat with certainty.
        danger: "Λ", "share of own value", 0.0..=10.0, 0.82, 0.5..=1.3;
        /// How the believed balance speeds up the fall of an ally.
        doctrine_exponent: "ν", "1", 0.0..=10.0, 0.5, 0.25..=1.0;
        /// Cost of joining.
        cost: "C_k", "share of own value", 0.0..=10.0, 0.25, 0.2..=0.35;
        /// Worth of letting others fight instead.
        waiting: "w", "share of own value", 0.0..=10.0, 0.3, 0.2..=0.4;
        /// Cost of turning on an ally of one's own.
        betrayal: "B", "share of own value", 0.0..=10.0, 0.3, 0.2..=0.4;
        /// Share of a commitment that is owed to an attacker, until others join its victim.
        unprovoked: "o", "0..1", 0.0..=1.0, 0.4, 0.2..=0.6;
        /// Share of a commitment that states count on in an attack when they look at threats and payoffs.
        in_attack: "A_X", "0..1", 0.0..=1.0, 0.2, 0.1..=0.4;
        /// Share of a commitment that states count on in defence when they look at threats and payoffs.
        in_defence: "A_Z", "0..1", 0.0..=1.0, 0.5, 0.25..=0.75;
        /// Standard deviation of an ally's reluctance, which only it knows.
        spread: "τ_k", "share of own value", 0.0001..=10.0, 0.12, 0.08..=0.18;
        /// Days that joining takes on average.
        days: "d_k", "days", 1.0..=90.0, 3.0, 1.0..=7.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "allies",
    equation: "E14",
    phase: Phase::Date,
    explains: ExplainGroup::Alliances,
    concepts: &[
        (Concept::Adaptation, "In a crisis and in a war, allies and the endangered choose each day whether to join (E14)."),
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

/// What a state knows when it asks whether to join a war.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Call {
    /// Its commitment to the side that it would join, and to the side that it would fight.
    pub commitment: f64,
    /// See `commitment`.
    pub to_the_foe: f64,
    /// Its belief that the foe is greedy, and the chance that the foe would beat it alone.
    pub mistrust: f64,
    /// See `mistrust`.
    pub danger: f64,
    /// What its help changes: the chance that the foe wins without it, less that with it.
    pub difference: f64,
    /// Chance that others suffice without it.
    pub others_suffice: f64,
    /// Its own belief about the balance.
    pub balance: f64,
    /// Share of the commitment that is owed: 1 to who was attacked.
    pub owed: f64,
}

/// E14: what joining is worth to a state, before its own reluctance.
#[must_use]
pub fn worth_of_joining(call: &Call, p: &Allies) -> f64 {
    let Call { commitment, to_the_foe, mistrust, danger, difference, others_suffice, balance, owed } = *call;
    let kept = owed * commitment * p.reputation * (0.5 + mistrust);
    let saved = (commitment * p.loss + p.danger * mistrust * danger) * difference * powf(balance, p.doctrine_exponent);
    let patience = (1.0 - balance).max(0.0);
    let betrayed = if to_the_foe >= ALLY { p.betrayal } else { 0.0 };
    kept + saved - p.cost - p.waiting * patience * others_suffice - betrayed
}

/// E14: chance that a state joins whose reluctance is not known.
#[must_use]
pub fn chance_of_joining(worth: f64, p: &Allies) -> f64 {
    logistic(worth / logistic_scale(p.spread))
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

    const CALL: Call = Call {
        commitment: 0.5,
        to_the_foe: 0.0,
        mistrust: 0.3,
        danger: 0.4,
        difference: 0.4,
        others_suffice: 0.4,
        balance: 0.49,
        owed: 1.0,
    };

    /// Reputation .6, loss 1, Λ = .9, ν = ½, cost .3, waiting .3; the friend falls with .6 alone, .2 helped.
    const KEEN: Allies = Allies {
        reputation: 0.6,
        loss: 1.0,
        danger: 0.9,
        doctrine_exponent: 0.5,
        cost: 0.3,
        waiting: 0.3,
        betrayal: 0.3,
        unprovoked: 0.4,
        in_attack: 0.5,
        in_defence: 0.25,
        spread: 0.1,
        days: 3.0,
    };

    /// .5 · .6 · .8 + (.5 + .9 · .3 · .4) .4 · .7 − .3 − .3 · .51 · .4.
    #[test]
    fn joining_by_hand() {
        close("owed", worth_of_joining(&CALL, &KEEN), 0.24 + 0.608 * 0.28 - 0.3 - 0.0612);
        let not_owed = Call { owed: 0.0, ..CALL };
        close("not owed", worth_of_joining(&not_owed, &KEEN), 0.608 * 0.28 - 0.3 - 0.0612);
        let bound = Call { to_the_foe: 0.4, ..CALL };
        close("bound to both", worth_of_joining(&bound, &KEEN), worth_of_joining(&CALL, &KEEN) - 0.3);
        let stranger = Call { commitment: 0.0, ..CALL };
        close("without a commitment", worth_of_joining(&stranger, &KEEN), 0.108 * 0.28 - 0.3 - 0.0612);
    }

    #[test]
    fn belief_in_offence_chain_gangs_and_belief_in_defence_passes_the_buck() {
        let worth = |balance| worth_of_joining(&Call { balance, ..CALL }, &KEEN);
        assert!(worth(1.1) > worth(0.7) && worth(0.7) > worth(0.35), "{} {} {}", worth(1.1), worth(0.7), worth(0.35));
        let past_parity = |others_suffice| worth_of_joining(&Call { balance: 1.2, others_suffice, ..CALL }, &KEEN);
        assert_eq!(past_parity(0.1), past_parity(0.9), "nobody waits where attack pays");
    }

    #[test]
    fn the_aggressor_is_judged() {
        let worth = |mistrust, danger| worth_of_joining(&Call { mistrust, danger, commitment: 0.2, ..CALL }, &KEEN);
        assert!(worth(0.8, 0.5) > worth(0.2, 0.5), "who is thought greedy is opposed");
        assert!(worth(0.8, 0.9) > worth(0.8, 0.1), "most by those whom it could reach next");
    }

    /// logistic(ln 3) = ¾ at ln 3 scales; the scale is σ √3 / π.
    #[test]
    fn the_chance_is_that_of_a_reluctance_below_the_worth() {
        let ln_3 = 1.098_612_288_668_109_8;
        for (worth, chance) in [(ln_3, 0.75), (-ln_3, 0.25), (0.0, 0.5)] {
            close("chance to join", chance_of_joining(logistic_scale(0.1) * worth, &KEEN), chance);
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
