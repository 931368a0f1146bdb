//! Estimators over the outcomes of histories: intervals, survival, paired contrasts, sensitivity, attribution, calibration, and the
//! summary of a study.
//!
//! # Example
//! ```
//! use spiral_analysis::intervals::share;
//!
//! // 240 of 250 histories had a war: a share with its 95 % interval, sample size and method.
//! let war = share(240, 250);
//! assert_eq!((war.estimate, war.n, war.method.as_str()), (Some(0.96), 250, "Wilson"));
//! assert!(war.lower.is_some_and(|lower| lower > 0.92) && war.upper.is_some_and(|upper| upper < 0.98));
//! ```
//!
//!
//! Invariant: no file, no clock, no simulation. Every number carries its interval, its sample and the name of its method.

pub mod attribution;
pub mod calibration;
mod contrast;
pub mod disputes;
pub mod exact_sum;
pub mod hindcast;
pub mod history;
pub mod intervals;
pub mod main_effect;
pub mod measures;
pub mod outcomes;
pub mod paired;
pub mod pairing;
pub mod panel_rows;
pub mod precision;
pub mod sensitivity;
pub mod skill;
pub mod stylised_dyads;
pub mod stylised_facts;
pub mod stylised_logit;
pub mod stylised_panel;
pub mod summary;
pub mod survival;
pub mod table;
pub mod tally;
pub mod text;
pub mod uncertainty;
pub mod validation;

pub use attribution::{Attribution, Explanation, GroupShare, Worth};
pub use contrast::contrast;
pub use outcomes::{Outcomes, typical_history};
pub use panel_rows::{DyadPanelRow, PanelRows, StatePanelRow};
pub use sensitivity::{FactorSensitivity, Sensitivity};
pub use summary::{PointEstimates, ScenarioOutcomes, measure_estimate, measure_estimates, summarise, summarise_scenario};
pub use table::{Contrast, CurveRow, Estimate, Measure, ScenarioSummary, Summary, SurvivalPoint};
pub use tally::{PointTally, TallyRow, tallied_histories, tally_estimate};
pub use text::{format_difference, format_estimate};
pub use uncertainty::{HISTORIES_A_DRAW, VarianceParts, draw_of};
