//! How the parties of a crisis judge one another, day by day.

use super::appraisal::{Appraisal, HOLDS, Rules, Type};
use super::course::Standoff;
use super::parties::{OpposingPair, Party, Support, View};
use crate::mechanisms::concession::Concession;

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Position of the view that one party has of another; `None` where they cannot reach each other.
    fn view(&mut self, own: usize, other: usize) -> Option<usize> {
        let (one, two) = (self.parties[own], self.parties[other]);
        let known = self.views.iter().position(|view| view.own == one.state && view.other == two.state);
        if known.is_some_and(|view| !self.views[view].outdated) {
            return known;
        }
        let date = self.date(self.today);
        let (mut perception, number) = self.world.perception(&one, &two, self.crisis.lane, date)?;
        let (own_hostility, other_hostility) = self.world.hostilities(one.state, two.state, self.crisis.lane);
        let Concession { base_stake, resolve, .. } = self.world.parameters.concession;
        let challenger = self.crisis.principals[0];
        perception.principals = [one.state, two.state].iter().all(|state| self.crisis.principals.contains(state));
        let (demand, at_stake) = (self.demand, self.loss);
        let stake = |state: usize, hostility: f64| {
            let (gain, loss) =
                if state == challenger { (demand, base_stake.min(demand)) } else { (base_stake.min(demand), at_stake) };
            (gain, loss * (1.0 + resolve * hostility))
        };
        if perception.principals {
            (perception.own.gain, perception.own.loss) = stake(one.state, own_hostility);
            (perception.other.gain, perception.other.loss) = stake(two.state, other_hostility);
        }
        if let Some(view) = known {
            let View { past, .. } = self.views[view];
            let (own, other) = (one.state, two.state);
            self.views[view] = View { own, other, number, perception, outlook: None, holds_until: 0, past, outdated: false };
            return known;
        }
        self.views.push(View {
            own: one.state,
            other: two.state,
            number,
            perception,
            outlook: None,
            holds_until: 0,
            past: 0.0,
            outdated: false,
        });
        Some(self.views.len() - 1)
    }

    /// How one party judges another today.
    pub(super) fn appraisal(&mut self, own: usize, other: usize) -> Option<Appraisal> {
        let position = self.view(own, other)?;
        Some(self.judge(own, other, position))
    }

    fn judge(&mut self, own: usize, other: usize, position: usize) -> Appraisal {
        let (one, two, day) = (self.parties[own], self.parties[other], self.today);
        if self.views[position].outlook.is_none() || day > self.views[position].holds_until {
            self.look_ahead(&one, &two, position, day);
        }
        let View { perception, outlook, past, .. } = &self.views[position];
        let Some(outlook) = outlook else { return Appraisal::default() };
        let own = Type {
            cost: one.cost,
            mobilisation: one.mobilisation,
            patience: one.patience,
            mobilised: one.mobilised.is_some(),
            fighting: one.fighting,
            past: *past,
        };
        perception.appraise(outlook, day, &own, &self.rules)
    }

    /// What one party expects of another from a day on; of both, since what others add to them is the same in the eyes of both.
    fn look_ahead(&mut self, one: &Party, two: &Party, position: usize, day: u16) {
        let (own_support, other_support) = self.support(one, two, day);
        let view = &mut self.views[position];
        (view.perception.own_strength.attack_support, view.perception.own_strength.defence_support) = own_support;
        (view.perception.other_strength.attack_support, view.perception.other_strength.defence_support) = other_support;
        let readiness = one.readiness(two, day);
        // A foe at war no longer has a peace to lose.
        let peace = view.perception.other.peace;
        if two.fighting {
            view.perception.other.peace -= view.perception.other.cost;
        }
        view.outlook = Some(view.perception.outlook(day, &readiness, &self.rules));
        view.perception.other.peace = peace;
        let moves = one.is_mobilising(day) || two.is_mobilising(day);
        view.holds_until = if moves { day + HOLDS as u16 - 1 } else { u16::MAX };
    }

    /// What others are expected to add to two foes: the same in the eyes of both, so it is worked out once for both.
    fn support(&mut self, one: &Party, two: &Party, day: u16) -> ((f64, f64), (f64, f64)) {
        let known = |of| self.supports.iter().find(|support| support.of == of && support.day == day);
        if let Some(support) = known((one.state, two.state)) {
            return support.added;
        }
        if let Some(Support { added: (other, own), .. }) = known((two.state, one.state)) {
            return (*own, *other);
        }
        let added = self.expected_support(one, two);
        self.supports.push(Support { of: (one.state, two.state), day, added });
        added
    }

    /// Who faces whom: everybody on one side and everybody on the other, but for those who are at war with each other.
    pub(super) fn face(&mut self) {
        if !self.opposing.is_empty() {
            return;
        }
        for own in 0..self.parties.len() {
            for other in 0..self.parties.len() {
                let (one, two) = (self.parties[own], self.parties[other]);
                if one.side == two.side || (one.fighting && two.fighting) {
                    continue;
                }
                if let Some(view) = self.view(own, other) {
                    self.opposing.push(OpposingPair { own, other, view });
                }
            }
        }
    }

    /// What every party thinks of every foe today, by the order of `opposing`; remembers who could have struck and did not.
    pub(super) fn judge_all(&mut self) -> Vec<Appraisal> {
        self.face();
        let mut appraisals = Vec::with_capacity(self.opposing.len());
        for place in 0..self.opposing.len() {
            let OpposingPair { own, other, view } = self.opposing[place];
            let appraisal = self.judge(own, other, view);
            self.views[view].past = appraisal.past;
            appraisals.push(appraisal);
        }
        appraisals
    }

    /// Parties, sides, orders or who fights have changed: what rests on them is made anew.
    pub(super) fn regroup(&mut self) {
        self.opposing.clear();
        self.supports.clear();
        self.calls.clear();
        for view in &mut self.views {
            view.outlook = None;
        }
    }

    /// A day begins. What the scenario dates since the last one takes effect: commitments, mobilisation, doctrines, claims, constants.
    pub(super) fn wake(&mut self, day: u16) {
        let last = self.date(self.today);
        self.today = day;
        let date = self.date(day);
        if !self.world.ahead.changes(last, date) {
            return;
        }
        self.world.turn_to(date);
        self.rules = Rules::new(&self.world.parameters, self.world.switches);
        self.daily_settlement = self.world.daily_settlement(self.crisis.principals, date);
        for party in self.parties.iter_mut().chain(&mut self.bystanders) {
            let now = self.world.party(party.state, party.side, self.crisis.lane, self.number, date);
            (party.days_to_mobilise, party.forts, party.balance) = (now.days_to_mobilise, now.forts, now.balance);
        }
        for view in &mut self.views {
            view.outdated = true;
        }
        self.regroup();
    }

    /// The first day from this one on on which anybody may act or the crisis may end. While nobody has mobilised, days after the second
    /// are all alike but for the chance that the crisis ends.
    pub(super) fn next_day(&mut self, day: u16) -> u16 {
        if day <= 2 || self.parties.iter().any(|party| party.mobilised.is_some()) {
            return day;
        }
        let longest = self.world.parameters.crisis.longest as u16;
        let today = self.date(self.today);
        let mut happens = |day: u16| {
            self.clash.is_some_and(|(on, _)| on == day)
                || self.world.ahead.changes(today, self.date(day))
                || self.is_settled(day)
                || self.gives_way(day).is_some()
        };
        (day..=longest).find(|&day| happens(day)).unwrap_or(longest + 1).max(day)
    }
}
