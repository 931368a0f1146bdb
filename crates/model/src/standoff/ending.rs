//! How a crisis ends: settled, conceded, or become a war.

use spiral_kernel::calendar::DAYS_PER_YEAR;

use super::course::{DAYS_OF_WAR, Standoff, Values};
use super::parties::Party;
use crate::inputs::Ending;
use crate::mechanisms::beliefs;
use crate::mechanisms::war::WarUnderWay;
use crate::outcome::EventKind;

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// How many of the two principals have mobilised.
    fn mobilised_principals(&self) -> f64 {
        self.parties[..2].iter().filter(|party| party.mobilised.is_some()).count() as f64
    }

    pub(super) fn is_settled(&mut self, day: u16) -> bool {
        let chance = self.daily_settlement * (1.0 - 0.25 * self.mobilised_principals());
        let [u, _] = self.settlement.on(day, self.world.clock.tick, self.crisis.lane, self.world.block);
        u < chance
    }

    /// The principal that gives way today, if one does: its place among the parties.
    pub(super) fn gives_way(&mut self, day: u16) -> Option<usize> {
        if self.yields == [false; 2] {
            return None;
        }
        let [u, which] = self.concession.on(day, self.world.clock.tick, self.crisis.lane, self.world.block);
        let first = usize::from(which >= 0.5);
        let loser = if self.yields[first] { first } else { 1 - first };
        (u < self.world.parameters.concession.daily).then_some(loser)
    }

    /// What a principal thinks today of the other.
    pub(super) fn thoughts(&mut self, place: usize) -> Values {
        self.appraisal(place, 1 - place).map_or((0.0, 0.0, 0.0), |appraisal| appraisal.values())
    }

    /// The crisis ends, and nobody has given way.
    pub(super) fn settle(&mut self, day: u16) {
        let (lane, mobilised) = (self.crisis.lane, 0.5 * self.mobilised_principals());
        let values = self.thoughts(0);
        let [one, two] = [self.parties[0].state, self.parties[1].state];
        self.tell(day, EventKind::Settlement, one, two, values);
        self.world.peace.no_crisis_before(lane, one, two, self.date(day));
        let p = self.world.parameters.hostility;
        for (own, other) in [(one, two), (two, one)] {
            self.world.raise_hostility(own, other, lane, p.firm + p.mobilised * mobilised);
            let awareness = self.world.awareness(own);
            let evidence = beliefs::after_firm(self.severity, awareness, &self.world.parameters.beliefs);
            self.world.shift_mistrust(own, other, lane, evidence);
            self.world.alarm(own, lane, self.severity, false);
        }
    }

    /// A principal gives way to the other.
    pub(super) fn concede(&mut self, day: u16, place: usize) {
        let lane = self.crisis.lane;
        let values = self.thoughts(place);
        let (loser, winner) = (self.parties[place].state, self.parties[1 - place].state);
        self.tell(day, EventKind::Concession, loser, winner, values);
        self.world.peace.no_crisis_before(lane, loser, winner, self.date(day));
        let (p, terms) = (self.world.parameters.hostility, self.world.parameters.concession);
        self.world.raise_hostility(loser, winner, lane, p.humbled + p.mobilised * 0.5 * self.mobilised_principals());
        let awareness = self.world.awareness(loser);
        let (humbled, calmed) = {
            let b = &self.world.parameters.beliefs;
            (beliefs::after_humbling(self.severity, awareness, b), beliefs::after_concession(b))
        };
        self.world.shift_mistrust(loser, winner, lane, humbled);
        self.world.shift_mistrust(winner, loser, lane, calmed);
        self.world.alarm(loser, lane, self.severity, true);
        self.world.alarm(winner, lane, self.severity, false);
        if winner == self.crisis.principals[0] {
            // The challenger has what it asked for.
            self.world.learn_of_demand(winner, lane);
            let dyads = (self.world.roster.dyad(winner, loser), self.world.roster.dyad(loser, winner));
            if let (Some(forth), Some(back)) = dyads {
                self.world.peace.change_claim(lane, forth, terms.claim_left, 0.0);
                self.world.peace.change_claim(lane, back, 1.0, terms.grievance * self.demand);
            }
        }
        let let_down = self.absent_allies(|party| party.state == loser).len();
        let outcome = &mut self.world.ledger.lanes[lane].outcome;
        outcome.passed = outcome.passed.saturating_add(let_down as u32);
    }

    /// The crisis has become a war: counts who is in, who stayed out, what it teaches, and hands the war over.
    pub(super) fn at_war(&mut self) -> WarUnderWay {
        let lane = self.crisis.lane;
        let strike = self.first_strike.unwrap_or(0);
        for (ally, friend) in self.absent_allies(|party| party.fighting && party.side == 1) {
            self.tell(strike + DAYS_OF_WAR, EventKind::Abandonment, ally, friend, (0.0, 0.0, 0.0));
            let outcome = &mut self.world.ledger.lanes[lane].outcome;
            outcome.abandonments = outcome.abandonments.saturating_add(1);
        }
        let fighting: Vec<Party> = self.parties.iter().copied().filter(|party| party.fighting).collect();
        let great = fighting.iter().filter(|party| party.great_power).count();
        let first = self.world.ledger.lanes[lane].outcome.wars == 1;
        let rule = self.world.ending.ending;
        let last_day = self.date(strike + DAYS_OF_WAR);
        let account = &mut self.world.ledger.lanes[lane];
        account.followed_to = account.followed_to.max(last_day);
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
            self.world.enters_war(party.state, lane);
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
