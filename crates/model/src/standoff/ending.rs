//! How a crisis ends: settled, conceded, or become a war.

use spiral_kernel::calendar::DAYS_PER_YEAR;

use super::course::{DAYS_OF_WAR, Standoff};
use super::parties::Party;
use crate::inputs::Ending;
use crate::mechanisms::beliefs::{after_concession, after_firm, after_humbling};
use crate::mechanisms::war::WarUnderWay;
use crate::outcome::EventKind;

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    pub(super) fn is_settled(&mut self, day: u16) -> bool {
        let mobilised = self.parties.iter().filter(|party| party.mobilised.is_some()).count() as f64 / self.parties.len() as f64;
        let chance = self.daily_settlement * (1.0 - 0.5 * mobilised);
        let [u, _] = self.settlement.on(day, self.world.clock.tick, self.crisis.lane, &self.world.block);
        u < chance
    }

    /// The crisis ends without war: the weaker concedes if the edge is clear.
    pub(super) fn settle(&mut self, day: u16) {
        let lane = self.crisis.lane;
        let [one, two] = [self.parties[0], self.parties[1]];
        let (Some(a), Some(b)) = (self.appraisal(0, 1), self.appraisal(1, 0)) else { return };
        let beliefs = self.world.parameters.beliefs;
        let edge = a.first - b.first;
        if edge.abs() <= self.world.parameters.crisis.clear_edge {
            self.tell(day, EventKind::Settlement, one.state, two.state, (a.fear, a.first, a.advantage), None);
            for (holder, of) in [(one.state, two.state), (two.state, one.state)] {
                let evidence = after_firm(1.0, self.world.awareness(holder), &beliefs);
                self.world.shift_mistrust(holder, of, lane, evidence);
            }
            return;
        }
        let (winner, loser, values) = if edge > 0.0 { (one, two, b) } else { (two, one, a) };
        self.tell(day, EventKind::Concession, loser.state, winner.state, (values.fear, values.first, values.advantage), None);
        self.world.shift_mistrust(winner.state, loser.state, lane, after_concession(&beliefs));
        let humbled = after_humbling(1.0, self.world.awareness(loser.state), &beliefs);
        self.world.shift_mistrust(loser.state, winner.state, lane, humbled);
        let let_down = self.absent_allies(|party| party.state == loser.state).len();
        let outcome = &mut self.world.ledger.lanes[lane].outcome;
        outcome.passed = outcome.passed.saturating_add(let_down as u32);
    }

    /// The crisis has become a war: counts who is in, who stayed out, what it teaches, and hands the war over.
    pub(super) fn at_war(&mut self) -> WarUnderWay {
        let lane = self.crisis.lane;
        let strike = self.first_strike.unwrap_or(0);
        for (ally, friend) in self.absent_allies(|party| party.fighting && party.side == 1) {
            self.tell(strike + DAYS_OF_WAR, EventKind::Abandonment, ally, friend, (0.0, 0.0, 0.0), None);
            let outcome = &mut self.world.ledger.lanes[lane].outcome;
            outcome.abandonments = outcome.abandonments.saturating_add(1);
        }
        let fighting: Vec<Party> = self.parties.iter().copied().filter(|party| party.fighting).collect();
        let great = fighting.iter().filter(|party| party.great_power).count();
        let first = self.world.ledger.lanes[lane].outcome.wars == 1;
        let rule = self.world.ending.ending;
        let account = &mut self.world.ledger.lanes[lane];
        if first {
            account.outcome.belligerents_30d = fighting.len().min(255) as u8;
            account.outcome.great_powers_30d = great.min(255) as u8;
        }
        account.stopping |= rule == Ending::FirstWar || (rule == Ending::GeneralWar && self.general.is_some());
        let punished = fighting.iter().filter(|party| party.side == 1).count() > 1;
        if self.world.switches.institutions {
            let record = self.world.security.record[lane];
            self.world.security.record[lane] = self.world.parameters.institutions.record_after(record, punished);
        }
        for party in &fighting {
            if let Ok(mut state) = self.world.states.get_mut(self.world.roster.states[party.state]) {
                state.at_war.0[lane] = 1.0;
            }
        }
        let side = |side: usize| fighting.iter().filter(|party| party.side == side).map(|party| party.state).collect();
        WarUnderWay {
            lane,
            crisis: self.serial,
            number: self.number,
            began: self.crisis.began + f64::from(strike) / DAYS_PER_YEAR,
            tick: self.world.clock.tick,
            sides: [side(0), side(1)],
        }
    }
}
