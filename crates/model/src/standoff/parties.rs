//! Who has a part in a crisis, who looks at whom, and what they make of it.

use super::Standoff;
use crate::appraisal::{ABREAST, Appraisal, DAYS, Rank};
use crate::draws::{Days, Purpose, within};

/// A state that has a part in a crisis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Party {
    pub(super) state: usize,
    pub(super) side: usize,
    /// Day of its order to mobilise.
    pub(super) mobilised: Option<u16>,
    /// Whether it is at war.
    pub(super) fighting: bool,
    /// Readiness on the morning of the day.
    pub(super) ready: f64,
    pub(super) days_to_mobilise: f64,
    pub(super) great_power: bool,
    /// Strength in attack and in defence, forts included.
    pub(super) attack: f64,
    pub(super) defence: f64,
}

/// Who looks at whom: positions of states, the place of the view in the ranks, the draws of the pair.
pub(super) struct Regard {
    pub(super) own: usize,
    pub(super) other: usize,
    pub(super) rank: usize,
    pub(super) place: usize,
    pub(super) days: Days,
}

/// Two parties that face each other: positions of parties, and of the first one's regard for the second.
pub(super) struct Facing {
    pub(super) own: usize,
    pub(super) other: usize,
    pub(super) regard: usize,
}

impl Party {
    /// Readiness on a day, if the state gives no order before it.
    fn ready_on(&self, day: u16) -> f64 {
        self.mobilised.map_or(self.ready, |order| (f64::from(day.saturating_sub(order)) / self.days_to_mobilise).min(1.0))
    }

    /// Readiness on some days from `day` on.
    fn ready_from(&self, day: u16) -> [f64; DAYS] {
        std::array::from_fn(|later| self.ready_on(day + later as u16))
    }
}

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Position of the regard of one state for another; `None` where they cannot reach each other.
    pub(super) fn regard(&mut self, own: usize, other: usize) -> Option<usize> {
        let known = self.regards.iter().position(|regard| regard.own == own && regard.other == other);
        if known.is_some() {
            return known;
        }
        let (view, number) = self.stage.view(own, other, self.crisis.lane, self.rules)?;
        let position = self.regards.len();
        let (rank, place) = (position / ABREAST, position % ABREAST);
        if rank == self.ranks.len() {
            self.ranks.push(Rank::default());
        }
        if place == 0 {
            self.ranks[rank].clear();
        }
        self.ranks[rank].set(place, &view);
        self.regards.push(Regard { own, other, rank, place, days: Days::new(Purpose::Day, within(self.number, number)) });
        Some(position)
    }

    /// What one party makes of another today.
    pub(super) fn appraisal(&mut self, own: usize, other: usize) -> Option<Appraisal> {
        let (own, other) = (self.parties[own], self.parties[other]);
        let regard = self.regard(own.state, other.state)?;
        let Regard { rank, place, .. } = &self.regards[regard];
        let (rank, place, day) = (&mut self.ranks[*rank], *place, self.today);
        if !rank.knows(place, day, own.ready, other.ready) {
            rank.prepare(place, day, own.ready_from(day), other.ready_from(day));
            rank.appraise(self.rules);
        }
        Some(rank.appraisal(place, day))
    }

    /// Everybody on one side looks at everybody on the other.
    pub(super) fn face(&mut self) {
        if self.facing.is_empty() {
            for own in 0..self.parties.len() {
                for other in 0..self.parties.len() {
                    let (one, two) = (self.parties[own], self.parties[other]);
                    if one.side == two.side || (one.fighting && two.fighting) {
                        continue;
                    }
                    if let Some(regard) = self.regard(one.state, two.state) {
                        self.facing.push(Facing { own, other, regard });
                    }
                }
            }
        }
        let day = self.today;
        for facing in &self.facing {
            let Regard { rank, place, .. } = &self.regards[facing.regard];
            let (own, other) = (&self.parties[facing.own], &self.parties[facing.other]);
            if !self.ranks[*rank].knows(*place, day, own.ready, other.ready) {
                self.ranks[*rank].doubt();
            }
        }
        for facing in &self.facing {
            let Regard { rank, place, .. } = &self.regards[facing.regard];
            if self.ranks[*rank].is_stale() {
                let (own, other) = (&self.parties[facing.own], &self.parties[facing.other]);
                self.ranks[*rank].prepare(*place, day, own.ready_from(day), other.ready_from(day));
            }
        }
        let used = self.regards.len().div_ceil(ABREAST);
        for rank in &mut self.ranks[..used] {
            rank.appraise(self.rules);
        }
    }

    /// Parties, sides or who fights have changed: what rests on them is made anew.
    pub(super) fn regroup(&mut self) {
        self.facing.clear();
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
    /// every day is like the last but for its draws, so no more than these is looked at.
    pub(super) fn next_day(&mut self, day: u16) -> u16 {
        if self.parties.iter().any(|party| party.mobilised.is_some()) {
            return day;
        }
        let longest = self.stage.parameters.crisis.longest as u16;
        let mut next = (day..=longest).find(|&day| self.is_settled(day)).unwrap_or(longest + 1).max(day);
        let (tick, lane, block) = (self.stage.clock.tick, self.crisis.lane, *self.stage.block);
        for facing in &self.facing {
            let Regard { rank, place, days, .. } = &mut self.regards[facing.regard];
            let appraisal = self.ranks[*rank].appraisal(*place, self.today);
            let mut acts = |day: u16| {
                let [strike, mobilise] = days.on(day, tick, lane, &block);
                strike < appraisal.strikes || mobilise < appraisal.mobilises
            };
            next = (day..next).find(|&day| acts(day)).unwrap_or(next);
        }
        next
    }
}
