#![doc = include_str!("hostility.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::{Concept, Entry, ExplainGroup, Parameters};
use crate::columns::sweep;
use crate::components::{self, DyadId};
use crate::phases::{Believe, Clock, Large, Phase};

crate::parameters! {
    /// What crises leave behind.
    pub struct Hostility {
        /// Rise on both sides where both stand firm.
        firm: "z_f", "0..1", 0.0..=1.0, 0.08, 0.04..=0.14;
        /// Rise on both sides in a clash.
        clash: "z_c", "0..1", 0.0..=1.0, 0.06, 0.03..=0.12;
        /// Rise in the one that concedes.
        humbled: "z_l", "0..1", 0.0..=1.0, 0.25, 0.15..=0.35;
        /// Rise on both sides where both have mobilised.
        mobilised: "z_m", "0..1", 0.0..=1.0, 0.1, 0.05..=0.15;
        /// Rise in the one that is struck; the one that strikes rises by half.
        war: "z_w", "0..1", 0.0..=1.0, 0.4, 0.2..=0.6;
        /// How fast hostility fades.
        decay: "η_z", "1/year", 0.0..=10.0, 0.05, 0.03..=0.1;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "hostility",
    equation: "E13",
    phase: Phase::Believe,
    explains: ExplainGroup::Beliefs,
    concepts: &[(Concept::Learning, "States remember how the last crises ended (E13).")],
    components: &[],
    text: include_str!("hostility.md"),
};

/// Hostility after a rise: a share of the way that is left to 1.
#[inline(always)]
#[must_use]
pub fn risen(hostility: f64, rise: f64) -> f64 {
    hostility + rise * (1.0 - hostility)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(fade::<WIDTH>.in_set(Believe::Drift));
}

fn fade<const WIDTH: usize>(
    mut dyads: Query<(&DyadId, &mut components::Hostility<WIDTH>)>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let left = exp(-parameters.hostility.decay * clock.years);
    sweep!(WIDTH, large.0, dyads, |(_id, hostility)| {
        hostility.0 = Lanes::from_fn(|l| left * hostility.0[l]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one, setup};
    use spiral_kernel::maths::ln;

    /// Half of it is left after ln 2 / η_z, whatever the tick.
    #[test]
    fn hostility_is_half_gone_in_its_half_life() {
        for ticks_per_year in [1, 2, 4, 12, 24] {
            let mut setup = setup(2, ticks_per_year);
            setup.parameters.hostility.decay = ln(2.0) / 14.0;
            let mut bench = Bench::new::<1>(&setup);
            bench.dyad(0, 1, components::Hostility(one(0.8)));
            for expected in [0.4, 0.2] {
                bench.ticks(14 * ticks_per_year, fade::<1>);
                let found = bench.of_dyad::<components::Hostility<1>>(0, 1).0[0];
                assert!((found - expected).abs() < 1e-12, "{ticks_per_year} ticks a year: {found}, expected {expected}");
            }
            assert_eq!(bench.of_dyad::<components::Hostility<1>>(1, 0).0[0], 0.0, "each side keeps its own");
        }
    }

    #[test]
    fn a_rise_goes_a_share_of_the_way_to_one() {
        close("from nothing", risen(0.0, 0.25), 0.25);
        close("twice", risen(risen(0.0, 0.25), 0.25), 0.4375);
        close("at the top", risen(1.0, 0.25), 1.0);
    }
}
