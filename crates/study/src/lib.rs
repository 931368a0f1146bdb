//! Designs × histories: what is simulated, in which parts, where it is kept, how it goes on after an interruption.
//!
//! A [`Plan`] says which worlds are simulated and how often. [`run`] carries it out on the current rayon pool and leaves a
//! directory of tables; [`in_memory`] does the same without a directory; [`Study`] reads the result.
//!
//! Invariant: the files are a pure function of the plan. Threads, block width, interruptions and the order of work change no
//! byte of them. No clock, no printing, no statistics beyond the curves, no pictures.

mod attribution;
mod calibration;
mod columns;
mod csv_tables;
mod curves;
mod definitions;
mod designs;
mod engine;
mod error;
mod files;
mod kind;
mod log;
mod manifest;
mod merge;
mod part;
mod plan;
mod recorder;
mod rounds;
mod rows;
mod run;
mod shards;
mod study;
mod sweep;
mod tables;
mod whole;

#[cfg(test)]
mod tests;

pub use attribution::{AttributionPlan, AttributionSource};
pub use calibration::{Calibrating, Searched, calibrate, calibration_csv, known_measures};
pub use columns::{Column, write_table};
pub use curves::MOST_STATE_CELLS;
pub use definitions::{TableDefinition, table_definitions};
pub use designs::{Points, points};
pub use engine::WIDTH;
pub use error::Error;
pub use files::write_atomically;
pub use kind::StudyKind;
pub use manifest::{FORMAT, Host, Manifest, ManifestPoint};
pub use plan::{Plan, Point, Progress, Request, Silent, Status, Stop, Sweep};
pub use run::{in_memory, run};
pub use shards::{Shard, manifest_of, merge, shard, shard_total};
pub use study::{PointOutcomes, Study};
pub use sweep::{plan_of, request_setup, scenario_of};
pub use tables::Table;
pub use whole::Whole;
