//! What must hold whatever the numbers are: invariances, closed forms, laws of chance, switches, directions.
//!
//! Every statistical test is computed from fixed seeds, so it gives the same on every run and machine. Its message states seed,
//! sample, null, critical value and what was measured.
#![allow(clippy::print_stdout, reason = "a test tells what it measured")]

mod bounds;
mod closed_forms;
mod invariances;
mod knobs;
mod levers;
mod names;
mod numbers;
mod statistics;
mod switches;

use spiral_model::Setup;
use spiral_scenario::{Overrides, load};

/// A built-in scenario.
pub(crate) fn scenario(name: &str) -> Setup {
    let mut found = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1, "{name} is one scenario");
    found.remove(0).setup
}

/// A scenario with some mechanisms off.
pub(crate) fn without(setup: &Setup, names: &[&str]) -> Setup {
    let mut changed = setup.clone();
    for name in names {
        let known = spiral_model::mechanisms::REGISTRY.iter().any(|entry| entry.name == *name);
        assert!(known, "{name} is no mechanism");
        changed.without.insert((*name).to_string());
    }
    changed
}

/// Asserts that two worlds give the same histories to the bit.
pub(crate) fn assert_same(one: &Setup, two: &Setup, histories: u32, what: &str) {
    if let Some(difference) = difference(one, two, histories) {
        panic!("{what}: {difference}");
    }
}

/// Asserts that two worlds do not.
pub(crate) fn assert_different(one: &Setup, two: &Setup, histories: u32, what: &str) {
    assert!(difference(one, two, histories).is_some(), "{what}: nothing has changed in {histories} histories");
}

fn difference(one: &Setup, two: &Setup, histories: u32) -> Option<String> {
    let [one, two] = [one, two].map(|setup| spiral_testkit::tiny::watch::<8>(setup, 1, histories));
    one.iter().zip(&two).find_map(|(a, b)| a.difference(b).map(|text| format!("history {}: {text}", a.outcome.history)))
}
