#![doc = include_str!("geography.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::maths::powf;

use super::{Concept, Dirty, Entry, ExplainGroup, Parameters, Switches};
use crate::components::{DyadInputsNow, Reach};
use crate::phases::{Date, Phase};

crate::parameters! {
    /// How force loses strength with distance.
    pub struct Geography {
        /// Share of strength that reaches any distance.
        floor: "o", "0..1", 0.0..=1.0, 0.02, 0.0..=0.1;
        /// Distance at which the rest is halved.
        half_distance: "d0", "km", 1.0..=40000.0, 2000.0, 1200.0..=3000.0;
        /// How steeply strength falls with distance.
        steepness: "s", "1", 0.1..=20.0, 3.0, 2.0..=4.0;
        /// Reach below which a dyad is not simulated, unless allied.
        negligible: "G_min", "0..1", 0.0..=1.0, 0.03, 0.01..=0.05;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "geography",
    equation: "E1",
    phase: Phase::Date,
    explains: ExplainGroup::Geography,
    concepts: &[(Concept::Interaction, "Force reaches others as far as distance and terrain allow (E1).")],
    components: &[],
    text: include_str!("geography.md"),
};

/// E1: share of strength that arrives.
#[must_use]
pub fn reach(terrain: f64, distance_km: f64, parameters: &Geography) -> f64 {
    let Geography { floor, half_distance, steepness, .. } = *parameters;
    terrain * (floor + (1.0 - floor) / (1.0 + powf(distance_km / half_distance, steepness)))
}

/// The reach of a dyad, with or without this mechanism.
#[must_use]
pub fn reach_of(terrain: f64, distance_km: f64, parameters: &Geography, on: bool) -> f64 {
    if on { reach(terrain, distance_km, parameters) } else { terrain }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(measure_reach.in_set(Date::Measure));
}

pub(crate) fn measure_reach(
    mut dyads: Query<(&DyadInputsNow, &mut Reach)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    dirty: Res<Dirty>,
) {
    if dirty.geography {
        for (terms, mut reach) in &mut dyads {
            // Terrain and distance are symmetric, so reach is.
            let share = reach_of(terms.0.terrain, terms.0.distance, &parameters.geography, switches.geography);
            *reach = Reach { forth: share, back: share };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_of_strength_is_the_textbook_curve() {
        let textbook = Geography { floor: 0.1, half_distance: 1.0, steepness: 3.0, negligible: 0.0 };
        for (distance, share) in [(0.0, 1.0), (0.5, 0.9), (1.0, 0.55), (2.0, 0.2), (5.0, 0.107_142_857_142_857_14)] {
            let found = reach(1.0, distance, &textbook);
            assert!((found - share).abs() < 1e-12, "O12: reach at {distance} is {found}, expected {share}");
        }
    }
}
