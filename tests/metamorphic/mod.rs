//! What must hold whatever the numbers are: invariances, closed forms, laws of chance, switches, directions.
//!
//! Every statistical test is computed from fixed seeds, so it gives the same on every run and machine. Its message states seed,
//! sample, null, critical value and what was measured.
#![allow(clippy::print_stdout, reason = "a test prints what it measured")]

mod bounds;
mod closed_forms;
mod invariances;
mod knobs;
mod names;
mod numbers;
mod statistics;
mod switches;

use spiral_model::Setup;
use spiral_model::setup::{Dyad, DyadInputs, State, Target, Track};
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

/// The same world with other codes, and perhaps with one more state out of everybody's reach; and where each old state is now.
pub(crate) fn resettled(setup: &Setup, code: impl Fn(usize) -> String, hermit: Option<State>) -> (Setup, Vec<usize>) {
    let mut changed = setup.clone();
    let codes: Vec<String> = (0..setup.states.len()).map(code).collect();
    for (state, code) in changed.states.iter_mut().zip(&codes) {
        state.code.clone_from(code);
    }
    let newcomer = hermit.as_ref().map(|hermit| hermit.code.clone());
    changed.states.extend(hermit);
    changed.states.sort_by(|a, b| a.code.cmp(&b.code));
    let places: Vec<usize> = codes.iter().map(|code| changed.state(code).expect("every old state is there")).collect();
    let mut dyads: Vec<Dyad> =
        setup.dyads.iter().map(|dyad| Dyad { from: places[dyad.from], to: places[dyad.to], ..dyad.clone() }).collect();
    if let Some(hermit) = newcomer.and_then(|code| changed.state(&code)) {
        let inputs = DyadInputs { terrain: 0.0, contact: 0.0, ..DyadInputs::default() };
        for &other in &places {
            dyads.push(Dyad { from: hermit, to: other, inputs });
            dyads.push(Dyad { from: other, to: hermit, inputs });
        }
    }
    dyads.sort_by_key(|dyad| (dyad.from, dyad.to));
    changed.dyads = dyads;
    let moved = |target: Target| match target {
        Target::System(..) => target,
        Target::State(state, field) => Target::State(places[state], field),
        Target::Dyad(dyad, field) => {
            let Dyad { from, to, .. } = setup.dyads[dyad];
            Target::Dyad(changed.dyad(places[from], places[to]).expect("every old dyad is there"), field)
        }
    };
    let mut tracks: Vec<Track> =
        setup.tracks.iter().map(|track| Track { target: moved(track.target), ..track.clone() }).collect();
    tracks.sort_by_key(|track| track.target);
    for incident in &mut changed.incidents {
        incident.crisis = incident.crisis.map(|(challenger, defender)| (places[challenger], places[defender]));
    }
    changed.tracks = tracks;
    (changed, places)
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
#[track_caller]
pub(crate) fn assert_same(one: &Setup, two: &Setup, histories: u32, what: &str) {
    if let Some(difference) = difference(one, two, histories) {
        panic!("{what}: {difference}");
    }
}

/// Asserts that two worlds do not.
#[track_caller]
pub(crate) fn assert_different(one: &Setup, two: &Setup, histories: u32, what: &str) {
    assert!(difference(one, two, histories).is_some(), "{what}: nothing has changed in {histories} histories");
}

fn difference(one: &Setup, two: &Setup, histories: u32) -> Option<String> {
    let [one, two] = [one, two].map(|setup| spiral_testkit::tiny::watch::<16>(setup, 1, histories));
    one.iter()
        .zip(&two)
        .find_map(|(a, b)| spiral_testkit::tiny::difference(a, b).map(|text| format!("history {}: {text}", a.outcome.history)))
}
