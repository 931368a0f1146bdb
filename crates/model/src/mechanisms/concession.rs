#![doc = include_str!("concession.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, logistic};

use super::reciprocal_fear::Side;
use super::strike::logistic_scale;
use super::{Concept, Entry, ExplainGroup, Parameters};
use crate::columns::sweep;
use crate::components::{Demands, StateId};
use crate::phases::{Believe, Clock, Large, Phase};

crate::parameters! {
    /// What a crisis is about, and what it costs to back down.
    pub struct Concession {
        /// What any demand is worth.
        base_stake: "x0", "share of own value", 0.0..=10.0, 0.04, 0.02..=0.06;
        /// What a claim adds to a demand, as a share of the claim.
        claim_stake: "x_v", "1", 0.0..=10.0, 0.5, 0.3..=0.7;
        /// What greed adds to a demand.
        greedy_stake: "x_μ", "share of own value", 0.0..=10.0, 0.18, 0.1..=0.25;
        /// What a demand costs the defender, as a share of what it is worth to the challenger.
        loss_share: "l", "1", 0.0..=10.0, 0.54, 0.4..=1.0;
        /// How much hostility raises what backing down costs.
        resolve: "z_r", "1", 0.0..=100.0, 1.6, 1.0..=3.0;
        /// Cost of backing down after a full mobilisation (audience cost).
        audience: "aud", "share of own value", 0.0..=10.0, 0.1, 0.05..=0.2;
        /// Chance each day that who wants to concede does.
        daily: "d_c", "1/day", 0.0..=1.0, 0.19, 0.1..=0.25;
        /// Share of its claim that the challenger keeps after a concession.
        claim_left: "v_l", "0..1", 0.0..=1.0, 0.5, 0.25..=0.75;
        /// Claim of the humbled on what it gave up, as a share of the demand.
        grievance: "v_g", "1", 0.0..=10.0, 0.25, 0.1..=0.5;
        /// How fast the demands that a state has made are forgotten.
        forgetting: "η_d", "1/year", 0.0..=10.0, 0.1, 0.05..=0.2;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "concession",
    equation: "E13",
    phase: Phase::Crisis,
    explains: ExplainGroup::Types,
    concepts: &[(Concept::Adaptation, "States give way in a crisis where war would cost more than what is demanded (E13).")],
    components: &[],
    text: include_str!("concession.md"),
};

/// E13: what the challenger demands, in shares of its own value.
#[must_use]
pub fn demand(claim: f64, greed: f64, output_ratio: f64, p: &Concession) -> f64 {
    p.base_stake + p.claim_stake * claim + p.greedy_stake * greed * output_ratio.min(1.0)
}

/// E13: what giving way costs the defender, in shares of its own value. `output_ratio` is the output of the challenger in units of that of
/// the defender.
#[must_use]
pub fn loss(demand: f64, output_ratio: f64, p: &Concession) -> f64 {
    p.loss_share * output_ratio.min(1.5) * demand
}

/// What a state weighs when it asks whether to give way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Chance that the other strikes if it waits, and if it gives way: `π` and `π_C`.
    pub fear: f64,
    /// See `fear`.
    pub fear_if_satisfied: f64,
    /// What giving way loses, audience costs included.
    pub loss: f64,
    /// Chance that the other gives way, times what that would bring.
    pub hope: f64,
}

/// Fear that giving way must take away at least before anybody asks for its price.
const LEAST_RELIEF: f64 = 0.001;

/// E13: cost of war from which a side gives way; infinite where giving way does not make it safer.
#[must_use]
pub fn yielding_cost(struck: f64, prize: f64, loss_struck: f64, peace: f64, choice: &Choice) -> f64 {
    let relief = choice.fear - choice.fear_if_satisfied;
    if relief <= LEAST_RELIEF {
        return f64::INFINITY;
    }
    let price = (1.0 - choice.fear_if_satisfied) * choice.loss + (1.0 - choice.fear) * choice.hope;
    struck * prize - loss_struck - peace + price / relief
}

/// E13: chance that the other side gives way, `κ`, as the observer sees it.
#[must_use]
pub fn chance_to_yield(side: &Side, belief: f64, choice: &Choice, cost_spread: f64) -> f64 {
    let scale = logistic_scale(cost_spread);
    let chance = |prize: f64| {
        let threshold = yielding_cost(side.struck, prize, side.loss_struck, side.peace, choice);
        if threshold.is_finite() { 1.0 - logistic((threshold - side.cost) / scale) } else { 0.0 }
    };
    belief * chance(side.prize_if_greedy) + (1.0 - belief) * chance(side.prize)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(forget_demands::<WIDTH>.in_set(Believe::Drift));
}

fn forget_demands<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut Demands<WIDTH>)>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let left = exp(-parameters.concession.forgetting * clock.years);
    sweep!(WIDTH, large.0, states, |(_id, demands)| {
        demands.0 = Lanes::from_fn(|l| left * demands.0[l]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::close;

    const P: Concession = Concession {
        base_stake: 0.04,
        claim_stake: 0.5,
        greedy_stake: 0.15,
        loss_share: 0.7,
        resolve: 2.0,
        audience: 0.1,
        daily: 0.15,
        claim_left: 0.5,
        grievance: 0.25,
        forgetting: 0.1,
    };

    /// .04 + .3 / 2 + .15 · .8 · ½ = .25; of a challenger twice as large: .7 · 1.5 · .25.
    #[test]
    fn stakes_by_hand() {
        close("demand", demand(0.3, 0.8, 0.5, &P), 0.25);
        close("a larger prey is no better", demand(0.3, 0.8, 3.0, &P), 0.04 + 0.15 + 0.12);
        close("loss", loss(0.25, 2.0, &P), 0.2625);
    }

    /// p^S W − R = .3 · 1.2 − 1; price [.9 · .1 + .5 · .02] / .4.
    #[test]
    fn threshold_by_hand() {
        let choice = Choice { fear: 0.5, fear_if_satisfied: 0.1, loss: 0.1, hope: 0.02 };
        close("threshold", yielding_cost(0.3, 1.2, 0.0, 1.0, &choice), 0.36 - 1.0 + 0.25);
    }

    #[test]
    fn appeasing_limited_aims_is_reasonable_and_appeasing_a_conqueror_is_not() {
        let choice = |satisfied| Choice { fear: 0.6, fear_if_satisfied: satisfied, loss: 0.1, hope: 0.0 };
        let threshold = |satisfied| yielding_cost(0.2, 1.0, 0.0, 1.0, &choice(satisfied));
        assert!(threshold(0.1) < threshold(0.4) && threshold(0.4) < threshold(0.55));
        assert_eq!(threshold(0.6), f64::INFINITY, "who would strike all the same is given nothing");
    }

    #[test]
    fn fear_brings_concessions_and_audiences_prevent_them() {
        let side = Side { struck: 0.3, prize: 1.2, prize_if_greedy: 1.9, peace: 1.0, cost: 0.3, ..Side::default() };
        let chance = |fear, loss| chance_to_yield(&side, 0.3, &Choice { fear, fear_if_satisfied: 0.1, loss, hope: 0.0 }, 0.1);
        assert!(chance(0.8, 0.1) > chance(0.4, 0.1) && chance(0.4, 0.1) > chance(0.4, 0.2));
        assert_eq!(chance(0.05, 0.1), 0.0);
    }
}
