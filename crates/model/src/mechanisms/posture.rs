#![doc = include_str!("posture.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{ln, logistic};

use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::sweep;
use crate::components::{Greed, NewOffence, PerceivedBalance};
use crate::phases::{Arm, Large, Phase};

crate::parameters! {
    /// What kind of arms states buy.
    pub struct Posture {
        /// Weight of the believed balance in the choice of offence.
        balance_pull: "s1", "1", 0.0..=100.0, 2.0, 1.0..=3.0;
        /// Weight of greed in the choice of offence.
        greed_pull: "s2", "1", 0.0..=100.0, 2.5, 1.5..=3.5;
        /// Weight of reassurance in the choice of defence, where defence can be told apart.
        reassurance_pull: "s3", "1", 0.0..=100.0, 2.0, 1.0..=3.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "posture",
    equation: "E6",
    phase: Phase::Arm,
    explains: ExplainGroup::Types,
    concepts: &[(
        Concept::Adaptation,
        "States choose the offensive share of new arms by what is thought to pay and by what can be told apart (E6).",
    )],
    components: &[],
    text: include_str!("posture.md"),
};

/// Offensive share of arms where nobody chooses.
pub const EVEN_MIX: f64 = 0.5;

/// E6: offensive share of new arms.
#[inline(always)]
#[must_use]
pub fn offensive_share(balance_ratio: f64, greed: f64, q: f64, parameters: &Posture) -> f64 {
    share_of_pull(parameters.balance_pull * ln(balance_ratio), greed, q, parameters)
}

/// E6, given the pull of the balance, `s1 ln(m̂_i / m0)`.
#[inline(always)]
#[must_use]
pub fn share_of_pull(pull: f64, greed: f64, q: f64, parameters: &Posture) -> f64 {
    logistic(pull + parameters.greed_pull * greed - parameters.reassurance_pull * q * (1.0 - greed))
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(choose_posture::<WIDTH>.in_set(Arm::Choose));
}

pub(crate) fn choose_posture<const WIDTH: usize>(
    mut states: Query<(&PerceivedBalance<WIDTH>, &Greed<WIDTH>, &mut NewOffence<WIDTH>)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    large: Res<Large>,
) {
    let technology = parameters.technology.in_force(&switches);
    let (q, m0, posture) = (technology.distinguishability, technology.reference_balance, parameters.posture);
    sweep!(WIDTH, large.0, states, |(balance, greed, share)| {
        share.0 = Lanes::from_fn(|l| offensive_share(balance.0[l] / m0, greed.0[l], q, &posture));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offence_where_it_pays_or_is_wanted_and_defence_where_it_reassures() {
        let posture = Posture::default();
        assert_eq!(offensive_share(1.0, 0.0, 0.0, &posture), 0.5);
        assert!(offensive_share(2.0, 0.0, 0.0, &posture) > 0.7);
        assert!(offensive_share(1.0, 0.9, 0.0, &posture) > 0.8);
        assert!(offensive_share(1.0, 0.0, 0.9, &posture) < 0.2);
    }
}
