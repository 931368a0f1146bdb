//! Who has a part in a crisis, who looks at whom, and what is remembered of that.

use super::appraisal::DAYS;
use crate::draws::Days;

/// A state that has a part in a crisis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Party {
    pub(super) state: usize,
    pub(super) side: usize,
    /// Day of its order to mobilise.
    pub(super) mobilised: Option<u16>,
    /// Whether it is at war.
    pub(super) fighting: bool,
    /// Readiness on the morning of the day.
    pub(super) ready: f64,
    pub(super) days_to_mobilise: f64,
    pub(super) great_power: bool,
    /// Strength in attack and in defence, forts included.
    pub(super) attack: f64,
    pub(super) defence: f64,
}

/// Who perceives whom: positions of states, the place of the perception in the batches, the draws of the pair.
pub(super) struct PerceptionSlot {
    pub(super) own: usize,
    pub(super) other: usize,
    pub(super) batch: usize,
    pub(super) place: usize,
    pub(super) days: Days,
}

/// Two parties on opposite sides: positions of the parties, and of the slot in which the first perceives the second.
pub(super) struct OpposingPair {
    pub(super) own: usize,
    pub(super) other: usize,
    pub(super) slot: usize,
}

/// What an ally thinks of standing by a friend, remembered as long as the parties, their sides and who fights stay the same.
pub(super) struct Wish {
    pub(super) ally: usize,
    pub(super) friend: usize,
    /// Key of its draws.
    pub(super) number: u32,
    pub(super) chance: f64,
    /// Chances that the friend falls alone and helped, and what joining is worth.
    pub(super) values: (f64, f64, f64),
}

impl Party {
    /// Readiness on a day, if the state gives no order before it.
    pub(super) fn ready_on(&self, day: u16) -> f64 {
        self.mobilised.map_or(self.ready, |order| (f64::from(day.saturating_sub(order)) / self.days_to_mobilise).min(1.0))
    }

    /// Readiness on some days from `day` on.
    pub(super) fn ready_from(&self, day: u16) -> [f64; DAYS] {
        std::array::from_fn(|later| self.ready_on(day + later as u16))
    }
}
