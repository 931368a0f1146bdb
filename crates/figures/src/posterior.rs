//! Parameters of a calibration: each with its prior, and in pairs.

use kuva::render::render::{Primitive, TextAnchor};
use spiral_analysis::calibration::found::Fitted;
use spiral_analysis::calibration::{Calibration, chi_square_95};

use crate::Figure;
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, bold, line, upwards, words};
use crate::palette::{FAINT_INK, INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;

/// Colour of the result.
const FOUND: &str = "#0072b2";
/// Colour of the scenario's own value.
const STOOD: &str = "#d55e00";
/// Dash of the scenario's own value, so that it can be told apart without colour.
const STOOD_DASH: &str = "7 5";
/// Colour of candidates beyond the interval.
const BEYOND: &str = "#b5cfe0";
/// Bars of a histogram.
const BINS: usize = 18;
/// Most parameters in pairs.
const MOST_IN_PAIRS: usize = 6;

/// The line above the title of every picture of a calibration.
pub(crate) fn kicker(found: &Calibration) -> String {
    format!("calibrate {}: {}", found.scenario, found.title)
}

/// How the search was made.
pub(crate) fn method(found: &Calibration) -> String {
    let sample = found.effective_sample.map_or_else(String::new, |size| format!(" Effective sample size: {size:.0} particles."));
    format!(
        "{} candidates of {} histories each, {}, seed {}; search: {}.{sample}",
        text::count(found.candidates),
        text::count(u64::from(found.histories)),
        found.method,
        found.seed,
        found.ended
    )
}

/// A dot of any strength, without an edge.
fn spot(x: f64, y: f64, radius: f64, colour: &str, opacity: f64) -> Primitive {
    Primitive::Circle {
        cx: x,
        cy: y,
        r: radius,
        fill: colour.into(),
        fill_opacity: Some(opacity),
        stroke: None,
        stroke_width: None,
    }
}

/// Where a value lies between the ends of its prior, 0 to 1: bins and axes are equal steps of it.
fn place(parameter: &Fitted, value: f64) -> f64 {
    let (low, high) = (parameter.low, parameter.high);
    if parameter.logarithmic { libm::log(value / low) / libm::log(high / low) } else { (value - low) / (high - low) }
}

/// The value at a place.
fn at(parameter: &Fitted, place: f64) -> f64 {
    let (low, high) = (parameter.low, parameter.high);
    if parameter.logarithmic { low * libm::pow(high / low, place) } else { low + (high - low) * place }
}

/// The axis of a parameter.
fn axis(parameter: &Fitted, ticks: usize) -> (Scale, Ticks) {
    let scale = Scale::exactly((parameter.low, parameter.high), ticks);
    (scale, if parameter.logarithmic { Ticks::Ratios } else { Ticks::Numbers })
}

/// Weights by bin of the range, adding up to 1.
fn histogram(found: &Calibration, position: usize) -> Vec<f64> {
    let mut bins = vec![0.0; BINS];
    for one in &found.sample {
        let place = place(&found.parameters[position], one.values[position]);
        bins[((place * BINS as f64) as usize).min(BINS - 1)] += one.weight.unwrap_or(0.0);
    }
    bins
}

/// The outline of bars as a line.
fn outline(bins: &[f64], parameter: &Fitted) -> Vec<(f64, f64)> {
    let edge = |position: usize| at(parameter, position as f64 / bins.len() as f64);
    let mut points = vec![(edge(0), 0.0)];
    for (position, bin) in bins.iter().enumerate() {
        points.extend([(edge(position), *bin), (edge(position + 1), *bin)]);
    }
    points.push((edge(bins.len()), 0.0));
    points
}

/// Distances that are drawn: those of the better half, and those within a relevant difference of the smallest.
fn worst_drawn(found: &Calibration) -> f64 {
    let mut distances: Vec<f64> = found.sample.iter().filter_map(|one| one.distance).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let least = distances.first().copied().unwrap_or(0.0);
    let half = distances.get(distances.len() / 2).copied().unwrap_or(1.0);
    half.max((least * least + 5.0 * chi_square_95(1)).sqrt())
}

fn as_it_stood() -> Key {
    Key { mark: Mark::Line(Style { colour: STOOD, dash: Some(STOOD_DASH) }), label: "the scenario before calibration".to_owned() }
}

/// Every parameter by itself.
pub(crate) fn parameters(found: &Calibration) -> Figure {
    let name = "calibration-parameters".to_owned();
    let (title, subtitle) = if found.is_posterior() {
        (
            "Each parameter: prior and posterior",
            "The posterior and the prior over the range of each parameter. Dot and line at the bottom: mean and 95 % interval.",
        )
    } else {
        (
            "Where the best candidates lie",
            "Each dot is a candidate: its value of the parameter, and its distance from the targets. Distant ones are left out. Dot and line at \
             the bottom: optimum and 95 % interval.",
        )
    };
    let mut page = Page::new(&name, &kicker(found), title, subtitle);
    let solid = Style { colour: FOUND, dash: None };
    let mut keys = vec![Key { mark: Mark::Dot(FOUND), label: "result with 95 % interval".to_owned() }];
    if found.is_posterior() {
        keys.push(Key { mark: Mark::Area(FOUND, 0.3), label: "posterior".to_owned() });
        keys.push(Key { mark: Mark::Line(Style { colour: NEUTRAL, dash: Some("3 4") }), label: "prior".to_owned() });
    }
    keys.push(as_it_stood());
    page.keys(&keys);
    let columns = found.parameters.len().clamp(1, 3);
    let (width, height) = ((BODY - 26.0) / columns as f64, 300.0);
    let first = page.cursor;
    let margins = Margins { left: 52.0, right: 26.0, top: 44.0, bottom: 66.0 };
    let worst = worst_drawn(found);
    for (position, parameter) in found.parameters.iter().enumerate() {
        let range = (parameter.low, parameter.high);
        let bins = histogram(found, position);
        // Even over the scale on which it is drawn.
        let prior = [1.0 / BINS as f64; BINS];
        let up = if found.is_posterior() {
            Scale::from_zero(bins.iter().chain(&prior).copied(), 4)
        } else {
            Scale::around(found.sample.iter().filter_map(|one| one.distance).filter(|distance| *distance <= worst), 4)
        };
        let kind = if found.is_posterior() { Ticks::None } else { Ticks::Numbers };
        let mut panel = Panel::new((width, height), margins, axis(parameter, 4), (up, kind));
        panel.heading(&parameter.name, INK);
        let unit = if parameter.logarithmic { format!("{}, log scale", parameter.unit) } else { parameter.unit.clone() };
        panel.x_label(&text::fit(&unit, f64::from(LABEL), false, width - 60.0));
        if found.is_posterior() {
            let filled: Vec<(f64, f64, f64)> = outline(&bins, parameter).into_iter().map(|(x, y)| (x, 0.0, y)).collect();
            panel.band(&filled, FOUND, 0.3);
            panel.line(&outline(&bins, parameter), solid, 2.0);
            panel.line(&outline(&prior, parameter), Style { colour: NEUTRAL, dash: Some("3 4") }, 2.2);
        } else {
            for one in &found.sample {
                if let Some(distance) = one.distance.filter(|distance| *distance <= worst) {
                    let mark = spot(panel.x(one.values[position]), panel.y(distance), 3.4, FOUND, 0.45);
                    panel.above(mark);
                }
            }
        }
        if let Some(before) = parameter.before.filter(|before| *before >= range.0 && *before <= range.1) {
            let x = panel.x(before);
            panel.above(line((x, margins.top), (x, panel.bottom()), STOOD, 2.4, Some(STOOD_DASH)));
        }
        interval(&mut panel, parameter);
        panel.draw(&mut page, MARGIN + 26.0 + width * (position % columns) as f64, first + height * (position / columns) as f64);
    }
    page.cursor = first + height * found.parameters.len().div_ceil(columns) as f64;
    let axis = if found.is_posterior() { "weight" } else { "distance from the targets" };
    page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), axis, LABEL));
    let mut footnotes = vec![method(found)];
    footnotes.extend(found.notes.iter().map(|note| format!("{note}.")));
    Figure { name, svg: page.finish(&footnotes) }
}

