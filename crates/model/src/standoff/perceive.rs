//! How the parties of a crisis judge one another, day by day.

use super::appraisal::{ABREAST, Appraisal, AppraisalBatch};
use super::course::Standoff;
use super::parties::{OpposingPair, PerceptionSlot};
use crate::draws::{Days, Purpose, within};

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Position of the slot of one state for another; `None` where they cannot reach each other.
    pub(super) fn slot(&mut self, own: usize, other: usize) -> Option<usize> {
        let known = self.slots.iter().position(|slot| slot.own == own && slot.other == other);
        if known.is_some() {
            return known;
        }
        let (perception, number) = self.world.perception(own, other, self.crisis.lane, self.rules)?;
        let position = self.slots.len();
        let (batch, place) = (position / ABREAST, position % ABREAST);
        if batch == self.batches.len() {
            self.batches.push(AppraisalBatch::default());
        }
        if place == 0 {
            self.batches[batch].clear();
        }
        self.batches[batch].set(place, &perception);
        self.slots.push(PerceptionSlot { own, other, batch, place, days: Days::new(Purpose::Day, within(self.number, number)) });
        Some(position)
    }

    /// How one party judges another today.
    pub(super) fn appraisal(&mut self, own: usize, other: usize) -> Option<Appraisal> {
        let (own, other) = (self.parties[own], self.parties[other]);
        let slot = self.slot(own.state, other.state)?;
        let PerceptionSlot { batch, place, .. } = &self.slots[slot];
        let (batch, place, day) = (&mut self.batches[*batch], *place, self.today);
        if !batch.is_current(place, day, own.ready, other.ready) {
            batch.prepare(place, day, own.ready_from(day), other.ready_from(day));
            batch.appraise(self.rules);
        }
        Some(batch.appraisal(place, day))
    }

    /// Everybody on one side looks at everybody on the other.
    pub(super) fn face(&mut self) {
        if self.opposing.is_empty() {
            for own in 0..self.parties.len() {
                for other in 0..self.parties.len() {
                    let (one, two) = (self.parties[own], self.parties[other]);
                    if one.side == two.side || (one.fighting && two.fighting) {
                        continue;
                    }
                    if let Some(slot) = self.slot(one.state, two.state) {
                        self.opposing.push(OpposingPair { own, other, slot });
                    }
                }
            }
        }
        let day = self.today;
        for opposing in &self.opposing {
            let PerceptionSlot { batch, place, .. } = &self.slots[opposing.slot];
            let (own, other) = (&self.parties[opposing.own], &self.parties[opposing.other]);
            if !self.batches[*batch].is_current(*place, day, own.ready, other.ready) {
                self.batches[*batch].mark_stale();
            }
        }
        for opposing in &self.opposing {
            let PerceptionSlot { batch, place, .. } = &self.slots[opposing.slot];
            if self.batches[*batch].is_stale() {
                let (own, other) = (&self.parties[opposing.own], &self.parties[opposing.other]);
                self.batches[*batch].prepare(*place, day, own.ready_from(day), other.ready_from(day));
            }
        }
        let used = self.slots.len().div_ceil(ABREAST);
        for batch in &mut self.batches[..used] {
            batch.appraise(self.rules);
        }
    }

    /// Parties, sides or who fights have changed: what rests on them is made anew.
    pub(super) fn regroup(&mut self) {
        self.opposing.clear();
        self.wishes.clear();
    }

    /// A day begins: readiness is what the orders of earlier days have made it.
    pub(super) fn wake(&mut self, day: u16) {
        self.today = day;
        for party in &mut self.parties {
            party.ready = party.ready_on(day);
        }
    }

    /// The first day from this one on on which anybody may act or the crisis may be settled. As long as nobody has mobilised
    /// every day is like the last but for its draws, so only the draws are checked.
    pub(super) fn next_day(&mut self, day: u16) -> u16 {
        if self.parties.iter().any(|party| party.mobilised.is_some()) {
            return day;
        }
        let longest = self.world.parameters.crisis.longest as u16;
        let mut next = (day..=longest).find(|&day| self.is_settled(day)).unwrap_or(longest + 1).max(day);
        let (tick, lane, block) = (self.world.clock.tick, self.crisis.lane, *self.world.block);
        for opposing in &self.opposing {
            let PerceptionSlot { batch, place, days, .. } = &mut self.slots[opposing.slot];
            let appraisal = self.batches[*batch].appraisal(*place, self.today);
            let mut acts = |day: u16| {
                let [strike, mobilise] = days.on(day, tick, lane, &block);
                strike < appraisal.strikes || mobilise < appraisal.mobilises
            };
            next = (day..next).find(|&day| acts(day)).unwrap_or(next);
        }
        next
    }
}
