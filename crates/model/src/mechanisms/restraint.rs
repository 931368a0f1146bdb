#![doc = include_str!("restraint.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{logistic, powf};

use super::arms_control::blur;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::components::{Answered, DyadId, DyadInputsNow, Mistrust, Payoffs, Roster, StateId, ThreatFelt};
use crate::draws::{Block, Purpose};
use crate::phases::{Arm, Clock, Phase};

crate::parameters! {
    /// Restraint in the repeated game.
    pub struct Restraint {
        /// Share of the answer to threat that is a choice; 0 answers every threat.
        deliberation: "w", "0..1", 0.0..=1.0, 0.0;
        /// Patience: what a payoff a year ahead is worth today.
        patience: "δ", "0..1", 0.0..=1.0, 0.9, 0.8..=0.97;
        /// Lag until a build-up is seen, without monitoring.
        detection_lag: "ℓ0", "years", 0.0..=100.0, 2.0, 0.5..=4.0;
        /// Noise of the choice.
        choice_noise: "τ_r", "share of own value", 0.000001..=10.0, 0.1, 0.05..=0.2;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "restraint",
    equation: "E21",
    phase: Phase::Arm,
    explains: ExplainGroup::Types,
    concepts: &[(
        Concept::Adaptation,
        "Where part of the answer to threat is a choice, states choose each tick whether to answer another's arms or to hold back (E21).",
    )],
    components: &[],
    text: include_str!("restraint.md"),
};

/// E21: weight of what follows once a build-up has been seen, `δ^ℓ`.
#[inline(always)]
#[must_use]
pub fn shadow(patience: f64, lag_years: f64) -> f64 {
    if lag_years <= 0.0 { 1.0 } else { powf(patience, lag_years) }
}

/// E21: what holding is worth beyond building.
#[inline(always)]
#[must_use]
pub fn worth_of_holding([peace, strike, mutual, struck]: [f64; 4], trust: f64, shadow: f64) -> f64 {
    let tempted = (1.0 - shadow) * strike + shadow * mutual;
    let betrayed = (1.0 - shadow) * struck + shadow * mutual;
    trust * (peace - tempted) + (1.0 - trust) * (betrayed - mutual)
}

/// E21: the shadow of the future from which mutual restraint pays, `(T − R) / (T − P)`.
#[must_use]
pub fn sustaining_shadow(peace: f64, strike: f64, mutual: f64) -> f64 {
    (strike - peace) / (strike - mutual)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(choose_restraint::<WIDTH>.in_set(Arm::Choose));
}

/// The game with another, and what it threatens.
#[derive(QueryData)]
struct RestraintDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    mistrust: &'static Mistrust<WIDTH>,
    threat: &'static ThreatFelt<WIDTH>,
    payoffs: &'static Payoffs<WIDTH>,
}

fn choose_restraint<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut Answered<WIDTH>)>,
    dyads: Query<RestraintDyad<WIDTH>>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
) {
    let Restraint { deliberation, patience, detection_lag, choice_noise } = parameters.restraint;
    let skies = parameters.arms_control.in_force(&switches).open_skies_sight;
    for (state, mut answered) in &mut states {
        if deliberation == 0.0 {
            answered.0 = Lanes::splat(1.0);
            continue;
        }
        let (mut all, mut held) = (Lanes::<WIDTH>::splat(0.0), Lanes::<WIDTH>::splat(0.0));
        for &dyad in &roster.outgoing[state.index] {
            let Ok(RestraintDyadItem { id, terms, mistrust, threat, payoffs }) = dyads.get(roster.dyads[dyad]) else { continue };
            let [u, _] = block.uniforms::<WIDTH>(Purpose::Restraint, id.number, clock.tick);
            let shadow = shadow(patience, detection_lag * blur(&terms.0, skies));
            let holds = Lanes::<WIDTH>::from_fn(|l| {
                let stakes = [payoffs.peace[l], payoffs.strike[l], payoffs.mutual[l], payoffs.struck[l]];
                let worth = worth_of_holding(stakes, 1.0 - logistic(mistrust.0[l]), shadow);
                if u[l] < logistic(worth / choice_noise) { 1.0 } else { 0.0 }
            });
            all = Lanes::from_fn(|l| all[l] + threat.0[l]);
            held = Lanes::from_fn(|l| held[l] + threat.0[l] * holds[l]);
        }
        answered.0 = Lanes::from_fn(|l| 1.0 - deliberation * (held[l] / not_below(all[l])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::strike::trust_threshold;

    #[test]
    fn without_a_future_a_stag_hunt_needs_the_trust_of_its_threshold() {
        for (peace, strike, mutual, struck) in [(4.0, 3.0, 2.0, 1.0), (10.0, 8.0, 4.0, 0.0), (0.97, 0.4, 0.2, -0.1)] {
            let threshold = trust_threshold(peace, strike, mutual, struck).expect("a stag hunt");
            let worth = worth_of_holding([peace, strike, mutual, struck], threshold, 0.0);
            assert!(worth.abs() < 1e-12, "O4: at trust {threshold} holding is worth {worth}");
        }
    }

    #[test]
    fn a_prisoners_dilemma_needs_the_shadow_of_the_folk_theorem() {
        let (peace, strike, mutual, struck) = (3.0, 5.0, 1.0, 0.0);
        let needed = sustaining_shadow(peace, strike, mutual);
        assert_eq!(needed, 0.5, "Axelrod's payoffs");
        assert!(worth_of_holding([peace, strike, mutual, struck], 1.0, needed).abs() < 1e-15);
        assert!(worth_of_holding([peace, strike, mutual, struck], 1.0, 0.4) < 0.0);
    }

    #[test]
    fn what_is_seen_at_once_leaves_nothing_to_gain() {
        assert_eq!(shadow(0.9, 0.0), 1.0);
        assert!((shadow(0.9, 2.0) - 0.81).abs() < 1e-12);
        assert_eq!(worth_of_holding([0.9, 1.2, 0.4, 0.1], 0.3, 1.0), 0.3 * (0.9 - 0.4));
    }
}
