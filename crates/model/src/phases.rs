//! The step of the model: phases in the order in which they run, and the clock.

use bevy_ecs::prelude::{IntoScheduleConfigs, Resource, Schedule, SystemSet};

use crate::description::described;
use crate::inputs::Horizon;

described! {
    /// The phases of a tick. Within a phase everyone reads what earlier phases left, so the order of states never matters.
    #[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Phase {
        /// The date moves on; dated changes take effect.
        Date,
        /// States observe one another.
        Observe,
        /// They learn what the other states are.
        Believe,
        /// They perceive threats, chances of winning and stakes.
        Perceive,
        /// Alliances form and lapse; treaties are signed.
        Diplomacy,
        /// They buy arms.
        Arm,
        /// Crises break out and run day by day.
        Crisis,
        /// Wars go on and end; peace sets its terms.
        War,
        /// What happened is recorded and checked.
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

/// Declares the steps inside a phase: ordered sets of systems. A mechanism puts its systems into these and names no system of another.
macro_rules! steps {
    ($($(#[doc = $about:literal])+ $phase:ident as $name:ident { $( $(#[doc = $meaning:literal])+ $step:ident, )+ })+) => {
        $(
            $(#[doc = $about])+
            #[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub enum $name {
                $( $(#[doc = $meaning])+ $step, )+
            }
        )+

        /// Lays down the order of the phases, and of the steps inside each.
        pub(crate) fn order(schedule: &mut Schedule) {
            for pair in Phase::ALL.windows(2) {
                schedule.configure_sets(pair[0].before(pair[1]));
            }
            $( schedule.configure_sets(($($name::$step,)+).chain().in_set(Phase::$phase)); )+
        }
    };
}

steps! {
    /// Steps of [`Phase::Date`].
    Date as Date {
        /// The calendar and dated changes.
        Move,
        /// Reach and output of the land held.
        Measure,
        /// Commitments between allies within reach.
        Commitments,
    }

    /// Steps of [`Phase::Believe`].
    Believe as Believe {
        /// States learn from what they have seen.
        Learn,
        /// Beliefs about the balance drift to doctrine.
        Drift,
    }

    /// Steps of [`Phase::Perceive`].
    Perceive as Perceive {
        /// What arms are worth, and what common punishment could amount to.
        Strength,
        /// What allies add by the commitments that the scenario gives.
        Support,
        /// What partners add by alliances that have formed.
        Partners,
        /// Chances of winning, threats and retaliation, dyad by dyad.
        Odds,
        /// Conquered states no longer count.
        Survivors,
        /// Sums over dyads: the threat to each state and how vulnerable it is.
        Threat,
        /// The payoffs of the game.
        Stakes,
        /// What earlier peaces have changed of the payoffs.
        Claims,
    }

    /// Steps of [`Phase::Diplomacy`].
    Diplomacy as Diplomacy {
        /// Alliances form and lapse.
        Alliances,
        /// Treaties are signed and negotiated.
        Treaties,
    }

    /// Steps of [`Phase::Arm`].
    Arm as Arm {
        /// States choose what to build and whether to hold back.
        Choose,
        /// They revise their programmes of arms.
        Plan,
        /// They decide on gestures of reassurance.
        Reassure,
        /// They buy arms.
        Build,
        /// They keep or break their treaties.
        Treaties,
        /// They buy warheads.
        Warheads,
        /// They keep below the ceilings that a peace has set.
        Ceilings,
        /// Conquered states lose what arms they have.
        Conquered,
        /// What was spent is counted, as others see it.
        Account,
    }

    /// Steps of [`Phase::Crisis`].
    Crisis as Crises {
        /// Crises break out.
        BreakOut,
        /// They run day by day.
        Run,
    }

    /// Steps of [`Phase::War`].
    War as Wars {
        /// Wars cost, and come to a decision.
        Decide,
        /// Victors take land.
        Take,
        /// Peace sets its terms.
        Settle,
    }
}

described! {
    /// The date of the block.
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
