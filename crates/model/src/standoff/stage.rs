//! The world as a crisis reads and changes it.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use spiral_kernel::maths::logistic;

use super::parties::Party;
use crate::appraisal::{Rules, SideStakes, View};
use crate::components::{
    ArmsGrowth, AtWar, AttackStrength, Defence, DefenceStrength, DyadId, Given, Greed, Mistrust, Offence, Output,
    PerceivedBalance, Procurement, Punishable, Reach, Retaliation, Roster, StateId, Strengths, Terms, ThreatFelt, ThreatIfGreedy,
    Weariness,
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

type StateData<const WIDTH: usize> = (
    (&'static StateId, &'static Given, &'static Greed<WIDTH>, &'static Output<WIDTH>, &'static Procurement<WIDTH>),
    (&'static Offence<WIDTH>, &'static Defence<WIDTH>, &'static AttackStrength<WIDTH>, &'static DefenceStrength<WIDTH>),
    (&'static ArmsGrowth<WIDTH>, &'static PerceivedBalance<WIDTH>, &'static Weariness<WIDTH>, &'static Punishable<WIDTH>),
    &'static mut AtWar<WIDTH>,
);

type DyadData<const WIDTH: usize> = (
    (&'static DyadId, &'static Terms, &'static Reach),
    (&'static Strengths<WIDTH>, &'static ThreatFelt<WIDTH>, &'static ThreatIfGreedy<WIDTH>, &'static Retaliation<WIDTH>),
    &'static mut Mistrust<WIDTH>,
);

/// Everything a crisis reads and changes.
#[derive(SystemParam)]
pub(crate) struct Stage<'w, 's, const WIDTH: usize> {
    pub(super) states: Query<'w, 's, StateData<WIDTH>>,
    pub(super) dyads: Query<'w, 's, DyadData<WIDTH>>,
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

impl<const WIDTH: usize> Stage<'_, '_, WIDTH> {
    pub(super) fn at_war(&self, state: usize, lane: usize) -> bool {
        self.states.get(self.roster.states[state]).is_ok_and(|(.., at_war)| at_war.0[lane] > 0.0)
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
        if let Ok(((id, given, ..), (.., attack, defence), ..)) = self.states.get(self.roster.states[state]) {
            party.days_to_mobilise = given.inputs.mobilisation_days;
            party.great_power = id.great_power;
            party.attack = attack.0[lane];
            party.defence = defence.0[lane] + given.inputs.fortification;
        }
        party
    }

    pub(super) fn reach(&self, from: usize, to: usize) -> f64 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.reaches.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0.0, |reach| reach.forth)
    }

    pub(super) fn dyad_number(&self, from: usize, to: usize) -> u32 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.dyads.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0, |((id, ..), ..)| id.number)
    }

    /// Places in which a state may have an ally; see [`Stage::ally`].
    pub(super) fn places_of_allies(&self, of: usize) -> usize {
        if self.alignments.formed.is_empty() { self.coalitions.allies_of[of].len() } else { self.roster.outgoing[of].len() }
    }

    /// The ally of a state in a place and its commitment, by what the scenario gives and what has formed (E14, E14b).
    pub(super) fn ally(&self, of: usize, place: usize, lane: usize) -> Option<(usize, f64)> {
        if self.alignments.formed.is_empty() {
            return self.coalitions.allies_of[of].get(place).copied();
        }
        let dyad = self.roster.outgoing[of][place];
        let ((id, ..), ..) = self.dyads.get(self.roster.dyads[dyad]).ok()?;
        let ((_, terms, _), ..) = self.dyads.get(id.mirror).ok()?;
        let commitment = self.alignments.commitment(id.mirror_index, lane, terms.0.commitment);
        (commitment >= ALLY).then_some((self.roster.ends[dyad].1, commitment))
    }

    /// What a state believes of the balance.
    pub(super) fn believed_balance(&self, state: usize, lane: usize) -> f64 {
        self.states.get(self.roster.states[state]).map_or(1.0, |(_, _, middle, _)| middle.1.0[lane])
    }

    /// The view that one state has of another; `None` where they cannot reach each other.
    pub(super) fn view(&self, own: usize, other: usize, lane: usize, rules: &Rules) -> Option<(View, u32)> {
        let dyad = self.roster.dyad(own, other)?;
        let ((id, terms, _), (strengths, threat, _, my_loss), mistrust) = self.dyads.get(self.roster.dyads[dyad]).ok()?;
        let ((_, back, _), (_, _, their_danger, their_loss), _) = self.dyads.get(id.mirror).ok()?;
        let mine = self.states.get(id.from).ok()?;
        let theirs = self.states.get(id.to).ok()?;
        let (my_arms, my_output, their_output) = (mine.1.0.0[lane] + mine.1.1.0[lane], mine.0.3.0[lane], theirs.0.3.0[lane]);
        let on = self.switches.game;
        let parameters = &self.parameters;
        let (trade_gain, trade_loss) = parameters.trade.in_force(&self.switches);
        let relief = game::relief(parameters.game.relief, threat.0[lane], my_arms);
        // What the other feels is imagined with one's own suspicion.
        let their_arms = theirs.1.0.0[lane] + theirs.1.1.0[lane];
        let imagined = felt_share(logistic(mistrust.0[lane]), parameters.threat.anarchy) * their_danger.0[lane];
        let their_relief = game::relief(parameters.game.relief, imagined, their_arms);
        let greedy_type = parameters.beliefs.greedy_type;
        let stake = |given: &Given,
                     greed: f64,
                     claim: f64,
                     relief: f64,
                     ratio: f64,
                     burden: f64,
                     weariness: f64,
                     punishable: f64,
                     loss: &Retaliation<WIDTH>| {
            if !on {
                return SideStakes { peace: 1.0, ..SideStakes::default() };
            }
            let punishment = self.security.perceived[lane] * parameters.institutions.punishment * punishable;
            let cost = game::cost(
                parameters.game.war_cost * given.inputs.war_cost_factor,
                trade_loss * terms.0.trade,
                punishment,
                weariness,
            );
            SideStakes {
                peace: game::peace(burden, trade_gain * terms.0.trade),
                prize: game::prize(greed, ratio, claim, relief),
                prize_if_greedy: game::prize(greedy_type, ratio, claim, relief),
                prize_of_security: game::prize(0.0, ratio, 0.0, relief),
                cost: cost + loss.strike[lane],
                cost_if_struck: cost + loss.struck[lane],
            }
        };
        let ((_, my_given, my_greed, _, my_spending), _, (my_growth, _, my_weariness, my_punishable), _) = mine;
        let ((_, their_given, _, _, their_spending), _, (their_growth, _, their_weariness, their_punishable), _) = theirs;
        let view = View {
            attack: strengths.attack[lane],
            resistance: strengths.resistance[lane],
            assault: strengths.assault[lane],
            holding: strengths.holding[lane],
            own: stake(
                my_given,
                my_greed.0[lane],
                self.peace.claim(lane, dyad, terms.0.claim),
                relief,
                their_output / my_output,
                my_spending.0[lane] / my_output,
                my_weariness.0[lane],
                my_punishable.0[lane],
                my_loss,
            ),
            // The other is imagined as a security seeker with its claims: its greed is private.
            other: stake(
                their_given,
                0.0,
                self.peace.claim(lane, id.mirror_index, back.0.claim),
                their_relief,
                my_output / their_output,
                their_spending.0[lane] / their_output,
                their_weariness.0[lane],
                their_punishable.0[lane],
                their_loss,
            ),
            mistrust: mistrust.0[lane],
            evidence_left: parameters.arms_control.in_force(&self.switches).evidence_left(&terms.0),
            later: if self.switches.prevention {
                let growth = relative_growth(my_growth.0[lane], their_growth.0[lane], parameters.prevention.horizon);
                rules.later(strengths.assault[lane], growth, strengths.holding[lane])
            } else {
                0.0
            },
        };
        Some((view, id.number))
    }

    /// Chance of settlement on a day between two principals.
    pub(super) fn daily_settlement(&self, [one, two]: [usize; 2]) -> f64 {
        let dyad = self.roster.dyad(one, two).and_then(|dyad| self.dyads.get(self.roster.dyads[dyad]).ok());
        let hotline = dyad.map_or(0.0, |((_, terms, _), ..)| terms.0.hotline);
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

    pub(super) fn shift_mistrust(&mut self, holder: usize, of: usize, lane: usize, by: f64) {
        if let Some(dyad) = self.roster.dyad(holder, of)
            && self.switches.beliefs
            && let Ok((.., mut mistrust)) = self.dyads.get_mut(self.roster.dyads[dyad])
        {
            mistrust.0[lane] += by;
        }
    }
}