/// The result: a dot, and its interval as a line along the axis.
fn interval(panel: &mut Panel, parameter: &Fitted) {
    let y = panel.bottom() - 9.0;
    if let (Some(low), Some(high)) = (parameter.estimate.lower, parameter.estimate.upper) {
        let (from, to) = (panel.x(low), panel.x(high));
        panel.above(line((from, y), (to, y), "#ffffff", 7.0, None));
        panel.above(line((from, y), (to, y), FOUND, 4.0, None));
    }
    if let Some(middle) = parameter.estimate.estimate {
        let mark = crate::page::dot(panel.x(middle), y, 6.5, FOUND);
        panel.above(mark);
    }
}

/// Which parameters are drawn in pairs: all, or those whose intervals became narrowest.
fn paired(found: &Calibration) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.parameters.len()).collect();
    let spread = |position: &usize| found.parameters[*position].narrowed_to.unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| spread(a).total_cmp(&spread(b)));
    order.truncate(MOST_IN_PAIRS);
    order.sort_unstable();
    order
}

/// Parameters in pairs; none where there is one parameter.
pub(crate) fn pairs(found: &Calibration) -> Option<Figure> {
    let shown = paired(found);
    if shown.len() < 2 {
        return None;
    }
    let name = "calibration-pairs".to_owned();
    let (title, subtitle) = if found.is_posterior() {
        (
            "Parameters in pairs: the posterior",
            "Each dot is a particle; a larger dot has more weight. r: correlation. A prior that is even on a logarithmic scale has a logarithmic axis.",
        )
    } else {
        (
            "Parameters in pairs: candidates",
            "Each dot is a candidate. Dark: so near to the targets that it lies in the 95 % interval; pale: farther away. r: correlation near the optimum. A range that is \
             searched on a logarithmic scale has a logarithmic axis.",
        )
    };
    let mut page = Page::new(&name, &kicker(found), title, subtitle);
    let mut keys = Vec::new();
    if found.is_posterior() {
        keys.push(Key { mark: Mark::Dot(FOUND), label: "particle".to_owned() });
    } else {
        keys.push(Key { mark: Mark::Dot(FOUND), label: "candidate inside the interval".to_owned() });
        keys.push(Key { mark: Mark::Dot(BEYOND), label: "candidate outside it".to_owned() });
    }
    keys.push(as_it_stood());
    page.keys(&keys);
    let rows = shown.len() - 1;
    let (width, height) = ((BODY - 40.0) / rows as f64, (BODY - 40.0) / rows as f64 * if rows == 1 { 0.5 } else { 0.72 });
    let top = page.cursor;
    let margins = Margins { left: 80.0, right: 30.0, top: 34.0, bottom: 62.0 };
    for (row, &vertical) in shown[1..].iter().enumerate() {
        for (column, &horizontal) in shown[..=row].iter().enumerate() {
            let (x, y) = (&found.parameters[horizontal], &found.parameters[vertical]);
            let mut panel = Panel::new((width, height), margins, axis(x, 3), axis(y, 3));
            spots(&mut panel, found, horizontal, vertical);
            cross(&mut panel, margins, x, y);
            if let Some(Some(correlation)) = found.correlations.get(vertical).and_then(|row| row.get(horizontal)) {
                let written = format!("r = {}", text::number(*correlation, 0.01));
                let right = panel.right();
                panel.above(words(right, margins.top - 10.0, &written, TICK, TextAnchor::End, FAINT_INK));
            }
            names(&mut panel, margins, (width, height), x, y);
            panel.draw(&mut page, MARGIN + 20.0 + width * column as f64, top + height * row as f64);
        }
    }
    page.cursor = top + height * rows as f64;
    if shown.len() < found.parameters.len() {
        let told =
            format!("{} of {} parameters are shown: those that the targets identify best.", shown.len(), found.parameters.len());
        page.add(bold(MARGIN, page.cursor + 6.0, &told, TICK, TextAnchor::Start, INK));
        page.cursor += 16.0;
    }
    Some(Figure { name, svg: page.finish(&[method(found)]) })
}

