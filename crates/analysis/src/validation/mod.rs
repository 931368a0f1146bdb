//! A scenario compared with history: curves, single numbers and the order of entry into war, each with its skill against naive
//! forecasts and
//! with what was fitted, looked at and held out. Negative skill is shown unchanged.

mod entries;
mod numbers;
mod series;

use serde::{Serialize, Serializer};
use spiral_model::{Event, Outcome};

use crate::history::{Record, Standing};
use crate::table::Estimate;

pub use entries::{EntryScore, OrderScore, War, wars};
pub use numbers::{NumberScore, rates, simulated_rate, standing_of};
pub use series::{NaiveScore, PooledScore, SeriesRow, SeriesScore};

/// Fewest histories at peace for which a curve is computed.
pub const LEAST_AT_PEACE: usize = 20;

/// A metric by history, tick boundary and state; NaN where the history is past its first war or its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// `values[(history · boundaries + boundary) · states + state]`; boundary 0 is the start, `t + 1` the end of tick `t`.
    pub values: Vec<f32>,
    /// Boundaries of each history.
    pub boundaries: usize,
    /// States.
    pub states: usize,
}

impl Panel {
    /// The value of a history at a boundary.
    #[must_use]
    pub fn get(&self, history: usize, boundary: usize, state: usize) -> f64 {
        self.values.get((history * self.boundaries + boundary) * self.states + state).map_or(f64::NAN, |value| f64::from(*value))
    }

    /// Number of histories.
    #[must_use]
    pub fn histories(&self) -> usize {
        self.values.len() / (self.boundaries * self.states).max(1)
    }
}

/// A value that history shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Code of the state.
    pub state: String,
    /// `burden`, `arms`, `warheads`, or `spending_share`: the state's part of what all states of the scenario with values spend that year.
    pub metric: String,
    /// Decimal year; a value for a whole year has the date of the middle of the year.
    pub date: f64,
    /// The value.
    pub value: f64,
    /// Where it comes from.
    pub source: String,
}

/// Simulated histories, with the facts about their world that are needed.
pub struct Histories<'a> {
    /// Seed of their draws, from which intervals are resampled too.
    pub seed: u64,
    /// Codes of the states.
    pub codes: &'a [String],
    /// Which are great powers.
    pub great_powers: &'a [bool],
    /// Pairs of land neighbours, lower position first.
    pub neighbours: &'a [(usize, usize)],
    /// First date, decimal year.
    pub start: f64,
    /// Ticks in a year.
    pub ticks_per_year: u32,
    /// Burden, share of output.
    pub burden: &'a Panel,
    /// Arms, billion int$.
    pub arms: &'a Panel,
    /// Nuclear warheads.
    pub warheads: &'a Panel,
    /// Output of a state at a date that no war has touched, billion int$ a year.
    pub output: &'a dyn Fn(usize, f64) -> f64,
    /// Outcome of each history, in order; the panels hold these histories in this order.
    pub outcomes: &'a [Outcome],
    /// Their events, by history, crisis and day.
    pub events: &'a [Event],
    /// Histories that failed numerically; they have no other entry here.
    pub failures: u64,
}

impl Histories<'_> {
    pub(crate) fn state(&self, code: &str) -> Option<usize> {
        self.codes.iter().position(|own| own == code)
    }

    /// Position of the history that an event belongs to; `None` for a history that failed numerically.
    pub(crate) fn position(&self, event: &Event) -> Option<usize> {
        self.outcomes.binary_search_by_key(&event.history, |outcome| outcome.history).ok()
    }

    /// Boundaries over which a value at a date is taken: those that end a tick of the year whose middle the date is, or the nearest one.
    pub(crate) fn boundaries(&self, date: f64) -> Option<std::ops::RangeInclusive<usize>> {
        let ticks = f64::from(self.ticks_per_year);
        let last = self.burden.boundaries.checked_sub(1)? as f64;
        let middle = (date - date.floor() - 0.5).abs() < 1e-9;
        let (first, end) = if middle {
            (((date.floor() - self.start) * ticks).round() + 1.0, ((date.floor() + 1.0 - self.start) * ticks).round())
        } else {
            let nearest = ((date - self.start) * ticks).round();
            (nearest, nearest)
        };
        (first >= 0.0 && end <= last && first <= end).then_some(first as usize..=end as usize)
    }

    /// Mean of a metric of a state at a date over the histories at peace; `None` of fewer than [`LEAST_AT_PEACE`], of an unknown
    /// state and of a metric that is not kept whole.
    #[must_use]
    pub fn mean_at(&self, metric: &str, state: &str, date: f64) -> Option<f64> {
        let panel = match metric {
            "burden" => self.burden,
            "arms" => self.arms,
            "warheads" => self.warheads,
            _ => return None,
        };
        let mut values = self.values(panel, self.state(state)?, date);
        values.retain(|value| value.is_finite());
        let sum = values.iter().fold(0.0, |sum, value| sum + value);
        (values.len() >= LEAST_AT_PEACE).then(|| sum / values.len() as f64)
    }

    /// The value of each history at a date, for those that are at peace throughout.
    pub(crate) fn values(&self, panel: &Panel, state: usize, date: f64) -> Vec<f64> {
        let Some(boundaries) = self.boundaries(date) else { return Vec::new() };
        let number = (boundaries.end() - boundaries.start() + 1) as f64;
        let mean = |history: usize| {
            boundaries.clone().map(|boundary| panel.get(history, boundary, state)).fold(0.0, |sum, x| sum + x) / number
        };
        (0..panel.histories()).map(mean).collect()
    }
}

/// A scenario compared with history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of the histories.
    pub seed: u64,
    /// Number of histories.
    pub histories: u64,
    /// Histories that failed numerically; they are left out of every estimate.
    pub failures: u64,
    /// Curves.
    pub series: Vec<SeriesScore>,
    /// Curves of a metric together.
    pub pooled: Vec<PooledScore>,
    /// Single numbers.
    pub numbers: Vec<NumberScore>,
    /// Who is in the war by day 30.
    pub entries: Vec<EntryScore>,
    /// Entry of all states together.
    pub order: Option<OrderScore>,
    /// What could not be compared with history, and why.
    pub notes: Vec<String>,
}

/// Compares simulated histories with real history.
#[must_use]
pub fn validate(scenario: &str, histories: &Histories<'_>, seen: &[Seen], record: Option<&Record>) -> Validation {
    let mut notes = Vec::new();
    let (series, pooled) = series::scores(histories, seen, record, &mut notes);
    let wars = wars(histories);
    let numbers = numbers::scores(histories, &wars, record, &mut notes);
    let (entries, order) = entries::scores(histories, &wars, record);
    if record.is_none() {
        notes.push(
            "the scenario has no `history`: only its observed series are scored, and it is not known which of them were fitted"
                .to_string(),
        );
    }
    Validation {
        scenario: scenario.to_string(),
        seed: histories.seed,
        histories: histories.outcomes.len() as u64 + histories.failures,
        failures: histories.failures,
        series,
        pooled,
        numbers,
        entries,
        order,
        notes,
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) fn standing_name<S: Serializer>(standing: &Standing, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(standing.name())
}

/// An estimate that is not known, with the reason as its method.
pub(crate) fn unknown(why: &str) -> Estimate {
    Estimate::none(0, why)
}
