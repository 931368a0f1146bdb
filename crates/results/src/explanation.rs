//! Which differences between two scenarios explain the difference of their outcomes: what `spiral explain` reports.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use spiral_analysis::attribution::{GroupMeaning, StatePair, attribute};
use spiral_analysis::{Attribution, Estimate, Explanation, Measure, Worth};
use spiral_figures::Figure;
use spiral_model::Ended;
use spiral_scenario::Group;
use spiral_study::{AttributionPlan, AttributionSource, Column, Plan, Study, write_table};

use crate::options::Options;
use crate::responses::OutcomeName;
use crate::worlds::{World, note_years, worlds};
use crate::written::{Results, ended};
use crate::{Error, files};

/// Format of `explain.json` and of the `summary.json` in the same directory.
const FORMAT: u32 = 1;
/// Histories of each world unless [`Options::histories`] says how many.
pub const EXPLAIN_HISTORIES: u32 = 250;
/// Outcomes unless some are named.
pub const EXPLAIN_OUTCOMES: [&str; 4] = ["general_war", "preemption", "peak_burden", "days_crisis_to_general_war"];

/// What is said of the method where judgements are drawn.
const UNCERTAIN: &str = " Every two histories draw the judgements of both scenarios from their ranges, alike in every world; intervals are \
                         over draws.";

/// What is explained, and with which states in the same role.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Names of the outcomes; if empty, those of [`EXPLAIN_OUTCOMES`].
    pub outcomes: Vec<String>,
    /// States in the same role: code in the first scenario, code in the second. Others are paired by code, or by rank of output.
    pub counterparts: Vec<(String, String)>,
}

/// The shares of the groups of differences, and the estimates of every world between the two scenarios.
#[derive(Debug, Clone)]
pub struct ExplanationResults {
    /// The shares: `explain.json`.
    pub explanation: Explanation,
    /// The tables: outcomes of every history of every world.
    pub study: Study,
    /// What is known only while the results are computed; `None` if they were read from files.
    computed: Option<Computed>,
}

#[derive(Debug, Clone)]
struct Computed {
    worlds: WorldsSummary,
    /// The point of each combination of groups.
    point_of: Vec<u32>,
}

/// `summary.json`: every world with its estimates.
#[derive(Debug, Clone, Serialize)]
struct WorldsSummary {
    format: u32,
    title: String,
    seed: u64,
    outcomes: Vec<OutcomeName>,
    points: Vec<WorldEstimates>,
}

/// The estimates of one world.
#[derive(Debug, Clone, Serialize)]
struct WorldEstimates {
    point: u32,
    scenario: String,
    /// Groups that it takes from the second scenario.
    groups: Vec<&'static str>,
    histories: usize,
    failures: u64,
    outcomes: BTreeMap<String, Estimate>,
}

/// Divides the difference of outcomes between two scenarios among the groups in which they differ: technology, beliefs, geography,
/// alliances, economy, types, institutions. Every combination of groups is simulated.
///
/// # Errors
/// Scenarios that cannot be used, or between which there is no world; a directory that holds something else; an interruption.
pub fn explain(a: &str, b: &str, question: &Question, options: &Options<'_>) -> Result<ExplanationResults, Error> {
    explain_worlds(one(a, options)?, one(b, options)?, question, options)
}

/// As [`explain`], of two worlds that may each be changed in its own way; [`Options::changes`] is without effect.
///
/// # Errors
/// As [`explain`].
pub fn explain_worlds(a: World, b: World, question: &Question, options: &Options<'_>) -> Result<ExplanationResults, Error> {
    if a.scenario.name == b.scenario.name {
        let name = &a.scenario.name;
        return Err(Error::Request(format!("{name} is named twice; explain needs two different scenarios")));
    }
    note_years([&a, &b], options.progress);
    let mut outcomes: Vec<String> = question.outcomes.clone();
    if outcomes.is_empty() {
        outcomes = EXPLAIN_OUTCOMES.map(str::to_string).to_vec();
    }
    if let Some(twice) = outcomes.iter().enumerate().find(|(position, name)| outcomes[..*position].contains(name)) {
        return Err(Error::Request(format!("--outcome {} is given twice", twice.1)));
    }
    let source = AttributionSource { a: a.request, b: b.request, outcomes, counterparts: question.counterparts.clone() };
    let plan = AttributionPlan::plan(source, options.histories.unwrap_or(EXPLAIN_HISTORIES), options.seed(), options.csv)?;
    let plan = Plan { uncertain: options.uncertain, ..plan };
    let study = options.simulate(&plan)?;
    options.progress.stage("explaining");
    ended(ExplanationResults::new(&plan, study)?, options)
}

