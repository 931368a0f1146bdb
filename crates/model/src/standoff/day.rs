//! A day of a crisis: who strikes and who mobilises.

use super::appraisal::Appraisal;
use super::course::{Standoff, Values};
use super::parties::OpposingPair;
use crate::draws::{Purpose, within};
use crate::outcome::{EventKind, Motive};

/// A state that means to strike another today.
struct Blow {
    actor: usize,
    target: usize,
    appraisal: Appraisal,
    motive: Motive,
    /// Draw that decides who comes first.
    turn: f64,
}

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// On the day of the clash one of the principals uses force against the other, short of war.
    pub(super) fn clash(&mut self, day: u16) {
        let Some((on, beginner)) = self.clash else { return };
        if on != day || self.first_strike.is_some() {
            return;
        }
        let lane = self.crisis.lane;
        let [actor, target] = [beginner, 1 - beginner].map(|place| self.crisis.principals[place]);
        let values = self.thoughts(beginner);
        self.tell(day, EventKind::Clash, actor, target, values);
        let rise = self.world.parameters.hostility.clash;
        self.world.raise_hostility(actor, target, lane, rise);
        self.world.raise_hostility(target, actor, lane, rise);
    }

    /// Every party looks at every party on the other side and strikes, mobilises or waits. All choices of a day rest on the
    /// readiness of that morning.
    pub(super) fn choose(&mut self, day: u16) {
        let appraisals = self.judge_all();
        let mut blows: Vec<Blow> = Vec::new();
        let mut orders: Vec<(usize, usize, Appraisal)> = Vec::new();
        self.yields = [false; 2];
        for (place, appraisal) in appraisals.into_iter().enumerate() {
            let OpposingPair { own, other, view } = self.opposing[place];
            let (actor, target) = (self.parties[own].state, self.parties[other].state);
            if own < 2 && appraisal.yields {
                self.yields[own] = true;
            }
            if let Some(motive) = appraisal.strikes {
                let number = within(self.number, self.views[view].number);
                let [turn, _] = self.world.block.lane_uniforms(self.crisis.lane, Purpose::Day, number, self.time(day));
                blows.push(Blow { actor, target, appraisal, motive, turn });
            } else if appraisal.mobilises.is_some() && !orders.iter().any(|order| order.0 == own) {
                orders.push((own, target, appraisal));
            }
        }
        if !orders.is_empty() {
            self.regroup();
        }
        for (position, against, a) in orders {
            self.parties[position].mobilised = Some(day);
            let actor = self.parties[position].state;
            self.tell_why(day, EventKind::Mobilisation, (actor, against), a.values(), None, a.mobilises);
        }
        if blows.is_empty() && self.first_strike.is_none() && self.has_accident(day) {
            let [actor, target] = self.crisis.principals;
            if let Some(appraisal) = self.appraisal(0, 1) {
                blows.push(Blow { actor, target, appraisal, motive: Motive::Accident, turn: 0.0 });
            }
        }
        blows.sort_by(|a, b| a.turn.total_cmp(&b.turn));
        for Blow { actor, target, appraisal, motive, .. } in blows {
            let at_war = |state: usize| self.parties.iter().any(|party| party.state == state && party.fighting);
            // Who was struck an hour ago does not strike the same state first.
            if !(at_war(actor) && at_war(target)) {
                self.strike(day, actor, target, appraisal.values(), motive);
            }
        }
    }

    /// Whether an accident begins a war: only while both principals are mobilised.
    fn has_accident(&self, day: u16) -> bool {
        let both = self.parties[..2].iter().all(|party| party.mobilised.is_some());
        let p = &self.world.parameters.crisis;
        if !both || p.accident <= 0.0 || !(self.world.switches.strike && self.world.switches.war) {
            return false;
        }
        let number = within(self.number, self.number.rotate_left(7));
        let [u, _] = self.world.block.lane_uniforms(self.crisis.lane, Purpose::Severity, number, self.time(day));
        u < p.accident
    }

    fn strike(&mut self, day: u16, actor: usize, target: usize, values: Values, motive: Motive) {
        self.tell_why(day, EventKind::Strike, (actor, target), values, Some(motive), None);
        let lane = self.crisis.lane;
        if self.first_strike.is_none() {
            self.first_strike = Some(day);
            let began = self.date(day);
            let account = &mut self.world.ledger.lanes[lane];
            account.outcome.wars = account.outcome.wars.saturating_add(1);
            if account.at_peace {
                account.at_peace = false;
                account.outcome.first_war_date = Some(began);
                account.outcome.motive = Some(motive);
                account.outcome.initiator = actor as u32;
                account.outcome.target = target as u32;
                account.outcome.days_crisis_to_war = Some(f64::from(day));
            }
            self.world.learn_of_war(actor, lane);
            // The first war's sides are numbered from who struck first.
            if self.parties.iter().any(|party| party.state == actor && party.side == 1) {
                for party in &mut self.parties {
                    party.side = 1 - party.side;
                }
            }
        }
        self.world.peace.begin_to_fight(lane, actor, target);
        let rise = self.world.parameters.hostility.war;
        self.world.raise_hostility(target, actor, lane, rise);
        self.world.raise_hostility(actor, target, lane, 0.5 * rise);
        for party in &mut self.parties {
            if party.state == actor || party.state == target {
                party.fighting = true;
                party.mobilised.get_or_insert(day);
            }
        }
        self.regroup();
        self.count_great_powers(day);
    }

    pub(super) fn count_great_powers(&mut self, day: u16) {
        let fighting = self.parties.iter().filter(|party| party.fighting && party.great_power).count();
        if fighting >= 3 && self.general.is_none() {
            self.general = Some(day);
            let date = self.date(day);
            let account = &mut self.world.ledger.lanes[self.crisis.lane];
            if account.outcome.general_war_date.is_none() {
                account.outcome.general_war_date = Some(date);
                account.outcome.days_crisis_to_general_war = Some(f64::from(day));
            }
        }
    }
}
