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
use appraisal::Rules;
use course::{DAYS_OF_WAR, Scratch, Standoff};
use crisis_world::CrisisWorld;

pub(crate) fn run_crises<const WIDTH: usize>(
    mut commands: Commands,
    crises: Query<(Entity, &CrisisUnderWay)>,
    mut world: CrisisWorld<WIDTH>,
    mut scratch: Local<Scratch>,
) {
    let rules = Rules::new(&world.parameters, &world.switches);
    let order = in_order(&crises);
    for (entity, crisis) in order {
        if !world.ledger.lanes[crisis.lane].running || crisis.principals.iter().any(|&state| world.at_war(state, crisis.lane)) {
            commands.entity(entity).despawn();
            continue;
        }
        let number = within(crisis.nth, world.roster.pairs[crisis.pair].1);
        let mut standoff = Standoff::new(&mut world, &rules, crisis, number, std::mem::take(&mut *scratch));
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
            self.today = day;
            if self.first_strike.is_some_and(|strike| day > strike + DAYS_OF_WAR) {
                return Some(self.at_war());
            }
            if self.first_strike.is_none() && day > longest {
                self.settle(day);
                return None;
            }
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
