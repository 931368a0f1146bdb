//! # The technology of the day
//!
//! Claim: whether attack or defence is easier, and whether their means can be told apart, are two separate facts; they make
//! Jervis's four worlds. Both are true facts of the system; what states believe of the first is `perceived_balance`.
//!
//! ```text
//! m    true offence-defence balance: what a unit of offence is worth against one of defence    1
//! φ0   first-strike factor: what striking first multiplies the attacker's strength by          1
//! q    distinguishability of offensive and defensive arms                                      0..1
//! m0   reference balance, at which arms threaten as much as their number says                  1
//! ```
//! Source: Jervis, Cooperation under the Security Dilemma, World Politics 30 (1978) 167-214; φ: Fearon, Journal of Peace
//! Research 55 (2018).
//! Off: `m = m0`, `φ0 = 1`, `q = 0`: no side has the advantage and nothing can be told apart.

use bevy_ecs::prelude::Schedule;

use super::{Entry, Switches};
use crate::phases::Phase;

crate::parameters! {
    /// The technology of the day. The truth: what states believe of it is `perceived_balance`.
    pub struct Technology {
        /// True offence-defence balance: 1 is parity, 1/3 the three-to-one rule.
        balance: "m", "ratio", 0.01..=100.0, 0.5, 0.3333..=1.0;
        /// First-strike factor: what striking first multiplies the attacker's strength by.
        first_strike: "φ0", "ratio", 0.01..=100.0, 1.0, 1.0..=2.5;
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
    claim: "The offence-defence balance and what can be told apart.",
    off: "Balance at its reference, no first-strike advantage, nothing can be told apart.",
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
