//! `spiral sweep`: a designed study, and what each of its points gives.

use std::path::Path;

use serde_json::{Map, Value, json};
use spiral_analysis::measures::MEASURES;
use spiral_analysis::table::Estimate;
use spiral_analysis::{Contrast, Measure, ScenarioOutcomes, contrast, measure_estimate};
use spiral_model::{Ended, Outcome};
use spiral_scenario::{Design, StudyFile};
use spiral_study::{Column, Plan, Status, Study, StudyKind, write_table};

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::console::{self, Console};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::studies::{directory_of_file, interrupted};
use crate::sweep_text::{changes, text, values};
use crate::{interrupt, pool, reports, sensitivity, sweep_figures};

/// Format of `summary.json`.
const FORMAT: u32 = 1;
/// Reads a study file and makes its plan.
pub(crate) fn read(path: &str, histories: Option<u32>, seed: Option<u64>, csv: bool) -> Result<(StudyFile, Plan), Failure> {
    let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    let file = StudyFile::load_with(path, &measures, histories, seed)?;
    let plan = spiral_study::Sweep::plan(&file, csv)?;
    Ok((file, plan))
}

pub(crate) fn sweep(
    path: &str,
    in_place: &InPlaceOfTheFile,
    keeping: &Keeping,
    indices: bool,
    call: &Call<'_>,
) -> Result<(), Failure> {
    let Call { console, words, .. } = *call;
    let (file, mut plan) = read(path, in_place.histories, in_place.seed, keeping.csv.asked)?;
    if indices && !matches!(file.design, Design::Morris { .. } | Design::Saltelli { .. }) {
        let message = format!(
            "sensitivity needs a design of kind morris or saltelli, and {} has one of kind {}; spiral sweep runs it",
            path,
            file.design.kind()
        );
        return Err(Failure::Usage(message));
    }
    if indices {
        plan.kind = StudyKind::Sensitivity;
    }
    let directory = match &keeping.out {
        Some(out) => out.clone(),
        None => directory_of_file("sweep", path, in_place)?,
    };
    interrupt::catch()?;
    let bar = Bar::new(plan.total(), console);
    let status = pool::on(keeping.threads.number, || spiral_study::run(&plan, &directory, keeping.resume.asked, &bar));
    bar.clear();
    if let Status::Interrupted { done, of } = status?? {
        return Err(interrupted(&format!("{done} of {of} histories are kept in {}", directory.display()), words));
    }
    results(&plan, &directory, keeping.json.asked, console)
}

/// Writes and prints what the points of a finished sweep give.
pub(crate) fn results(plan: &Plan, directory: &Path, as_json: bool, console: Console) -> Result<(), Failure> {
    let responses = responses(plan, directory)?;
    let summary = write(plan, &responses, directory)?;
    if plan.kind == StudyKind::Sensitivity {
        return sensitivity::tell(plan, &responses, directory, as_json, console);
    }
    let pictures = sweep_figures::draw(plan, &responses, directory)?;
    reports::write(directory, Study::open(directory)?.manifest())?;
    if as_json {
        return console.print_json(&summary);
    }
    console.print(&text(plan, &responses, console))?;
    if console.quiet {
        return Ok(());
    }
    let more = if responses.effects.is_empty() { "" } else { ", effects" };
    let curves = if plan.curves { ", curves" } else { "" };
    let drawn = match pictures {
        0 => String::new(),
        1 => "; 1 picture in figures/".to_string(),
        _ => format!("; {pictures} pictures in figures/"),
    };
    let files = format!(
        "{}: points, responses{more}, outcomes{curves}, events, failures as Parquet; summary.json{drawn}; report.html",
        directory.display()
    );
    console.print(&format!("\n{}", console::wrapped(&files, console.columns, "Files  ", "       ")))
}

/// The outcomes of a study, point by point.
pub(crate) struct Responses {
    /// Names, labels and units of the outcomes.
    pub(crate) outcomes: Vec<(String, &'static str, &'static str)>,
    /// By point, then outcome.
    pub(crate) estimates: Vec<Vec<Estimate>>,
    /// Histories and failed histories, by point.
    pub(crate) histories: Vec<(u64, u64)>,
    /// Paired differences from point 0, by later point, then outcome: of a list of points only.
    pub(crate) effects: Vec<Contrast>,
}

/// Estimates of every point, one point in memory at a time.
pub(crate) fn responses(plan: &Plan, directory: &Path) -> Result<Responses, Failure> {
    // Every plan of this command is a sweep.
    let Some(sweep) = &plan.sweep else { return Err(Failure::Usage("this study is no sweep".to_string())) };
    let outcomes: Vec<(String, &str, &str)> = sweep
        .outcomes
        .iter()
        .filter_map(|name| {
            let known = MEASURES.iter().find(|measure| measure.name == name)?;
            Some((name.clone(), known.label, known.unit))
        })
        .collect();
    let mut found = Responses { outcomes, estimates: Vec::new(), histories: Vec::new(), effects: Vec::new() };
    let mut first: Vec<Outcome> = Vec::new();
    Study::open(directory)?.for_each_point(|point, histories| {
        let setup = &plan.points[point as usize].setup;
        let years = (setup.horizon.start, setup.horizon.end);
        let estimates = found.outcomes.iter().filter_map(|(name, ..)| measure_estimate(name, histories, years));
        found.estimates.push(estimates.collect());
        let failed = histories.iter().filter(|history| history.ended == Ended::Failure).count();
        found.histories.push((histories.len() as u64, failed as u64));
        if matches!(sweep.design, Design::List(_)) {
            if point == 0 {
                first = histories.to_vec();
            } else {
                found.effects.push(effects(plan, &found.outcomes, &first, point, histories));
            }
        }
    })?;
    Ok(found)
}

