//! A designed study, and what each of its points gives: what `spiral sweep` reports.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use spiral_analysis::measures::MEASURES;
use spiral_analysis::table::Estimate;
use spiral_analysis::uncertainty::{VarianceParts, uncertain_contrast, uncertain_estimate, variance_parts};
use spiral_analysis::{
    Contrast, Measure, Outcomes, PointEstimates, ScenarioOutcomes, contrast, measure_estimates, tallied_histories, tally_estimate,
};
use spiral_figures::Figure;
use spiral_model::Outcome;
use spiral_scenario::{Design, StudyFile, StudySource};
use spiral_study::{Column, Plan, Study, write_table};

use crate::options::Options;
use crate::responses::{OutcomeName, Responses, changes, values};
use crate::written::{Results, ended};
use crate::{Error, files, sweep_figures};

/// Format of `summary.json`.
const FORMAT: u32 = 1;

/// Histories of a point that are kept in memory while they are estimated. Of a point with more, they are read from the table, several
/// times.
const MOST_IN_MEMORY: u32 = 200_000;

/// The estimates of every point of a design.
#[derive(Debug, Clone)]
pub struct SweepResults {
    /// What was simulated.
    pub plan: Plan,
    /// The tables: outcomes, curves and events of every history.
    pub study: Study,
    /// What each point gives.
    pub responses: Responses,
}

/// `summary.json` of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct SweepSummary {
    format: u32,
    title: String,
    seed: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    uncertain: bool,
    factors: Vec<FactorName>,
    outcomes: Vec<OutcomeName>,
    points: Vec<PointSummary>,
}

/// A factor with its unit.
#[derive(Debug, Clone, Serialize)]
struct FactorName {
    name: String,
    unit: &'static str,
}

/// One point of a sweep.
#[derive(Debug, Clone, Serialize)]
struct PointSummary {
    point: usize,
    changes: String,
    values: BTreeMap<String, f64>,
    histories: u64,
    failures: u64,
    outcomes: BTreeMap<String, Estimate>,
    /// What makes the variance of each outcome, where judgements are drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variance: Vec<VarianceParts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against_point_0: Option<Vec<Measure>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variance_reductions: Option<Vec<Measure>>,
}

/// Simulates the study of a file, and estimates the outcomes of every point.
///
/// # Errors
/// A file that is no study, a directory that holds something else, an interruption.
pub fn sweep(file: &str, options: &Options<'_>) -> Result<SweepResults, Error> {
    let (_, plan) = read(file, options)?;
    let study = options.simulate(&plan)?;
    options.progress.stage("summarising");
    ended(SweepResults::new(plan, study)?, options)
}

/// As [`sweep`], of a study whose texts are given.
///
/// # Errors
/// As [`sweep`].
pub fn sweep_source(source: &StudySource, options: &Options<'_>) -> Result<SweepResults, Error> {
    let (_, plan) = read_source(source, options)?;
    let study = options.simulate(&plan)?;
    options.progress.stage("summarising");
    ended(SweepResults::new(plan, study)?, options)
}

/// Reads a study file and makes its plan.
pub(crate) fn read(path: &str, options: &Options<'_>) -> Result<(StudyFile, Plan), Error> {
    let tables = &spiral_study::table_as_csv;
    planned(StudyFile::load_with_tables(path, &measures(), options.histories, options.seed, tables)?, options)
}

/// Reads the texts of a study and makes its plan.
pub(crate) fn read_source(source: &StudySource, options: &Options<'_>) -> Result<(StudyFile, Plan), Error> {
    let source =
        StudySource { histories: options.histories.or(source.histories), seed: options.seed.or(source.seed), ..source.clone() };
    planned(StudyFile::again(&source, &measures())?, options)
}

/// Names of the measures that a study may report.
fn measures() -> Vec<&'static str> {
    MEASURES.iter().map(|measure| measure.name).collect()
}

fn planned(file: StudyFile, options: &Options<'_>) -> Result<(StudyFile, Plan), Error> {
    let plan = Plan {
        uncertain: options.uncertain,
        panel: options.panel,
        rows: options.rows,
        ..spiral_study::Sweep::plan(&file, options.csv)?
    };
    Ok((file, plan))
}

