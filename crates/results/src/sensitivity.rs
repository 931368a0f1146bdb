//! Which factors of a study change its outcomes most: what `spiral sensitivity` reports.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use spiral_analysis::Sensitivity;
use spiral_analysis::sensitivity::{morris, sobol};
use spiral_analysis::table::Estimate;
use spiral_figures::Figure;
use spiral_scenario::{Design, Factor, StudyFile, StudySource, groups};
use spiral_study::{Column, Plan, StudyKind, Sweep, write_table};

use crate::options::Options;
use crate::responses::Responses;
use crate::sweep::{SweepResults, read, read_source};
use crate::written::{Results, ended};
use crate::{Error, files};

/// Format of `sensitivity.json`.
const FORMAT: u32 = 1;

/// The points of a design, and the sensitivity indices of its factors.
#[derive(Debug, Clone)]
pub struct SensitivityResults {
    /// What each point gives.
    pub sweep: SweepResults,
    /// The indices, by outcome.
    pub indices: Vec<Sensitivity>,
}

/// `sensitivity.json`.
#[derive(Debug, Clone, Serialize)]
pub struct SensitivitySummary<'a> {
    format: u32,
    title: &'a str,
    seed: u64,
    design: &'static str,
    points: usize,
    outcomes: &'a [Sensitivity],
}

/// Simulates the study of a file, whose design is `morris` or `saltelli`, and estimates the sensitivity indices of its factors.
///
/// # Errors
/// A file that is no study or has another design, a directory that holds something else, an interruption.
pub fn sensitivity(file: &str, options: &Options<'_>) -> Result<SensitivityResults, Error> {
    estimated(read(file, options)?, options)
}

/// As [`sensitivity`], of a study whose texts are given.
///
/// # Errors
/// As [`sensitivity`].
pub fn sensitivity_source(source: &StudySource, options: &Options<'_>) -> Result<SensitivityResults, Error> {
    estimated(read_source(source, options)?, options)
}

fn estimated((study, mut plan): (StudyFile, Plan), options: &Options<'_>) -> Result<SensitivityResults, Error> {
    if !matches!(study.design, Design::Morris { .. } | Design::Saltelli { .. }) {
        let file = &study.source.file;
        return Err(Error::Request(format!(
            "sensitivity needs a design of kind morris or saltelli, and {file} has one of kind {}; spiral sweep runs it",
            study.design.kind()
        )));
    }
    plan.kind = StudyKind::Sensitivity;
    let study = options.simulate(&plan)?;
    options.progress.stage("summarising");
    ended(SensitivityResults::new(SweepResults::new(plan, study)?)?, options)
}

impl SensitivityResults {
    /// The indices of a sweep.
    pub(crate) fn new(results: SweepResults) -> Result<Self, Error> {
        let Some(sweep) = &results.plan.sweep else { return Err(Error::request("this study has no design")) };
        let indices = indices(sweep, results.plan.seed, &results.responses);
        Ok(Self { sweep: results, indices })
    }

    /// The results as `sensitivity.json` has them.
    #[must_use]
    pub fn summary(&self) -> SensitivitySummary<'_> {
        let plan = &self.sweep.plan;
        SensitivitySummary {
            format: FORMAT,
            title: &plan.title,
            seed: plan.seed,
            design: plan.sweep.as_ref().map_or("", |sweep| sweep.design.kind()),
            points: plan.points.len(),
            outcomes: &self.indices,
        }
    }
}

impl Results for SensitivityResults {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        let mut figures = self.sweep.figures()?;
        let each = self.indices.iter().zip(&self.sweep.responses.outcomes);
        let title = &self.sweep.plan.title;
        figures.extend(each.map(|(found, outcome)| spiral_figures::sensitivity(found, &outcome.label, &outcome.unit, title)));
        Ok(figures)
    }

    fn write(&self, directory: &Path, csv: bool) -> Result<(), Error> {
        self.sweep.write(directory, csv)?;
        files::write_json(directory, files::SENSITIVITY, &self.summary())?;
        let factors = self.sweep.plan.sweep.as_ref().map_or(&[][..], |sweep| &sweep.factors);
        files::write(directory, "problem.txt", problem(factors).as_bytes())?;
        write_indices(&self.indices, directory, csv)
    }
}

/// The indices of every outcome.
fn indices(sweep: &Sweep, seed: u64, responses: &Responses) -> Vec<Sensitivity> {
    let groups = groups(&sweep.factors);
    let names: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
    // All factors of a group step at once: the place of the first tells which group it was.
    let first = |place: &Vec<f64>| groups.iter().map(|(_, members)| place[members[0]]).collect::<Vec<f64>>();
    let places: Vec<Vec<f64>> = sweep.points.places.iter().map(first).collect();
    let indices = responses.outcomes.iter().enumerate().map(|(position, outcome)| {
        let points: Vec<Estimate> = responses.estimates.iter().map(|estimates| estimates[position].clone()).collect();
        let outputs: Vec<f64> = points.iter().map(|point| point.estimate.unwrap_or(f64::NAN)).collect();
        let found = match sweep.design {
            Design::Morris { .. } => morris(&outcome.name, &outputs, &places, &names, seed),
            _ => sobol(&outcome.name, &outputs, &names, seed),
        };
        let mut found = found.with_noise(&points);
        if matches!(sweep.design, Design::Morris { .. }) {
            // Factors of a group go their own ways: the sign of what they do together has no meaning.
            for (factor, _) in found.factors.iter_mut().zip(&groups).filter(|(_, (_, members))| members.len() > 1) {
                (factor.mu, factor.sigma) = (None, None);
            }
        }
        found
    });
    indices.collect()
}

/// Names, bounds and distributions as SALib's `read_param_file` takes them: name, lower, upper, group, distribution.
fn problem(factors: &[Factor]) -> String {
    let mut text = String::new();
    for factor in factors {
        let (low, high) = factor.values.bounds();
        let log = factor.values.is_logarithmic();
        let distribution = if log { "logunif" } else { "unif" };
        // Writing to a String cannot fail.
        let name = factor.name.replace(',', ";");
        let group = factor.group.as_ref().map_or_else(|| name.clone(), |group| group.replace(',', ";"));
        let _ = writeln!(text, "{name},{low},{high},{group},{distribution}");
    }
    text
}

fn write_indices(found: &[Sensitivity], directory: &Path, csv: bool) -> Result<(), Error> {
    Ok(write_table(directory, "sensitivity", &index_columns(found), csv)?)
}

/// The columns of the table `sensitivity`.
pub(crate) fn index_columns(found: &[Sensitivity]) -> Vec<(&'static str, Column)> {
    let rows = || {
        let factors = found.iter().flat_map(|outcome| outcome.factors.iter().map(move |factor| (&outcome.outcome, factor)));
        factors.flat_map(|(outcome, factor)| {
            factor.measures().map(move |(name, estimate)| (outcome, &factor.factor, name, estimate))
        })
    };
    let mut columns = vec![
        ("outcome", Column::text(rows().map(|row| row.0))),
        ("factor", Column::text(rows().map(|row| row.1))),
        ("measure", Column::text(rows().map(|row| row.2))),
    ];
    columns.extend(Column::estimates(rows().map(|row| row.3), "rows"));
    columns
}
