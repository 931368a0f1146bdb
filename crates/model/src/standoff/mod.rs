//! A crisis from its first day to its end: who mobilises, strikes, stands by, joins, concedes. The rules stand in
//! [`crate::mechanisms::crisis`], [`strike`](crate::mechanisms::strike) and [`allies`](crate::mechanisms::allies).

mod allies;
mod day;
mod ending;
mod parties;
mod stage;

use bevy_ecs::prelude::{Commands, Entity, Local, Query};
use spiral_kernel::calendar::DAYS_PER_YEAR;

use crate::appraisal::{Rank, Rules};
use crate::draws::{DAYS_PER_TICK, Days, Purpose, within};
use crate::mechanisms::crisis::{Cause, CrisisUnderWay, in_order};
use crate::mechanisms::war::WarUnderWay;
use crate::outcome::{Event, EventKind, Motive};
use allies::Wish;
use parties::{Facing, Party, Regard};
use stage::Stage;

/// Days of war that a crisis still tells.
const DAYS_OF_WAR: u16 = 30;

pub(crate) fn run_crises<const WIDTH: usize>(
    mut commands: Commands,
    crises: Query<(Entity, &CrisisUnderWay)>,
    mut stage: Stage<WIDTH>,
    mut room: Local<Room>,
) {
    let rules = Rules::new(&stage.parameters, &stage.switches);
    let order = in_order(&crises);
    for (place, &(entity, crisis)) in order.iter().enumerate() {
        if !stage.ledger.lanes[crisis.lane].running || crisis.principals.iter().any(|&state| stage.at_war(state, crisis.lane)) {
            commands.entity(entity).despawn();
            continue;
        }
        let number = within(same_pair(&order, place), stage.roster.pairs[crisis.pair].1);
        let mut standoff = Standoff::new(&mut stage, &rules, crisis, number, std::mem::take(&mut *room));
        if let Some(war) = standoff.unfold() {
            commands.spawn(war);
        }
        *room = standoff.leave();
        commands.entity(entity).despawn();
    }
}

/// How many crises of the tick a scripted one has to tell itself from: those of its pair that are not scripted, of which there is at
/// most one, or come before it. Without that they would share all their draws.
fn same_pair(order: &[(Entity, CrisisUnderWay)], place: usize) -> u32 {
    let own = order[place].1;
    let other = |(at, (_, other)): &(usize, &(Entity, CrisisUnderWay))| {
        let alike = (other.lane, other.pair) == (own.lane, own.pair);
        *at != place && alike && (other.cause != Cause::Script || *at < place)
    };
    if own.cause == Cause::Script { order.iter().enumerate().filter(other).count() as u32 } else { 0 }
}

/// Lists that one crisis leaves to the next, which spares their making: what stands in them counts for nothing.
#[derive(Default)]
pub(crate) struct Room {
    parties: Vec<Party>,
    ranks: Vec<Rank>,
    regards: Vec<Regard>,
    facing: Vec<Facing>,
    wishes: Vec<Wish>,
}

struct Standoff<'a, 'w, 's, const WIDTH: usize> {
    stage: &'a mut Stage<'w, 's, WIDTH>,
    rules: &'a Rules,
    crisis: CrisisUnderWay,
    serial: u32,
    number: u32,
    /// Day under way.
    today: u16,
    parties: Vec<Party>,
    /// Views are those of the first look, and are appraised abreast.
    ranks: Vec<Rank>,
    regards: Vec<Regard>,
    /// Who faces whom, as long as the parties, their sides and who fights stay.
    facing: Vec<Facing>,
    wishes: Vec<Wish>,
    settlement: Days,
    /// Chance of settlement on a day while nobody is mobilised; a hotline between the principals raises it.
    daily_settlement: f64,
    first_strike: Option<u16>,
    general: Option<u16>,
}

impl<'a, 'w, 's, const WIDTH: usize> Standoff<'a, 'w, 's, WIDTH> {
    fn new(stage: &'a mut Stage<'w, 's, WIDTH>, rules: &'a Rules, crisis: CrisisUnderWay, number: u32, room: Room) -> Self {
        let Room { mut parties, ranks, mut regards, mut facing, mut wishes } = room;
        regards.clear();
        facing.clear();
        wishes.clear();
        parties.clear();
        parties.extend([0, 1].map(|side| stage.party(crisis.principals[side], side, crisis.lane)));
        let great = parties.iter().all(|party| party.great_power);
        let outcome = &mut stage.ledger.lanes[crisis.lane].outcome;
        outcome.crises = outcome.crises.saturating_add(1);
        outcome.great_power_crises = outcome.great_power_crises.saturating_add(u32::from(great));
        let serial = outcome.crises;
        let daily_settlement = stage.daily_settlement(crisis.principals);
        Self {
            stage,
            rules,
            crisis,
            serial,
            number,
            today: 0,
            parties,
            ranks,
            regards,
            facing,
            wishes,
            settlement: Days::new(Purpose::Settlement, number),
            daily_settlement,
            first_strike: None,
            general: None,
        }
    }

    /// Leaves its lists to the next crisis.
    fn leave(self) -> Room {
        let Self { parties, ranks, regards, facing, wishes, .. } = self;
        Room { parties, ranks, regards, facing, wishes }
    }

    fn time(&self, day: u16) -> u32 {
        self.stage.clock.tick * DAYS_PER_TICK + u32::from(day)
    }

    fn tell(&mut self, day: u16, kind: EventKind, actor: usize, target: usize, values: (f64, f64, f64), motive: Option<Motive>) {
        let event = Event {
            history: self.stage.ledger.history(self.crisis.lane),
            crisis: self.serial,
            date: self.crisis.began + f64::from(day) / DAYS_PER_YEAR,
            day,
            kind,
            actor: actor as u32,
            target: target as u32,
            fear: values.0,
            first_strike_win: values.1,
            strike_advantage: values.2,
            motive,
        };
        self.stage.ledger.tell(self.crisis.lane, event);
    }

    /// Runs the crisis; returns the war that it became.
    fn unfold(&mut self) -> Option<WarUnderWay> {
        let [challenger, defender] = self.crisis.principals;
        self.face();
        let values = self.appraisal(0, 1).map_or((0.0, 0.0, 0.0), |a| (a.fear, a.first, a.advantage));
        let kind = if self.crisis.cause == Cause::FalseAlarm { EventKind::FalseAlarm } else { EventKind::Crisis };
        self.tell(0, kind, challenger, defender, values, None);
        let longest = self.stage.parameters.crisis.longest as u16;
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
            self.choose(day);
            if self.stage.switches.allies {
                self.call_allies(day);
            }
            if self.first_strike.is_none() && self.is_settled(day) {
                self.settle(day);
                return None;
            }
        }
    }
}
