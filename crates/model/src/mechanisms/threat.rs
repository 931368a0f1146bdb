//! # E4 Threat
//!
//! Claim: capability, reach and intent make a threat; anarchy leaves some fear even of a peaceful state, and a working
//! collective security takes some away.
//!
//! ```text
//! T_ij = [b_ij + λ (1 − b_ij)] (m̂_i / m0) G_ji F_ij (1 − κ C_j)
//! C_j  = P_j / (P_j + a_j),  P_j = Σ_k G_kj a_k
//!
//! b_ij  belief of i that j is greedy    0..1     λ    fear that anarchy leaves             0..1
//! m̂_i   believed balance                1        G_ji reach of j at i (E1)                 0..1
//! F_ij  threatening arms (E3)           int$     κ    perceived chance of punishment (E18) 0..1
//! C_j   what punishment could amount to 0..1     T_ij threat                               thousand million int$
//! ```
//! Source: Walt, The Origins of Alliances (1987) for the factors; Jervis (1978) for λ and m̂; the product form is ours.
//! Deviation: `C_j` is the strength of all others that reaches `j` against its own; `κ` is common to all.
//! Off: nobody feels threatened.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::logistic;

use super::institutions::CollectiveSecurity;
use super::observation::threatening_arms;
use super::{Entry, Parameters, Switches, not_below};
use crate::components::{
    Defence, DyadId, Given, Mistrust, Offence, PerceivedBalance, Punishable, Reach, Roster, Sight, StateId, ThreatCeiling,
    ThreatFelt, ThreatIfGreedy, ThreatTotal,
};
use crate::phases::{Large, Phase};
use crate::columns::{Rows, sweep, table};

crate::parameters! {
    /// How arms become threat.
    pub struct Threat {
        /// Fear that anarchy leaves even of a peaceful state.
        anarchy: "λ", "0..1", 0.0..=1.0, 0.16, 0.1..=0.35;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "threat",
    equation: "E4",
    phase: Phase::Perceive,
    claim: "Capability, reach and suspected intent make a threat; anarchy leaves some fear even of the peaceful.",
    off: "Nobody feels threatened.",
};

/// E4 without the suspicion: the threat from a state known to be greedy.
#[inline(always)]
#[must_use]
pub fn threat_if_greedy(balance_ratio: f64, reach: f64, threatening_arms: f64, deterred: f64) -> f64 {
    balance_ratio * reach * threatening_arms * (1.0 - deterred)
}

/// E4: how much of that a state with this belief feels.
#[inline(always)]
#[must_use]
pub fn felt_share(belief: f64, anarchy: f64) -> f64 {
    belief + anarchy * (1.0 - belief)
}

/// `C_j`: what common punishment could amount to.
#[inline(always)]
#[must_use]
pub fn punishable(others: f64, own: f64) -> f64 {
    others / not_below(others + own)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(
        (perceive_threat::<WIDTH>, add_up_threats::<WIDTH>)
            .chain()
            .in_set(Phase::Perceive)
            .after(super::institutions::weigh_punishment::<WIDTH>)
            .before(super::game::see_stakes::<WIDTH>),
    );
}

pub(crate) fn perceive_threat<const WIDTH: usize>(
    states: Query<(&Offence<WIDTH>, &Defence<WIDTH>, &Given, &PerceivedBalance<WIDTH>, &Punishable<WIDTH>)>,
    mut dyads: Query<(
        &DyadId,
        &Reach,
        &Mistrust<WIDTH>,
        &Sight<WIDTH>,
        &mut ThreatIfGreedy<WIDTH>,
        &mut ThreatFelt<WIDTH>,
    )>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    security: Res<CollectiveSecurity<WIDTH>>,
    large: Res<Large>,
) {
    let technology = parameters.technology.in_force(&switches);
    let (q, m0) = (technology.distinguishability, technology.reference_balance);
    let anarchy = parameters.threat.anarchy;
    let as_base = if switches.observation { parameters.observation.fortress_as_base } else { 0.0 };
    let security = security.perceived;
    let states = table(&states);
    sweep!(WIDTH, large.0, dyads, |(dyad, reach, mistrust, sight, ceiling, threat)| {
        let (.., balance, _) = states.row(dyad.ends.0);
        let (offence, defence, other, _, punishable) = states.row(dyad.ends.1);
        let base = as_base * other.inputs.fortification;
        let back = reach.back;
        let greedy = Lanes::from_fn(|l| {
            let arms = offence.0[l] + defence.0[l];
            let seen = threatening_arms(sight.0[l] * arms, offence.0[l] / not_below(arms), q, base);
            threat_if_greedy(balance.0[l] / m0, back, seen, security[l] * punishable.0[l])
        });
        ceiling.0 = greedy;
        threat.0 = Lanes::from_fn(|l| felt_share(logistic(mistrust.0[l]), anarchy) * greedy[l]);
    });
}

pub(crate) fn add_up_threats<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut ThreatTotal<WIDTH>, &mut ThreatCeiling<WIDTH>)>,
    dyads: Query<(&ThreatFelt<WIDTH>, &ThreatIfGreedy<WIDTH>)>,
    roster: Res<Roster>,
    large: Res<Large>,
) {
    let dyads = table(&dyads);
    sweep!(WIDTH, large.0, states, |(state, total, ceiling)| {
        let mut sum = Lanes::<WIDTH>::splat(0.0);
        let mut most = Lanes::<WIDTH>::splat(0.0);
        for &dyad in &roster.outgoing[state.index] {
            let (threat, greedy) = dyads.row(dyad);
            sum = Lanes::from_fn(|l| sum[l] + threat.0[l]);
            most = Lanes::from_fn(|l| most[l] + greedy.0[l]);
        }
        total.0 = sum;
        ceiling.0 = most;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_aggressor_threatens_wholly_and_a_known_friend_by_anarchy_alone() {
        assert_eq!(felt_share(1.0, 0.3), 1.0);
        assert_eq!(felt_share(0.0, 0.3), 0.3);
        assert_eq!(felt_share(0.0, 0.0), 0.0);
    }

    #[test]
    fn punishment_is_the_others_share() {
        assert_eq!(punishable(3.0, 1.0), 0.75);
        assert_eq!(punishable(0.0, 0.0), 0.0);
    }
}
