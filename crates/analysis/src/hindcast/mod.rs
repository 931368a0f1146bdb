//! Hindcasts: chances that were simulated from the data of a year, set beside what came in the years after it.
//!
//! A start year gives one row for each pair of its states: in how many histories the pair had a crisis, a dispute with force, a war; what
//! was known of it; and what came. Every forecast is scored within years and over them. Baselines are logits that are **fitted on other
//! start years only**: those whose years of forecast share no year with the year that is scored. Two questions are answered: how well the
//! simulated chance does beside a baseline, and whether it adds to the baseline.
//!
//! ```text
//! score       AUC and average precision within each year, then the mean over years; Brier and log score over all dyads
//! baseline    logit p = x'β, β from other years
//! does it add logit p = x'β + γ logit p_simulated: γ, and the log score gained, β and γ from other years
//! interval    start years are resampled, whole: the dyads of a year are not independent
//! ```

mod forecasts;
mod logit;
mod ranking;
mod scores;
mod years;

use serde::{Deserialize, Serialize};
use spiral_kernel::maths::ln;

pub(crate) use logit::clustered_logit;
pub use ranking::area_of_known_chances;
pub use scores::score;

use crate::table::Estimate;

/// What is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecast {
    /// A crisis of the pair; in the data, the onset of a militarised dispute.
    Crisis,
    /// A crisis with a clash, or a war; in the data, a dispute that reached the use of force (levels 4 and 5).
    Force,
    /// The two fight each other in a war.
    War,
}

impl Forecast {
    /// Every one, in the order of [`DyadRow::simulated`].
    pub const ALL: [Self; 3] = [Self::Crisis, Self::Force, Self::War];

    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crisis => "crisis",
            Self::Force => "force",
            Self::War => "war",
        }
    }

    /// Its name in titles.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Crisis => "crises",
            Self::Force => "use of force",
            Self::War => "wars",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Crisis => "a crisis (data: a militarised dispute begins)",
            Self::Force => "a clash or a war (data: a dispute with the use of force begins)",
            Self::War => "a war between the two",
        }
    }
}

/// What was known of a pair of states when the years of forecast began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Type of contiguity, 1 (land) to 5; 0 without any.
    pub contiguity: u8,
    /// Number of great powers in the pair: 0, 1 or 2.
    pub great_powers: u8,
    /// Capability of the weaker over that of the stronger, 0 to 1.
    pub capability_ratio: f64,
    /// Whether either had promised to defend the other.
    pub allied: bool,
    /// Distance of the capitals, km.
    pub distance_km: f64,
    /// Disputes that had begun between the two in the five years before.
    pub disputes: u32,
}

/// A pair of states from one start year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DyadRow {
    /// Start year: the first of the years that are forecast.
    pub year: i32,
    /// Numbers of the two states in the Correlates of War list.
    pub states: (u16, u16),
    /// What was known.
    pub known: Known,
    /// Histories with the event, in the order of [`Forecast::ALL`].
    pub simulated: [u32; 3],
    /// Histories that count: those of its start year that did not fail.
    pub histories: u32,
    /// The share of histories with the event that a pair of its start year has in the mean, in the same order: see [`mean_share`].
    pub usual: [f64; 3],
    /// Whether it came; `None` where the files do not say.
    pub came: [Option<bool>; 3],
}

/// A state from one start year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateRow {
    /// Start year.
    pub year: i32,
    /// Number of the state in the Correlates of War list.
    pub state: u16,
    /// Growth of its arms over the years of forecast, mean logarithm over the histories.
    pub simulated: f64,
    /// Growth of its military expenditure over the same years, logarithm.
    pub came: f64,
    /// Growth of its military expenditure over as many years before, logarithm; `None` where it is not known.
    pub before: Option<f64>,
}

/// What is scored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    /// Pairs of states, by start year.
    pub dyads: Vec<DyadRow>,
    /// States, by start year.
    pub states: Vec<StateRow>,
    /// Histories of each start year, with those that failed.
    pub histories: u32,
    /// Years that are forecast.
    pub horizon: u32,
    /// Seed of the draws that resample.
    pub seed: u64,
}

