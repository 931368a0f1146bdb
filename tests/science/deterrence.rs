//! The menu of weapons, missiles in silos and at sea, and the scenarios that rest on them; what survives a first strike is pattern 9.

use spiral_kernel::draws::Address;
use spiral_model::setup::{Interpolation, Track};
use spiral_model::{Motive, Outcome, Setup};
use spiral_oracles::ensembles::{mean, motive_share, outcomes, paired, scenario, set_all_states, share_of};
use spiral_testkit::tiny::watch;

const SEED: u64 = 9;
const HISTORIES: u32 = 512;

fn wars(outcome: &Outcome) -> f64 {
    f64::from(outcome.wars)
}

/// `a` has fewer than `b` on the same seeds: paired z beyond the one-sided 0.1 % point, 3.09.
fn fewer(name: &str, a: &[Outcome], b: &[Outcome], value: impl Fn(&Outcome) -> f64) {
    let (difference, error) = paired(a, b, &value);
    let means = (mean(a, &value), mean(b, &value));
    println!("{name}: {means:?}, difference {difference}, standard error {error}");
    assert!(
        difference > 3.09 * error && difference > 0.0,
        "{name}: means {means:?}, difference {difference}, standard error {error}"
    );
}

/// Jervis's weapons that can be told apart: one row of the menu swapped for another.
#[test]
fn missiles_at_sea_end_the_dilemma_of_missiles_in_silos() {
    let world = |name: &str| outcomes(&scenario(&format!("missiles/{name}"), &[]).setup, SEED, HISTORIES);
    let [silos, half, boats] = ["silos", "half-and-half", "submarines"].map(world);
    fewer("wars, half at sea < silos", &half, &silos, wars);
    fewer("wars, submarines < half at sea", &boats, &half, wars);
    let war = share_of(&boats, |outcome| outcome.wars > 0);
    assert!(war.upper < Some(0.02), "wars with all missiles at sea: {war:?}");
    let fear = motive_share(&silos, Motive::Preemption);
    assert!(fear.lower > Some(0.8), "wars of silos are preemptive: {fear:?}");
}

/// Who can strike back whatever comes needs fewer soldiers: arms grow less where such forces come in year 10. States that have them from
/// the start are used to the need that they have then, so there is nothing to see.
#[test]
fn survivable_forces_let_conventional_arms_fall() {
    let mut without = scenario("two-states", &[]).setup;
    without.without.insert("war".to_string());
    set_all_states(&mut without, "survivable_share", 1.0);
    let mut armed = without.clone();
    for state in ["EAST", "WEST"] {
        let target = armed.resolve(&format!("states.{state}.warheads")).expect("a number of every state")[0];
        armed.tracks.push(Track { target, points: vec![(10.0, 100.0)], interpolation: Interpolation::Step });
    }
    let grown = |setup: &Setup| outcomes(setup, SEED, HISTORIES);
    fewer("growth of arms, survivable forces come < none", &grown(&armed), &grown(&without), |outcome| outcome.arms_growth);
}

/// Without warheads the same blocs fight a general war in some histories. Values were chosen while looking at this; the draws below are not.
/// They are few, because the blocs believe in defence: where all believe in a balance of .45, .7 and 1 there is a general war without warheads
/// in 0, 5 and 90 % of 200 histories.
#[test]
fn the_cold_war_stays_cold_because_of_what_survives() {
    let setup = scenario("cold-war", &[]).setup;
    let mut bare = setup.clone();
    bare.without.insert("deterrence".to_string());
    let (with, without) = (outcomes(&setup, SEED, HISTORIES), outcomes(&bare, SEED, HISTORIES));
    let general = |seen: &[Outcome]| share_of(seen, |outcome| outcome.general_war_date.is_some());
    let (with, without) = (general(&with), general(&without));
    println!("general war with warheads {with:?}, without {without:?}");
    assert!(with.upper < without.lower, "general war with warheads {with:?}, without {without:?}");
}

