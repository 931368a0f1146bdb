//! Many histories of a setup, in parallel, and simple estimates from them.

use rayon::prelude::*;
use spiral_analysis::Estimate;
use spiral_analysis::intervals::share;
use spiral_model::{Event, Motive, Outcome, Setup, Simulation};
use spiral_scenario::{Overrides, Scenario, load};

/// Histories in one block.
pub const WIDTH: usize = 16;

/// A built-in scenario with some numbers set: `("technology.balance", 0.5)`.
///
/// # Panics
/// If there is no such scenario or path.
#[must_use]
pub fn scenario(name: &str, set: &[(&str, f64)]) -> Scenario {
    let set = set.iter().map(|(path, value)| ((*path).to_string(), value.to_string())).collect();
    let overrides = Overrides { set, ..Overrides::default() };
    let mut found = load(name, &overrides).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1, "{name} has members: name one");
    found.remove(0)
}

/// Sets an input of every state.
pub fn set_all_states(setup: &mut Setup, field: &str, value: f64) {
    for state in 0..setup.states.len() {
        let path = format!("states.{}.{field}", setup.states[state].code);
        for target in setup.resolve(&path).unwrap_or_default() {
            setup.set(target, value);
        }
    }
}

/// The first `histories` histories of a setup, in order.
#[must_use]
pub fn outcomes(setup: &Setup, seed: u64, histories: u32) -> Vec<Outcome> {
    let blocks = histories.div_ceil(WIDTH as u32);
    let runs = (0..blocks).into_par_iter().map_init(
        || Simulation::<WIDTH>::new(setup),
        |simulation, block| simulation.run(seed, block * WIDTH as u32, false, &mut ()).0,
    );
    let mut all: Vec<Outcome> = runs.collect::<Vec<_>>().into_iter().flatten().collect();
    all.truncate(histories as usize);
    all
}

/// The first `histories` histories of a setup, in order, each with its events.
#[must_use]
pub fn told(setup: &Setup, seed: u64, histories: u32) -> Vec<(Outcome, Vec<Event>)> {
    let blocks = histories.div_ceil(WIDTH as u32);
    let runs = (0..blocks).into_par_iter().map_init(
        || Simulation::<WIDTH>::new(setup),
        |simulation, block| {
            let (outcomes, events) = simulation.run(seed, block * WIDTH as u32, true, &mut ());
            let of = |history: u32| events.iter().filter(|event| event.history == history).copied().collect();
            outcomes.into_iter().map(|outcome| (outcome, of(outcome.history))).collect::<Vec<_>>()
        },
    );
    let mut all: Vec<(Outcome, Vec<Event>)> = runs.collect::<Vec<_>>().into_iter().flatten().collect();
    all.truncate(histories as usize);
    all
}

/// Share of histories for which something holds, with its Wilson interval.
#[must_use]
pub fn share_of(outcomes: &[Outcome], holds: impl Fn(&Outcome) -> bool) -> Estimate {
    share(outcomes.iter().filter(|outcome| holds(outcome)).count() as u64, outcomes.len() as u64)
}

/// Share of first wars with a motive, with its Wilson interval.
#[must_use]
pub fn motive_share(outcomes: &[Outcome], motive: Motive) -> Estimate {
    let wars: Vec<Outcome> = outcomes.iter().copied().filter(|outcome| outcome.motive.is_some()).collect();
    share_of(&wars, |outcome| outcome.motive == Some(motive))
}

/// Mean over histories.
#[must_use]
pub fn mean(outcomes: &[Outcome], value: impl Fn(&Outcome) -> f64) -> f64 {
    outcomes.iter().map(value).sum::<f64>() / outcomes.len() as f64
}

/// Mean of paired differences `b − a`, and its standard error.
///
/// # Panics
/// If the two do not hold the same histories.
#[must_use]
pub fn paired(a: &[Outcome], b: &[Outcome], value: impl Fn(&Outcome) -> f64) -> (f64, f64) {
    assert_eq!(a.len(), b.len());
    let differences: Vec<f64> = a
        .iter()
        .zip(b)
        .map(|(a, b)| {
            assert_eq!(a.history, b.history);
            value(b) - value(a)
        })
        .collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|difference| (difference - mean) * (difference - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
