#![doc = include_str!("game.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::powf;

use super::institutions::CollectiveSecurity;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::columns::{columns, sweep};
use crate::components::{
    Defence, DyadId, DyadInputsNow, Greed, Hostility, Odds, Offence, Output, Payoffs, PerceivedBalance, Procurement, Punishable,
    Retaliation, StateInputsNow, ThreatFelt, Weariness,
};
use crate::phases::{Large, Perceive, Phase};

crate::parameters! {
    /// What is at stake.
    pub struct Game {
        /// Cost of a war.
        war_cost: "c", "share of own value", 0.0..=10.0, 0.37, 0.25..=0.45;
        /// Worth of being rid of a threat.
        relief: "relief", "share of own value", 0.0..=10.0, 0.6, 0.4..=1.0;
        /// Worth of beating a state against which hostility is complete.
        hostility: "z_W", "share of own value", 0.0..=10.0, 0.38, 0.2..=0.6;
        /// How the believed balance shortens the war that is expected: the cost falls with this power of it.
        short_war: "ν_c", "1", 0.0..=10.0, 0.79, 0.4..=1.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "game",
    equation: "E8",
    phase: Phase::Perceive,
    explains: ExplainGroup::Beliefs,
    concepts: &[(
        Concept::Objectives,
        "A state values its own survival at 1. The payoffs of E8 give the worth of peace, of striking, of being struck and of mutual war: prize, greed, claims and relief from threat against the cost of war, lost trade, punishment and weariness.",
    )],
    components: &[],
    text: include_str!("game.md"),
};

/// E8: what winning brings, `W`.
#[inline(always)]
#[must_use]
pub fn prize(greed: f64, output_ratio: f64, claim: f64, relief: f64) -> f64 {
    let digestible = if output_ratio > 1.0 { 1.0 } else { output_ratio };
    1.0 + greed * digestible + claim + relief
}

/// E8: factor on the cost of a war for who believes in this balance: where attack is believed easy a short war is expected.
#[inline(always)]
#[must_use]
pub fn expected_length(balance_ratio: f64, exponent: f64) -> f64 {
    powf(balance_ratio, -exponent)
}

/// Worth of being rid of a threat.
#[inline(always)]
#[must_use]
pub fn relief(worth: f64, threat: f64, own_arms: f64) -> f64 {
    worth * threat / not_below(threat + own_arms)
}

/// E8: what a war costs whoever wins, `C`.
#[inline(always)]
#[must_use]
pub fn cost(war_cost: f64, trade_lost: f64, punishment: f64, weariness: f64) -> f64 {
    war_cost + trade_lost + punishment + weariness
}

/// E8: payoff of peace, `R`.
#[inline(always)]
#[must_use]
pub fn peace(burden: f64, trade_gain: f64) -> f64 {
    1.0 - burden + trade_gain
}

/// E8: payoff of a war won with probability `p`.
#[inline(always)]
#[must_use]
pub fn war(p: f64, prize: f64, cost: f64) -> f64 {
    p * prize - cost
}

/// The classes of a 2×2 game in which waiting is cooperation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameClass {
    /// Waiting is better whatever the other does.
    Harmony,
    /// Waiting is better if the other waits: `R ≥ T`, `P > S`.
    StagHunt,
    /// Striking is better whatever the other does, and peace better than mutual war.
    PrisonersDilemma,
    /// Striking is better only if the other waits.
    Chicken,
    /// Striking is better whatever the other does, and mutual war no worse than peace.
    Deadlock,
}

/// The class of a game.
#[must_use]
pub fn classify(peace: f64, strike: f64, mutual: f64, struck: f64) -> GameClass {
    match (strike > peace, mutual > struck) {
        (false, false) => GameClass::Harmony,
        (false, true) => GameClass::StagHunt,
        (true, false) => GameClass::Chicken,
        (true, true) if peace > mutual => GameClass::PrisonersDilemma,
        (true, true) => GameClass::Deadlock,
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(see_stakes::<WIDTH>.in_set(Perceive::Stakes));
}

/// A state as a player.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct Player<const WIDTH: usize> {
    given: &'static StateInputsNow,
    greed: &'static Greed<WIDTH>,
    output: &'static Output<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
    weariness: &'static Weariness<WIDTH>,
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    punishable: &'static Punishable<WIDTH>,
    balance: &'static PerceivedBalance<WIDTH>,
}

