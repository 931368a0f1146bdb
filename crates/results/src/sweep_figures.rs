//! The figures of a sweep: the kind of figure that suits its design.

use spiral_analysis::main_effect::Origin;
use spiral_analysis::measures::{MEASURES, Window};
use spiral_analysis::table::Estimate;
use spiral_figures::{Across, Axis, Effect, Figure, HeatMap, Levels, Marked, OverFactors};
use spiral_scenario::{Design, Factor, FactorValues, Place};
use spiral_study::{Plan, Study, Sweep};

use crate::Error;
use crate::responses::{OutcomeName, Responses, changes};

/// Values of a third factor that each have a plane.
const MOST_LAYERS: usize = 6;
/// Points from which on a list that gives every factor a value counts as a sample.
const LEAST_SAMPLE: usize = 10;

/// The figures of a sweep.
pub(crate) fn figures(plan: &Plan, study: &Study, responses: &Responses) -> Result<Vec<Figure>, Error> {
    let Some(sweep) = &plan.sweep else { return Ok(Vec::new()) };
    let mut figures = of_design(plan, sweep, responses);
    if plan.curves {
        figures.extend(curves(plan, sweep, responses, study)?);
    }
    Ok(figures)
}

fn of_design(plan: &Plan, sweep: &Sweep, responses: &Responses) -> Vec<Figure> {
    match (&sweep.design, sweep.factors.as_slice()) {
        (Design::Grid, [_, _]) => planes(plan, sweep, responses, [0, 1], None),
        (Design::Grid, factors @ [_, _, _]) => {
            let mut drawn = over(plan, sweep, responses, Origin::Complete);
            // A plane for each value of the factor that has fewest, the last such.
            let values = |position: &usize| factors[*position].values.grid().len();
            if let Some(third) = (0..3).rev().min_by_key(values).filter(|third| values(third) <= MOST_LAYERS) {
                let sides = [usize::from(third == 0), if third == 2 { 1 } else { 2 }];
                drawn.extend(planes(plan, sweep, responses, sides, Some(third)));
            }
            drawn
        }
        (Design::Grid, _) => over(plan, sweep, responses, Origin::Complete),
        (Design::List(points), factors) => {
            let mut drawn = Vec::new();
            if !responses.effects.is_empty() {
                drawn.push(effects(plan, responses));
            }
            // A sample of the space of the factors rather than a list of changes.
            let sampled = points.len() >= LEAST_SAMPLE && !points.iter().flatten().any(|value| value.is_nan());
            if sampled && !factors.iter().all(|factor| factor.values == FactorValues::Switch) {
                drawn.extend(over(plan, sweep, responses, Origin::Sample { group: 1 }));
            }
            drawn
        }
        (Design::LatinHypercube { .. } | Design::Sobol { .. }, _) => over(plan, sweep, responses, Origin::Sample { group: 1 }),
        (Design::Morris { .. }, factors) => over(plan, sweep, responses, Origin::Sample { group: factors.len() + 1 }),
        (Design::Saltelli { .. }, factors) => over(plan, sweep, responses, Origin::Sample { group: factors.len() + 2 }),
    }
}

/// What each point of a list changes.
fn effects(plan: &Plan, responses: &Responses) -> Figure {
    let effects: Vec<Effect> = (1..)
        .zip(&responses.effects)
        .map(|(point, contrast)| Effect { label: changes(plan, point).join(", "), measures: contrast.measures.clone() })
        .collect();
    let note = format!("{} Point 0: {}.", simulated(plan, responses), changes(plan, 0).join(", "));
    spiral_figures::effects(&effects, &plan.title, &note)
}

/// What was simulated, in a sentence.
fn simulated(plan: &Plan, responses: &Responses) -> String {
    let counts = || responses.histories.iter().map(|(histories, _)| *histories);
    let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    let each = if fewest == most { format!("{most}") } else { format!("{fewest} to {most}") };
    let scenario = plan.points.first().map_or("", |point| point.scenario.as_str());
    format!("{scenario}: {} points, {each} histories each, seed {}.", plan.points.len(), plan.seed)
}

/// The unit of a factor on an axis: a share, a plain number and a switch have none.
fn unit(factor: &Factor) -> &str {
    match factor.unit {
        "0..1" | "1" => "",
        _ if factor.values == FactorValues::Switch => "",
        unit => unit,
    }
}

/// The grid of a factor, rising, each value once.
fn axis(factor: &Factor) -> Axis {
    let mut values = factor.values.grid();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let switch = factor.values == FactorValues::Switch;
    Axis {
        label: match unit(factor) {
            "" => factor.name.clone(),
            unit => format!("{}, {unit}", factor.name),
        },
        names: switch.then(|| ["off", "on"].map(str::to_string).to_vec()),
        logarithmic: factor.values.is_logarithmic(),
        values,
    }
}