/// The one scenario of a name.
fn one(name: &str, options: &Options<'_>) -> Result<World, Error> {
    let mut found = worlds(name, &options.changes)?;
    match (found.len(), found.pop()) {
        (1, Some(world)) => Ok(world),
        (_, last) => {
            let like = last.map_or_else(String::new, |world| format!(", such as {}", world.request.scenario));
            Err(Error::Request(format!(
                "{name} contains several scenarios; explain compares two single scenarios: name a member{like}"
            )))
        }
    }
}

impl ExplanationResults {
    /// Divides every outcome.
    pub(crate) fn new(plan: &Plan, study: Study) -> Result<Self, Error> {
        let (explanation, computed) = divide(plan, &study)?;
        Ok(Self { explanation, study, computed: Some(computed) })
    }

    /// Reads the results from the directory of a finished study.
    pub(crate) fn stored(study: Study, directory: &Path) -> Result<Self, Error> {
        Ok(Self { explanation: files::json(&directory.join(files::EXPLANATION))?, study, computed: None })
    }
}

impl Results for ExplanationResults {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        Ok(spiral_figures::attribution(&self.explanation))
    }

    fn write(&self, directory: &Path, csv: bool) -> Result<(), Error> {
        let Some(computed) = &self.computed else { return Ok(()) };
        files::write_json(directory, files::EXPLANATION, &self.explanation)?;
        files::write_json(directory, files::SUMMARY, &computed.worlds)?;
        write_shares(&self.explanation, directory, csv)?;
        coalitions(&computed.point_of, directory, csv)
    }
}

/// Divides every outcome. Only one world is in memory at a time, except for the outcomes that are divided.
fn divide(plan: &Plan, study: &Study) -> Result<(Explanation, Computed), Error> {
    let Some(attribution) = &plan.attribution else {
        return Err(Error::request("this study does not explain the difference between two scenarios"));
    };
    let source = &attribution.source;
    let years = |coalition: Option<&u32>| {
        let point = coalition.and_then(|point| plan.points.get(*point as usize));
        point.map_or(f64::INFINITY, |point| point.setup.horizon.end - point.setup.horizon.start)
    };
    // As in a comparison, years without a war are counted over the years that both worlds have; everything else over the years of each
    // world.
    let length = years(attribution.point_of.first()).min(years(attribution.point_of.last()));
    let mut worths: Vec<Vec<Worth>> = source.outcomes.iter().map(|_| Vec::with_capacity(plan.points.len())).collect();
    let mut points = Vec::new();
    let mut failures = 0;
    study.for_each_point(|point, histories| {
        let setup = &plan.points[point as usize].setup;
        let mut outcomes = BTreeMap::new();
        for (name, worths) in source.outcomes.iter().zip(&mut worths) {
            if let Some(worth) = Worth::of(name, histories, (setup.horizon.start, length), plan.histories) {
                let worth = if plan.uncertain { worth.by_draws() } else { worth };
                outcomes.insert(name.clone(), worth.estimate.clone());
                worths.push(worth);
            }
        }
        let failed = histories.iter().filter(|history| history.ended == Ended::Failure).count() as u64;
        failures += failed;
        let coalition = attribution.coalition_of[point as usize];
        points.push(WorldEstimates {
            point,
            scenario: plan.points[point as usize].scenario.clone(),
            groups: taken(coalition),
            histories: histories.len(),
            failures: failed,
            outcomes,
        });
    })?;
    let groups: Vec<String> = Group::ALL.map(|group| group.name().to_string()).to_vec();
    if let Some((name, _)) = source.outcomes.iter().zip(&worths).find(|(_, worths)| worths.len() < plan.points.len()) {
        return Err(Error::Request(format!("there is no outcome `{name}`")));
    }
    let outcomes = source.outcomes.iter().zip(&worths);
    let outcomes: Vec<Attribution> =
        outcomes.map(|(name, worths)| attribute(name, &groups, &attribution.point_of, worths, plan.seed)).collect();
    let name = |coalition: Option<&u32>| {
        coalition.and_then(|point| plan.points.get(*point as usize)).map_or_else(String::new, |point| point.scenario.clone())
    };
    let (combinations, worlds) = (attribution.point_of.len(), plan.points.len());
    let explanation = Explanation {
        format: FORMAT,
        a: name(attribution.point_of.first()),
        b: name(attribution.point_of.last()),
        seed: plan.seed,
        histories: u64::from(plan.histories),
        worlds: worlds as u64,
        uncertain: plan.uncertain,
        failures,
        method: format!(
            "Shapley values and Shapley interaction indices (Grabisch and Roubens 1999) over all {combinations} combinations of groups, \
             {worlds} different worlds; history k has the same draws in each. An outcome that only some \
             histories have, such as those with a war, is a ratio X / W: X is the mean of what is counted per history, W the mean of what it is \
             counted among. The outcome is divided as (X − R W) / V, where R is the mean of the ratios of the two scenarios and V the mean of their W. \
             So the weight of a world is in proportion to its histories that count.{}",
            if plan.uncertain { UNCERTAIN } else { "" }
        ),
        groups: Group::ALL
            .map(|group| GroupMeaning { name: group.name().to_string(), holds: group.holds().to_string() })
            .to_vec(),
        states: attribution
            .counterparts
            .iter()
            .map(|pair| StatePair { a: pair.a.clone(), b: pair.b.clone(), role: pair.role.words().to_string() })
            .collect(),
        outcomes,
    };
    let name =
        |found: &Attribution| OutcomeName { name: found.outcome.clone(), label: found.label.clone(), unit: found.unit.clone() };
    let worlds = WorldsSummary {
        format: FORMAT,
        title: plan.title.clone(),
        seed: plan.seed,
        outcomes: explanation.outcomes.iter().map(name).collect(),
        points,
    };
    Ok((explanation, Computed { worlds, point_of: attribution.point_of.clone() }))
}

