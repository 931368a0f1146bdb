//! The rows that estimators read and write.

use serde::{Deserialize, Serialize};

use crate::uncertainty::VarianceParts;

/// A number, or none where it is not finite.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

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

impl Estimate {
    /// An estimate with its interval; whatever is not finite becomes `None`.
    #[must_use]
    pub fn new(estimate: f64, (lower, upper): (f64, f64), n: u64, method: &str) -> Self {
        Self { estimate: finite(estimate), lower: finite(lower), upper: finite(upper), n, method: method.to_string() }
    }

    /// The same with an interval that stays within the values that the quantity can have.
    #[must_use]
    pub fn within(self, (lowest, highest): (f64, f64)) -> Self {
        let keep = |end: Option<f64>| end.map(|end| end.clamp(lowest, highest));
        Self { lower: keep(self.lower), upper: keep(self.upper), ..self }
    }

    /// Whether its interval lies wholly on one side of zero.
    #[must_use]
    pub fn excludes_zero(&self) -> bool {
        self.lower.is_some_and(|lower| lower > 0.0) || self.upper.is_some_and(|upper| upper < 0.0)
    }

    /// An estimate that does not exist: no number, no interval.
    #[must_use]
    pub fn none(n: u64, method: &str) -> Self {
        Self::new(f64::NAN, (f64::NAN, f64::NAN), n, method)
    }
}

/// A named estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Stable name, such as `general_war`.
    pub name: String,
    /// What it is, in words.
    pub label: String,
    /// Unit: `share` (0 to 1; a difference of shares in a contrast), `year` (a date), `years` (a span), `days`, `count`,
    /// `1/year`, `factor`.
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
    /// Events since the point before: those at the date itself unless the curve was thinned.
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
    /// Histories that failed numerically; they are in no estimate.
    pub failures: u64,
    /// First and last date of the scenario.
    pub years: (f64, f64),
    /// Its measures.
    pub measures: Vec<Measure>,
    /// Motives of first wars: name and share.
    pub motives: Vec<Measure>,
    /// First pairs: `AUH → SRB` and share of first wars, most frequent first, at most ten.
    pub first_pairs: Vec<Measure>,
    /// What makes the variance of each measure, judgement or chance, where histories draw their judgements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variance: Vec<VarianceParts>,
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// First scenario.
    pub a: String,
    /// Design point of the first scenario.
    #[serde(default)]
    pub a_point: u32,
    /// Second scenario.
    pub b: String,
    /// Design point of the second scenario.
    #[serde(default)]
    pub b_point: u32,
    /// Differences b − a; the method of each says whether it is paired by history.
    pub measures: Vec<Measure>,
    /// Log-rank test of war-free survival, time counted from each scenario's first date: chi-square with one degree of freedom.
    pub log_rank_chi_square: Option<f64>,
    /// Its p-value; conservative, since the test takes the scenarios' histories as independent.
    pub log_rank_p: Option<f64>,
    /// McNemar's exact p-value of the difference in `war`; `None` where every pair agrees.
    #[serde(default)]
    pub war_p: Option<f64>,
    /// McNemar's exact p-value of the difference in `general_war`.
    #[serde(default)]
    pub general_war_p: Option<f64>,
    /// Variance of the difference in `war` had the histories been independent, over its variance with common random numbers.
    #[serde(default)]
    pub war_variance_reduction: Option<f64>,
    /// The same factor of every measure that is paired by history, with its interval: how many times the histories independent
    /// draws would need for the same precision.
    #[serde(default)]
    pub variance_reductions: Vec<Measure>,
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
    /// Whether every two histories drew their judgements; left out where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Scenarios, in the order of the study.
    pub scenarios: Vec<ScenarioSummary>,
    /// Contrasts of each later scenario with the first.
    pub contrasts: Vec<Contrast>,
}

spiral_model::table_row! {
    /// One row of `curves`: a metric of a state at a date over the histories at risk.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct CurveRow {
        /// Name of the scenario.
        scenario: String = String::new(), "";
        /// Number of the design point, from 0.
        point: u32 = 0, "";
        /// Date of the values.
        date: f64 = 0.0, "year";
        /// Code of the state; `*` for the whole system.
        state: String = String::new(), "";
        /// Name of the metric, such as arms or burden.
        metric: String = String::new(), "";
        /// Number of histories in the row: those without a war so far, or all of them with `--through-war`.
        at_risk: u64 = 0, "count";
        /// Mean of the metric over these histories.
        mean: f64 = 0.0, "";
        /// Standard deviation of the metric over these histories.
        sd: f64 = 0.0, "";
        /// 5 % quantile of the metric over these histories.
        q05: f64 = 0.0, "";
        /// 25 % quantile of the metric over these histories.
        q25: f64 = 0.0, "";
        /// Median of the metric over these histories.
        q50: f64 = 0.0, "";
        /// 75 % quantile of the metric over these histories.
        q75: f64 = 0.0, "";
        /// 95 % quantile of the metric over these histories.
        q95: f64 = 0.0, "";
    }
}
