//! Curves compared with history.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Histories, LEAST_AT_PEACE, Seen, standing_name};
use crate::history::{Record, Standing};
use crate::intervals::{mean, point_quantile};
use crate::skill::{Richardson, SquaredError, linear_trend, root_mean_square};
use crate::table::{Estimate, finite};

/// Names of the naive forecasts, in the order of their columns.
const NAIVE: [&str; 3] = ["no change", "linear trend", "Richardson"];
/// Fewest dates of the first part from which naive forecasts are made.
const FEWEST_BEFORE: usize = 3;
/// Fewest dates of the second part that are scored.
const FEWEST_AFTER: usize = 2;

/// One date of a curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesRow {
    /// Decimal year.
    pub date: f64,
    /// What history shows.
    pub observed: f64,
    /// Mean over the histories at peace, with Student's interval; none where they are too few.
    pub simulated: Estimate,
    /// 5 % and 95 % quantile over those histories.
    pub range: Option<(f64, f64)>,
    /// Naive forecasts, in the order of `NAIVE`; none before the division, where they are fitted.
    pub naive: [Option<f64>; 3],
    /// Whether it is scored: it lies after the division and has a simulated value.
    pub scored: bool,
}

/// A curve against one naive forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NaiveScore {
    /// Which forecast.
    pub naive: &'static str,
    /// Its root mean square error over the scored dates, in the unit of the metric.
    pub error: Option<f64>,
    /// Skill of the simulation against it.
    pub skill: Estimate,
}

/// A curve compared with history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesScore {
    /// Code of the state.
    pub state: String,
    /// Metric.
    pub metric: String,
    /// Where history's values come from.
    pub source: String,
    /// Date of the division.
    pub split: f64,
    /// How the scenario used the first part.
    #[serde(serialize_with = "standing_name")]
    pub before: Standing,
    /// How the scenario used the second part, which is scored.
    #[serde(serialize_with = "standing_name")]
    pub after: Standing,
    /// What was fitted or looked at.
    pub why: String,
    /// Every date.
    pub rows: Vec<SeriesRow>,
    /// Root mean square error over the dates before the division.
    pub error_before: Option<f64>,
    /// The same over the scored dates.
    pub error: Option<f64>,
    /// Fewest histories at peace at a scored date.
    pub least_at_peace: u64,
    /// Scores; empty if there are too few dates on either side.
    pub scores: Vec<NaiveScore>,
}

/// All curves of a metric against one naive forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PooledScore {
    /// Metric.
    pub metric: String,
    /// Which forecast.
    pub naive: &'static str,
    /// Curves that are in it.
    pub states: Vec<String>,
    /// Skill, each curve relative to its own size.
    pub skill: Estimate,
}

/// One observed curve.
struct Curve<'a> {
    state: usize,
    code: &'a str,
    metric: &'a str,
    source: &'a str,
    points: Vec<(f64, f64)>,
}

pub(super) fn scores(
    histories: &Histories<'_>,
    seen: &[Seen],
    record: Option<&Record>,
    notes: &mut Vec<String>,
) -> (Vec<SeriesScore>, Vec<PooledScore>) {
    let mut curves: BTreeMap<(&str, &str), Curve<'_>> = BTreeMap::new();
    for one in seen {
        let Some(state) = histories.state(&one.state) else { continue };
        if histories.boundaries(one.date).is_none() {
            continue;
        }
        let curve = curves.entry((&one.metric, &one.state)).or_insert_with(|| Curve {
            state,
            code: &one.state,
            metric: &one.metric,
            source: &one.source,
            points: Vec::new(),
        });
        curve.points.push((one.date, one.value));
    }
    let mut scores = Vec::new();
    let mut pooled = Vec::new();
    let metrics: std::collections::BTreeSet<&str> = curves.keys().map(|(metric, _)| *metric).collect();
    for metric in metrics {
        if !["burden", "arms", "warheads", "spending_share"].contains(&metric) {
            notes.push(format!("{metric}: observed values of it are not scored"));
            continue;
        }
        let own: Vec<&Curve<'_>> = curves.values().filter(|curve| curve.metric == metric).collect();
        let split = split(&own, record);
        let richardson = richardson(&own, split);
        let (first, mut errors) = (scores.len(), Vec::new());
        for curve in own {
            let (score, error) = score(histories, curve, &curves, split, &richardson, record);
            scores.push(score);
            errors.push(error);
        }
        pooled.extend(pool(metric, &scores[first..], &errors));
    }
    (scores, pooled)
}

