//! A history is a pure function of (setup, seed, number of the history). It is bit-identical for any number of threads and lanes, any
//! instruction set, any order of blocks and of registration, after interruptions, and beside histories that failed numerically.

mod engine;
mod failures;
mod studies;

use spiral_model::Setup;
use spiral_scenario::{Overrides, load};

/// A built-in scenario.
pub(crate) fn scenario(name: &str) -> Setup {
    let mut found = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1, "{name} is one scenario");
    found.remove(0).setup
}

/// Worlds with crises, allies, wars, dates and every mechanism.
pub(crate) const WORLDS: [&str; 3] = ["pre-wwi", "pre-wwii", "four-worlds/offence-indistinguishable"];
