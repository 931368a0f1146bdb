//! From samples to what a page shows: estimates with their texts, curves, and the histories behind them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use spiral_analysis::table::CurveRow;
use spiral_analysis::{Measure, ScenarioOutcomes, SurvivalPoint, format_difference, format_estimate, summarise};
use spiral_ensemble::Ensemble;
use spiral_model::Outcome;
use spiral_scenario::Scenario;

use crate::command::{command, python, r};
use crate::world::Run;

/// An estimate, as a number and as text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedEstimate {
    /// Name, what it is, unit, number, interval, sample and method.
    #[serde(flatten)]
    pub measure: Measure,
    /// As the command line prints it, with as many digits as the interval supports.
    pub text: String,
}

/// Quantiles of one metric over the histories without a war so far, by date; none where no history is left.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Metric {
    /// Histories at each date.
    pub at_risk: Vec<u64>,
    /// 5 % quantile.
    pub q05: Vec<Option<f32>>,
    /// 25 % quantile.
    pub q25: Vec<Option<f32>>,
    /// Median.
    pub q50: Vec<Option<f32>>,
    /// 75 % quantile.
    pub q75: Vec<Option<f32>>,
    /// 95 % quantile.
    pub q95: Vec<Option<f32>>,
    /// Mean.
    pub mean: Vec<Option<f32>>,
}

/// Curves of a world.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CurveSet {
    /// Dates of the values.
    pub dates: Vec<f64>,
    /// By code of the state, `*` for the whole system, then by metric.
    pub states: BTreeMap<String, BTreeMap<String, Metric>>,
}

/// One history in a row, as a page lists it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryRow {
    /// Number of the history.
    pub history: u32,
    /// Date of the first war.
    pub war: Option<f64>,
    /// Date of the general war.
    pub general_war: Option<f64>,
    /// Why the first war began.
    pub motive: Option<&'static str>,
    /// Code of the state that struck first.
    pub initiator: Option<String>,
    /// Code of the state that was struck first.
    pub target: Option<String>,
    /// Great powers at war on day 30 of the first war.
    pub great_powers: Option<u8>,
    /// Days from the crisis to the first strike.
    pub days: Option<f64>,
    /// Crises.
    pub crises: u32,
}

/// A world over its histories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorldAnswer {
    /// Name, with the changes.
    pub name: String,
    /// Histories that failed numerically; they are in no estimate.
    pub failures: u64,
    /// Estimates.
    pub measures: Vec<NamedEstimate>,
    /// Share of first wars by motive.
    pub motives: Vec<NamedEstimate>,
    /// Share of first wars by who struck whom, at most ten.
    pub first_pairs: Vec<NamedEstimate>,
    /// Survival without a war.
    pub war_free: Vec<SurvivalPoint>,
    /// Survival without a general war.
    pub general_war_free: Vec<SurvivalPoint>,
    /// Histories by the number of great powers at war on day 30 of the first war; position is the number.
    pub great_powers_30d: Vec<u64>,
    /// Days from the crisis to the entry of the third great power, sorted.
    pub days_to_general_war: Vec<f64>,
    /// Curves.
    pub curves: CurveSet,
    /// The histories themselves; only in the last answer.
    pub rows: Vec<HistoryRow>,
    /// Fingerprint of the outcomes of the first histories: another version of the program that simulates otherwise has another one.
    pub fingerprint: String,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Histories so far.
    pub histories: u32,
    /// Histories asked for.
    pub of: u32,
    /// The worlds: one, or the pinned one and the moved one.
    pub worlds: Vec<WorldAnswer>,
    /// The second world less the first, each difference with its interval; empty with one world.
    pub contrast: Vec<NamedEstimate>,
    /// The command that gives the same numbers when all histories are there.
    pub command: String,
    /// The call of the Python package that does.
    pub python: String,
    /// The call of R that does.
    pub r: String,
}

/// Points of a survival curve that are sent.
const MOST_POINTS: usize = 240;
/// Histories whose outcomes make the fingerprint.
const FINGERPRINTED: usize = 16;

