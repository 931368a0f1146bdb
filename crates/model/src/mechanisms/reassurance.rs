#![doc = include_str!("reassurance.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln, logistic};

use super::contest::chance_of_winning;
use super::posture::EVEN_MIX;
use super::threat::felt_share;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::components::{
    BeyondHabit, Defence, DyadId, Greed, Held, Mistrust, NewOffence, Offence, Roster, StateId, Strengths, ThreatFelt,
};
use crate::draws::{Block, Purpose};
use crate::phases::{Arm, Clock, Phase};

crate::parameters! {
    /// Gestures of reassurance.
    pub struct Reassurance {
        /// How often a state considers a gesture; 0 is never.
        gestures: "ν_r", "1/year", 0.0..=100.0, 0.0;
        /// Chance that a greedy state builds, as everybody sees it.
        greedy_builds: "P_G", "probability", 0.0..=0.999, 0.9, 0.7..=0.98;
        /// Chance that a security seeker builds, as everybody sees it.
        seeker_builds: "P_S", "probability", 0.0..=0.999, 0.3, 0.1..=0.5;
        /// Worth of not being feared at all.
        worth: "v", "share of own value", 0.0..=10.0, 0.2, 0.05..=0.5;
        /// How long others expect a gesture to bind.
        horizon: "H", "years", 0.0..=50.0, 3.0, 1.0..=10.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "reassurance",
    equation: "E20",
    phase: Phase::Arm,
    explains: ExplainGroup::Types,
    concepts: &[
        (
            Concept::Adaptation,
            "Where gestures are possible, states choose now and then whether to build less and so to show what they are (E20).",
        ),
        (Concept::Learning, "A gesture shows what a state is, as far as a greedy state would not have made it (E20)."),
    ],
    components: &[],
    text: include_str!("reassurance.md"),
};

/// E20: log likelihood ratio of greed in building nothing, `ln[(1 − P_G) / (1 − P_S)]`.
#[must_use]
pub fn restraint_evidence(greedy_builds: f64, seeker_builds: f64) -> f64 {
    ln((1.0 - greedy_builds) / (1.0 - seeker_builds))
}

/// E20: relative fall of the threat that another sees after the evidence.
#[inline(always)]
#[must_use]
pub fn fall_of_threat(log_odds: f64, evidence: f64, anarchy: f64) -> f64 {
    1.0 - felt_share(logistic(log_odds + evidence), anarchy) / not_below(felt_share(logistic(log_odds), anarchy))
}

/// E20: chances to build nothing and to build only defence, whenever a state considers a gesture.
#[inline(always)]
#[must_use]
pub fn chances_of_gestures(hold: f64, defend: f64, noise: f64) -> [f64; 2] {
    let noise = not_below(noise);
    // Scaled by the largest of the three, so that nothing overflows.
    let top = [0.0, hold, defend].into_iter().fold(0.0, f64::max);
    let [build, hold, defend] = [0.0, hold, defend].map(|worth: f64| exp((worth - top) / noise));
    [hold / (build + hold + defend), defend / (build + hold + defend)]
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(reassure::<WIDTH>.in_set(Arm::Reassure));
}

/// A state that can make a gesture.
#[derive(QueryData)]
#[query_data(mutable)]
struct ReassuringState<const WIDTH: usize> {
    id: &'static StateId,
    greed: &'static Greed<WIDTH>,
    beyond: &'static BeyondHabit<WIDTH>,
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    posture: &'static mut NewOffence<WIDTH>,
    held: &'static mut Held<WIDTH>,
}

/// What it fears of another, and what it thinks of it.
#[derive(QueryData)]
#[query_data(mutable)]
struct WatchedDyad<const WIDTH: usize> {
    id: &'static DyadId,
    threat: &'static ThreatFelt<WIDTH>,
    strengths: &'static Strengths<WIDTH>,
    mistrust: &'static mut Mistrust<WIDTH>,
}

fn reassure<const WIDTH: usize>(
    mut states: Query<ReassuringState<WIDTH>>,
    mut dyads: Query<WatchedDyad<WIDTH>>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
) {
    let reassurance = parameters.reassurance;
    let chance = 1.0 - exp(-reassurance.gestures * clock.years);
    let technology = parameters.technology.in_force(&switches);
    let evidence = restraint_evidence(reassurance.greedy_builds, reassurance.seeker_builds);
    let evidence = [evidence, evidence * technology.distinguishability];
    let (anarchy, r) = (parameters.threat.anarchy, parameters.contest.decisiveness);
    let mut gestures = Vec::new();
    for ReassuringStateItem { id, greed, beyond, offence, defence, mut posture, mut held } in &mut states {
        held.0 = Lanes::splat(1.0);
        if !switches.posture {
            posture.0 = Lanes::splat(EVEN_MIX);
        }
        if chance == 0.0 {
            continue;
        }
        let [asks, which] = block.uniforms::<WIDTH>(Purpose::Gesture, id.number, clock.tick);
        for lane in (0..WIDTH).filter(|&lane| asks[lane] < chance) {
            let added = beyond.0[lane];
            let forgone = added * reassurance.horizon / not_below(offence.0[lane] + defence.0[lane]);
            let left = 1.0 - forgone.clamp(0.0, 1.0);
            let (mut total, mut worth) = (0.0, [0.0, 0.0]);
            for &dyad in &roster.outgoing[id.index] {
                let Ok(seen) = dyads.get(roster.dyads[dyad]) else { continue };
                let Ok(mirror) = dyads.get(seen.id.mirror) else { continue };
                let reputation = mirror.mistrust.0[lane];
                let weight = seen.threat.0[lane];
                let belief = logistic(seen.mistrust.0[lane]);
                let strengths = seen.strengths;
                let odds = |attack: f64, resistance: f64| {
                    if switches.contest { chance_of_winning(technology.first_strike * attack, resistance, r) } else { 0.5 }
                };
                let (attack, resistance) = (strengths.attack[lane], strengths.resistance[lane]);
                let (assault, holding) = (strengths.assault[lane], strengths.holding[lane]);
                let prey = greed.0[lane] * (odds(attack, resistance) - odds(attack * left, resistance));
                let exposed = belief * (odds(assault, holding * left) - odds(assault, holding));
                let calmed =
                    evidence.map(|evidence| reassurance.worth * (1.0 - belief) * fall_of_threat(reputation, evidence, anarchy));
                total += weight;
                worth[0] += weight * (calmed[0] - exposed - prey);
                worth[1] += weight * (calmed[1] - prey);
            }
            let worth = worth.map(|worth| worth / not_below(total));
            let holding_back = if added > 0.0 { worth[0] } else { f64::NEG_INFINITY };
            let [hold, defend] = chances_of_gestures(holding_back, worth[1], parameters.strike.noise);
            if which[lane] < hold {
                held.0[lane] = 0.0;
                gestures.push((id.index, lane, evidence[0]));
            } else if which[lane] < hold + defend {
                posture.0[lane] = 0.0;
                gestures.push((id.index, lane, evidence[1]));
            }
        }
    }
    if !switches.beliefs {
        return;
    }
    // Everybody sees the gesture; a gesture cannot change the evidence by which another gesture of the tick was chosen.
    for (state, lane, evidence) in gestures {
        for &dyad in &roster.outgoing[state] {
            let Ok(seen) = dyads.get(roster.dyads[dyad]) else { continue };
            let mirror = seen.id.mirror;
            if let Ok(mut mirror) = dyads.get_mut(mirror) {
                mirror.mistrust.0[lane] += evidence;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::beliefs::log_odds;

    #[test]
    fn one_refrain_makes_an_even_bet_a_seeker_seven_times_in_eight() {
        let evidence = restraint_evidence(0.9, 0.3);
        let seeker = 1.0 - logistic(log_odds(0.5) + evidence);
        assert!((seeker - 0.875).abs() < 1e-12, "O5: {seeker}");
        assert_eq!(restraint_evidence(0.4, 0.4), 0.0, "what both do alike says nothing");
    }

    #[test]
    fn the_threat_falls_with_suspicion_but_not_below_what_anarchy_leaves() {
        let evidence = restraint_evidence(0.9, 0.3);
        assert_eq!(fall_of_threat(0.3, evidence, 1.0), 0.0, "anarchy frightens whatever the other is");
        // At b = ½ and λ = 0 the threat goes from .5 to .125.
        assert!((fall_of_threat(0.0, evidence, 0.0) - 0.75).abs() < 1e-12);
        assert_eq!(fall_of_threat(0.0, 0.0, 0.2), 0.0);
    }

    #[test]
    fn what_is_worth_most_is_chosen_and_equals_are_drawn() {
        let [hold, defend] = chances_of_gestures(0.0, 0.0, 0.05);
        assert!((hold - 1.0 / 3.0).abs() < 1e-15 && (defend - 1.0 / 3.0).abs() < 1e-15);
        let [hold, defend] = chances_of_gestures(0.5, -0.5, 0.01);
        assert!(hold > 1.0 - 1e-12 && defend < 1e-12);
        let [hold, defend] = chances_of_gestures(f64::NEG_INFINITY, 0.0, 0.05);
        assert_eq!((hold, defend), (0.0, 0.5), "what cannot be done is not done");
        let [hold, _] = chances_of_gestures(0.05 * ln(3.0), -1e9, 0.05);
        assert!((hold - 0.75).abs() < 1e-12, "odds of three to one: {hold}");
    }
}
