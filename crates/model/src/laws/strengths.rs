//! E2: what arms are worth in attack and in defence, and the chances that follow.

use super::{Bench, close, one};
use crate::components::{
    AttackStrength, Defence, DefenceStrength, Odds, Offence, PerceivedBalance, Sight, Strengths, Support, Vulnerability,
};
use crate::mechanisms::contest::{attack_strength, defence_strength, feel_vulnerable, measure_strength, weigh_odds};

/// Arms of 10, of which `ω` = .4 attack, with `w0` = .3 and `ψ` = .5: `(.3 + .7 · .4) 10` = 5.8 and `10 (1 + .5 · .6)` = 13.
#[test]
fn arms_of_ten_in_attack_and_in_defence() {
    close("attack", attack_strength(4.0, 6.0, 0.3), 5.8);
    close("defence", defence_strength(4.0, 6.0, 0.5), 13.0);
}

#[test]
fn each_share_counts_for_what_the_equation_gives_it() {
    for (w0, attack) in [(0.0, 4.0), (0.5, 7.0), (1.0, 10.0)] {
        close("offensive arms count whole, defensive ones by w0", attack_strength(4.0, 6.0, w0), attack);
    }
    for (bonus, defence) in [(0.0, 10.0), (1.0, 16.0), (2.0, 22.0)] {
        close("all arms defend, defensive ones by 1 + ψ", defence_strength(4.0, 6.0, bonus), defence);
    }
    close("purely offensive arms gain nothing by ψ", defence_strength(10.0, 0.0, 2.0), 10.0);
    close("purely defensive arms attack by w0", attack_strength(0.0, 10.0, 0.3), 3.0);
}

#[test]
fn the_strength_of_a_state_is_that_of_its_arms() {
    let mut bench = Bench::pair(|p| (p.contest.defensive_in_attack, p.contest.defence_bonus) = (0.3, 0.5));
    bench.state(0, Offence(one(4.0))).state(0, Defence(one(6.0)));
    bench.state(1, Offence(one(7.0))).state(1, Defence(one(2.0)));
    bench.run(measure_strength::<1>);
    close("attack of A", bench.of_state::<AttackStrength<1>>(0).0[0], 5.8);
    close("defence of A", bench.of_state::<DefenceStrength<1>>(0).0[0], 13.0);
    close("attack of B", bench.of_state::<AttackStrength<1>>(1).0[0], 7.6);
    close("defence of B", bench.of_state::<DefenceStrength<1>>(1).0[0], 10.0);
}

/// A believes in a balance of .5, reaches B by .8 and is reached by .4; it sees 1.25 of what B has.
///
/// ```text
/// X_AB = .5 (.8 · 5.8 + .36) = 2.5      Z_AB = 1.25 · 10 + 2 + .5 = 15
/// X_BA = .5 (.4 · 1.25 · 4 + .6) = 1.3  Z_BA = 13 + 1 + 2 = 16
/// ```
/// With φ = 1.5 and r = 2, `p^F` = 3.75² / (3.75² + 15²) = 1/17.
fn seen(balance: f64) -> Bench {
    let mut bench = Bench::pair(|p| (p.contest.decisiveness, p.technology.first_strike) = (2.0, 1.5));
    bench.state(0, AttackStrength(one(5.8))).state(0, DefenceStrength(one(13.0)));
    bench.state(1, AttackStrength(one(4.0))).state(1, DefenceStrength(one(10.0)));
    bench.state(0, PerceivedBalance(one(balance))).state(1, PerceivedBalance(one(9.0)));
    bench.inputs(0, |given| given.fortification = 1.0).inputs(1, |given| given.fortification = 2.0);
    bench.reach(0, 1, 0.8).reach(1, 0, 0.4);
    bench.dyad(0, 1, Sight(one(1.25))).dyad(1, 0, Sight(one(3.0)));
    bench.dyad(0, 1, Support { attack: one(0.36), defence: one(0.5) });
    bench.dyad(1, 0, Support { attack: one(0.6), defence: one(2.0) });
    bench.run(weigh_odds::<1>);
    bench
}

#[test]
fn chances_by_hand() {
    let bench = seen(0.5);
    let strengths = bench.of_dyad::<Strengths<1>>(0, 1);
    close("X_AB", strengths.attack[0], 2.5);
    close("Z_AB", strengths.resistance[0], 15.0);
    close("X_BA", strengths.assault[0], 1.3);
    close("Z_BA", strengths.holding[0], 16.0);
    let odds = bench.of_dyad::<Odds<1>>(0, 1);
    close("p^F", odds.first[0], 1.0 / 17.0);
    // 1.5 · 1.3 = 1.95, of which the square is 3.8025; 1.3² = 1.69; 15 / 2.5 = 6.
    close("p^S", odds.struck[0], 256.0 / 259.802_5);
    close("p^M", odds.mutual[0], 0.5 * (1.0 / 37.0 + 256.0 / 257.69));
}

#[test]
fn the_believed_balance_multiplies_both_attacks_and_no_defence() {
    let [once, twice] = [0.5, 1.0].map(|balance| *seen(balance).of_dyad::<Strengths<1>>(0, 1));
    close("own attack", twice.attack[0] / once.attack[0], 2.0);
    close("the other's attack", twice.assault[0] / once.assault[0], 2.0);
    close("the other's resistance", twice.resistance[0] / once.resistance[0], 1.0);
    close("own resistance", twice.holding[0] / once.holding[0], 1.0);
}

#[test]
fn who_is_surest_to_be_beaten_by_a_first_strike_is_most_vulnerable() {
    let mut bench = Bench::of(3, |_| ());
    let odds = |struck| Odds { first: one(0.9), struck: one(struck), mutual: one(0.8) };
    bench.dyad(0, 1, odds(0.7)).dyad(0, 2, odds(0.4)).inputs(0, |given| given.unrest = 0.25);
    bench.run(feel_vulnerable::<1>);
    close("1 − .4 + .25", bench.of_state::<Vulnerability<1>>(0).0[0], 0.85);
}