/// The game that one state sees with another.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct GameDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    threat: &'static ThreatFelt<WIDTH>,
    hostility: &'static Hostility<WIDTH>,
    odds: &'static Odds<WIDTH>,
    retaliation: &'static Retaliation<WIDTH>,
    payoffs: &'static mut Payoffs<WIDTH>,
}

fn see_stakes<const WIDTH: usize>(
    states: Query<Player<WIDTH>>,
    mut dyads: Query<GameDyad<WIDTH>>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    security: Res<CollectiveSecurity<WIDTH>>,
    large: Res<Large>,
) {
    let Game { war_cost, relief: relief_worth, hostility: revenge, short_war } = parameters.game;
    let reference = parameters.technology.reference_balance;
    let (trade_gain, trade_loss) = parameters.trade.in_force(&switches);
    let punishment = parameters.institutions.punishment;
    let security = security.perceived;
    let Some(states) = columns(&states) else { return };
    sweep!(WIDTH, large.0, dyads, |id, terms, threat, hostility, odds, retaliation, payoffs| {
        let (own, other) = id.ends;
        let (greed, output, procurement) = (&states.greed[own], &states.output[own], &states.procurement[own]);
        let (weariness, punishable, balance) = (&states.weariness[own], &states.punishable[own], &states.balance[own]);
        let (offence, defence) = (&states.offence[own], &states.defence[own]);
        let other_output = &states.output[other];
        let terms = terms.0;
        let base = war_cost * states.given[own].inputs.war_cost_factor;
        let prizes = Lanes::<WIDTH>::from_fn(|l| {
            let relief = relief(relief_worth, threat.0[l], offence.0[l] + defence.0[l]);
            prize(greed.0[l], other_output.0[l] / output.0[l], terms.claim, relief + revenge * hostility.0[l])
        });
        let costs = Lanes::<WIDTH>::from_fn(|l| {
            let base = base * expected_length(balance.0[l] / reference, short_war);
            cost(base, trade_loss * terms.trade, security[l] * punishment * punishable.0[l], weariness.0[l])
        });
        *payoffs = Payoffs {
            peace: Lanes::from_fn(|l| peace(procurement.0[l] / output.0[l], trade_gain * terms.trade)),
            strike: Lanes::from_fn(|l| war(odds.first[l], prizes[l], costs[l] + retaliation.strike[l])),
            struck: Lanes::from_fn(|l| war(odds.struck[l], prizes[l], costs[l] + retaliation.struck[l])),
            mutual: Lanes::from_fn(|l| war(odds.mutual[l], prizes[l], costs[l] + retaliation.struck[l])),
        };
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};

    #[test]
    fn every_order_of_payoffs_has_its_name() {
        for (payoffs, class) in [
            ((4.0, 3.0, 1.0, 2.0), GameClass::Harmony),
            ((4.0, 3.0, 2.0, 1.0), GameClass::StagHunt),
            ((3.0, 4.0, 2.0, 1.0), GameClass::PrisonersDilemma),
            ((3.0, 4.0, 1.0, 2.0), GameClass::Chicken),
            ((2.0, 4.0, 3.0, 1.0), GameClass::Deadlock),
        ] {
            let (peace, strike, mutual, struck) = payoffs;
            assert_eq!(classify(peace, strike, mutual, struck), class);
        }
    }

    #[test]
    fn relief_is_the_share_of_the_threat_in_all_arms() {
        close("½ · 3 / (3 + 9)", relief(0.5, 3.0, 9.0), 0.125);
        close("no arms of one's own", relief(0.5, 3.0, 0.0), 0.5);
        close("no threat", relief(0.5, 0.0, 9.0), 0.0);
        assert_eq!(relief(0.5, 0.0, 0.0), 0.0, "neither");
    }

    #[test]
    fn a_prize_is_ones_own_and_what_can_be_digested() {
        close("the other half as large", prize(0.4, 0.5, 0.15, 0.125), 1.475);
        close("the other larger", prize(0.4, 2.5, 0.15, 0.125), 1.675);
        close("who wants nothing keeps its own", prize(0.0, 2.5, 0.0, 0.0), 1.0);
    }

    #[test]
    fn what_each_term_adds_to_the_cost() {
        close("together", cost(0.3, 0.1, 0.05, 0.02), 0.47);
        for (terms, expected) in [
            ((0.3, 0.0, 0.0, 0.0), 0.3),
            ((0.0, 0.1, 0.0, 0.0), 0.1),
            ((0.0, 0.0, 0.05, 0.0), 0.05),
            ((0.0, 0.0, 0.0, 0.02), 0.02),
        ] {
            assert_eq!(cost(terms.0, terms.1, terms.2, terms.3), expected);
        }
        close("peace", peace(0.05, 0.08), 1.03);
        close("war", war(0.6, 1.475, 0.75), 0.135);
    }

    /// ```text
    /// R = 1 − 5 / 100 + .8 · .1 = 1.03
    /// W = 1 + .4 · 50 / 100 + .15 + .5 · 3 / (3 + 9) = 1.475
    /// C = 1.5 · .3 + 1.2 · .1 + .5 · .3 · .6 + .04 = .7
    /// T = .6 W − C − .05,  S = .2 W − C − .25,  P = .4 W − C − .25
    /// ```
    fn stakes(change: impl FnOnce(&mut Bench)) -> [f64; 4] {
        let mut bench = Bench::pair(|p| {
            (p.game.war_cost, p.game.relief, p.institutions.punishment) = (0.3, 0.5, 0.3);
            (p.game.hostility, p.game.short_war) = (0.4, 0.0);
            (p.trade.gain, p.trade.loss) = (0.8, 1.2);
        });
        bench.inputs(0, |given| given.war_cost_factor = 1.5).inputs(1, |given| given.war_cost_factor = 40.0);
        bench.state(0, Greed(one(0.4))).state(0, Output(one(100.0))).state(0, Procurement(one(5.0)));
        bench.state(0, Weariness(one(0.04))).state(0, Offence(one(4.0))).state(0, Defence(one(5.0)));
        bench.state(0, Punishable(one(0.6))).state(1, Output(one(50.0)));
        bench.terms(0, 1, |terms| (terms.trade, terms.claim) = (0.1, 0.15)).dyad(0, 1, ThreatFelt(one(3.0)));
        bench.dyad(0, 1, Odds { first: one(0.6), struck: one(0.2), mutual: one(0.4) });
        bench.dyad(0, 1, Retaliation { strike: one(0.05), struck: one(0.25) });
        bench.resource(|security: &mut CollectiveSecurity<1>| security.perceived = one(0.5));
        change(&mut bench);
        bench.run(see_stakes::<1>);
        let payoffs = bench.of_dyad::<Payoffs<1>>(0, 1);
        [payoffs.peace[0], payoffs.strike[0], payoffs.struck[0], payoffs.mutual[0]]
    }

    #[test]
    fn the_game_of_a_dyad_by_hand() {
        let found = stakes(|_| ());
        for (name, (found, expected)) in ["R", "T", "S", "P"].into_iter().zip(found.into_iter().zip([1.03, 0.135, -0.655, -0.36]))
        {
            close(name, found, expected);
        }
    }

    /// What R and T gain when one thing changes.
    #[test]
    fn each_stake_moves_the_payoffs_by_its_term() {
        let before = stakes(|_| ());
        let moved = |what: &str, peace: f64, strike: f64, change: &dyn Fn(&mut Bench)| {
            let after = stakes(|bench| change(bench));
            close(&format!("{what}: R"), after[0] - before[0], peace);
            close(&format!("{what}: T"), after[1] - before[1], strike);
        };
        moved("trade of .1 more", 0.08, -0.12, &|bench| {
            bench.terms(0, 1, |terms| terms.trade = 0.2);
        });
        moved("a burden of 2 % more", -0.02, 0.0, &|bench| {
            bench.state(0, Procurement(one(7.0)));
        });
        moved("a claim of .2 more", 0.0, 0.12, &|bench| {
            bench.terms(0, 1, |terms| terms.claim = 0.35);
        });
        moved("greed of .5 more", 0.0, 0.15, &|bench| {
            bench.state(0, Greed(one(0.9)));
        });
        moved("no threat", 0.0, -0.075, &|bench| {
            bench.dyad(0, 1, ThreatFelt(one(0.0)));
        });
        moved("weariness of .1 more", 0.0, -0.1, &|bench| {
            bench.state(0, Weariness(one(0.14)));
        });
        moved("nobody punishes", 0.0, 0.09, &|bench| {
            bench.state(0, Punishable(one(0.0)));
        });
        moved("a war of the common cost", 0.0, 0.15, &|bench| {
            bench.inputs(0, |given| given.war_cost_factor = 1.0);
        });
    }
}
