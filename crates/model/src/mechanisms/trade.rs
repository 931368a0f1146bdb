#![doc = include_str!("trade.md")]

use bevy_ecs::prelude::Schedule;

use super::{Concept, Entry, ExplainGroup, Switches};
use crate::phases::Phase;

crate::parameters! {
    /// What trade is worth.
    pub struct Trade {
        /// Worth of a unit of trade in peace.
        gain: "t+", "1", 0.0..=10.0, 1.0, 0.5..=1.5;
        /// Loss of a unit of trade in war.
        loss: "t−", "1", 0.0..=10.0, 1.0, 0.5..=1.5;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "trade",
    equation: "E19",
    phase: Phase::Perceive,
    explains: ExplainGroup::Economy,
    concepts: &[(Concept::Interaction, "Trade makes peace worth more and war cost more (E19).")],
    components: &[],
    text: include_str!("trade.md"),
};

impl Trade {
    /// Worth of a unit of trade in peace, and its loss in war, with or without this mechanism.
    #[must_use]
    pub const fn in_force(&self, switches: &Switches) -> (f64, f64) {
        if switches.trade { (self.gain, self.loss) } else { (0.0, 0.0) }
    }
}

pub(crate) fn register<const WIDTH: usize>(_: &mut Schedule) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::close;
    use crate::mechanisms::game::{cost, peace};

    #[test]
    fn trade_makes_peace_dearer_to_break() {
        let (gain, loss) = Trade::default().in_force(&Switches::default());
        assert!(peace(0.03, gain * 0.1) > peace(0.03, 0.0));
        assert!(cost(0.3, loss * 0.1, 0.0, 0.0) > cost(0.3, 0.0, 0.0, 0.0));
        let off = Switches { trade: false, ..Switches::default() };
        assert_eq!(Trade::default().in_force(&off), (0.0, 0.0));
    }

    #[test]
    fn a_tenth_in_trade_by_hand() {
        let trade = Trade { gain: 0.8, loss: 1.2 };
        let (gain, loss) = trade.in_force(&Switches::default());
        close("R = 1 − .03 + .8 · .1", peace(0.03, gain * 0.1), 1.05);
        close("C = .3 + 1.2 · .1", cost(0.3, loss * 0.1, 0.0, 0.0), 0.42);
    }
}
