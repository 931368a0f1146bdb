//! Estimators over outcomes: intervals, survival, paired contrasts, and the summary of a study.
//!
//! Invariant: no file, no clock, no simulation. Every number carries its interval, its sample and the name of its method.

pub mod table;

pub use table::{Contrast, CurveRow, Estimate, Measure, ScenarioSummary, Summary, SurvivalPoint};
