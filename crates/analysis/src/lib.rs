//! Estimators over outcomes: intervals, survival, paired contrasts, and the summary of a study.
//!
//! Invariant: no file, no clock, no simulation. Every number carries its interval, its sample and the name of its method.

pub mod attribution;
pub mod calibration;
mod contrast;
pub mod history;
pub mod intervals;
pub mod main_effect;
pub mod measures;
pub mod outcomes;
pub mod paired;
pub mod pairing;
pub mod precision;
pub mod sensitivity;
pub mod skill;
pub mod summary;
pub mod survival;
pub mod table;
pub mod text;
pub mod validation;

pub use attribution::{Attribution, Explanation, GroupShare, Worth};
pub use contrast::contrast;
pub use outcomes::{Outcomes, typical_history};
pub use sensitivity::{FactorSensitivity, Sensitivity};
pub use summary::{ScenarioOutcomes, measure_estimate, summarise, summarise_scenario};
pub use table::{Contrast, CurveRow, Estimate, Measure, ScenarioSummary, Summary, SurvivalPoint};
pub use text::{format_difference, format_estimate};
