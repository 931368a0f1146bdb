//! A crisis under way: its parties, what they remember, and the day that it has reached. The other files of this folder let it take
//! its course.

use spiral_kernel::calendar::DAYS_PER_YEAR;

use super::appraisal::{AppraisalBatch, Rules};
use super::crisis_world::CrisisWorld;
use super::parties::{OpposingPair, Party, PerceptionSlot, Wish};
use crate::draws::{DAYS_PER_TICK, Days, Purpose};
use crate::mechanisms::crisis::CrisisUnderWay;
use crate::outcome::{Event, EventKind, Motive};

/// Days of war that still belong to the crisis.
pub(super) const DAYS_OF_WAR: u16 = 30;

/// Lists that one crisis hands on to the next, which saves allocations. Their contents have no meaning.
#[derive(Default)]
pub(crate) struct Scratch {
    parties: Vec<Party>,
    batches: Vec<AppraisalBatch>,
    slots: Vec<PerceptionSlot>,
    opposing: Vec<OpposingPair>,
    wishes: Vec<Wish>,
}

pub(super) struct Standoff<'a, 'w, 's, const WIDTH: usize> {
    pub(super) world: &'a mut CrisisWorld<'w, 's, WIDTH>,
    pub(super) rules: &'a Rules,
    pub(super) crisis: CrisisUnderWay,
    pub(super) serial: u32,
    pub(super) number: u32,
    /// Day under way.
    pub(super) today: u16,
    pub(super) parties: Vec<Party>,
    /// Views are those of the first look, and are appraised abreast.
    pub(super) batches: Vec<AppraisalBatch>,
    pub(super) slots: Vec<PerceptionSlot>,
    /// Who faces whom, as long as the parties, their sides and who fights stay.
    pub(super) opposing: Vec<OpposingPair>,
    pub(super) wishes: Vec<Wish>,
    pub(super) settlement: Days,
    /// Chance of settlement on a day while nobody is mobilised; a hotline between the principals raises it.
    pub(super) daily_settlement: f64,
    pub(super) first_strike: Option<u16>,
    pub(super) general: Option<u16>,
}

impl<'a, 'w, 's, const WIDTH: usize> Standoff<'a, 'w, 's, WIDTH> {
    pub(super) fn new(
        world: &'a mut CrisisWorld<'w, 's, WIDTH>,
        rules: &'a Rules,
        crisis: CrisisUnderWay,
        number: u32,
        scratch: Scratch,
    ) -> Self {
        let Scratch { mut parties, batches, mut slots, mut opposing, mut wishes } = scratch;
        slots.clear();
        opposing.clear();
        wishes.clear();
        parties.clear();
        parties.extend([0, 1].map(|side| world.party(crisis.principals[side], side, crisis.lane)));
        let great = parties.iter().all(|party| party.great_power);
        let outcome = &mut world.ledger.lanes[crisis.lane].outcome;
        outcome.crises = outcome.crises.saturating_add(1);
        outcome.great_power_crises = outcome.great_power_crises.saturating_add(u32::from(great));
        let serial = outcome.crises;
        let daily_settlement = world.daily_settlement(crisis.principals);
        Self {
            world,
            rules,
            crisis,
            serial,
            number,
            today: 0,
            parties,
            batches,
            slots,
            opposing,
            wishes,
            settlement: Days::new(Purpose::Settlement, number),
            daily_settlement,
            first_strike: None,
            general: None,
        }
    }

    /// Leaves its lists to the next crisis.
    pub(super) fn leave(self) -> Scratch {
        let Self { parties, batches, slots, opposing, wishes, .. } = self;
        Scratch { parties, batches, slots, opposing, wishes }
    }

    pub(super) fn time(&self, day: u16) -> u32 {
        self.world.clock.tick * DAYS_PER_TICK + u32::from(day)
    }

    pub(super) fn tell(
        &mut self,
        day: u16,
        kind: EventKind,
        actor: usize,
        target: usize,
        values: (f64, f64, f64),
        motive: Option<Motive>,
    ) {
        let event = Event {
            history: self.world.ledger.history(self.crisis.lane),
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
        self.world.ledger.tell(self.crisis.lane, event);
    }
}
