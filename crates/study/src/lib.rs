//! Designs × histories: what is simulated, in which parts, in which files it is kept, and how it continues after an interruption.
//!
//! A [`Plan`] gives the worlds that are simulated, and how many histories of each. [`run`] simulates them on the current rayon pool and
//! leaves a directory of tables; [`in_memory`] does the same without a directory; [`Study`] reads the result.
//!
//! ```
//! use spiral_study::{KeptRows, Plan, Point, Request, Silent, StudyKind, in_memory, request_setup};
//!
//! let request = Request { scenario: "two-states".to_string(), ..Request::default() };
//! let scenario = request_setup(&request)?;
//! let plan = Plan {
//!     kind: StudyKind::Ensemble,
//!     title: scenario.name.clone(),
//!     points: vec![Point { scenario: scenario.name, setup: scenario.setup, request }],
//!     histories: 32,
//!     seed: 1,
//!     through_war: false,
//!     events_for: 0,
//!     panel: None,
//!     uncertain: false,
//!     rows: KeptRows::All,
//!     csv: false,
//!     curves: true,
//!     sweep: None,
//!     attribution: None,
//! };
//! let study = in_memory(&plan, &Silent)?;
//! assert_eq!(study.outcomes()?[0].len(), 32);
//! assert!(study.curves()?.iter().any(|row| row.metric == "burden"));
//! # Ok::<(), spiral_study::Error>(())
//! ```
//!
//! # Invariants
//! - The files are a pure function of the plan. Threads, block width, interruptions and the order of work change no byte of them.
//! - The histories themselves come from [`spiral_ensemble`]. This crate has no clock, no printing, no statistics and no pictures.

mod attribution;
mod calibration;
mod columns;
mod csv_tables;
mod definitions;
mod designs;
mod draws;
mod elsewhere;
mod error;
mod export;
mod files;
mod identity;
mod kept_histories;
mod kind;
mod log;
mod manifest;
mod merge;
mod pair_counts;
mod panel_parts;
mod panel_tables;
mod part;
mod plan;
mod rows;
mod run;
mod sent_part;
mod shard_record;
mod shards;
mod stopping;
mod study;
mod sweep;
mod table_text;
mod tables;

#[cfg(test)]
mod tests;

pub use arrow::array::RecordBatch;
pub use attribution::{AttributionPlan, AttributionSource};
pub use calibration::{Calibrating, Searched, calibrate, calibration_csv, known_measures};
pub use columns::{Column, named_table, write_table};
pub use definitions::{TableDefinition, table_definitions};
pub use designs::{Points, points};
pub use elsewhere::{Keep, PartSimulator, Workers, WorkersFailure, run_elsewhere};
pub use error::Error;
pub use export::{ExportFormat, ExportUnit, Exported, export};
pub use files::write_atomically;
pub use kept_histories::KeptHistories;
pub use kind::StudyKind;
pub use manifest::{FORMAT, Host, Manifest, ManifestPoint};
pub use pair_counts::PairCounts;
pub use plan::{KeptRows, Plan, Point, Progress, Request, Silent, Status, Stop, Sweep};
pub use run::{in_memory, run};
pub use shard_record::{ShardsFound, ranges, shard_directories, shards_found};
pub use shards::{Shard, check_shard, manifest_of, merge, most_shards, shard, shard_parts, shard_total};
pub use spiral_ensemble::{PanelOptions, PanelPeriod};
pub use study::{PointOutcomes, Study};
pub use sweep::{history_scenario, plan_of, points_table, request_setup, scenario_of};
pub use table_text::table_as_csv;
pub use tables::Table;