/// Stocks follow requirement and purse. Values were chosen while looking at them, so this is no validation; the rise of the United
/// States before 1967 and its fall after are not reproduced, hence the wide factor. The United States of 1960 had more than three times as
/// many as the simulated one.
#[test]
fn warheads_grow_into_tens_of_thousands_within_a_factor_of_three_of_history() {
    let setup = scenario("cold-war", &[]).setup;
    let seen = watch::<16>(&setup, SEED, 64);
    let median = |state: &str, date: f64| {
        let position = setup.state(state).expect("a state of the scenario");
        let values = seen.iter().filter_map(|history| history.frames.iter().rev().find(|frame| frame.date <= date + 1e-9));
        let mut values: Vec<f64> = values.map(|frame| frame.states[position][6]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let history = [
        ("USA", 1970.5, 26008.0),
        ("USA", 1980.5, 24104.0),
        ("USA", 1990.5, 21392.0),
        ("RUS", 1960.5, 1627.0),
        ("RUS", 1970.5, 11736.0),
        ("RUS", 1980.5, 30665.0),
        ("RUS", 1990.5, 32980.0),
    ];
    for (state, date, known) in history {
        let found = median(state, date);
        println!("{state} {date}: {found:.0} warheads, history {known}");
        assert!(found > known / 3.0 && found < known * 3.0, "{state} in {date}: {found} warheads, history {known}");
    }
    // SALT is a lid: without it the stock of the United States ends higher.
    let with = median("USA", 1990.5);
    assert!(with <= 30000.0 + 1e-6, "{with} warheads under a cap of 30000");
}

/// Each fleet answers the other: with no threat felt both are smaller, and a larger German navy law makes the British fleet larger.
#[test]
fn each_fleet_answers_the_other() {
    let fleets = |setup: &Setup| -> Vec<(f64, f64)> {
        let [british, german] = ["GBR", "GER"].map(|code| setup.state(code).expect("a state of the scenario"));
        watch::<16>(setup, SEED, 64).iter().map(|history| (history.last_arms(british), history.last_arms(german))).collect()
    };
    let setup = scenario("naval-race", &[]).setup;
    let mut careless = setup.clone();
    careless.without.insert("threat".to_string());
    let mut larger = setup.clone();
    let habit = larger.resolve("states.GER.habitual_burden").expect("a path")[0];
    for track in larger.tracks.iter_mut().filter(|track| track.target == habit) {
        track.points.iter_mut().for_each(|point| point.1 *= 1.5);
    }
    let (seen, careless, larger) = (fleets(&setup), fleets(&careless), fleets(&larger));
    let ships = |fleets: &[(f64, f64)]| {
        let n = fleets.len() as f64 * 0.3;
        (fleets.iter().map(|pair| pair.0).sum::<f64>() / n, fleets.iter().map(|pair| pair.1).sum::<f64>() / n)
    };
    println!(
        "dreadnoughts at the end: {:?}, unanswered {:?}, with half more German law {:?}",
        ships(&seen),
        ships(&careless),
        ships(&larger)
    );
    // Politics differ by history, so it is the mean over the same draws that answers.
    let larger_by = |what: &str, a: &[(f64, f64)], b: &[(f64, f64)], fleet: fn(&(f64, f64)) -> f64| {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| fleet(a) - fleet(b)).collect();
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let error = (differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert!(mean > 3.09 * error, "{what}: difference {mean}, standard error {error}, {n} histories, seed {SEED}");
    };
    larger_by("British fleet, answered > unanswered", &seen, &careless, |fleets| fleets.0);
    larger_by("German fleet, answered > unanswered", &seen, &careless, |fleets| fleets.1);
    larger_by("British fleet, larger German law > the law as it was", &larger, &seen, |fleets| fleets.0);
    let war = share_of(&outcomes(&setup, SEED, HISTORIES), |outcome| outcome.wars > 0);
    assert!(war.upper < Some(0.1), "wars of the two fleets alone: {war:?}");
}

/// A fortress that is taken for a base is armed against; a wall is not.
#[test]
fn a_fortress_threatens_as_far_as_it_is_a_base() {
    let world = |name: &str| outcomes(&scenario(&format!("maginot/{name}"), &[]).setup, SEED, HISTORIES);
    let [wall, doubt, base, none] = ["wall", "in-doubt", "base", "no-line"].map(world);
    let growth = |outcome: &Outcome| outcome.arms_growth;
    fewer("growth of arms, wall < in doubt", &wall, &doubt, growth);
    fewer("growth of arms, in doubt < base", &doubt, &base, growth);
    let war = |seen: &[Outcome]| share_of(seen, |outcome| outcome.wars > 0);
    println!("wars: wall {:?}, base {:?}, no line {:?}", war(&wall), war(&base), war(&none));
    assert!(mean(&wall, wars) <= mean(&none, wars), "a wall makes war no likelier: {:?} against {:?}", war(&wall), war(&none));
}

/// The plane of Jervis: its corners are the four worlds to the bit, and wars rise with the balance and fall with what arms reveal.
#[test]
fn the_plane_has_the_four_worlds_at_its_corners() {
    let corner = |member: &str| scenario(&format!("jervis-plane/{member}"), &[]).setup;
    for (member, world) in [
        ("m100-q000", "offence-indistinguishable"),
        ("m100-q090", "offence-distinguishable"),
        ("m033-q000", "defence-indistinguishable"),
        ("m033-q090", "defence-distinguishable"),
    ] {
        let mut known = scenario(&format!("four-worlds/{world}"), &[]).setup;
        let found = corner(member);
        known.name.clone_from(&found.name);
        assert!(found == known, "{member} is not {world}");
    }
    let run = |member: &str| outcomes(&corner(member), SEED, 512);
    let row = ["m100-q000", "m100-q050", "m100-q090"].map(run);
    let column = [run("m060-q000"), run("m080-q000"), row[0].clone()];
    fewer("wars, q .9 < q .5 at parity", &row[2], &row[1], wars);
    fewer("wars, q .5 < q 0 at parity", &row[1], &row[0], wars);
    // Below parity wars are rare.
    let (low, middle) = (mean(&column[0], wars), mean(&column[1], wars));
    assert!(low <= middle, "wars, m .6 {low}, m .8 {middle}, where nothing is revealed");
    fewer("wars, m .8 < m 1 where nothing is revealed", &column[1], &column[2], wars);
}

#[test]
fn no_history_fails_and_few_are_inert() {
    let names = [
        "naval-race",
        "cold-war",
        "maginot/wall",
        "maginot/base",
        "missiles/silos",
        "missiles/submarines",
        "jervis-plane/m060-q050",
    ];
    for name in names {
        let seen = outcomes(&scenario(name, &[]).setup, SEED, 128);
        let failed = seen.iter().filter(|outcome| outcome.failure.is_some()).count();
        let inert = share_of(&seen, |outcome| outcome.inert);
        println!("{name}: inert {inert:?}");
        assert_eq!(failed, 0, "{name}: failed histories");
        assert!(inert.upper < Some(0.5), "{name}: inert {inert:?}");
    }
}

/// No result hangs on the values chosen: every judgement of the cold war is drawn from its range, and warheads lessen war in nearly
/// all draws that know war without them.
#[test]
fn warheads_lessen_general_war_whatever_the_judgements() {
    const DRAWS: u32 = 40;
    let scenario = scenario("cold-war", &[]);
    let (mut less, mut more, mut wars_without) = (0, 0, 0);
    for draw in 0..DRAWS {
        let mut setup = scenario.setup.clone();
        for judgement in &scenario.judgements {
            let key = spiral_kernel::draws::entity_number(&format!("{}{:?}", judgement.path, judgement.varies));
            let [u, _] = spiral_kernel::draws::uniforms(SEED, Address { purpose: 100, entity: key, time: 0 }, draw);
            judgement.apply(&mut setup, judgement.low + u * (judgement.high - judgement.low));
        }
        let mut bare = setup.clone();
        bare.without.insert("deterrence".to_string());
        let general = |setup: &Setup| mean(&outcomes(setup, SEED, 64), |o| f64::from(u8::from(o.general_war_date.is_some())));
        let (with, without) = (general(&setup), general(&bare));
        wars_without += i32::from(without > 0.0);
        less += i32::from(with < without);
        more += i32::from(with > without);
    }
    let measured =
        format!("{DRAWS} draws: general war without warheads in {wars_without}, rarer with them in {less}, likelier in {more}");
    println!("{measured}");
    // Sign test, one-sided, 0.1 %; draws without a difference are no evidence.
    let (all, less) = (f64::from(less + more), f64::from(less));
    let z = (less - 0.5 * all) / (0.25 * all).sqrt();
    assert!(all >= 12.0 && z > 3.09, "{measured}; z = {z}");
}
