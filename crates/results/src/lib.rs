//! The results of a study, as data and as files.
//!
//! The crates below simulate and estimate; this one puts them together. Each function answers one question and returns its results
//! as data: [`ensemble`], [`compare`], [`explain`], [`sweep`], [`sensitivity`], [`calibrate`], [`validate`], [`hindcast()`], [`history()`]. With
//! [`Options::directory`], it also writes tables, `summary.json`, figures and `report.html` there; [`open`] reads them back. The command
//! line, Python and the explorer call these functions and print or draw what they return.
//!
//! ```
//! use spiral_results::{Options, compare};
//!
//! // Two scenarios, 32 histories of each, in memory.
//! let options = Options { histories: Some(32), ..Options::default() };
//! let comparison = compare(&["two-states", "splendid-isolation"], &options)?;
//! for scenario in &comparison.summary.scenarios {
//!     let war = scenario.measures.iter().find(|measure| measure.name == "war");
//!     println!("{}: share of histories with war {:?}", scenario.scenario, war.and_then(|war| war.estimate.estimate));
//! }
//! assert_eq!(comparison.study.outcomes()?[0].len(), 32);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: no printing, no terminal, no arguments of a command line, no exit of the process. The kind of a study is read from its
//! manifest, in one place (`finish.rs`).

mod calibration;
mod comparison;
mod error;
mod explanation;
mod export;
mod files;
mod finish;
mod hindcast;
pub mod history;
mod odd;
mod options;
mod origin;
mod page;
mod responses;
mod sensitivity;
mod single_histories;
mod sweep;
mod sweep_figures;
mod tables;
mod together;
mod validation;
mod worlds;
mod written;

pub use calibration::calibrate;
pub use comparison::{Comparison, EVENTS, compare, compare_worlds, ensemble};
pub use error::{Continuation, Error, ErrorKind};
pub use explanation::{EXPLAIN_HISTORIES, EXPLAIN_OUTCOMES, ExplanationResults, Question, explain, explain_worlds};
pub use export::export;
pub use files::{figures_in, to_json, write as write_file};
pub use finish::{
    Report, ShardOutline, ShardPart, ShardWork, StudyResults, figures, finish, merge, open, report, shard, shard_outline,
    shards_in,
};
pub use hindcast::{HINDCAST_HISTORIES, HindcastRequest, HindcastResults, hindcast, hindcast_files};
pub use history::{Draw, DrawnJudgement, HistoryResults, histories_json, history, history_of, replay, write_histories};
pub use odd::{mechanism, odd};
pub use options::{HISTORIES, Options, SEED, on_threads};
pub use origin::origin;
pub use page::quoted;
pub use responses::{OutcomeName, Responses, changes, short_number};
pub use sensitivity::{SensitivityResults, SensitivitySummary, sensitivity, sensitivity_source};
pub use single_histories::phase;
pub use sweep::{SweepResults, SweepSummary, sweep, sweep_source};
pub use together::{Together, TogetherRow, TogetherSkill, calibrate_together, held_out_by_era};
pub use validation::validate;
pub use worlds::{World, again, note_years, worlds};
pub use written::Results;

// The data types of results, and how a number with its interval is written: a program that shows results needs no other crate.
pub use spiral_analysis::attribution::{Attribution, Explanation};
pub use spiral_analysis::calibration::Calibration;
pub use spiral_analysis::calibration::found::{AS_IT_STOOD, Fitted, TargetRow, TargetScore};
pub use spiral_analysis::calibration::targets::Use;
pub use spiral_analysis::hindcast::{EraScores, Hindcast, OutcomeScores};
pub use spiral_analysis::table::{Contrast, Estimate, Measure, ScenarioSummary, Summary};
pub use spiral_analysis::validation::{NumberScore, SeriesScore, Validation};
pub use spiral_analysis::{FactorSensitivity, HISTORIES_A_DRAW, Sensitivity, VarianceParts, format_difference, format_estimate};
pub use spiral_figures::Figure;
pub use spiral_scenario::{Overrides, StudySource};
pub use spiral_study::{ExportFormat, ExportUnit, Exported};
pub use spiral_study::{
    Keep, KeptRows, PanelOptions, PanelPeriod, PartSimulator, Plan, Progress, RecordBatch, Request, Shard, ShardsFound, Silent,
    Study, StudyKind, TableDefinition, Workers, WorkersFailure, ranges, table_definitions,
};

/// Names of the outcomes that every study can report.
pub fn outcome_names() -> impl Iterator<Item = &'static str> {
    spiral_analysis::measures::MEASURES.iter().map(|measure| measure.name)
}