/// Scores of one forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastScore {
    /// Its name.
    pub forecast: String,
    /// What was fitted for it, and on what.
    pub fitted: String,
    /// Mean over years of the area under the curve of hits and false alarms: .5 says nothing, 1 is perfect.
    pub auc: Estimate,
    /// Mean over years of the average precision; a forecast that says nothing has the share of dyads with the event.
    pub average_precision: Estimate,
    /// Mean squared difference between the chance and what came (0 or 1); less is better.
    pub brier: Estimate,
    /// Mean of −ln(chance given to what came); less is better.
    pub log_score: Estimate,
    /// Sum of the chances over the number of events: 1 is calibrated in the whole.
    pub expected_over_observed: Estimate,
    /// Mean over years of the share of events found, at shares 0, 1/50, …, 1 of false alarms.
    pub hits: Vec<f64>,
    /// Mean over years of the precision, at shares 0, 1/50, …, 1 of events found.
    pub precision: Vec<f64>,
    /// Chances beside what came.
    pub calibration: Vec<CalibrationBin>,
}

/// Dyads whose chances lie in the same range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Range of the chance: from, and below.
    pub from: f64,
    /// End of the range.
    pub below: f64,
    /// Dyads in it.
    pub dyads: u64,
    /// Their mean chance.
    pub chance: f64,
    /// The share of them with the event.
    pub came: Estimate,
}

/// What the simulated chance adds to a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Addition {
    /// The baseline.
    pub baseline: String,
    /// Coefficient of the log-odds of the simulated chance beside the variables of the baseline, fitted on all years of the era. 0: it adds
    /// nothing; 1: it counts in full.
    pub coefficient: Estimate,
    /// Gain of the log score through it, in nats for each event that came, everything fitted on other years: above 0, it helps.
    pub gain: Estimate,
}

/// Scores in an era.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EraScores {
    /// Its name.
    pub era: String,
    /// Start years in it.
    pub start_years: Vec<i32>,
    /// Start years with an event, which AUC and average precision rest on.
    pub years_with_events: u64,
    /// Dyads, over all start years.
    pub dyads: u64,
    /// Those with the event.
    pub events: u64,
    /// The simulation, the baselines, and both together.
    pub scores: Vec<ForecastScore>,
    /// What the simulation adds to each baseline.
    pub additions: Vec<Addition>,
}

/// Scores of one forecast outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeScores {
    /// What is forecast.
    pub forecast: Forecast,
    /// The same, in words.
    pub label: String,
    /// All years first, then each era with start years.
    pub eras: Vec<EraScores>,
}

/// Rank correlations of the growth of arms with what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrowthScores {
    /// Name of the era.
    pub era: String,
    /// States, over all start years.
    pub states: u64,
    /// Mean over years of Spearman's correlation between simulated growth of arms and growth of military expenditure.
    pub simulated: Estimate,
    /// The same of the growth over as many years before: a forecast that nothing changes.
    pub before: Estimate,
}

/// The scores of a hindcast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hindcast {
    /// Histories of each start year.
    pub histories: u32,
    /// Years that are forecast from each start year.
    pub horizon: u32,
    /// Start years.
    pub start_years: Vec<i32>,
    /// Scores by what is forecast; without those of which the files say nothing.
    pub outcomes: Vec<OutcomeScores>,
    /// Growth of arms, all years first.
    pub growth: Vec<GrowthScores>,
}

/// Name, first and last start year of every era.
pub const ERAS: [(&str, i32, i32); 4] =
    [("to 1913", i32::MIN, 1913), ("1914 to 1945", 1914, 1945), ("1946 to 1989", 1946, 1989), ("from 1990", 1990, i32::MAX)];
/// Name of all eras together.
pub const ALL_YEARS: &str = "all years";

/// Chance of an event from the histories that had it: one history is added that has the event as often as the pairs of the start year have it
/// in the mean. So no chance is 0 or 1, and the sum of the chances stays what the histories give. Half a history for every pair, as is usual
/// for a single share, would add more wars than there were: there are thousands of pairs, and few of them fight.
#[must_use]
pub fn simulated_chance(with: u32, histories: u32, usual: f64) -> f64 {
    (f64::from(with) + usual) / (f64::from(histories) + 1.0)
}

/// The share of histories with an event that a pair has in the mean, from the histories with it of every pair; half a history of one pair is
/// added on either side, so that it is never 0 or 1.
#[must_use]
pub fn mean_share(with: impl IntoIterator<Item = u32>, histories: u32) -> f64 {
    let (events, pairs) = with.into_iter().fold((0.0, 0.0), |(events, pairs), with| (events + f64::from(with), pairs + 1.0));
    (events + 0.5) / (pairs * f64::from(histories) + 1.0)
}

impl DyadRow {
    /// Its simulated chance of an event.
    #[must_use]
    pub fn chance(&self, forecast: Forecast) -> f64 {
        simulated_chance(self.simulated[forecast as usize], self.histories, self.usual[forecast as usize])
    }
}

/// Growth from one value to another, on the logarithm.
#[must_use]
pub fn growth(before: f64, after: f64) -> f64 {
    ln(after / before)
}
