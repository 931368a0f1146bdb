//! A crisis from its first day to its end: who mobilises, strikes, stands by, joins, concedes. The rules stand in
//! [`crate::mechanisms::crisis`], [`strike`](crate::mechanisms::strike), [`concession`](crate::mechanisms::concession) and
//! [`allies`](crate::mechanisms::allies).

mod allies;
mod appraisal;
mod course;
mod crisis_world;
mod day;
mod ending;
mod parties;
mod perceive;

use bevy_ecs::prelude::{Commands, Entity, Local, Query};

use crate::draws::within;
use crate::mechanisms::crisis::{Cause, CrisisUnderWay, in_order};
use crate::mechanisms::war::WarUnderWay;
use crate::outcome::EventKind;
use course::{DAYS_OF_WAR, Scratch, Standoff};
use crisis_world::CrisisAccess;

pub(crate) fn run_crises<const WIDTH: usize>(
    mut commands: Commands,
    crises: Query<(Entity, &CrisisUnderWay)>,
    mut access: CrisisAccess<WIDTH>,
    mut scratch: Local<Scratch>,
) {
    let Some(mut world) = access.world() else { return };
    let order = in_order(&crises);
    for (entity, crisis) in order {
        let [challenger, defender] = crisis.principals;
        // A war has decided the dispute that a date of the scenario stands for.
        let decided = crisis.cause == Cause::Script && world.peace.have_fought(crisis.lane, challenger, defender);
        let begins = world.ledger.lanes[crisis.lane].running
            && !decided
            && !crisis.principals.iter().any(|&state| world.at_war(state, crisis.lane))
            && !world.peace.at_truce(crisis.lane, challenger, defender, crisis.began);
        if !begins {
            commands.entity(entity).despawn();
            continue;
        }
        let number = within(crisis.nth, world.roster.pairs[crisis.pair].1);
        world.turn_to(crisis.began);
        let mut standoff = Standoff::new(&mut world, crisis, number, std::mem::take(&mut *scratch));
        if let Some(war) = standoff.unfold() {
            commands.spawn(war);
        }
        *scratch = standoff.leave();
        commands.entity(entity).despawn();
    }
}

impl<const WIDTH: usize> Standoff<'_, '_, '_, WIDTH> {
    /// Runs the crisis; returns the war that it became.
    fn unfold(&mut self) -> Option<WarUnderWay> {
        let [challenger, defender] = self.crisis.principals;
        self.today = 1;
        let values = self.appraisal(0, 1).map_or((0.0, 0.0, 0.0), |appraisal| appraisal.values());
        let kind = if self.crisis.cause == Cause::FalseAlarm { EventKind::FalseAlarm } else { EventKind::Crisis };
        self.tell(0, kind, challenger, defender, values);
        let longest = self.world.parameters.crisis.longest as u16;
        let mut day = 0;
        loop {
            day = self.next_day(day + 1);
            self.wake(day);
            if self.first_strike.is_some_and(|strike| day > strike + DAYS_OF_WAR) {
                return Some(self.at_war());
            }
            if self.first_strike.is_none() && day > longest {
                self.settle(day);
                return None;
            }
            self.clash(day);
            self.choose(day);
            if self.world.switches.allies {
                self.call_allies(day);
            }
            if self.first_strike.is_some() {
                continue;
            }
            if let Some(loser) = self.gives_way(day) {
                self.concede(day, loser);
                return None;
            }
            if self.is_settled(day) {
                self.settle(day);
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::outcome::EventKind;
    use crate::setup::{DyadInputs, Ending, Horizon, Incident, Interpolation, Setup, StateInputs, Target, Track};
    use crate::simulation::Simulation;
    use crate::specification::Group;

    /// A strong and greedy state attacks a weak one in the middle of a tick of a year. `C` promises to defend the weak one on a date.
    fn helped(date: f64) -> usize {
        let mut setup = Setup::complete("dated", Horizon { start: 0.0, end: 1.0, ticks_per_year: 1 }, &["A", "B", "C"]);
        setup.ending = Ending::FirstWar;
        for (state, output, greed) in [(0, 300.0, 1.0), (1, 30.0, 0.0), (2, 300.0, 0.0)] {
            setup.states[state].inputs = StateInputs { output, greed, perceived_balance: 1.0, ..StateInputs::default() };
        }
        (setup.parameters.game.war_cost, setup.parameters.crisis.rate) = (0.02, 0.0);
        setup.dyads.iter_mut().for_each(|dyad| dyad.inputs.claim = if (dyad.from, dyad.to) == (0, 1) { 1.0 } else { 0.0 });
        let dyad = setup.dyad(2, 1).expect("every dyad is there");
        let field = DyadInputs::position("commitment").expect("a number of a dyad");
        let points = vec![(date, 1.0)];
        setup.tracks.push(Track { target: Target::Dyad(dyad, field), points, interpolation: Interpolation::Step });
        setup.incidents.push(Incident { date: 0.5, what: "attack".to_string(), crisis: Some((0, 1)) });
        let mut simulation = Simulation::<1>::new(&setup);
        let joined = |first: u32| {
            let (_, events) = simulation.run(5, first, true, &mut ());
            events.iter().filter(|event| event.kind == EventKind::Joining && event.actor == 2).count()
        };
        (0..128).map(joined).sum()
    }

    /// Mean length in days of a crisis that begins in the middle of a tick of a year, where crises are settled at once from a date on.
    fn days_of_crisis(settled_from: f64) -> f64 {
        let mut setup = Setup::complete("dated", Horizon { start: 0.0, end: 1.0, ticks_per_year: 1 }, &["A", "B"]);
        setup.without.insert("war".to_string());
        setup.without.insert("concession".to_string());
        (setup.parameters.crisis.rate, setup.parameters.crisis.settlement) = (0.0, 0.0);
        let target = setup.resolve("crisis.settlement").expect("a constant of crises")[0];
        setup.tracks.push(Track { target, points: vec![(settled_from, 1.0)], interpolation: Interpolation::Step });
        setup.incidents.push(Incident { date: 0.5, what: "quarrel".to_string(), crisis: Some((0, 1)) });
        let mut simulation = Simulation::<1>::new(&setup);
        let length = |first: u32| {
            let (_, events) = simulation.run(5, first, true, &mut ());
            let end = events.iter().find(|event| event.kind == EventKind::Settlement).expect("the crisis ends");
            f64::from(end.day)
        };
        (0..16).map(length).sum::<f64>() / 16.0
    }

    #[test]
    fn a_constant_changes_inside_a_tick_from_its_date_on() {
        // 0.55 is eighteen days after the crisis begins. Mobilised states settle less easily, so it takes some days more.
        let (early, late) = (days_of_crisis(0.55), days_of_crisis(0.9));
        assert!((18.0..25.0).contains(&early), "{early} days");
        assert!(late > 59.0, "{late} days: without settlement a crisis lasts as long as it can");
    }

    #[test]
    fn a_promise_inside_a_tick_binds_from_its_date_on() {
        let (before, after) = (helped(0.4), helped(0.9));
        assert!(before > after + 20, "{before} of 128 with a promise before the crisis, {after} with one after it");
    }
}
