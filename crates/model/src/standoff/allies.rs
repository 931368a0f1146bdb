//! Allies of those in danger: who stands by, who joins, who stays away.

use super::course::Standoff;
use super::parties::{Party, Wish};
use crate::draws::{Purpose, within};
use crate::mechanisms::allies::{FIRM_COMMITMENT, chance_of_joining, worth_of_joining};
use crate::mechanisms::contest::chance_of_winning;
use crate::outcome::EventKind;

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Allies of those in danger decide whether to stand by them, or in war to join.
    pub(super) fn call_allies(&mut self, day: u16) {
        let lane = self.crisis.lane;
        let war = self.first_strike.is_some();
        let alarmed = |parties: &[Party], side: usize| parties.iter().any(|foe| foe.side != side && foe.mobilised.is_some());
        let mut comers: Vec<(usize, usize, usize, f64, f64, f64)> = Vec::new();
        for standing in 0..self.parties.len() {
            let friend = self.parties[standing];
            if !(if war { friend.fighting } else { alarmed(&self.parties, friend.side) }) {
                continue;
            }
            for place in 0..self.world.places_of_allies(friend.state) {
                let Some((ally, commitment)) = self.world.ally(friend.state, place, lane) else { continue };
                let role = self.parties.iter().find(|party| party.state == ally);
                let may_come = role.map_or(!comers.iter().any(|comer| comer.0 == ally), |party| {
                    war && !party.fighting && party.side == friend.side
                });
                if !may_come {
                    continue;
                }
                let (number, chance, (alone, helped, worth)) = self.wish(ally, friend, commitment);
                let [u, _] = self.world.block.lane_uniforms(lane, Purpose::Ally, number, self.time(day));
                if u < chance {
                    comers.push((ally, friend.state, friend.side, alone, helped, worth));
                }
            }
        }
        if !comers.is_empty() {
            self.regroup();
        }
        for (ally, friend, side, alone, helped, worth) in comers {
            let known = self.parties.iter().position(|party| party.state == ally);
            let position = known.unwrap_or_else(|| {
                self.parties.push(self.world.party(ally, side, lane));
                self.parties.len() - 1
            });
            if self.parties[position].mobilised.is_none() {
                self.parties[position].mobilised = Some(day);
                if !war {
                    let foe = self.parties.iter().find(|party| party.side != side).map_or(friend, |party| party.state);
                    self.tell(day, EventKind::Mobilisation, ally, foe, (alone, helped, worth), None);
                }
            }
            if war {
                self.parties[position].fighting = true;
                self.tell(day, EventKind::Joining, ally, friend, (alone, helped, worth), None);
                let outcome = &mut self.world.ledger.lanes[lane].outcome;
                outcome.entrapments = outcome.entrapments.saturating_add(1);
                self.count_great_powers(day);
            }
        }
    }

    /// Key of the draws, chance to join today, and the values behind it; remembered. Who is at war elsewhere does not come.
    pub(super) fn wish(&mut self, ally: usize, friend: Party, commitment: f64) -> (u32, f64, (f64, f64, f64)) {
        if let Some(known) = self.wishes.iter().find(|wish| wish.ally == ally && wish.friend == friend.state) {
            return (known.number, known.chance, known.values);
        }
        let number = within(self.number, self.world.dyad_number(ally, friend.state));
        let (mut chance, mut values) = (0.0, (0.0, 0.0, 0.0));
        if !self.world.at_war(ally, self.crisis.lane) {
            values = self.weigh_joining(ally, friend, commitment);
            chance = chance_of_joining(values.2, &self.world.parameters.allies);
        }
        self.wishes.push(Wish { ally, friend: friend.state, number, chance, values });
        (number, chance, values)
    }

    /// Chances that a friend falls alone and helped, as an ally sees them, and what joining is worth.
    pub(super) fn weigh_joining(&self, ally: usize, friend: Party, commitment: f64) -> (f64, f64, f64) {
        let lane = self.crisis.lane;
        let war = self.first_strike.is_some();
        let balance = self.world.believed_balance(ally, lane);
        let own_defence = self.world.party(ally, friend.side, lane).defence;
        let counts = |party: &&Party| !war || party.fighting;
        let (mut attack, mut resistance) = (0.0, friend.defence);
        let mut way = self.world.reach(ally, friend.state);
        for foe in self.parties.iter().filter(|party| party.side != friend.side).filter(counts) {
            attack += balance * self.world.reach(foe.state, friend.state) * foe.attack;
            way = way.max(self.world.reach(ally, foe.state));
        }
        let others =
            self.parties.iter().filter(|party| party.side == friend.side && party.state != friend.state && party.state != ally);
        for other in others.filter(counts) {
            let foes = self.parties.iter().filter(|party| party.side != friend.side);
            let reach = foes
                .map(|foe| self.world.reach(other.state, foe.state))
                .fold(self.world.reach(other.state, friend.state), f64::max);
            resistance += reach * other.defence;
        }
        let r = self.world.parameters.contest.decisiveness;
        let odds = |resistance: f64| if self.world.switches.contest { chance_of_winning(attack, resistance, r) } else { 0.5 };
        let (alone, helped) = (odds(resistance), odds(resistance + way * own_defence));
        // A commitment is owed to the attacked; to who struck first only once somebody else has joined against it.
        let foes = self.parties.iter().filter(|party| party.side != friend.side).count();
        let owed = friend.side == 1 || foes > 1;
        (alone, helped, worth_of_joining(commitment, owed, alone, helped, balance, &self.world.parameters.allies))
    }

    /// Firmly committed allies of some parties that have no part in the crisis.
    pub(super) fn absent_allies(&self, of: impl Fn(&Party) -> bool) -> Vec<(usize, usize)> {
        let mut absent: Vec<(usize, usize)> = Vec::new();
        for party in self.parties.iter().filter(|party| of(party)) {
            let lane = self.crisis.lane;
            let places = if self.world.switches.allies { self.world.places_of_allies(party.state) } else { 0 };
            for (ally, commitment) in (0..places).filter_map(|place| self.world.ally(party.state, place, lane)) {
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