/// The sample of two parameters: particles with an area for their weight, or candidates, dark if inside the interval.
fn spots(panel: &mut Panel, found: &Calibration, horizontal: usize, vertical: usize) {
    let heaviest = found.sample.iter().filter_map(|one| one.weight).fold(0.0, f64::max);
    let least = found.sample.iter().filter_map(|one| one.distance).fold(f64::INFINITY, f64::min);
    // The 95 % interval of one parameter.
    let most = chi_square_95(1);
    let mut dots: Vec<(f64, f64, f64, &str, f64)> = Vec::new();
    for one in &found.sample {
        let (x, y) = (panel.x(one.values[horizontal]), panel.y(one.values[vertical]));
        if found.is_posterior() {
            let share = one.weight.unwrap_or(0.0) / heaviest;
            if share > 1e-4 {
                dots.push((x, y, 1.0 + 5.0 * share.sqrt(), FOUND, 0.45));
            }
        } else {
            let near = one.distance.is_some_and(|distance| distance * distance - least * least <= most);
            dots.push(if near { (x, y, 4.0, FOUND, 0.9) } else { (x, y, 2.6, BEYOND, 0.7) });
        }
    }
    // The candidates with the smallest distance are drawn last, on top.
    dots.sort_by(|a, b| a.2.total_cmp(&b.2));
    for (x, y, radius, colour, opacity) in dots {
        panel.above(spot(x, y, radius, colour, opacity));
    }
}

/// Names of both parameters. They may extend beyond the ends of the axis, but not to the next panel.
fn names(panel: &mut Panel, margins: Margins, (width, height): (f64, f64), x: &Fitted, y: &Fitted) {
    let (middle, bottom) = (f64::midpoint(margins.left, panel.right()), panel.bottom() + 50.0);
    let along = text::fit(&x.name, f64::from(TICK), false, width - 60.0);
    panel.above(words(middle, bottom, &along, TICK, TextAnchor::Middle, INK));
    let centre = f64::midpoint(margins.top, panel.bottom());
    panel.above(upwards(14.0, centre, &text::fit(&y.name, f64::from(TICK), false, height - 4.0), TICK));
}

/// The place of the scenario before calibration.
fn cross(panel: &mut Panel, margins: Margins, x: &Fitted, y: &Fitted) {
    let inside = |parameter: &Fitted| parameter.before.filter(|before| *before >= parameter.low && *before <= parameter.high);
    if let Some(before) = inside(x) {
        let at = panel.x(before);
        panel.above(line((at, margins.top), (at, panel.bottom()), STOOD, 1.8, Some(STOOD_DASH)));
    }
    if let Some(before) = inside(y) {
        let at = panel.y(before);
        panel.above(line((margins.left, at), (panel.right(), at), STOOD, 1.8, Some(STOOD_DASH)));
    }
}
