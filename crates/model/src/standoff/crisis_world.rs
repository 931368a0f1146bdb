//! The world as a crisis reads and changes it.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use spiral_kernel::maths::logistic;

use super::appraisal::{Perception, Rules, SideStakes};
use super::parties::Party;
use crate::components::{
    ArmsGrowth, AtWar, AttackStrength, Defence, DefenceStrength, DyadId, DyadInputsNow, Greed, Mistrust, Offence, Output,
    PerceivedBalance, Procurement, Punishable, Reach, Retaliation, Roster, StateId, StateInputsNow, Strengths, ThreatFelt,
    ThreatIfGreedy, Weariness,
};
use crate::draws::Block;
use crate::ledger::Ledger;
use crate::mechanisms::alignment::Alignments;
use crate::mechanisms::allies::{ALLY, Coalitions};
use crate::mechanisms::conquest::Realms;
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::peace::PeaceTerms;
use crate::mechanisms::prevention::relative_growth;
use crate::mechanisms::threat::felt_share;
use crate::mechanisms::{Parameters, Switches, game};
use crate::phases::Clock;

/// A state as a crisis sees it.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct CrisisState<const WIDTH: usize> {
    pub(super) id: &'static StateId,
    pub(super) given: &'static StateInputsNow,
    pub(super) greed: &'static Greed<WIDTH>,
    pub(super) output: &'static Output<WIDTH>,
    pub(super) procurement: &'static Procurement<WIDTH>,
    pub(super) offence: &'static Offence<WIDTH>,
    pub(super) defence: &'static Defence<WIDTH>,
    pub(super) attack: &'static AttackStrength<WIDTH>,
    pub(super) resistance: &'static DefenceStrength<WIDTH>,
    pub(super) growth: &'static ArmsGrowth<WIDTH>,
    pub(super) balance: &'static PerceivedBalance<WIDTH>,
    pub(super) weariness: &'static Weariness<WIDTH>,
    pub(super) punishable: &'static Punishable<WIDTH>,
    pub(super) at_war: &'static mut AtWar<WIDTH>,
}

/// A dyad as a crisis sees it.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct CrisisDyad<const WIDTH: usize> {
    pub(super) id: &'static DyadId,
    pub(super) given: &'static DyadInputsNow,
    pub(super) strengths: &'static Strengths<WIDTH>,
    pub(super) threat: &'static ThreatFelt<WIDTH>,
    pub(super) threat_if_greedy: &'static ThreatIfGreedy<WIDTH>,
    pub(super) retaliation: &'static Retaliation<WIDTH>,
    pub(super) mistrust: &'static mut Mistrust<WIDTH>,
}

/// What decides the stakes of one side of a pair.
struct Side<'a, const WIDTH: usize> {
    given: &'a StateInputsNow,
    /// Greed that counts: one's own is known, that of the other is private.
    greed: f64,
    /// Claim on the other, in shares of own value.
    claim: f64,
    /// Share of its prize that is relief from threat.
    relief: f64,
    /// Output of the other side in units of its own.
    relative_output: f64,
    /// Share of output that goes into arms.
    burden: f64,
    weariness: f64,
    punishable: f64,
    /// What the warheads of the other would do.
    loss: &'a Retaliation<WIDTH>,
}

/// Everything a crisis reads and changes.
#[derive(SystemParam)]
pub(crate) struct CrisisWorld<'w, 's, const WIDTH: usize> {
    pub(super) states: Query<'w, 's, CrisisState<WIDTH>>,
    pub(super) dyads: Query<'w, 's, CrisisDyad<WIDTH>>,
    pub(super) reaches: Query<'w, 's, &'static Reach>,
    pub(super) roster: Res<'w, Roster>,
    pub(super) coalitions: Res<'w, Coalitions>,
    pub(super) alignments: Res<'w, Alignments<WIDTH>>,
    pub(super) peace: Res<'w, PeaceTerms>,
    pub(super) realms: Res<'w, Realms<WIDTH>>,
    pub(super) parameters: Res<'w, Parameters>,
    pub(super) switches: Res<'w, Switches>,
    pub(super) security: ResMut<'w, CollectiveSecurity<WIDTH>>,
    pub(super) block: Res<'w, Block>,
    pub(super) clock: Res<'w, Clock>,
    pub(super) ending: Res<'w, crate::world::Rule>,
    pub(super) ledger: ResMut<'w, Ledger>,
}