pub(crate) fn answer(run: &Run, histories: u32, worlds: &[(&Scenario, &Ensemble)]) -> Answer {
    let codes: Vec<Vec<String>> =
        worlds.iter().map(|(world, _)| world.setup.states.iter().map(|state| state.code.clone()).collect()).collect();
    let great_powers: Vec<Vec<bool>> =
        worlds.iter().map(|(world, _)| world.setup.states.iter().map(|state| state.great_power).collect()).collect();
    let scenarios: Vec<ScenarioOutcomes<'_>> = (0..)
        .zip(worlds)
        .map(|(point, (world, sample))| ScenarioOutcomes {
            scenario: &world.name,
            point,
            years: (world.setup.horizon.start, world.setup.horizon.end),
            state_codes: &codes[point as usize],
            great_powers: &great_powers[point as usize],
            outcomes: &sample.outcomes[..],
        })
        .collect();
    // The estimates and the curves take about as long as each other, and a reader waits for both.
    let (Ok(summary), curves) = rayon::join(
        || summarise(run.seed, u64::from(histories), &scenarios),
        || worlds.par_iter().map(|(world, sample)| curves(&sample.curves.rows(&world.setup, "", 0))).collect::<Vec<_>>(),
    );
    let last = histories == run.histories;
    let answers = worlds.iter().zip(summary.scenarios).zip(curves).map(|(((world, sample), found), curves)| {
        let row = |outcome: &Outcome| history_row(world, outcome);
        WorldAnswer {
            name: found.scenario,
            failures: found.failures,
            measures: named(found.measures, format_estimate),
            motives: named(found.motives, format_estimate),
            first_pairs: named(found.first_pairs, format_estimate),
            war_free: thinned(found.war_free),
            general_war_free: thinned(found.general_war_free),
            great_powers_30d: found.great_powers_30d,
            days_to_general_war: found.days_crisis_to_general_war,
            curves,
            rows: if last { sample.outcomes.iter().map(row).collect() } else { Vec::new() },
            fingerprint: fingerprint(&sample.outcomes),
        }
    });
    let contrast =
        summary.contrasts.into_iter().next().map_or_else(Vec::new, |contrast| named(contrast.measures, format_difference));
    Answer {
        histories,
        of: run.histories,
        worlds: answers.collect(),
        contrast,
        command: command(run),
        python: python(run),
        r: r(run),
    }
}

fn named(measures: Vec<Measure>, format: fn(&Measure) -> String) -> Vec<NamedEstimate> {
    measures.into_iter().map(|measure| NamedEstimate { text: format(&measure), measure }).collect()
}

/// Evenly chosen points of a curve, always with the last.
fn thinned(points: Vec<SurvivalPoint>) -> Vec<SurvivalPoint> {
    if points.len() <= MOST_POINTS {
        return points;
    }
    let last = points.len() - 1;
    (0..MOST_POINTS).map(|kept| points[kept * last / (MOST_POINTS - 1)]).collect()
}

fn curves(rows: &[CurveRow]) -> CurveSet {
    let mut dates: Vec<f64> = rows.iter().map(|row| row.date).collect();
    dates.dedup();
    let mut set = CurveSet { states: BTreeMap::new(), dates };
    for row in rows {
        let states = set.states.entry(row.state.clone()).or_default();
        let metric = states.entry(row.metric.clone()).or_default();
        // Rows come by date; where no history is at risk there is none.
        let position = set.dates.partition_point(|date| *date < row.date);
        let value = |number: f64| number.is_finite().then_some(number as f32);
        metric.at_risk.resize(position, 0);
        metric.at_risk.push(row.at_risk);
        for (kept, number) in [
            (&mut metric.q05, row.q05),
            (&mut metric.q25, row.q25),
            (&mut metric.q50, row.q50),
            (&mut metric.q75, row.q75),
            (&mut metric.q95, row.q95),
            (&mut metric.mean, row.mean),
        ] {
            kept.resize(position, None);
            kept.push(value(number));
        }
    }
    set
}

fn history_row(world: &Scenario, outcome: &Outcome) -> HistoryRow {
    let war = outcome.first_war_date.is_some();
    let code = |position: u32| world.setup.states.get(position as usize).map(|state| state.code.clone());
    HistoryRow {
        history: outcome.history,
        war: outcome.first_war_date,
        general_war: outcome.general_war_date,
        motive: outcome.motive.map(spiral_model::Motive::name),
        initiator: code(outcome.initiator),
        target: code(outcome.target),
        great_powers: war.then_some(outcome.great_powers_30d),
        days: outcome.days_crisis_to_war,
        crises: outcome.crises,
    }
}

/// Sixteen hexadecimal digits of the hash of the first outcomes.
fn fingerprint(outcomes: &[Outcome]) -> String {
    let mut hasher = blake3::Hasher::new();
    for outcome in outcomes.iter().take(FINGERPRINTED) {
        // An outcome is made of numbers and names, all of which have a JSON form.
        hasher.update(&serde_json::to_vec(outcome).unwrap_or_default());
    }
    hasher.finalize().to_hex()[..16].to_string()
}