impl SweepResults {
    /// Estimates of every point, one point in memory at a time.
    pub(crate) fn new(plan: Plan, study: Study) -> Result<Self, Error> {
        let Some(sweep) = &plan.sweep else { return Err(Error::request("this study has no design")) };
        let known = |name: &String| {
            let known = MEASURES.iter().find(|measure| measure.name == name)?;
            Some(OutcomeName { name: name.clone(), label: known.label.to_string(), unit: known.unit.to_string() })
        };
        let outcomes: Vec<OutcomeName> = sweep.outcomes.iter().filter_map(known).collect();
        let (estimates, variance, histories) = Default::default();
        let mut found = Responses { outcomes, estimates, variance, histories, effects: Vec::new() };
        if !plan.rows.is_all() {
            study.for_each_tally(|point, rows| {
                let years = years_of(&plan, point);
                let of = |outcome: &OutcomeName| tally_estimate(&outcome.name, rows, years);
                found.estimates.push(found.outcomes.iter().filter_map(of).collect());
                found.histories.push(tallied_histories(rows));
            })?;
        } else if plan.histories > MOST_IN_MEMORY {
            for point in 0..plan.points.len() as u32 {
                found.add(&plan, point, &study.point(point), &study.point(0))?;
            }
        } else {
            let mut first: Vec<Outcome> = Vec::new();
            study.for_each_point(|point, histories| {
                if point == 0 {
                    first = histories.to_vec();
                }
                let Ok(()) = found.add(&plan, point, histories, first.as_slice());
            })?;
        }
        Ok(Self { plan, study, responses: found })
    }

    /// The results as `summary.json` has them.
    #[must_use]
    pub fn summary(&self) -> SweepSummary {
        let Self { plan, responses, .. } = self;
        let point = |point: usize| {
            let (histories, failures) = responses.histories[point];
            let outcomes = responses.outcomes.iter().zip(&responses.estimates[point]);
            let effects = point.checked_sub(1).and_then(|at| responses.effects.get(at));
            PointSummary {
                point,
                changes: changes(plan, point).join(", "),
                values: values(plan, point).map(|(name, value)| (name.to_string(), value)).collect(),
                histories,
                failures,
                outcomes: outcomes.map(|(outcome, estimate)| (outcome.name.clone(), estimate.clone())).collect(),
                variance: responses.variance.get(point).cloned().unwrap_or_default(),
                against_point_0: effects.map(|effects| effects.measures.clone()),
                variance_reductions: effects.map(|effects| effects.variance_reductions.clone()),
            }
        };
        let factors = plan.sweep.iter().flat_map(|sweep| &sweep.factors);
        SweepSummary {
            format: FORMAT,
            title: plan.title.clone(),
            seed: plan.seed,
            uncertain: plan.uncertain,
            factors: factors.map(|factor| FactorName { name: factor.name.clone(), unit: factor.unit }).collect(),
            outcomes: responses.outcomes.clone(),
            points: (0..plan.points.len()).map(point).collect(),
        }
    }
}

impl Results for SweepResults {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        sweep_figures::figures(&self.plan, &self.study, &self.responses)
    }

    fn write(&self, directory: &Path, csv: bool) -> Result<(), Error> {
        write_tables(&self.responses, directory, csv)?;
        files::write_json(directory, files::SUMMARY, &self.summary())
    }
}

impl Responses {
    /// Adds the next point, whose histories are these; `first` are those of point 0.
    fn add<S: Outcomes + ?Sized>(&mut self, plan: &Plan, point: u32, outcomes: &S, first: &S) -> Result<(), S::Error> {
        let years = years_of(plan, point);
        let names = self.outcomes.iter().map(|outcome| outcome.name.as_str());
        let PointEstimates { histories, failures, mut estimates } = measure_estimates(names, outcomes, years)?;
        if plan.uncertain {
            let parts = parts(plan, &self.outcomes, point, outcomes)?;
            estimates = estimates.into_iter().zip(&parts).map(|(found, parts)| uncertain_estimate(found, parts, years)).collect();
            self.variance.push(parts);
        }
        self.estimates.push(estimates);
        self.histories.push((histories, failures));
        let list = plan.sweep.as_ref().is_some_and(|sweep| matches!(sweep.design, Design::List(_)));
        if list && point > 0 {
            let mut contrast = effects(plan, &self.outcomes, first, point, outcomes)?;
            if plan.uncertain {
                uncertain_contrast(&mut contrast);
            }
            self.effects.push(contrast);
        }
        Ok(())
    }
}

/// First and last date of a point.
fn years_of(plan: &Plan, point: u32) -> (f64, f64) {
    let horizon = &plan.points[point as usize].setup.horizon;
    (horizon.start, horizon.end)
}

