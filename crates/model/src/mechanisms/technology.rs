#![doc = include_str!("technology.md")]

use bevy_ecs::prelude::Schedule;

use super::{Entry, ExplainGroup, Switches};
use crate::phases::Phase;

crate::parameters! {
    /// The technology of the day. The truth: what states believe of it is `perceived_balance`.
    pub struct Technology {
        /// True offence-defence balance: 1 is parity, 1/3 the three-to-one rule.
        balance: "m", "ratio", 0.01..=100.0, 0.5, 0.3333..=1.0;
        /// First-strike factor: what striking first multiplies the attacker's strength by.
        first_strike: "φ0", "ratio", 0.01..=100.0, 2.3, 1.8..=3.2;
        /// Distinguishability: how well offensive arms can be told from defensive ones.
        distinguishability: "q", "0..1", 0.0..=1.0, 0.15, 0.0..=0.5;
        /// Balance at which arms threaten as much as their number says.
        reference_balance: "m0", "ratio", 0.01..=100.0, 0.5, 0.3333..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "technology",
    equation: "m, φ, q",
    phase: Phase::Date,
    explains: ExplainGroup::Technology,
    concepts: &[],
    components: &[],
    text: include_str!("technology.md"),
};

impl Technology {
    /// The technology in force.
    #[must_use]
    pub fn in_force(self, switches: &Switches) -> Self {
        if switches.technology {
            self
        } else {
            Self { balance: self.reference_balance, first_strike: 1.0, distinguishability: 0.0, ..self }
        }
    }
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}