/// Names of the groups that a coalition takes from the second scenario.
fn taken(coalition: u32) -> Vec<&'static str> {
    Group::ALL.into_iter().filter(|group| coalition & group.bit() != 0).map(Group::name).collect()
}

/// `explain.parquet`: one row for each number.
fn write_shares(explanation: &Explanation, directory: &Path, csv: bool) -> Result<(), Error> {
    Ok(write_table(directory, "explain", &share_columns(explanation), csv)?)
}

/// The columns of the table `explain`.
pub(crate) fn share_columns(explanation: &Explanation) -> Vec<(&'static str, Column)> {
    let mut rows: Vec<(&str, &str, &str, String, Estimate)> = Vec::new();
    for found in &explanation.outcomes {
        let (name, unit) = (found.outcome.as_str(), found.unit.as_str());
        let [a, b] = found.ends(&explanation.a, &explanation.b);
        let mut row = |kind: &'static str, measure: Measure| rows.push((name, unit, kind, measure.name, measure.estimate));
        row("world", a);
        found.shares().for_each(|share| row("share", share));
        found.strongest_interactions().into_iter().for_each(|pair| row("interaction", pair));
        row("difference", found.whole());
        row("world", b);
    }
    let mut columns = vec![
        ("outcome", Column::text(rows.iter().map(|row| row.0))),
        ("unit", Column::text(rows.iter().map(|row| row.1))),
        ("kind", Column::text(rows.iter().map(|row| row.2))),
        ("name", Column::text(rows.iter().map(|row| &row.3))),
    ];
    columns.extend(Column::estimates(rows.iter().map(|row| &row.4), "n"));
    columns
}

/// `coalitions.parquet`: which point of the outcomes each combination is, and what it takes from the second scenario (1) or not (0).
fn coalitions(point_of: &[u32], directory: &Path, csv: bool) -> Result<(), Error> {
    let all = || (0_u32..).zip(point_of);
    let mut columns = vec![
        ("coalition", Column::Integer(all().map(|(coalition, _)| coalition.cast_signed()).collect())),
        ("point", Column::Integer(all().map(|(_, point)| point.cast_signed()).collect())),
    ];
    columns.extend(Group::ALL.map(|group| {
        (group.name(), Column::Integer(all().map(|(coalition, _)| i32::from(coalition & group.bit() != 0)).collect()))
    }));
    Ok(write_table(directory, "coalitions", &columns, csv)?)
}
