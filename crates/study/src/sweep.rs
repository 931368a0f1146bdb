//! From study files and manifests to plans.

use std::path::Path;

use arrow::array::RecordBatch;
use spiral_analysis::measures::MEASURES;
use spiral_scenario::{Histories, Overrides, Scenario, StudyFile, StudySource, load, parse_named};

use crate::columns::{Column, named_table, write_table};
use crate::draws::Draws;
use crate::{
    AttributionPlan, Error, KeptRows, Manifest, ManifestPoint, Plan, Point, Request, Stop, StudyKind, Sweep, attribution,
    designs, identity,
};

/// Events that a sweep keeps of each point: those of its first histories.
const EVENTS_FOR: u32 = 0;
/// Name of the table of points.
pub(crate) const POINTS: &str = "points";

impl Sweep {
    /// The plan of a study file.
    ///
    /// # Errors
    /// A design that cannot be made.
    pub fn plan(file: &StudyFile, csv: bool) -> Result<Plan, Error> {
        let points = designs::points(&file.design, &file.factors, file.seed)?;
        let mut worlds = Vec::with_capacity(points.values.len());
        for values in &points.values {
            let setup = file.setup(values);
            let request = Request { scenario: file.base.name.clone(), ..Request::default() };
            worlds.push(Point { scenario: file.base.name.clone(), setup, request });
        }
        let (histories, stop) = match &file.histories {
            Histories::Fixed(histories) => (*histories, None),
            Histories::Until { outcome, width, at_least, at_most } => {
                (*at_most, Some(Stop { outcome: outcome.clone(), width: *width, at_least: *at_least }))
            }
        };
        let (source, design, factors) = (file.source.clone(), file.design.clone(), file.factors.clone());
        Ok(Plan {
            kind: StudyKind::Sweep,
            title: file.title.clone(),
            points: worlds,
            histories,
            seed: file.seed,
            through_war: false,
            events_for: EVENTS_FOR,
            panel: None,
            uncertain: false,
            rows: KeptRows::All,
            csv,
            curves: file.curves,
            sweep: Some(Sweep {
                source,
                design,
                factors,
                points,
                outcomes: file.outcomes.clone(),
                marks: file.marks.clone(),
                stop,
            }),
            attribution: None,
        })
    }
}

/// Writes the table of the points: number, scenario, the value of each factor; nothing if the point does not change it.
pub(crate) fn write_points(plan: &Plan, sweep: &Sweep, directory: &Path) -> Result<(), Error> {
    write_table(directory, POINTS, &point_columns(plan, sweep), false)
}

/// The table `points` of a plan in memory.
///
/// # Errors
/// A plan without a design.
pub fn points_table(plan: &Plan) -> Result<RecordBatch, Error> {
    let Some(sweep) = &plan.sweep else { return Err(Error::Plan { reason: "this study has no design".to_string() }) };
    named_table(POINTS, &point_columns(plan, sweep))
}

fn point_columns<'a>(plan: &Plan, sweep: &'a Sweep) -> Vec<(&'a str, Column)> {
    let mut columns = vec![
        ("point", Column::count(0..plan.points.len())),
        ("scenario", Column::text(plan.points.iter().map(|point| &point.scenario))),
    ];
    columns.extend(sweep.factors.iter().enumerate().map(|(position, factor)| {
        (factor.name.as_str(), Column::Number(sweep.points.values.iter().map(|values| values[position]).collect()))
    }));
    columns
}

/// The plan that a manifest describes, made again from the texts in it.
///
/// # Errors
/// A text that can no longer be read; a world that has changed, because another version of the program made it.
pub fn plan_of(manifest: &Manifest) -> Result<Plan, Error> {
    refuse_calibration(manifest)?;
    let plan = if let Some(source) = &manifest.study {
        Plan {
            kind: manifest.kind,
            uncertain: manifest.uncertain,
            panel: manifest.panel,
            rows: manifest.rows,
            ..Sweep::plan(&study_file(source)?, false)?
        }
    } else if let Some(source) = &manifest.attribution {
        let plan = AttributionPlan::plan(source.clone(), manifest.histories, manifest.seed, false)?;
        Plan { uncertain: manifest.uncertain, ..plan }
    } else {
        let mut points = Vec::with_capacity(manifest.points.len());
        for (number, point) in manifest.points.iter().enumerate() {
            let request = manifest.request(number).unwrap_or_default();
            let scenario = request_setup(&request)?;
            points.push(Point { scenario: point.scenario.clone(), setup: scenario.setup, request });
        }
        Plan {
            kind: manifest.kind,
            title: manifest.title.clone(),
            points,
            histories: manifest.histories,
            seed: manifest.seed,
            through_war: manifest.through_war,
            events_for: manifest.events_for,
            panel: manifest.panel,
            uncertain: manifest.uncertain,
            rows: KeptRows::All,
            csv: false,
            curves: true,
            sweep: None,
            attribution: None,
        }
    };
    let again = Manifest::new(&plan);
    let same = again.points.len() == manifest.points.len();
    let other = again.points.iter().zip(&manifest.points).find(|(again, there)| again.hash != there.hash);
    if let (Some((_, there)), _) | (None, (false, Some(there))) = (other, (same, manifest.points.first())) {
        return Err(another_world(manifest, there));
    }
    Ok(plan)
}

