//! The engine of the explorer: what a page asks and what it gets, without network, files or clock.
//!
//! A page names a world (a scenario with changes), and the engine answers with its numbers ([`Explorer::describe`]), with estimates and
//! curves over rising numbers of histories ([`Explorer::run`]), or with single histories ([`Explorer::strands`], [`Explorer::history`],
//! [`Explorer::network`], [`Explorer::portrait`]). A server puts it behind
//! HTTP; a browser can run the same code as WebAssembly.
//!
//! ```
//! use spiral_explorer::{Explorer, Run, WorldRequest};
//!
//! let explorer = Explorer::default();
//! let base = WorldRequest { scenario: "two-states".to_string(), ..WorldRequest::default() };
//! let moved = WorldRequest { set: vec![("technology.first_strike".to_string(), "1".to_string())], ..base.clone() };
//! let run = Run { a: Some(base), b: moved, seed: 1, histories: 100 };
//! let mut answers = Vec::new();
//! explorer.run(&run, &|| false, &mut |answer| answers.push(answer))?;
//! // Of 64 histories, then of all.
//! assert_eq!(answers.iter().map(|answer| answer.histories).collect::<Vec<_>>(), [64, 100]);
//! assert_eq!(answers[1].command, "spiral compare two-states two-states+technology.first_strike=1 -n 100 --seed 1");
//! # Ok::<(), spiral_explorer::Error>(())
//! ```
//!
//! # Invariants
//! - Every number is a function of (world, seed, number of histories): the same as those of the command line with the same seed.
//! - Work is bounded: [`MOST_HISTORIES`], [`MOST_STATES`], [`MOST_CHANGES`]; the samples that are kept are few.
//! - No file is read: a world is one of the program's own or one that the caller gave.

mod answer;
mod catalogue;
mod check;
mod command;
mod error;
mod history;
mod parameters;
mod parts;
mod portrait;
mod sample;
mod strands;
mod world;

pub use answer::{Answer, CurveSet, HistoryRow, Metric, NamedEstimate, WorldAnswer};
pub use catalogue::{MechanismEntry, ScenarioEntry, Start};
pub use check::{Checked, LineProblem};
pub use command::{command, python, r};
pub use error::Error;
pub use history::{HistoryRequest, Network, NetworkPair, NetworkState};
pub use parameters::{ObservedValue, Parameter, StateEntry, WorldDescription};
pub use parts::Part;
pub use portrait::{Portrait, PortraitRequest};
pub use sample::{Explorer, FIRST_STAGE, MOST_HISTORIES, stages};
pub use strands::{MOST_STRANDS, Strands, StrandsRequest};
pub use world::{Edit, Given, MOST_CHANGES, MOST_EDITED, MOST_STATES, Run, WorldRequest};
