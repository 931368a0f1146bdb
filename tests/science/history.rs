//! Timing of the two pre-war worlds; their contrast is pattern 8, the rates of their crises are pattern 13.

use std::collections::BTreeMap;

use spiral_model::EventKind;
use spiral_oracles::ensembles::{outcomes, scenario, share_of, told};
use spiral_scenario::{Overrides, catalogue, load};

const SEED: u64 = 1914;
const HISTORIES: u32 = 640;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn the_first_general_war_comes_after_1900_and_before_the_end() {
    let outcomes = outcomes(&scenario("pre-wwi", &[]).setup, SEED, HISTORIES);
    let general = share_of(&outcomes, |outcome| outcome.general_war_date.is_some());
    let median = median(outcomes.iter().filter_map(|outcome| outcome.general_war_date).collect());
    assert!(median > 1900.0 && median < 1920.0, "median first general war {median}, general war in {general:?}");
    let early = share_of(&outcomes, |outcome| outcome.general_war_date.is_some_and(|date| date < 1895.0));
    assert!(early.estimate < Some(0.1), "general war before 1895 in {early:?}");
}

/// A war that has begun does not take the decision to strike from the others: a great power that fears a second one strikes it, too.
#[test]
fn great_powers_strike_inside_a_running_war() {
    let setup = scenario("pre-wwi", &[]).setup;
    let (mut wars, mut second) = (0, 0);
    for (_, events) in told(&setup, SEED, HISTORIES) {
        let mut strikes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for event in events.iter().filter(|event| event.kind == EventKind::Strike) {
            strikes.entry(event.crisis).or_default().push(event.actor);
        }
        let great_power = |state: &u32| setup.states[*state as usize].great_power;
        wars += strikes.len();
        second += strikes.values().filter(|actors| actors[1..].iter().any(great_power)).count();
    }
    println!("{second} of {wars} wars have a second strike by a great power");
    assert!(second >= 20, "{second} of {wars} wars have a second strike by a great power");
}

/// A configuration in which nothing happens explains nothing.
#[test]
fn inert_histories_are_few_in_every_scenario() {
    for entry in catalogue() {
        for found in load(entry.name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            let histories = if found.setup.states.len() > 20 { 32 } else { 128 };
            let inert = share_of(&outcomes(&found.setup, SEED, histories), |outcome| outcome.inert);
            println!("{}: inert {inert:?}", found.name);
            assert!(inert.upper < Some(0.5), "{}: inert {inert:?}", found.name);
        }
    }
}