impl<const WIDTH: usize> CrisisWorld<'_, '_, WIDTH> {
    pub(super) fn at_war(&self, state: usize, lane: usize) -> bool {
        self.states.get(self.roster.states[state]).is_ok_and(|state| state.at_war.0[lane] > 0.0)
    }

    /// A state as it enters a crisis.
    pub(super) fn party(&self, state: usize, side: usize, lane: usize) -> Party {
        let mut party = Party {
            state,
            side,
            mobilised: None,
            fighting: false,
            ready: 0.0,
            days_to_mobilise: 1.0,
            great_power: false,
            attack: 0.0,
            defence: 0.0,
        };
        if let Ok(CrisisStateReadOnlyItem { id, given, attack, resistance, .. }) = self.states.get(self.roster.states[state]) {
            party.days_to_mobilise = given.inputs.mobilisation_days;
            party.great_power = id.great_power;
            party.attack = attack.0[lane];
            party.defence = resistance.0[lane] + given.inputs.fortification;
        }
        party
    }

    pub(super) fn reach(&self, from: usize, to: usize) -> f64 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.reaches.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0.0, |reach| reach.forth)
    }

    pub(super) fn dyad_number(&self, from: usize, to: usize) -> u32 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.dyads.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0, |dyad| dyad.id.number)
    }

    /// Places in which a state may have an ally; see [`CrisisWorld::ally`].
    pub(super) fn places_of_allies(&self, of: usize) -> usize {
        if self.alignments.formed.is_empty() { self.coalitions.allies_of[of].len() } else { self.roster.outgoing[of].len() }
    }

    /// The ally of a state in a place and its commitment, by what the scenario gives and what has formed (E14, E14b).
    pub(super) fn ally(&self, of: usize, place: usize, lane: usize) -> Option<(usize, f64)> {
        if self.alignments.formed.is_empty() {
            return self.coalitions.allies_of[of].get(place).copied();
        }
        let dyad = self.roster.outgoing[of][place];
        let id = self.dyads.get(self.roster.dyads[dyad]).ok()?.id;
        let back = self.dyads.get(id.mirror).ok()?;
        let commitment = self.alignments.commitment(id.mirror_index, lane, back.given.0.commitment);
        (commitment >= ALLY).then_some((self.roster.ends[dyad].1, commitment))
    }

    /// What a state believes of the balance.
    pub(super) fn believed_balance(&self, state: usize, lane: usize) -> f64 {
        self.states.get(self.roster.states[state]).map_or(1.0, |state| state.balance.0[lane])
    }

    /// What a side of a pair has at stake.
    fn stakes(&self, side: &Side<WIDTH>, trade: f64, lane: usize) -> SideStakes {
        if !self.switches.game {
            return SideStakes { peace: 1.0, ..SideStakes::default() };
        }
        let parameters = &self.parameters;
        let (trade_gain, trade_loss) = parameters.trade.in_force(&self.switches);
        let punishment = self.security.perceived[lane] * parameters.institutions.punishment * side.punishable;
        let war_cost = parameters.game.war_cost * side.given.inputs.war_cost_factor;
        let cost = game::cost(war_cost, trade_loss * trade, punishment, side.weariness);
        let prize = |greed: f64, claim: f64| game::prize(greed, side.relative_output, claim, side.relief);
        SideStakes {
            peace: game::peace(side.burden, trade_gain * trade),
            prize: prize(side.greed, side.claim),
            prize_if_greedy: prize(parameters.beliefs.greedy_type, side.claim),
            prize_of_security: prize(0.0, 0.0),
            cost: cost + side.loss.strike[lane],
            cost_if_struck: cost + side.loss.struck[lane],
        }
    }

    /// How one state perceives another, and the key of the dyad's draws; `None` where they cannot reach each other.
    pub(super) fn perception(&self, own: usize, other: usize, lane: usize, rules: &Rules) -> Option<(Perception, u32)> {
        let position = self.roster.dyad(own, other)?;
        let dyad = self.dyads.get(self.roster.dyads[position]).ok()?;
        let back = self.dyads.get(dyad.id.mirror).ok()?;
        let mine = self.states.get(dyad.id.from).ok()?;
        let theirs = self.states.get(dyad.id.to).ok()?;
        let parameters = &self.parameters;
        let (my_output, their_output) = (mine.output.0[lane], theirs.output.0[lane]);
        let my_arms = mine.offence.0[lane] + mine.defence.0[lane];
        let their_arms = theirs.offence.0[lane] + theirs.defence.0[lane];
        let mistrust = dyad.mistrust.0[lane];
        // What the other feels is imagined with one's own suspicion.
        let imagined = felt_share(logistic(mistrust), parameters.threat.anarchy) * back.threat_if_greedy.0[lane];
        let own = Side {
            given: mine.given,
            greed: mine.greed.0[lane],
            claim: self.peace.claim(lane, position, dyad.given.0.claim),
            relief: game::relief(parameters.game.relief, dyad.threat.0[lane], my_arms),
            relative_output: their_output / my_output,
            burden: mine.procurement.0[lane] / my_output,
            weariness: mine.weariness.0[lane],
            punishable: mine.punishable.0[lane],
            loss: dyad.retaliation,
        };
        // The other is imagined as a security seeker with its claims: its greed is private.
        let other = Side {
            given: theirs.given,
            greed: 0.0,
            claim: self.peace.claim(lane, dyad.id.mirror_index, back.given.0.claim),
            relief: game::relief(parameters.game.relief, imagined, their_arms),
            relative_output: my_output / their_output,
            burden: theirs.procurement.0[lane] / their_output,
            weariness: theirs.weariness.0[lane],
            punishable: theirs.punishable.0[lane],
            loss: back.retaliation,
        };
        let strengths = dyad.strengths;
        let trade = dyad.given.0.trade;
        let perception = Perception {
            attack: strengths.attack[lane],
            resistance: strengths.resistance[lane],
            assault: strengths.assault[lane],
            holding: strengths.holding[lane],
            own: self.stakes(&own, trade, lane),
            other: self.stakes(&other, trade, lane),
            mistrust,
            evidence_left: parameters.arms_control.in_force(&self.switches).evidence_left(&dyad.given.0),
            later: if self.switches.prevention {
                let growth = relative_growth(mine.growth.0[lane], theirs.growth.0[lane], parameters.prevention.horizon);
                rules.later(strengths.assault[lane], growth, strengths.holding[lane])
            } else {
                0.0
            },
        };
        Some((perception, dyad.id.number))
    }

    /// Chance of settlement on a day between two principals.
    pub(super) fn daily_settlement(&self, [one, two]: [usize; 2]) -> f64 {
        let dyad = self.roster.dyad(one, two).and_then(|dyad| self.dyads.get(self.roster.dyads[dyad]).ok());
        let hotline = dyad.map_or(0.0, |dyad| dyad.given.0.hotline);
        self.parameters.arms_control.in_force(&self.switches).settlement(self.parameters.crisis.settlement, hotline)
    }

    /// Shifts what everybody within its reach thinks of a state.
    pub(super) fn shift_mistrust_of_all(&mut self, of: usize, lane: usize, by: f64) {
        // Dyads come in both directions, so who can see it is whom it can see.
        for position in 0..self.roster.outgoing[of].len() {
            let holder = self.roster.ends[self.roster.outgoing[of][position]].1;
            self.shift_mistrust(holder, of, lane, by);
        }
    }

    /// How well a state understands the security dilemma today.
    pub(super) fn awareness(&self, state: usize) -> f64 {
        self.states.get(self.roster.states[state]).map_or(0.0, |state| state.given.inputs.awareness)
    }

    pub(super) fn shift_mistrust(&mut self, holder: usize, of: usize, lane: usize, by: f64) {
        if let Some(dyad) = self.roster.dyad(holder, of)
            && self.switches.beliefs
            && let Ok(mut dyad) = self.dyads.get_mut(self.roster.dyads[dyad])
        {
            dyad.mistrust.0[lane] += by;
        }
    }
}
