//! The rows that estimators read and write.

use serde::{Deserialize, Serialize};

/// A number with its interval. Numbers that do not exist (no war in the sample) are `None`, JSON null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Point estimate.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
    /// Sample that it rests on.
    pub n: u64,
    /// How the interval was made: `Wilson`, `Kaplan-Meier, log-log`, `paired bootstrap`, …
    pub method: String,
}

/// A named estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Stable name, such as `general_war`.
    pub name: String,
    /// What it is, in words.
    pub label: String,
    /// Unit: `share`, `year`, `days`, `count`, `1/year`.
    pub unit: String,
    /// The number.
    #[serde(flatten)]
    pub estimate: Estimate,
}

/// One step of a Kaplan-Meier curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SurvivalPoint {
    /// Date, decimal year.
    pub date: f64,
    /// Share of histories still without the event just after the date.
    pub survival: f64,
    /// Lower end of its 95 % interval.
    pub lower: f64,
    /// Upper end of its 95 % interval.
    pub upper: f64,
    /// Histories at risk just before the date.
    pub at_risk: u64,
    /// Events at the date.
    pub events: u64,
}

/// One scenario of a study (one design point).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// Design point.
    pub point: u32,
    /// Histories simulated.
    pub histories: u64,
    /// Histories in which a number blew up; they are in no estimate.
    pub failures: u64,
    /// First and last date of the scenario.
    pub years: (f64, f64),
    /// Its measures.
    pub measures: Vec<Measure>,
    /// Motives of first wars: name and share.
    pub motives: Vec<Measure>,
    /// First pairs: `AUH → SRB` and share of first wars, most frequent first, at most ten.
    pub first_pairs: Vec<Measure>,
    /// Survival without any war.
    pub war_free: Vec<SurvivalPoint>,
    /// Survival without a general war.
    pub general_war_free: Vec<SurvivalPoint>,
    /// Days from the crisis to the first strike of the first war, sorted; a sample of at most 10,000 (the first histories).
    pub days_crisis_to_war: Vec<f64>,
    /// Days from the crisis to the entry of the third great power, sorted; a sample of at most 10,000 (the first histories).
    pub days_crisis_to_general_war: Vec<f64>,
    /// Great powers at war on day 30 of the first war: count of histories by number, position is the number.
    pub great_powers_30d: Vec<u64>,
}

/// Second scenario less first, on the same histories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// First scenario.
    pub a: String,
    /// Second scenario.
    pub b: String,
    /// Differences b − a, paired by history.
    pub measures: Vec<Measure>,
    /// Log-rank test of war-free survival, time counted from each scenario's first date: chi-square with one degree of freedom.
    pub log_rank_chi_square: Option<f64>,
    /// Its p-value.
    pub log_rank_p: Option<f64>,
}

/// What `summary.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Format of this file.
    pub format: u32,
    /// Seed of the study.
    pub seed: u64,
    /// Histories at each point.
    pub histories: u64,
    /// Scenarios, in the order of the study.
    pub scenarios: Vec<ScenarioSummary>,
    /// Contrasts of each later scenario with the first.
    pub contrasts: Vec<Contrast>,
}

/// One row of `curves`: a metric of a state at a date over the histories at risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurveRow {
    /// Scenario.
    pub scenario: String,
    /// Design point.
    pub point: u32,
    /// Decimal year.
    pub date: f64,
    /// Code of the state, or `*` for the system.
    pub state: String,
    /// Metric.
    pub metric: String,
    /// Histories that entered: those without a war so far, or all with `--through-war`.
    pub at_risk: u64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// 5 % quantile.
    pub q05: f64,
    /// 25 % quantile.
    pub q25: f64,
    /// Median.
    pub q50: f64,
    /// 75 % quantile.
    pub q75: f64,
    /// 95 % quantile.
    pub q95: f64,
}