/// The division: the record's, or the middle of all dates.
fn split(curves: &[&Curve<'_>], record: Option<&Record>) -> f64 {
    let dates: std::collections::BTreeSet<u64> =
        curves.iter().flat_map(|curve| curve.points.iter().map(|point| (point.0 * 1e6) as u64)).collect();
    let dates: Vec<f64> = dates.into_iter().map(|date| date as f64 / 1e6).collect();
    let (first, last) = (dates.first().copied().unwrap_or(0.0), dates.last().copied().unwrap_or(0.0));
    let inside = |split: &f64| *split > first && *split < last;
    record.and_then(|record| record.split).filter(inside).unwrap_or_else(|| f64::midpoint(first, last).ceil())
}

/// Forecast of Richardson's equations by state and date.
type RichardsonForecast = BTreeMap<(usize, u64), f64>;

/// Key of a date among those of yearly figures.
fn year(date: f64) -> u64 {
    (date * 2.0).round() as u64
}

/// Richardson's equations fitted to the first part of all curves that have the same yearly dates, and continued.
fn richardson(curves: &[&Curve<'_>], split: f64) -> RichardsonForecast {
    let before = |curve: &Curve<'_>| -> Vec<u64> {
        curve.points.iter().filter(|point| point.0 < split).map(|point| year(point.0)).collect()
    };
    let longest = curves.iter().map(|curve| before(curve)).max_by_key(Vec::len).unwrap_or_default();
    let yearly = longest.windows(2).all(|two| two[1] - two[0] == 2);
    let group: Vec<&&Curve<'_>> = curves.iter().filter(|curve| before(curve) == longest).collect();
    let mut forecast = RichardsonForecast::new();
    let (true, true, Some(last)) = (yearly, group.len() >= 2, longest.last()) else { return forecast };
    let series: Vec<Vec<f64>> =
        group.iter().map(|curve| curve.points.iter().filter(|point| point.0 < split).map(|point| point.1).collect()).collect();
    let Some(fitted) = Richardson::fit(&series) else { return forecast };
    let from: Vec<f64> = series.iter().filter_map(|values| values.last().copied()).collect();
    let end = curves.iter().flat_map(|curve| curve.points.iter().map(|point| year(point.0))).max().unwrap_or(*last);
    let years = (end.saturating_sub(*last) / 2) as usize;
    for (step, row) in fitted.forecast(&from, years).into_iter().enumerate() {
        for (curve, value) in group.iter().zip(row) {
            forecast.insert((curve.state, last + 2 * (step as u64 + 1)), value);
        }
    }
    forecast
}

/// Simulated values at a date by history; NaN for those not at peace.
fn simulated(histories: &Histories<'_>, curve: &Curve<'_>, all: &BTreeMap<(&str, &str), Curve<'_>>, date: f64) -> Vec<f64> {
    match curve.metric {
        "arms" => histories.values(histories.arms, curve.state, date),
        "warheads" => histories.values(histories.warheads, curve.state, date),
        "burden" => histories.values(histories.burden, curve.state, date),
        _ => {
            // The share of what those states spend that have a value on this date.
            let there =
                |other: &&Curve<'_>| other.metric == curve.metric && other.points.iter().any(|point| year(point.0) == year(date));
            let states: Vec<usize> = all.values().filter(there).map(|other| other.state).collect();
            let spending = |state: usize| -> Vec<f64> {
                let output = (histories.output)(state, date);
                histories.values(histories.burden, state, date).into_iter().map(|burden| burden * output).collect()
            };
            let mut total = vec![0.0; histories.burden.histories()];
            for state in &states {
                total.iter_mut().zip(spending(*state)).for_each(|(sum, own)| *sum += own);
            }
            spending(curve.state).into_iter().zip(total).map(|(own, total)| own / total).collect()
        }
    }
}

fn score(
    histories: &Histories<'_>,
    curve: &Curve<'_>,
    all: &BTreeMap<(&str, &str), Curve<'_>>,
    split: f64,
    richardson: &RichardsonForecast,
    record: Option<&Record>,
) -> (SeriesScore, SquaredError) {
    let before: Vec<(f64, f64)> = curve.points.iter().copied().filter(|point| point.0 < split).collect();
    let enough = before.len() >= FEWEST_BEFORE;
    let mut by_history: Vec<(Vec<f64>, f64)> = Vec::new();
    let rows: Vec<SeriesRow> = curve
        .points
        .iter()
        .map(|&(date, observed)| {
            let everyone = simulated(histories, curve, all, date);
            let mut values: Vec<f64> = everyone.iter().copied().filter(|value| value.is_finite()).collect();
            let few = values.len() < LEAST_AT_PEACE;
            let estimate = if few { Estimate::none(values.len() as u64, "too few at peace") } else { mean(&values) };
            values.sort_unstable_by(f64::total_cmp);
            let range = (!few).then(|| (point_quantile(&values, 0.05), point_quantile(&values, 0.95)));
            let naive = if enough && date >= split {
                [
                    before.last().map(|point| point.1),
                    finite(linear_trend(&before, date)),
                    richardson.get(&(curve.state, year(date))).copied(),
                ]
            } else {
                [None; 3]
            };
            let scored = date >= split && estimate.estimate.is_some();
            if scored {
                by_history.push((everyone, observed));
            }
            SeriesRow { date, observed, simulated: estimate, range, naive, scored }
        })
        .collect();
    let error = |row: &SeriesRow| row.simulated.estimate.map(|value| value - row.observed);
    let errors_before: Vec<f64> = rows.iter().filter(|row| row.date < split).filter_map(error).collect();
    let scored: Vec<&SeriesRow> = rows.iter().filter(|row| row.scored).collect();
    let errors: Vec<f64> = scored.iter().filter_map(|row| error(row)).collect();
    let squared = SquaredError::of(&by_history);
    let scores = if enough && scored.len() >= FEWEST_AFTER { naive_scores(&scored, &squared) } else { Vec::new() };
    let note = record.and_then(|record| record.note(curve.code));
    // The author of the scenario did not have the user's file; years that were fitted to other data keep that standing.
    let standing = |of: fn(&crate::history::SeriesNote) -> Standing| note.map_or(Standing::Unknown, of);
    let score = SeriesScore {
        state: curve.code.to_string(),
        metric: curve.metric.to_string(),
        source: curve.source.to_string(),
        split,
        before: standing(|note| note.before),
        after: standing(|note| note.after),
        why: note.map_or(String::new(), |note| note.why.clone()),
        least_at_peace: scored.iter().map(|row| row.simulated.n).min().unwrap_or(0),
        error_before: finite(root_mean_square(&errors_before)),
        error: finite(root_mean_square(&errors)),
        rows,
        scores,
    };
    (score, squared)
}

/// The scored years against each naive forecast.
fn naive_scores(scored: &[&SeriesRow], squared: &SquaredError) -> Vec<NaiveScore> {
    let score = |(position, name): (usize, &&'static str)| {
        let naive: Option<Vec<f64>> = scored.iter().map(|row| row.naive[position].map(|value| value - row.observed)).collect();
        match naive.map(|naive| root_mean_square(&naive)) {
            Some(naive) => NaiveScore { naive: name, error: finite(naive), skill: squared.skill(naive * naive) },
            None => NaiveScore { naive: name, error: None, skill: super::unknown("no such forecast of these years") },
        }
    };
    NAIVE.iter().enumerate().map(score).collect()
}

/// All curves of a metric together, against each naive forecast that all of a group have.
fn pool(metric: &str, scores: &[SeriesScore], errors: &[SquaredError]) -> Vec<PooledScore> {
    let mut pooled = Vec::new();
    for (position, name) in NAIVE.iter().enumerate() {
        let mut states = Vec::new();
        let (mut own, mut naive) = (SquaredError::of(&[]), 0.0);
        for (score, error) in scores.iter().zip(errors) {
            let of_naive = score.scores.get(position).and_then(|score| score.error);
            let size = score.rows.iter().map(|row| row.observed).fold(0.0, |sum, x| sum + x) / score.rows.len() as f64;
            if let (Some(_), Some(of_naive)) = (score.error, of_naive)
                && size > 0.0
            {
                states.push(score.state.clone());
                own.add(error, 1.0 / (size * size));
                naive += (of_naive / size) * (of_naive / size);
            }
        }
        if states.len() >= 2 {
            pooled.push(PooledScore { metric: metric.to_string(), naive: name, states, skill: own.skill(naive) });
        }
    }
    pooled
}
