//! The pictures of a sweep: what its design shows best.

use std::path::Path;

use spiral_analysis::table::Estimate;
use spiral_figures::findings::Chart;
use spiral_figures::{Axis, Effect, Figure, HeatMap, Marked};
use spiral_scenario::{Design, Factor, FactorValues, Place};
use spiral_study::{Plan, Sweep};

use crate::failure::Failure;
use crate::sweep::Responses;
use crate::sweep_text::changes;
use crate::{reports, sensitivity};

/// Draws the pictures of a finished sweep and, where its indices are known, of its sensitivity. Returns how many pictures there are.
pub(crate) fn draw(plan: &Plan, responses: &Responses, directory: &Path) -> Result<usize, Failure> {
    let mut figures = plan.sweep.as_ref().map_or_else(Vec::new, |sweep| of_design(plan, sweep, responses));
    if directory.join(reports::SENSITIVITY).is_file() {
        figures.extend(sensitivity::figures(plan, responses));
    }
    spiral_figures::write(&figures, directory)?;
    Ok(figures.len())
}

fn of_design(plan: &Plan, sweep: &Sweep, responses: &Responses) -> Vec<Figure> {
    match (&sweep.design, sweep.factors.as_slice()) {
        (Design::Grid, [first, second]) => planes(plan, sweep, responses, [first, second]),
        (Design::Grid, [only]) => lines(plan, sweep, responses, only),
        (Design::List(_), _) if !responses.effects.is_empty() => {
            let effects: Vec<Effect> = (1..)
                .zip(&responses.effects)
                .map(|(point, contrast)| Effect { label: changes(plan, point).join(", "), measures: contrast.measures.clone() })
                .collect();
            let note = format!("{} Point 0: {}.", simulated(plan, responses), changes(plan, 0).join(", "));
            vec![spiral_figures::effects(&effects, &plan.title, &note)]
        }
        _ => Vec::new(),
    }
}

/// What was simulated, in a sentence.
fn simulated(plan: &Plan, responses: &Responses) -> String {
    let counts = || responses.histories.iter().map(|(histories, _)| *histories);
    let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    let each = if fewest == most { format!("{most}") } else { format!("{fewest} to {most}") };
    let scenario = plan.points.first().map_or("", |point| point.scenario.as_str());
    format!("{scenario}: {} points, {each} histories each, seed {}.", plan.points.len(), plan.seed)
}

/// The grid of a factor, rising, each value once.
fn axis(factor: &Factor) -> Axis {
    let mut values = factor.values.grid();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let switch = factor.values == FactorValues::Switch;
    Axis {
        label: if switch { factor.name.clone() } else { format!("{}, {}", factor.name, factor.unit) },
        names: switch.then(|| ["off", "on"].map(str::to_string).to_vec()),
        logarithmic: matches!(factor.values, FactorValues::Range { logarithmic: true, .. }),
        values,
    }
}

/// A heat map of every outcome over the plane of two factors, the first across.
fn planes(plan: &Plan, sweep: &Sweep, responses: &Responses, factors: [&Factor; 2]) -> Vec<Figure> {
    let [across, up] = factors.map(axis);
    let place = |axis: &Axis, value: f64| axis.values.iter().position(|other| *other == value);
    let width = across.values.len();
    // The point of every cell, row by row.
    let mut points: Vec<Option<usize>> = vec![None; width * up.values.len()];
    for (point, values) in sweep.points.values.iter().enumerate() {
        if let (Some(column), Some(row)) = (place(&across, values[0]), place(&up, values[1])) {
            points[row * width + column] = Some(point);
        }
    }
    let span = |place: &Place| [place.value, place.low, place.high];
    let mut marks: Vec<Marked> = Vec::new();
    for mark in &sweep.marks {
        let [across, up] = [span(&mark.places[0]), span(&mark.places[1])];
        let members = |name: &str| name.split_once('/').map(|(file, _)| format!("{file}/*"));
        let all = members(&mark.scenario);
        let same =
            |other: &&mut Marked| other.across == across && other.up == up && all.is_some() && (members(&other.name) == all);
        // Members of a file that stand at one place are one mark.
        match marks.iter_mut().find(same) {
            Some(other) => other.name = all.unwrap_or_default(),
            None => marks.push(Marked { name: mark.scenario.clone(), across, up }),
        }
    }
    let together = factors.into_iter().filter_map(|factor| match factor.paths() {
        [path, also @ ..] if !also.is_empty() => Some(format!(" What {path} is, {} is too.", also.join(" and "))),
        _ => None,
    });
    let note = format!("{}{}", simulated(plan, responses), together.collect::<String>());
    let outcomes = responses.outcomes.iter().enumerate();
    let figure = |(position, (name, label, unit)): (usize, &(String, &str, &str))| {
        let cell = |point: &Option<usize>| {
            point.map_or_else(|| Estimate::none(0, "no point"), |point| responses.estimates[point][position].clone())
        };
        let cells: Vec<Estimate> = points.iter().map(cell).collect();
        let name = format!("plane-{}", name.replace('_', "-"));
        let (study, across, up) = (&plan.title, &across, &up);
        HeatMap { name: &name, study, outcome: label, unit, across, up, cells: &cells, marks: &marks, note: &note }.figure()
    };
    outcomes.map(figure).collect()
}

/// Every outcome over one factor.
fn lines(plan: &Plan, sweep: &Sweep, responses: &Responses, factor: &Factor) -> Vec<Figure> {
    let note = simulated(plan, responses);
    let outcomes = responses.outcomes.iter().enumerate();
    let figure = |(position, (name, label, unit)): (usize, &(String, &str, &str))| {
        let values = sweep.points.values.iter().map(|values| values[0]);
        let estimates = responses.estimates.iter().map(|estimates| estimates[position].clone());
        let mut points: Vec<(f64, Estimate)> = values.zip(estimates).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let name = format!("over-{}", name.replace('_', "-"));
        let title = format!("{label}, over {}", factor.name);
        let chart = Chart { name: &name, kicker: &plan.title, title: &title, note: &note };
        let axis = axis(factor);
        chart.lines(&axis.label, unit, &[((*label).to_string(), points)])
    };
    outcomes.map(figure).collect()
}