/// Gives the histories of a point, as an estimator takes them, to `take`.
fn as_scenario<S: ?Sized, T>(plan: &Plan, point: u32, outcomes: &S, take: impl FnOnce(ScenarioOutcomes<'_, S>) -> T) -> T {
    let setup = &plan.points[point as usize].setup;
    let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
    let great_powers: Vec<bool> = setup.states.iter().map(|state| state.great_power).collect();
    take(ScenarioOutcomes {
        scenario: &plan.points[0].scenario,
        point,
        years: years_of(plan, point),
        state_codes: &codes,
        great_powers: &great_powers,
        outcomes,
    })
}

/// What makes the variance of each outcome of a point, judgement or chance.
fn parts<S: Outcomes + ?Sized>(
    plan: &Plan,
    outcomes: &[OutcomeName],
    point: u32,
    histories: &S,
) -> Result<Vec<VarianceParts>, S::Error> {
    let all = as_scenario(plan, point, histories, |source| variance_parts(plan.seed, &source))?;
    Ok(outcomes.iter().filter_map(|outcome| all.iter().find(|parts| parts.name == outcome.name).cloned()).collect())
}

/// Differences of a point from point 0, history by history.
fn effects<S: Outcomes + ?Sized>(
    plan: &Plan,
    outcomes: &[OutcomeName],
    first: &S,
    point: u32,
    histories: &S,
) -> Result<Contrast, S::Error> {
    let found = as_scenario(plan, point, histories, |source| {
        contrast(plan.seed, &ScenarioOutcomes { point: 0, outcomes: first, ..source }, &source)
    })?;
    let asked = |measures: &[Measure]| {
        outcomes.iter().filter_map(|outcome| measures.iter().find(|measure| measure.name == outcome.name).cloned()).collect()
    };
    let (measures, variance_reductions) = (asked(&found.measures), asked(&found.variance_reductions));
    Ok(Contrast { measures, variance_reductions, ..found })
}

/// Writes `responses` and, of a list of points, `effects`.
fn write_tables(responses: &Responses, directory: &Path, csv: bool) -> Result<(), Error> {
    write_table(directory, "responses", &response_columns(responses), csv)?;
    if !responses.effects.is_empty() {
        write_table(directory, "effects", &effect_columns(responses), csv)?;
    }
    Ok(())
}

/// The columns of the table `responses`.
pub(crate) fn response_columns(responses: &Responses) -> Vec<(&'static str, Column)> {
    let rows = || {
        let each = responses.estimates.iter().enumerate();
        each.flat_map(|(point, estimates)| responses.outcomes.iter().zip(estimates).map(move |(outcome, e)| (point, outcome, e)))
    };
    let mut columns = vec![
        ("point", Column::count(rows().map(|(point, ..)| point))),
        ("outcome", Column::text(rows().map(|(_, outcome, _)| &outcome.name))),
        ("unit", Column::text(rows().map(|(_, outcome, _)| &outcome.unit))),
    ];
    columns.extend(Column::estimates(rows().map(|(.., estimate)| estimate), "n"));
    columns
}

/// The columns of the table `effects`.
pub(crate) fn effect_columns(responses: &Responses) -> Vec<(&'static str, Column)> {
    let rows = || {
        let each = responses.effects.iter().enumerate();
        each.flat_map(|(at, contrast)| contrast.measures.iter().map(move |measure| (at + 1, measure)))
    };
    let reduction = |point: usize, name: &str| {
        let all = &responses.effects[point - 1].variance_reductions;
        all.iter().find(|measure| measure.name == name).and_then(|measure| measure.estimate.estimate)
    };
    vec![
        ("point", Column::count(rows().map(|(point, _)| point))),
        ("against", Column::count(rows().map(|_| 0))),
        ("outcome", Column::text(rows().map(|(_, e)| &e.name))),
        ("unit", Column::text(rows().map(|(_, e)| &e.unit))),
        ("difference", Column::number(rows().map(|(_, e)| e.estimate.estimate))),
        ("lower", Column::number(rows().map(|(_, e)| e.estimate.lower))),
        ("upper", Column::number(rows().map(|(_, e)| e.estimate.upper))),
        ("method", Column::text(rows().map(|(_, e)| &e.estimate.method))),
        ("variance_reduction", Column::number(rows().map(|(point, e)| reduction(point, &e.name)))),
    ]
}
