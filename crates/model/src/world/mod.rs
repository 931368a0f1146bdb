//! The world of a block: its entities, how they are reset, and how the date moves on.

mod build;
mod date;
mod start;

pub use build::{LARGE, build, is_large, kept_dyads};
pub(crate) use date::move_date;
pub use start::reset;

use bevy_ecs::prelude::Resource;
use spiral_kernel::Lanes;

use crate::components::{
    Answered, ArmsGrowth, AtWar, AttackStrength, BeyondHabit, CustomaryThreat, Defence, DefenceStrength, Greed, Greedy,
    GrowthError, Held, JustifiedGrowth, Mistrust, NewOffence, Odds, Offence, Output, Payoffs, PerceivedBalance, Procurement,
    Punishable, Retaliation, Sight, Strengths, Support, ThreatCeiling, ThreatFelt, ThreatIfGreedy, ThreatTotal, Unharmed,
    Vulnerability, Warheads, Weariness,
};
use crate::description::described;
use crate::mechanisms::arms_control::{ForceCaps, Treaty};
use crate::mechanisms::beliefs::ExpectedPosture;
use crate::setup::{ArmingRule, Ending, Track};

described! {
    /// How the scenario arms and ends.
    #[derive(Resource, Debug, Clone, Copy)]
    pub struct Rule {
        /// How arming answers threat.
        pub arming: ArmingRule,
        /// When a history stops early.
        pub ending: Ending,
    }
}

/// A track with its target found: what to write, where, when.
#[derive(Debug, Clone)]
struct LaidTrack {
    track: Track,
    initial: f64,
    last: f64,
}

described! {
    /// The dated changes of a scenario.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Tracks {
        /// The tracks.
        all: Vec<LaidTrack>,
        /// For each setup dyad the simulated dyad, if it is.
        dyads: Vec<Option<usize>>,
    }
}

type StateLanes<const WIDTH: usize> = (
    (Greedy<WIDTH>, Greed<WIDTH>, Output<WIDTH>, Unharmed<WIDTH>, Offence<WIDTH>, Defence<WIDTH>),
    (AttackStrength<WIDTH>, DefenceStrength<WIDTH>, ArmsGrowth<WIDTH>, JustifiedGrowth<WIDTH>, NewOffence<WIDTH>),
    (Procurement<WIDTH>, ThreatTotal<WIDTH>, ThreatCeiling<WIDTH>, CustomaryThreat<WIDTH>, PerceivedBalance<WIDTH>),
    (Weariness<WIDTH>, Vulnerability<WIDTH>, Punishable<WIDTH>, AtWar<WIDTH>, ExpectedPosture<WIDTH>, Warheads<WIDTH>),
    (ForceCaps<WIDTH>, Answered<WIDTH>, Held<WIDTH>, BeyondHabit<WIDTH>),
);

fn state_lanes<const WIDTH: usize>() -> StateLanes<WIDTH> {
    let mut lanes = StateLanes::<WIDTH>::default();
    lanes.0.3.0 = Lanes::splat(1.0);
    lanes.4.1.0 = Lanes::splat(1.0);
    lanes.4.2.0 = Lanes::splat(1.0);
    lanes
}

type DyadLanes<const WIDTH: usize> = (
    (Mistrust<WIDTH>, Sight<WIDTH>, GrowthError<WIDTH>, ThreatFelt<WIDTH>, ThreatIfGreedy<WIDTH>),
    (Support<WIDTH>, Strengths<WIDTH>, Odds<WIDTH>, Payoffs<WIDTH>, Treaty<WIDTH>, Retaliation<WIDTH>),
);

fn dyad_lanes<const WIDTH: usize>() -> DyadLanes<WIDTH> {
    let mut lanes = DyadLanes::<WIDTH>::default();
    lanes.0.1.0 = Lanes::splat(1.0);
    let even = Lanes::splat(0.5);
    lanes.1.2 = Odds { first: even, struck: even, mutual: even };
    lanes
}
