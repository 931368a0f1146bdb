//! Allies and the endangered: who stands by, who joins, who stays away, and what others expect of them.

use super::course::Standoff;
use super::parties::{AnsweredCall, Party};
use crate::draws::{Purpose, within};
use crate::mechanisms::allies::{ALLY, Allies, Call, FIRM_COMMITMENT, chance_of_joining, worth_of_joining};
use crate::mechanisms::crisis::{defends, first_strike};
use crate::outcome::{EventKind, MobilisationMotive};

/// What a state would gain by joining a war between a striker and its victim.
#[derive(Debug, Clone, Copy, Default)]
struct Joining {
    /// Worth of joining the victim, and the chances that the striker wins without and with its help.
    defend: (f64, f64, f64),
    /// Worth of joining the striker, and the same chances.
    attack: (f64, f64, f64),
}

/// Readiness that is expected of who strikes in a war that is only thought of.
const EXPECTED_READINESS: f64 = 0.5;

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Lists the states within reach of the principals that might take a side.
    pub(super) fn list_bystanders(&mut self) {
        if !self.world.switches.allies {
            return;
        }
        let lane = self.crisis.lane;
        for principal in self.crisis.principals {
            for place in 0..self.world.roster.outgoing[principal].len() {
                let state = self.world.roster.ends[self.world.roster.outgoing[principal][place]].1;
                let known = self.parties.iter().chain(&self.bystanders).any(|party| party.state == state);
                // Who is at war elsewhere does not come.
                if known || self.world.at_war(state, lane) || self.world.realms.is_conquered(state, lane) {
                    continue;
                }
                let bystander = self.world.party(state, 0, lane, self.number, self.crisis.began);
                self.bystanders.push(bystander);
            }
        }
    }

    /// What joining a war of `striker` against `victim` would be worth to `state`.
    fn joining(&self, state: &Party, striker: &Party, victim: &Party) -> Joining {
        let (lane, world, date) = (self.crisis.lane, &self.world, self.date(self.today));
        let (p, crisis) = (&world.parameters.allies, &world.parameters.crisis);
        let to_victim = world.commitment(state.state, victim.state, lane, date);
        let to_striker = world.commitment(state.state, striker.state, lane, date);
        let balance = state.balance;
        let factor = world.parameters.technology.in_force(world.switches).first_strike;
        let surprise = first_strike(factor, balance, EXPECTED_READINESS, 0.0, crisis);
        let helps = |party: &&Party, side: usize| {
            party.side == side && party.mobilised.is_some() && ![state.state, striker.state, victim.state].contains(&party.state)
        };
        let mut attack = surprise * balance * world.reach(striker.state, victim.state) * striker.attack;
        for friend in self.parties.iter().filter(|party| helps(party, striker.side)) {
            attack += balance * world.reach(friend.state, victim.state) * friend.attack;
        }
        let mut resistance = victim.defence + victim.forts;
        let mut defended = false;
        for friend in self.parties.iter().filter(|party| helps(party, victim.side)) {
            resistance += world.reach(friend.state, striker.state).max(world.reach(friend.state, victim.state)) * friend.defence;
            defended = true;
        }
        let way = world.reach(state.state, victim.state).max(world.reach(state.state, striker.state));
        let own_attack = |foe: &Party| surprise * balance * world.reach(foe.state, state.state) * foe.attack;
        let own_defence = state.defence + state.forts;
        // Alone, defended by it, helped by it, and the danger that either foe is to it.
        let strengths = [
            (attack, resistance),
            (attack, resistance + way * state.defence),
            (attack + balance * world.reach(state.state, victim.state) * state.attack, resistance),
            (own_attack(striker), own_defence),
            (own_attack(victim), own_defence),
        ];
        let [alone, defended_by_it, helped_by_it, danger_of_striker, danger_of_victim] = self.rules.odds_of(strengths);
        let defend = Call {
            commitment: to_victim,
            to_the_foe: to_striker,
            mistrust: world.belief(state.state, striker.state, lane),
            danger: danger_of_striker,
            difference: alone - defended_by_it,
            others_suffice: 1.0 - alone,
            balance,
            owed: 1.0,
        };
        let attack = Call {
            commitment: to_striker,
            to_the_foe: to_victim,
            mistrust: world.belief(state.state, victim.state, lane),
            danger: danger_of_victim,
            difference: helped_by_it - alone,
            others_suffice: alone,
            balance,
            owed: if defended { 1.0 } else { p.unprovoked },
        };
        Joining {
            defend: (worth_of_joining(&defend, p), alone, defended_by_it),
            attack: (worth_of_joining(&attack, p), alone, helped_by_it),
        }
    }

    /// What others are expected to add to either of two foes, in attack and in defence, weighted by the chance that they join.
    pub(super) fn expected_support(&self, one: &Party, two: &Party) -> ((f64, f64), (f64, f64)) {
        let (mut own, mut other) = ((0.0, 0.0), (0.0, 0.0));
        if !self.world.switches.allies {
            return (own, other);
        }
        let (p, crisis) = (&self.world.parameters.allies, &self.world.parameters.crisis);
        for (position, third) in self.parties.iter().chain(&self.bystanders).enumerate() {
            if third.state == one.state || third.state == two.state {
                continue;
            }
            let takes_part = position < self.parties.len();
            let (to_one, to_two) = (self.world.reach(third.state, one.state), self.world.reach(third.state, two.state));
            if to_one <= 0.0 && to_two <= 0.0 {
                continue;
            }
            let on = |party: &Party| takes_part && third.side == party.side && third.mobilised.is_some();
            let chances = if on(one) || on(two) {
                let with = |party: &Party| f64::from(u8::from(on(party)));
                [with(one), with(one), with(two), with(two)]
            } else {
                let (strikes, struck) = (self.joining(third, one, two), self.joining(third, two, one));
                let may = |party: &Party, worth: f64| {
                    if takes_part && third.side != party.side { 0.0 } else { chance_of_joining(worth, p) }
                };
                [may(one, strikes.attack.0), may(one, struck.defend.0), may(two, struck.attack.0), may(two, strikes.defend.0)]
            };
            let ready = defends(third.ready_on(self.today), crisis);
            let (attack, defence) = (third.attack * ready, to_one.max(to_two) * third.defence * ready);
            own.0 += chances[0] * to_two * attack;
            own.1 += chances[1] * defence;
            other.0 += chances[2] * to_one * attack;
            other.1 += chances[3] * defence;
        }
        (own, other)
    }

    /// Allies of those in danger decide whether to stand by them, or in war anybody whether to join.
    pub(super) fn call_allies(&mut self, day: u16) {
        if self.first_strike.is_some() { self.call_to_war(day) } else { self.call_to_arms(day) }
    }

    /// Before the first strike: allies of a principal whose foe has mobilised.
    fn call_to_arms(&mut self, day: u16) {
        let alarmed = |side: usize| self.parties.iter().any(|foe| foe.side != side && foe.mobilised.is_some());
        let danger = [alarmed(0), alarmed(1)];
        if danger == [false; 2] {
            return;
        }
        let (lane, challenger, defender) = (self.crisis.lane, self.parties[0], self.parties[1]);
        let mut comers: Vec<(usize, usize, (f64, f64, f64))> = Vec::new();
        for (place, bystander) in self.bystanders.iter().enumerate() {
            let committed = |to: usize| self.world.commitment(bystander.state, to, lane, self.date(day)) >= ALLY;
            let asked = [danger[0] && committed(challenger.state), danger[1] && committed(defender.state)];
            if asked == [false; 2] {
                continue;
            }
            let joining = self.joining(bystander, &challenger, &defender);
            let side = if asked[1] && joining.defend.0 > bystander.reluctance {
                1
            } else if asked[0] && joining.attack.0 > bystander.reluctance {
                0
            } else {
                continue;
            };
            comers.push((place, side, if side == 1 { joining.defend } else { joining.attack }));
        }
        for &(place, side, (worth, alone, helped)) in comers.iter().rev() {
            let mut ally = self.bystanders.remove(place);
            (ally.side, ally.mobilised) = (side, Some(day));
            self.parties.push(ally);
            let foe = self.parties[1 - side].state;
            let motive = Some(MobilisationMotive::Ally);
            self.tell_why(day, EventKind::Mobilisation, (ally.state, foe), (alone, helped, worth), None, motive);
        }
        if !comers.is_empty() {
            self.regroup();
        }
    }

    /// After the first strike: everybody within reach who is not at war yet.
    fn call_to_war(&mut self, day: u16) {
        let fighting = |side: usize| -> Vec<Party> {
            self.parties.iter().filter(|party| party.fighting && party.side == side).copied().collect()
        };
        let (strikers, victims) = (fighting(0), fighting(1));
        let Allies { days, .. } = self.world.parameters.allies;
        if self.calls.is_empty() {
            let everybody = self.parties.iter().chain(&self.bystanders).enumerate();
            self.calls = everybody.map(|(position, state)| self.best_call(position, state, &strikers, &victims)).collect();
        }
        let mut comers: Vec<(usize, AnsweredCall)> = Vec::new();
        for (position, state) in self.parties.iter().chain(&self.bystanders).enumerate() {
            let Some(AnsweredCall { side, friend, worth }) = self.calls[position] else { continue };
            let number = within(self.number, self.world.state_number(state.state));
            let [u, _] = self.world.block.lane_uniforms(self.crisis.lane, Purpose::Ally, number, self.time(day));
            if u * days < 1.0 {
                comers.push((position, AnsweredCall { side, friend, worth }));
            }
        }
        let known = self.parties.len();
        for &(position, AnsweredCall { side, friend, worth: (worth, alone, helped) }) in comers.iter().rev() {
            let mut state = if position < known { self.parties[position] } else { self.bystanders.remove(position - known) };
            (state.side, state.fighting) = (side, true);
            state.mobilised.get_or_insert(day);
            if position < known {
                self.parties[position] = state;
            } else {
                self.parties.push(state);
            }
            for foe in self.parties.iter().filter(|party| party.fighting && party.side != side) {
                self.world.peace.begin_to_fight(self.crisis.lane, state.state, foe.state);
            }
            self.tell(day, EventKind::Joining, state.state, friend, (alone, helped, worth));
            let outcome = &mut self.world.ledger.lanes[self.crisis.lane].outcome;
            outcome.entrapments = outcome.entrapments.saturating_add(1);
        }
        if !comers.is_empty() {
            self.regroup();
            self.count_great_powers(day);
        }
    }

    /// The war that a state would rather join than any other, if it would join one.
    fn best_call(&self, position: usize, state: &Party, strikers: &[Party], victims: &[Party]) -> Option<AnsweredCall> {
        if state.fighting {
            return None;
        }
        let takes_part = position < self.parties.len();
        let mut best: Option<AnsweredCall> = None;
        for (striker, victim) in strikers.iter().flat_map(|striker| victims.iter().map(move |victim| (striker, victim))) {
            let joining = self.joining(state, striker, victim);
            for (side, friend, worth) in [(1, victim.state, joining.defend), (0, striker.state, joining.attack)] {
                let may = !takes_part || state.side == side;
                if may && worth.0 > state.reluctance && best.is_none_or(|known| worth.0 > known.worth.0) {
                    best = Some(AnsweredCall { side, friend, worth });
                }
            }
        }
        best
    }

    /// Firmly committed allies of some parties that have no part in the crisis.
    pub(super) fn absent_allies(&self, of: impl Fn(&Party) -> bool) -> Vec<(usize, usize)> {
        let mut absent: Vec<(usize, usize)> = Vec::new();
        for party in self.parties.iter().filter(|party| of(party)) {
            let lane = self.crisis.lane;
            let neighbours = if self.world.switches.allies { self.world.roster.outgoing[party.state].as_slice() } else { &[] };
            for ally in neighbours.iter().map(|&dyad| self.world.roster.ends[dyad].1) {
                let commitment = self.world.commitment(ally, party.state, lane, self.date(self.today));
                let present =
                    self.parties.iter().any(|other| other.state == ally && (other.fighting || self.first_strike.is_none()));
                let gone = self.world.realms.is_conquered(ally, lane);
                if commitment >= FIRM_COMMITMENT && !present && !gone && !absent.iter().any(|&(known, _)| known == ally) {
                    absent.push((ally, party.state));
                }
            }
        }
        absent
    }
}