/// Differences of a point from point 0, history by history.
fn effects(
    plan: &Plan,
    outcomes: &[(String, &'static str, &'static str)],
    first: &[Outcome],
    point: u32,
    histories: &[Outcome],
) -> Contrast {
    let setup = &plan.points[point as usize].setup;
    let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
    let great_powers: Vec<bool> = setup.states.iter().map(|state| state.great_power).collect();
    let side = |point, outcomes| ScenarioOutcomes {
        scenario: &plan.points[0].scenario,
        point,
        years: (setup.horizon.start, setup.horizon.end),
        state_codes: &codes,
        great_powers: &great_powers,
        outcomes,
    };
    let Ok(found) = contrast(plan.seed, &side(0, first), &side(point, histories));
    let asked = |measures: &[Measure]| {
        outcomes.iter().filter_map(|(name, ..)| measures.iter().find(|measure| measure.name == *name).cloned()).collect()
    };
    let (measures, variance_reductions) = (asked(&found.measures), asked(&found.variance_reductions));
    Contrast { measures, variance_reductions, ..found }
}

/// Writes `responses`, `effects` and `summary.json`, and returns the summary.
fn write(plan: &Plan, responses: &Responses, directory: &Path) -> Result<Value, Failure> {
    let rows = || {
        let each = responses.estimates.iter().enumerate();
        each.flat_map(|(point, estimates)| responses.outcomes.iter().zip(estimates).map(move |(outcome, e)| (point, outcome, e)))
    };
    let mut columns = vec![
        ("point", Column::count(rows().map(|(point, ..)| point))),
        ("outcome", Column::text(rows().map(|(_, outcome, _)| &outcome.0))),
        ("unit", Column::text(rows().map(|(_, outcome, _)| outcome.2))),
    ];
    columns.extend(Column::estimates(rows().map(|(.., estimate)| estimate), "n"));
    write_table(directory, "responses", &columns, plan.csv)?;
    if !responses.effects.is_empty() {
        let rows = || {
            let each = responses.effects.iter().enumerate();
            each.flat_map(|(at, contrast)| contrast.measures.iter().map(move |measure| (at + 1, measure)))
        };
        let reduction = |point: usize, name: &str| {
            let all = &responses.effects[point - 1].variance_reductions;
            all.iter().find(|measure| measure.name == name).and_then(|measure| measure.estimate.estimate)
        };
        let columns = [
            ("point", Column::count(rows().map(|(point, _)| point))),
            ("against", Column::count(rows().map(|_| 0))),
            ("outcome", Column::text(rows().map(|(_, e)| &e.name))),
            ("unit", Column::text(rows().map(|(_, e)| &e.unit))),
            ("difference", Column::number(rows().map(|(_, e)| e.estimate.estimate))),
            ("lower", Column::number(rows().map(|(_, e)| e.estimate.lower))),
            ("upper", Column::number(rows().map(|(_, e)| e.estimate.upper))),
            ("method", Column::text(rows().map(|(_, e)| &e.estimate.method))),
            ("variance_reduction", Column::number(rows().map(|(point, e)| reduction(point, &e.name)))),
        ];
        write_table(directory, "effects", &columns, plan.csv)?;
    }
    let points: Vec<Value> = (0..plan.points.len())
        .map(|point| {
            let (histories, failures) = responses.histories[point];
            let outcomes: Map<String, Value> = responses
                .outcomes
                .iter()
                .zip(&responses.estimates[point])
                .map(|((name, ..), estimate)| (name.clone(), json!(estimate)))
                .collect();
            let values: Map<String, Value> = values(plan, point).map(|(name, value)| (name.to_string(), json!(value))).collect();
            let mut told = json!({ "point": point, "changes": changes(plan, point).join(", "), "values": values, "histories": histories, "failures": failures,
                "outcomes": outcomes });
            if let Some(effects) = point.checked_sub(1).and_then(|at| responses.effects.get(at)) {
                told["against_point_0"] = json!(effects.measures);
                told["variance_reductions"] = json!(effects.variance_reductions);
            }
            told
        })
        .collect();
    let factors = plan.sweep.iter().flat_map(|sweep| &sweep.factors);
    let factors: Vec<Value> = factors.map(|factor| json!({ "name": factor.name, "unit": factor.unit })).collect();
    let outcomes = responses.outcomes.iter();
    let outcomes: Vec<Value> =
        outcomes.map(|(name, label, unit)| json!({ "name": name, "label": label, "unit": unit })).collect();
    let summary = json!({ "format": FORMAT, "title": plan.title, "seed": plan.seed, "factors": factors, "outcomes": outcomes,
        "points": points });
    let written = format!("{}\n", console::json(&summary)?);
    spiral_study::write_atomically(directory, "summary.json", written.as_bytes())?;
    Ok(summary)
}
