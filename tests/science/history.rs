//! Timing of the two pre-war worlds; their contrast is pattern 8, the rates of their crises are pattern 13.

use spiral_oracles::ensembles::{outcomes, scenario, share_of};
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