/// A heat map of every outcome over the plane of two factors, the first across, and one for each value of a third.
fn planes(plan: &Plan, sweep: &Sweep, responses: &Responses, sides: [usize; 2], third: Option<usize>) -> Vec<Figure> {
    let [across, up] = sides.map(|side| axis(&sweep.factors[side]));
    let layers = third.map(|third| axis(&sweep.factors[third]));
    let names: Vec<String> = layers
        .iter()
        .zip(third)
        .flat_map(|(layers, third)| {
            let name = &sweep.factors[third].name;
            layers.words().into_iter().map(move |value| format!("{name} = {value}"))
        })
        .collect();
    let place = |axis: &Axis, value: f64| axis.values.iter().position(|other| *other == value);
    let width = across.values.len();
    // The point of every cell, plane by plane and row by row.
    let plane = width * up.values.len();
    let mut points: Vec<Option<usize>> = vec![None; plane * names.len().max(1)];
    for (point, values) in sweep.points.values.iter().enumerate() {
        let layer = layers.as_ref().zip(third).map_or(Some(0), |(layers, third)| place(layers, values[third]));
        if let (Some(column), Some(row), Some(layer)) = (place(&across, values[sides[0]]), place(&up, values[sides[1]]), layer) {
            points[layer * plane + row * width + column] = Some(point);
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
    let note = format!("{}{}", simulated(plan, responses), together(&sweep.factors));
    let outcomes = responses.outcomes.iter().enumerate();
    let figure = |(position, OutcomeName { name, label, unit }): (usize, &OutcomeName)| {
        let cell = |point: &Option<usize>| {
            point.map_or_else(|| Estimate::none(0, "no point"), |point| responses.estimates[point][position].clone())
        };
        let cells: Vec<Estimate> = points.iter().map(cell).collect();
        let name = format!("plane-{}", name.replace('_', "-"));
        let (study, across, up, layers) = (&plan.title, &across, &up, &names);
        let (cells, marks, note) = (&cells, &marks, &note);
        HeatMap { name: &name, study, outcome: label, unit, across, up, layers, cells, marks, note }.figure()
    };
    outcomes.map(figure).collect()
}

/// Every outcome over each factor by itself.
fn over(plan: &Plan, sweep: &Sweep, responses: &Responses, origin: Origin) -> Vec<Figure> {
    let across = |(position, factor): (usize, &Factor)| {
        let values: Vec<f64> = sweep.points.values.iter().map(|values| values[position]).collect();
        let switch = factor.values == FactorValues::Switch;
        Across {
            name: factor.name.clone(),
            unit: unit(factor).to_string(),
            range: factor.values.bounds(),
            logarithmic: factor.values.is_logarithmic(),
            names: switch.then(|| ["off", "on"].map(str::to_string).to_vec()),
            values,
        }
    };
    let factors: Vec<Across> = sweep.factors.iter().enumerate().map(across).collect();
    let note = format!("{}{}", simulated(plan, responses), together(&sweep.factors));
    let horizon = plan.points[0].setup.horizon;
    let window = Window { start: horizon.start, length: horizon.end - horizon.start };
    let outcomes = responses.outcomes.iter().enumerate();
    let figure = |(position, OutcomeName { name, label, unit }): (usize, &OutcomeName)| {
        let points: Vec<Estimate> = responses.estimates.iter().map(|estimates| estimates[position].clone()).collect();
        let kind = MEASURES.iter().find(|measure| measure.name == name).map(|measure| measure.kind);
        let figure = OverFactors {
            name: &format!("over-{}", name.replace('_', "-")),
            study: &plan.title,
            outcome: label,
            unit,
            range: kind.map_or((f64::NEG_INFINITY, f64::INFINITY), |kind| kind.range(window)),
            factors: &factors,
            points: &points,
            origin,
            note: &note,
        };
        figure.figure()
    };
    outcomes.map(figure).collect()
}

/// Curves of arms and burdens over the values of a factor; none where a design has another number of factors.
fn curves(plan: &Plan, sweep: &Sweep, responses: &Responses, study: &Study) -> Result<Vec<Figure>, Error> {
    let ([factor], false) = (sweep.factors.as_slice(), matches!(sweep.design, Design::List(_))) else { return Ok(Vec::new()) };
    let scenario = spiral_study::scenario_of(study.manifest(), 0)?;
    let mut points: Vec<(f64, u32)> = sweep.points.values.iter().map(|values| values[0]).zip(0..).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points.dedup_by(|one, other| one.0 == other.0);
    let (values, points): (Vec<f64>, Vec<u32>) = points.into_iter().unzip();
    let codes = scenario.setup.states.iter().map(|state| state.code.clone());
    let levels = Levels {
        study: &plan.title,
        axis: &Axis { values, ..axis(factor) },
        points: &points,
        curves: &study.curves()?,
        state_names: &codes.zip(scenario.state_names).collect::<Vec<_>>(),
        money: &scenario.money,
        years: (scenario.setup.horizon.start, scenario.setup.horizon.end),
        note: &format!("{}{}", simulated(plan, responses), together(&sweep.factors)),
    };
    Ok(levels.figures())
}

/// The numbers that always take the same value as a factor, if there are any.
fn together(factors: &[Factor]) -> String {
    let parts = factors.iter().filter_map(|factor| match factor.paths() {
        [path, also @ ..] if !also.is_empty() => Some(match also {
            [one] => format!(" {one} takes the value of {path}."),
            several => format!(" {} take the value of {path}.", several.join(" and ")),
        }),
        _ => None,
    });
    parts.collect()
}
