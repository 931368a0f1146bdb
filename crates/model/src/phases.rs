//! The step of the model: phases in the order in which they run, and the clock.

use bevy_ecs::prelude::{Resource, SystemSet};

use crate::description::described;
use crate::setup::Horizon;

described! {
    /// The phases of a tick. Within a phase everyone reads what earlier phases left, so the order of states never matters.
    #[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Phase {
        /// The date moves on; dated changes take effect.
        Date,
        /// States look at one another.
        Observe,
        /// They learn what the others are.
        Believe,
        /// They see threats, chances and stakes.
        Perceive,
        /// Institutions and commitments.
        Diplomacy,
        /// They arm.
        Arm,
        /// Crises, day by day.
        Crisis,
        /// Wars.
        War,
        /// What happened is written down and checked.
        Record,
    }
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 9] = [
        Self::Date,
        Self::Observe,
        Self::Believe,
        Self::Perceive,
        Self::Diplomacy,
        Self::Arm,
        Self::Crisis,
        Self::War,
        Self::Record,
    ];
}

described! {
    /// Where the block stands in time.
    #[derive(Resource, Debug, Clone, Copy)]
    pub struct Clock {
        /// Years of the scenario.
        pub horizon: Horizon,
        /// Tick under way, from 0.
        pub tick: u32,
        /// Date at which it began, decimal year.
        pub date: f64,
        /// Its length in years.
        pub years: f64,
    }
}

described! {
    /// Whether the world is large enough to be parallel inside a tick.
    #[derive(Resource, Debug, Clone, Copy)]
    pub struct Large(pub bool);
}
