//! Scenario files: RON text to a valid [`Setup`](spiral_model::Setup), with errors that teach; the built-in catalogue.
//!
//! A file is read in three steps: text to a tree that knows where everything stands (`text`), tree to layers of known names and
//! numbers in range (`layer`, `given`), layers to a setup (`build`). Every step notes what it finds wrong and goes on, so that a
//! user sees all of it at once; only text that is no RON at all stops at the first place.
//!
//! Invariant: whatever the bytes, no panic; a scenario that loads is a setup that the model accepts.

mod build;
mod catalogue;
mod date;
mod distance;
mod given;
mod layer;
mod load;
mod overrides;
mod problem;
mod reader;
mod resolved;
mod scenario;
mod series;
mod slots;
mod text;

pub use catalogue::{CatalogueEntry, catalogue};
pub use date::decimal_year;
pub use given::Basis;
pub use load::{load, parse, parse_bytes};
pub use overrides::{Overrides, mechanism_names};
pub use problem::{Error, Problem};
pub use resolved::{Origin, ResolvedRow, resolved};
pub use scenario::{Judgement, Scenario, Sourced, Varies};
