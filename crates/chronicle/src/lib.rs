//! One history of a world: simulated again with everything that a reader wants to know of it, told by date in plain words, and as JSON.
//!
//! ```
//! use spiral_chronicle::{chronicle, in_short, simulate};
//! use spiral_scenario::{Overrides, load};
//!
//! let scenario = load("two-states", &Overrides::default())?.remove(0);
//! let history = simulate(&scenario.setup, 1, 0);
//! let entries = chronicle(&scenario, &history, false);
//! assert!(entries.windows(2).all(|pair| pair[0].date <= pair[1].date));
//! assert!(in_short(&scenario, &history.outcome).contains("largest military burden"));
//! # Ok::<(), spiral_scenario::Error>(())
//! ```
//!
//! # Invariants
//! - A history has the same bits as in an ensemble.
//! - No file, no clock, no printing: a browser runs it too.

mod chronicle;
mod crisis;
pub mod dates;
mod json;
mod sentences;
mod simulate;
#[cfg(test)]
mod tests;
mod timeline;

pub use chronicle::{Entry, chronicle};
pub use json::history_json;
pub use sentences::{KEY, in_short, percent};
pub use simulate::{BuildUp, History, metric, simulate};

use spiral_scenario::Scenario;

/// Full name of a state, by its position.
#[must_use]
pub fn state_name(scenario: &Scenario, position: u32) -> &str {
    scenario.state_names.get(position as usize).map_or("nobody", String::as_str)
}

/// Code of a state, by its position; `None` where there is none of this position.
#[must_use]
pub fn state_code(scenario: &Scenario, position: u32) -> Option<&str> {
    scenario.setup.states.get(position as usize).map(|state| state.code.as_str())
}
