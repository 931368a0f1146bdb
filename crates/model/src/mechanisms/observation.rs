#![doc = include_str!("observation.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, normal_quantiles};

use super::arms_control::blur;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::sweep;
use crate::components::{DyadId, DyadInputsNow, GrowthError, Sight};
use crate::draws::{Block, Purpose};
use crate::phases::{Clock, Large, Phase};

crate::parameters! {
    /// How states see one another's arms.
    pub struct Observation {
        /// Standard deviation of the error in another's arms, without monitoring.
        arms_noise: "σ_a", "log units", 0.0..=5.0, 0.1, 0.05..=0.2;
        /// Standard deviation of the error in another's growth of a year, without monitoring.
        growth_noise: "σ_z", "log units", 0.0..=5.0, 0.1, 0.05..=0.2;
        /// Share of a fortress that counts as a base for attack.
        fortress_as_base: "ζ", "0..1", 0.0..=1.0, 0.2, 0.0..=0.5;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "observation",
    equation: "E3",
    phase: Phase::Observe,
    explains: ExplainGroup::Beliefs,
    concepts: &[(
        Concept::Sensing,
        "States see arms with error, which monitoring reduces. They tell offence from defence as far as technology allows (E3).",
    )],
    components: &[],
    text: include_str!("observation.md"),
};

/// E3: arms of another that threaten.
#[inline(always)]
#[must_use]
pub fn threatening_arms(seen_arms: f64, offensive_share: f64, distinguishability: f64, base: f64) -> f64 {
    seen_arms * ((1.0 - distinguishability) + distinguishability * offensive_share) + base
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(look_at_others::<WIDTH>.in_set(Phase::Observe));
}

/// What one state sees of another.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct SeenDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    sight: &'static mut Sight<WIDTH>,
    growth_error: &'static mut GrowthError<WIDTH>,
}

fn look_at_others<const WIDTH: usize>(
    mut dyads: Query<SeenDyad<WIDTH>>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let noise = parameters.observation.arms_noise;
    let skies = parameters.arms_control.in_force(&switches).open_skies_sight;
    let (block, tick) = (*block, clock.tick);
    let year = clock.year_begins();
    sweep!(WIDTH, large.0, dyads, |id, terms, sight, growth_error| {
        let blur = blur(&terms.0, skies);
        let [u, _] = block.uniforms::<WIDTH>(Purpose::Sight, id.number, tick);
        let arms_error = normal_quantiles(&u);
        sight.0 = Lanes::from_fn(|l| exp(noise * blur * arms_error[l]));
        // Growth is judged once a year, so its draws are numbered by year: the same ones whatever the tick.
        if let Some(year) = year {
            let [_, v] = block.uniforms::<WIDTH>(Purpose::Sight, id.number, year);
            let other_error = normal_quantiles(&v);
            growth_error.0 = Lanes::from_fn(|l| blur * other_error[l]);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, setup, within_chance};
    use spiral_kernel::maths::ln;

    /// What is seen of a year's growth is drawn once a year, and the draws are the same at every tick.
    #[test]
    fn errors_in_growth_come_by_the_year() {
        let errors = |ticks_per_year: u32| -> Vec<f64> {
            let mut bench = Bench::new::<1>(&setup(2, ticks_per_year));
            let mut all = Vec::new();
            for tick in 0..3 * ticks_per_year {
                bench.ticks(1, look_at_others::<1>);
                all.push((tick / ticks_per_year, bench.of_dyad::<GrowthError<1>>(0, 1).0[0]));
            }
            all.dedup();
            all.iter().map(|(_, error)| *error).collect()
        };
        let yearly = errors(1);
        assert!(yearly.len() == 3 && yearly[0] == 0.0 && yearly[1] != 0.0 && yearly[2] != yearly[1], "{yearly:?}");
        for ticks_per_year in [2, 4, 12, 24] {
            assert_eq!(errors(ticks_per_year), yearly, "{ticks_per_year} ticks a year");
        }
    }

    #[test]
    fn all_arms_threaten_where_nothing_can_be_told_apart_and_offence_alone_where_all_can() {
        assert_eq!(threatening_arms(10.0, 0.3, 0.0, 0.0), 10.0);
        assert_eq!(threatening_arms(10.0, 0.3, 1.0, 0.0), 3.0);
        assert_eq!(threatening_arms(10.0, 0.3, 1.0, 2.0), 5.0, "a fortress near the border is a base");
    }

    /// With σ_a = .2 and ρ = ¼ the logarithm of what is seen has standard deviation .15 and the error in growth .75. A mean of n
    /// has standard error σ / √n, a standard deviation about zero σ / √2n.
    #[test]
    fn errors_are_as_large_as_monitoring_leaves_them() {
        const WIDTH: usize = 64;
        let mut setup = setup(3, 1);
        setup.parameters.observation.arms_noise = 0.2;
        let mut bench = Bench::new::<WIDTH>(&setup);
        for (from, to) in [(0, 1), (1, 0)] {
            bench.terms(from, to, |terms| terms.monitoring = 0.25);
        }
        bench.terms(0, 2, |terms| terms.monitoring = 1.0);
        let (mut seen, mut growth) = (Vec::new(), Vec::new());
        bench.ticks(1, look_at_others::<WIDTH>);
        assert_eq!(bench.of_dyad::<GrowthError<WIDTH>>(0, 1).0, Lanes::splat(0.0), "no year has passed, no growth was seen");
        for _ in 0..32 {
            bench.ticks(1, look_at_others::<WIDTH>);
            for (from, to) in [(0, 1), (1, 0)] {
                seen.extend(bench.of_dyad::<Sight<WIDTH>>(from, to).0.as_array().map(ln));
                growth.extend(bench.of_dyad::<GrowthError<WIDTH>>(from, to).0.as_array());
            }
            assert_eq!(bench.of_dyad::<Sight<WIDTH>>(0, 2).0, Lanes::splat(1.0), "who sees all errs in nothing");
        }
        for (what, errors, expected) in [("arms", seen, 0.15), ("growth", growth, 0.75)] {
            let n = errors.len() as f64;
            let mean = errors.iter().sum::<f64>() / n;
            let deviation = (errors.iter().map(|error| error * error).sum::<f64>() / n).sqrt();
            within_chance(&format!("mean error in {what} of {n}"), mean, 0.0, expected / n.sqrt());
            within_chance(&format!("deviation in {what} of {n}"), deviation, expected, expected / (2.0 * n).sqrt());
        }
    }
}
