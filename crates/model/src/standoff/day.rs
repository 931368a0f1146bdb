//! A day of a crisis: who strikes and who mobilises.

use spiral_kernel::calendar::DAYS_PER_YEAR;

use super::appraisal::Appraisal;
use super::course::Standoff;
use super::parties::PerceptionSlot;
use crate::mechanisms::beliefs::after_war_begun;
use crate::mechanisms::crisis::Cause;
use crate::outcome::{EventKind, Motive};

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Every party looks at every party on the other side and strikes, mobilises or waits. All choices of a day rest on the
    /// readiness of that morning.
    pub(super) fn choose(&mut self, day: u16) {
        let mut strikes: Vec<(usize, usize, Appraisal, f64)> = Vec::new();
        let mut orders: Vec<(usize, usize, Appraisal)> = Vec::new();
        self.face();
        for opposing in &self.opposing {
            let PerceptionSlot { batch, place, days, .. } = &mut self.slots[opposing.slot];
            let [strike, mobilise] = days.on(day, self.world.clock.tick, self.crisis.lane, &self.world.block);
            let (own, other) = (self.parties[opposing.own], self.parties[opposing.other]);
            let appraisal = self.batches[*batch].appraisal(*place, day);
            if strike < appraisal.strikes {
                strikes.push((own.state, other.state, appraisal, strike));
            } else if own.mobilised.is_none()
                && mobilise < appraisal.mobilises
                && !orders.iter().any(|order| order.0 == opposing.own)
            {
                orders.push((opposing.own, other.state, appraisal));
            }
        }
        for (position, against, a) in orders {
            self.parties[position].mobilised = Some(day);
            let actor = self.parties[position].state;
            self.tell(day, EventKind::Mobilisation, actor, against, (a.fear, a.first, a.advantage), None);
        }
        for (actor, target, a, draw) in strikes {
            let motive = if self.crisis.cause == Cause::FalseAlarm { Some(Motive::Accident) } else { a.motive(draw, self.rules) };
            self.strike(day, actor, target, a, motive);
        }
    }

    pub(super) fn strike(&mut self, day: u16, actor: usize, target: usize, a: Appraisal, motive: Option<Motive>) {
        self.tell(day, EventKind::Strike, actor, target, (a.fear, a.first, a.advantage), motive);
        if self.first_strike.is_none() {
            self.first_strike = Some(day);
            let lane = self.crisis.lane;
            let began = self.crisis.began + f64::from(day) / DAYS_PER_YEAR;
            let account = &mut self.world.ledger.lanes[lane];
            account.outcome.wars = account.outcome.wars.saturating_add(1);
            if account.at_peace {
                account.at_peace = false;
                account.outcome.first_war_date = Some(began);
                account.outcome.motive = motive;
                account.outcome.initiator = actor as u32;
                account.outcome.target = target as u32;
                account.outcome.days_crisis_to_war = Some(f64::from(day));
            }
            let evidence = after_war_begun(&self.world.parameters.beliefs);
            self.world.shift_mistrust_of_all(actor, lane, evidence);
            // The first war's sides are numbered from who struck first.
            if self.parties.iter().any(|party| party.state == actor && party.side == 1) {
                for party in &mut self.parties {
                    party.side = 1 - party.side;
                }
            }
        }
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
            let account = &mut self.world.ledger.lanes[self.crisis.lane];
            if account.outcome.general_war_date.is_none() {
                account.outcome.general_war_date = Some(self.crisis.began + f64::from(day) / DAYS_PER_YEAR);
                account.outcome.days_crisis_to_general_war = Some(f64::from(day));
            }
        }
    }
}
