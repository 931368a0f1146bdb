//! The security dilemma as an ECS world: components, phases, mechanisms, registry, simulation.
//!
//! Invariant: no file, no clock, no printing, no choice of threads. Everything is a pure function of (setup, seed, history).

#![expect(clippy::needless_pass_by_value, reason = "the engine hands a system its queries and resources by value")]

pub mod audit;
mod columns;
pub mod components;
pub mod description;
pub mod draws;
pub mod inputs;
#[cfg(test)]
mod laws;
pub mod ledger;
pub mod look;
pub mod mechanisms;
mod nullclines;
pub mod outcome;
pub mod page;
pub mod phases;
pub mod record;
pub mod setup;
pub mod simulation;
pub mod specification;
mod standoff;
pub mod step;
pub mod table_cell;
pub mod table_row;
pub mod timeline;
pub mod weapons;
pub mod world;

pub use look::Look;
pub use nullclines::nullclines;
pub use outcome::{Ended, Event, EventKind, Motive, Outcome};
pub use setup::Setup;
pub use simulation::{Compiled, Observer, Simulation, Snapshot};
