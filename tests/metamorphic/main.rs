//! What must hold whatever the numbers are: invariances, closed forms, laws of chance, switches, directions.
//!
//! Every statistical test is computed from fixed seeds, so it gives the same on every run and machine. Its message states seed,
//! sample, null, critical value and what was measured.
#![allow(clippy::print_stdout, reason = "a test tells what it measured")]

mod bounds;
mod closed_forms;
mod invariances;
mod names;
mod numbers;
mod statistics;
mod switches;

use spiral_model::Setup;
use spiral_scenario::{Overrides, catalogue, load};

/// A built-in scenario.
pub(crate) fn scenario(name: &str) -> Setup {
    let mut found = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1, "{name} is one scenario");
    found.remove(0).setup
}

/// Every built-in scenario, as it is and with conquest, peace terms and alliances that form, by name.
pub(crate) fn every_scenario() -> Vec<(String, Setup)> {
    let mut found = Vec::new();
    for entry in catalogue() {
        for scenario in load(entry.name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            found.push((format!("{}, conquerors", scenario.name), with_conquest(&scenario.setup)));
            found.push((scenario.name, scenario.setup));
        }
    }
    found
}

/// The same world with conquest, peace terms and alliances that form and lapse.
pub(crate) fn with_conquest(setup: &Setup) -> Setup {
    let mut changed = setup.clone();
    for (path, value) in [
        ("conquest.taking", 1.0),
        ("peace.truce", 3.0),
        ("peace.demilitarisation", 5.0),
        ("peace.settled_claims", 0.5),
        ("peace.revanche", 0.5),
        ("alignment.formation", 0.5),
    ] {
        spiral_testkit::tiny::set(&mut changed, path, value);
    }
    changed.ending = spiral_model::setup::Ending::Never;
    changed
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
    let [one, two] = [one, two].map(|setup| spiral_testkit::tiny::watch::<16>(setup, 1, histories));
    one.iter().zip(&two).find_map(|(a, b)| a.difference(b).map(|text| format!("history {}: {text}", a.outcome.history)))
}
