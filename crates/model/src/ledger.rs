//! The account of each history of a block: what has happened so far.

use bevy_ecs::prelude::Resource;

use crate::description::described;
use crate::outcome::{Ended, Event, EventKind, Failure, Outcome};

/// The running account of one history.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its row so far.
    pub outcome: Outcome,
    /// Whether it goes on.
    pub running: bool,
    /// Whether it is to stop at the end of the tick.
    pub stopping: bool,
    /// Whether no war has begun.
    pub at_peace: bool,
    /// Date of the last day of its wars that a crisis has followed: a crisis may run on beyond the end of its tick.
    pub followed_to: f64,
    /// Largest relative change of a burden before the first war.
    pub burden_moved: f64,
    /// All arms and all output at the last tick in peace, and when that was.
    pub peace_arms: f64,
    /// See `peace_arms`.
    pub peace_output: f64,
    /// See `peace_arms`.
    pub peace_date: f64,
    /// Date from which growth is counted: the end of the first tick.
    pub growth_from: f64,
    /// All arms and all output at that date.
    pub first_arms: f64,
    /// See `first_arms`.
    pub first_output: f64,
}

described! {
    /// The accounts of a block, and its events.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Ledger {
        /// One account a lane.
        pub lanes: Vec<Account>,
        /// Events in the order in which they were recorded.
        pub events: Vec<Event>,
        /// Whether events are kept.
        pub keeps_events: bool,
    }
}

impl Ledger {
    /// Opens the accounts of `width` histories that begin at `start`.
    pub fn open(&mut self, width: usize, first_history: u32, start: f64, keeps_events: bool) {
        self.events.clear();
        self.keeps_events = keeps_events;
        self.lanes.clear();
        for lane in 0..width {
            self.lanes.push(Account {
                outcome: Outcome::unwritten(first_history.wrapping_add(lane as u32), start),
                running: true,
                stopping: false,
                at_peace: true,
                followed_to: start,
                burden_moved: 0.0,
                peace_arms: 0.0,
                peace_output: 0.0,
                peace_date: start,
                growth_from: start,
                first_arms: 0.0,
                first_output: 0.0,
            });
        }
    }

    /// Number of the history of a lane.
    #[must_use]
    pub fn history(&self, lane: usize) -> u32 {
        self.lanes[lane].outcome.history
    }

    /// Records an event between two states that does not belong to a crisis. Its value stands in the field of π: the commitment of an
    /// alliance, the share of offence that a treaty leaves, the chance that a breach was detected.
    pub fn tell_between(&mut self, lane: usize, date: f64, kind: EventKind, (actor, target): (usize, usize), value: f64) {
        let event = Event {
            history: self.history(lane),
            crisis: 0,
            date,
            day: 0,
            kind,
            actor: actor as u32,
            target: target as u32,
            fear: value,
            first_strike_win: 0.0,
            strike_advantage: 0.0,
            motive: None,
            mobilisation_motive: None,
        };
        self.tell(lane, event);
    }

    /// Records an event.
    pub fn tell(&mut self, lane: usize, event: Event) {
        if self.keeps_events && self.lanes[lane].running {
            self.events.push(event);
        }
    }

    /// Ends a history that failed numerically.
    pub fn fail(&mut self, lane: usize, failure: Failure, date: f64) {
        let account = &mut self.lanes[lane];
        account.running = false;
        account.outcome.ended = Ended::Failure;
        account.outcome.failure = Some(failure);
        account.outcome.end_date = date;
    }
}
