//! A crisis under way: its parties, what they remember, and the day that it has reached. The other files of this folder let it take
//! its course.

use spiral_kernel::calendar::DAYS_PER_YEAR;

use super::appraisal::{Appraisal, Rules};
use super::crisis_world::CrisisWorld;
use super::parties::{AnsweredCall, OpposingPair, Party, Support, View};
use crate::draws::{DAYS_PER_TICK, Days, Purpose};
use crate::mechanisms::crisis::CrisisUnderWay;
use crate::outcome::{Event, EventKind, MobilisationMotive, Motive};

/// Days of war that still belong to the crisis.
pub(super) const DAYS_OF_WAR: u16 = 30;

/// Lists that one crisis hands on to the next, which saves allocations. Their contents have no meaning.
#[derive(Default)]
pub(crate) struct Scratch {
    parties: Vec<Party>,
    bystanders: Vec<Party>,
    views: Vec<View>,
    opposing: Vec<OpposingPair>,
    supports: Vec<Support>,
    calls: Vec<Option<AnsweredCall>>,
}

pub(super) struct Standoff<'a, 'w, 's, const WIDTH: usize> {
    pub(super) world: &'a mut CrisisWorld<'w, 's, WIDTH>,
    pub(super) rules: Rules,
    pub(super) crisis: CrisisUnderWay,
    pub(super) serial: u32,
    pub(super) number: u32,
    /// Day under way.
    pub(super) today: u16,
    /// The challenger, the defender, and who has taken a side since.
    pub(super) parties: Vec<Party>,
    /// States within reach of the principals that have no part in the crisis.
    pub(super) bystanders: Vec<Party>,
    pub(super) views: Vec<View>,
    /// Who faces whom, as long as the parties, their sides and who fights stay.
    pub(super) opposing: Vec<OpposingPair>,
    /// What others are expected to add, by pair.
    pub(super) supports: Vec<Support>,
    /// The war that everybody would join, by position of parties and bystanders, as long as parties, sides and who fights stay.
    pub(super) calls: Vec<Option<AnsweredCall>>,
    pub(super) settlement: Days,
    pub(super) concession: Days,
    /// Chance of settlement on a day while nobody is mobilised; a hotline between the principals raises it.
    pub(super) daily_settlement: f64,
    /// What the crisis is about, in shares of the challenger's value, and what giving it up costs the defender.
    pub(super) demand: f64,
    pub(super) loss: f64,
    /// How severe the crisis is to those who look on it, 1 on average.
    pub(super) severity: f64,
    /// Day of the clash, if the crisis lasts so long, and which of the two principals begins it.
    pub(super) clash: Option<(u16, usize)>,
    /// Principals that would rather give way today.
    pub(super) yields: [bool; 2],
    pub(super) first_strike: Option<u16>,
    pub(super) general: Option<u16>,
}

/// What is recorded with an event: fear, chance to win by striking first, advantage of striking.
pub(super) type Values = (f64, f64, f64);

impl Appraisal {
    pub(super) fn values(&self) -> Values {
        (self.fear, self.first, self.advantage)
    }
}

impl<'a, 'w, 's, const WIDTH: usize> Standoff<'a, 'w, 's, WIDTH> {
    pub(super) fn new(world: &'a mut CrisisWorld<'w, 's, WIDTH>, crisis: CrisisUnderWay, number: u32, scratch: Scratch) -> Self {
        let Scratch { mut parties, mut bystanders, mut views, mut opposing, mut supports, mut calls } = scratch;
        views.clear();
        supports.clear();
        calls.clear();
        opposing.clear();
        parties.clear();
        bystanders.clear();
        parties.extend([0, 1].map(|side| world.party(crisis.principals[side], side, crisis.lane, number, crisis.began)));
        let great = parties.iter().all(|party| party.great_power);
        let outcome = &mut world.ledger.lanes[crisis.lane].outcome;
        outcome.crises = outcome.crises.saturating_add(1);
        outcome.great_power_crises = outcome.great_power_crises.saturating_add(u32::from(great));
        let serial = outcome.crises;
        let rules = Rules::new(&world.parameters, world.switches);
        let daily_settlement = world.daily_settlement(crisis.principals, crisis.began);
        let (demand, loss) = world.stake(&crisis);
        let severity = world.severity(&crisis, number);
        let clash = world.clash(&crisis, number);
        let mut standoff = Self {
            world,
            rules,
            crisis,
            serial,
            number,
            today: 0,
            parties,
            bystanders,
            views,
            opposing,
            supports,
            calls,
            settlement: Days::new(Purpose::Settlement, number),
            concession: Days::new(Purpose::Concession, number),
            daily_settlement,
            demand,
            loss,
            severity,
            clash,
            yields: [false; 2],
            first_strike: None,
            general: None,
        };
        standoff.list_bystanders();
        standoff
    }

    /// Leaves its lists to the next crisis.
    pub(super) fn leave(self) -> Scratch {
        let Self { parties, bystanders, views, opposing, supports, calls, .. } = self;
        Scratch { parties, bystanders, views, opposing, supports, calls }
    }

    pub(super) fn time(&self, day: u16) -> u32 {
        self.world.clock.tick * DAYS_PER_TICK + u32::from(day)
    }

    /// Decimal year of a day.
    pub(super) fn date(&self, day: u16) -> f64 {
        self.crisis.began + f64::from(day) / DAYS_PER_YEAR
    }

    pub(super) fn tell(&mut self, day: u16, kind: EventKind, actor: usize, target: usize, values: Values) {
        self.tell_why(day, kind, (actor, target), values, None, None);
    }

    pub(super) fn tell_why(
        &mut self,
        day: u16,
        kind: EventKind,
        (actor, target): (usize, usize),
        values: Values,
        motive: Option<Motive>,
        mobilisation_motive: Option<MobilisationMotive>,
    ) {
        let event = Event {
            history: self.world.ledger.history(self.crisis.lane),
            crisis: self.serial,
            date: self.date(day),
            day,
            kind,
            actor: actor as u32,
            target: target as u32,
            fear: values.0,
            first_strike_win: values.1,
            strike_advantage: values.2,
            motive,
            mobilisation_motive,
        };
        self.world.ledger.tell(self.crisis.lane, event);
    }
}