/// The scenario of one point of a study, made again from the texts in its manifest.
///
/// # Errors
/// As [`plan_of`]; a point that the study does not have.
pub fn scenario_of(manifest: &Manifest, point: u32) -> Result<Scenario, Error> {
    refuse_calibration(manifest)?;
    let Some(there) = manifest.points.get(point as usize) else {
        let reason = format!("the study has {} points, numbered from 0, and no point {point}", manifest.points.len());
        return Err(Error::Plan { reason });
    };
    let scenario = if let Some(source) = &manifest.study {
        let file = study_file(source)?;
        let values = designs::points(&file.design, &file.factors, file.seed)?.values;
        let setup = values.get(point as usize).map(|values| file.setup(values));
        let setup = setup.ok_or_else(|| Error::Plan { reason: format!("the design no longer has a point {point}") })?;
        let mut scenario = file.base;
        scenario.setup = setup;
        scenario
    } else if let Some(source) = &manifest.attribution {
        attribution::scenario_of(source, manifest.histories, manifest.seed, point)?
    } else {
        request_setup(&manifest.request(point as usize).unwrap_or_default())?
    };
    if identity::of(&scenario.setup) == there.hash { Ok(scenario) } else { Err(another_world(manifest, there)) }
}

/// The scenario that a history of a study ran in: that of its point and, in an uncertain study, with the judgements that it drew.
///
/// # Errors
/// As [`scenario_of`].
pub fn history_scenario(manifest: &Manifest, point: u32, history: u32) -> Result<Scenario, Error> {
    let mut scenario = scenario_of(manifest, point)?;
    if manifest.uncertain
        && let Some(draws) = Draws::of(&plan_of(manifest)?)?
    {
        scenario.setup = draws.setup(point as usize, manifest.seed, history);
    }
    Ok(scenario)
}

/// A calibration is not a plan of points: each candidate depends on those before.
fn refuse_calibration(manifest: &Manifest) -> Result<(), Error> {
    if manifest.kind != StudyKind::Calibrate {
        return Ok(());
    }
    let name = manifest.points.first().map_or("SCENARIO", |point| point.scenario.as_str());
    let reason = format!(
        "this is a calibration, which has no design points: each candidate depends on those before. To see one of its worlds, \
         run {name} with --set and the values in candidates.parquet"
    );
    Err(Error::Plan { reason })
}

pub(crate) fn study_file(source: &StudySource) -> Result<StudyFile, Error> {
    let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    StudyFile::again(source, &measures).map_err(|error| Error::Plan { reason: error.to_string() })
}

/// The error where what was asked for no longer gives the world of a plan.
pub(crate) fn another_world_now(name: &str) -> Error {
    let reason = format!("the world of {name} cannot be made again from its scenario, so its judgements cannot be drawn");
    Error::Plan { reason }
}

fn another_world(manifest: &Manifest, point: &ManifestPoint) -> Error {
    let (made, now) = (&manifest.version, env!("CARGO_PKG_VERSION"));
    let reason = format!(
        "point {} ({}) is not the same world as when version {made} made the study; this is version {now}",
        point.point, point.scenario
    );
    Error::Plan { reason }
}

/// The scenario of a request.
///
/// # Errors
/// A name or a text that gives no scenario, or not the one that was asked for.
pub fn request_setup(request: &Request) -> Result<Scenario, Error> {
    let overrides = Overrides { set: request.set.clone(), without: request.without.clone(), years: request.years };
    let loaded = match &request.text {
        Some(text) => parse_named(text, &request.scenario, &overrides),
        None => load(&request.scenario, &overrides),
    };
    let mut loaded = loaded.map_err(|error| Error::Plan { reason: error.to_string() })?;
    match (loaded.len(), loaded.pop()) {
        (1, Some(scenario)) => Ok(scenario),
        (many, _) => Err(Error::Plan { reason: format!("{} has {many} scenarios; exactly one is needed", request.scenario) }),
    }
}
