//! The results of a calibration: simulated and observed series, the distance from each target, the convergence of the search.

use kuva::render::render::TextAnchor;
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::found::{TargetRow, TargetScore};
use spiral_analysis::calibration::targets::Use;

use crate::Figure;
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, area, diamond, line, upwards, words};
use crate::palette::{INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::posterior::{kicker, method, pairs, parameters};
use crate::scale::Scale;
use crate::text;

const NOW: Style = Style { colour: "#0072b2", dash: None };
const STOOD: Style = Style { colour: "#d55e00", dash: Some("7 5") };
/// Panels on one page.
const MOST: usize = 12;
/// Targets whose residuals are drawn.
const MOST_ROWS: usize = 40;

/// Every figure of a calibration.
pub(crate) fn figures(found: &Calibration) -> Vec<Figure> {
    let mut drawn = vec![parameters(found)];
    drawn.extend(pairs(found));
    drawn.extend(series(found));
    drawn.push(residuals(found));
    drawn.push(convergence(found));
    drawn
}

/// The targets of one metric and state, fitted and held out.
struct Curve<'a> {
    metric: &'a str,
    state: &'a str,
    parts: Vec<&'a TargetScore>,
}

fn curves(found: &Calibration) -> Vec<Curve<'_>> {
    let mut curves: Vec<Curve<'_>> = Vec::new();
    for target in &found.targets {
        let Some(state) = &target.state else { continue };
        match curves.iter_mut().find(|curve| curve.metric == target.of && curve.state == *state) {
            Some(curve) => curve.parts.push(target),
            None => curves.push(Curve { metric: &target.of, state, parts: vec![target] }),
        }
    }
    curves
}

/// A value with its row.
fn points(target: &TargetScore, factor: f64, of: impl Fn(&TargetRow) -> Option<f64>) -> Vec<(f64, f64)> {
    target.rows.iter().filter_map(|row| Some((row.date?, factor * of(row)?))).collect()
}

/// Observed and simulated series; `None` if no target is a series.
fn series(found: &Calibration) -> Option<Figure> {
    let curves = curves(found);
    if curves.is_empty() {
        return None;
    }
    let shown = &curves[..curves.len().min(MOST)];
    let name = "calibration-fit".to_owned();
    let subtitle = "Years with a grey background were fitted; the others were held out. Each panel has its own scale.";
    let mut page = Page::new(&name, &kicker(found), "Observed and simulated series", subtitle);
    let mut keys = vec![
        Key { mark: Mark::Observed, label: "observed".to_owned() },
        Key { mark: Mark::Line(NOW), label: "simulated after calibration".to_owned() },
        Key { mark: Mark::Line(STOOD), label: "the scenario before calibration".to_owned() },
        Key { mark: Mark::Area(NEUTRAL, 0.16), label: "fitted years".to_owned() },
    ];
    if found.targets.iter().flat_map(|target| &target.rows).any(|row| row.range.is_some()) {
        let label = if found.is_posterior() {
            "95 % of the posterior (of its means)"
        } else {
            "range over the candidates in the 95 % region of the optimum"
        };
        keys.push(Key { mark: Mark::Area(NOW.colour, 0.25), label: label.to_owned() });
    }
    page.keys(&keys);
    let columns = shown.len().min(3);
    let (width, height) = ((BODY - 26.0) / columns as f64, if columns < 3 { 360.0 } else { 260.0 });
    let first = page.cursor;
    let dates = || shown.iter().flat_map(|curve| &curve.parts).flat_map(|part| &part.rows).filter_map(|row| row.date);
    let (low, high) = dates().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), date| (low.min(date), high.max(date)));
    let years = Scale::exactly((low.floor(), high.ceil()), 4);
    let margins = Margins { left: 60.0, right: 22.0, top: 44.0, bottom: 36.0 };
    for (cell, curve) in shown.iter().enumerate() {
        let factor = if curve.metric == "burden" { 100.0 } else { 1.0 };
        let rows = || curve.parts.iter().flat_map(|part| &part.rows);
        let values = rows().flat_map(|row| [Some(row.observed), row.before, row.simulated, row.range.map(|range| range.1)]);
        let scale = Scale::from_zero(values.flatten().map(|value| value * factor), 4);
        let mut panel = Panel::new((width, height), margins, (years, Ticks::Years), (scale, Ticks::Numbers));
        panel.heading(&format!("{} {}", curve.state, curve.metric), INK);
        for part in &curve.parts {
            let inside = points(part, factor, |row| Some(row.observed));
            if let (true, Some(start), Some(end)) = (part.role == Use::Fit, inside.first(), inside.last()) {
                let (left, right) = (panel.x(start.0.floor().max(years.range.0)), panel.x(end.0.ceil().min(years.range.1)));
                panel.above(area(left, margins.top, (right - left).max(0.0), panel.bottom() - margins.top, NEUTRAL, 0.16));
            }
            let bands: Vec<(f64, f64, f64)> =
                part.rows.iter().filter_map(|row| Some((row.date?, factor * row.range?.0, factor * row.range?.1))).collect();
            if bands.len() > 1 {
                panel.band(&bands, NOW.colour, 0.25);
            }
            panel.line(&points(part, factor, |row| row.before), STOOD, 2.4);
            panel.line(&points(part, factor, |row| row.simulated), NOW, 3.0);
            for (date, value) in inside {
                let mark = diamond(panel.x(date), panel.y(value), 4.0);
                panel.above(mark);
            }
        }
        panel.draw(&mut page, MARGIN + 26.0 + width * (cell % columns) as f64, first + height * (cell / columns) as f64);
    }
    page.cursor = first + height * shown.len().div_ceil(columns) as f64;
    let burden = shown.iter().all(|curve| curve.metric == "burden");
    let axis = if burden { "burden, % of output" } else { "value of the metric (burden in % of output)" };
    page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), axis, LABEL));
    page.add(words(MARGIN + BODY / 2.0, page.cursor + 12.0, "year", LABEL, TextAnchor::Middle, INK));
    page.cursor += 22.0;
    let mut footnotes = vec![method(found), "Simulated: mean over the histories that have had no war so far.".to_owned()];
    let mut sources: Vec<&str> = Vec::new();
    for part in shown.iter().flat_map(|curve| &curve.parts) {
        if !part.source.is_empty() && !sources.contains(&part.source.as_str()) {
            sources.push(&part.source);
        }
    }
    footnotes.extend(sources.into_iter().map(|source| format!("{source}.")));
    if curves.len() > MOST {
        footnotes.push(format!("The first {MOST} of {} series are shown.", curves.len()));
    }
    Some(Figure { name, svg: page.finish(&footnotes) })
}

/// How many scales every target misses by.
fn residuals(found: &Calibration) -> Figure {
    const ROW: f64 = 40.0;
    let name = "calibration-residuals".to_owned();
    let subtitle = "Distance of the simulation from each target, divided by the scale of the target (its allowed error): 1 means an error of that size.";
    let mut page = Page::new(&name, &kicker(found), "Distance from each target", subtitle);
    page.keys(&[
        Key { mark: Mark::Area(NOW.colour, 0.85), label: "after calibration".to_owned() },
        Key { mark: Mark::Area(STOOD.colour, 0.85), label: "the scenario before calibration".to_owned() },
    ]);
    let mut all: Vec<&TargetScore> = found.targets.iter().filter(|target| target.role == Use::Fit).collect();
    all.extend(found.targets.iter().filter(|target| target.role == Use::HoldOut));
    let shown = &all[..all.len().min(MOST_ROWS)];
    let label = |target: &TargetScore| {
        let role = if target.role == Use::Fit { "fitted" } else { "held out" };
        format!("{} ({role})", target.label)
    };
    let size = f64::from(TICK);
    let left = shown.iter().map(|target| text::width(&label(target), size, false) + 14.0).fold(160.0, f64::max).min(560.0);
    let values = shown.iter().flat_map(|target| [target.residual, target.residual_before]).flatten().map(f64::abs);
    let scale = Scale::from_zero(values.chain([1.0]), 6);
    let tall = ROW * shown.len() as f64 + 8.0;
    let margins = Margins { left, right: 60.0, top: 8.0, bottom: 66.0 };
    let height = tall + margins.top + margins.bottom;
    let places = Scale { range: (0.0, tall), step: 10.0 * tall };
    let mut panel = Panel::new((BODY, height), margins, (scale, Ticks::Numbers), (places, Ticks::None));
    panel.x_label("distance, in scales of the target");
    let (one, zero) = (panel.x(1.0), panel.x(0.0));
    panel.above(line((one, margins.top), (one, panel.bottom()), "#aaaaaa", 1.4, Some("3 4")));
    for (row, target) in shown.iter().enumerate() {
        let top = margins.top + 4.0 + ROW * row as f64;
        let written = text::fit(&label(target), size, false, left - 14.0);
        panel.above(words(left - 12.0, top + ROW / 2.0 + 4.0, &written, TICK, TextAnchor::End, INK));
        for (position, (residual, style)) in [(target.residual, NOW), (target.residual_before, STOOD)].into_iter().enumerate() {
            let y = top + 4.0 + 15.0 * position as f64;
            if let Some(residual) = residual {
                let (from, to) = (panel.x(0.0), panel.x(residual.abs()));
                panel.above(area(from, y, (to - from).max(1.0), 13.0, style.colour, 0.85));
                panel.above(words(to + 6.0, y + 12.0, &text::number(residual.abs(), 0.1), 14, TextAnchor::Start, INK));
            } else {
                let x = panel.x(0.0) + 6.0;
                panel.above(words(x, y + 12.0, "no value", 14, TextAnchor::Start, style.colour));
            }
        }
    }
    panel.above(line((zero, margins.top), (zero, panel.bottom()), INK, 1.2, None));
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + height;
    let mut footnotes = vec![
        method(found),
        "For a series: root mean square over its dates. A target that was fitted is no test, even if it is met; only a target that was held out is a test."
            .to_owned(),
    ];
    if all.len() > MOST_ROWS {
        footnotes.push(format!("The first {MOST_ROWS} of {} targets are shown.", all.len()));
    }
    Figure { name, svg: page.finish(&footnotes) }
}

/// Distances by generation.
fn convergence(found: &Calibration) -> Figure {
    let name = "calibration-convergence".to_owned();
    let subtitle = "Distance of the candidates from the fitted targets, generation by generation.";
    let mut page = Page::new(&name, &kicker(found), "Convergence of the search", subtitle);
    let median = Style { colour: "#009e73", dash: Some("9 4") };
    page.keys(&[
        Key { mark: Mark::Line(median), label: "median of the generation".to_owned() },
        Key { mark: Mark::Line(NOW), label: "smallest so far".to_owned() },
    ]);
    let of = |value: fn(&spiral_analysis::calibration::found::Generation) -> Option<f64>| -> Vec<(f64, f64)> {
        found.generations.iter().filter_map(|one| Some((f64::from(one.generation), value(one)?))).collect()
    };
    let (medians, least) = (of(|one| one.median), of(|one| one.least_so_far));
    let margins = Margins { left: 90.0, right: 40.0, top: 16.0, bottom: 70.0 };
    let across = Scale::around(found.generations.iter().map(|one| f64::from(one.generation)).chain([0.0]), 8);
    let across = Scale { step: across.step.max(1.0), ..across };
    let up = Scale::from_zero(medians.iter().chain(&least).map(|point| point.1), 5);
    let mut panel = Panel::new((BODY, 400.0), margins, (across, Ticks::Numbers), (up, Ticks::Numbers));
    panel.x_label("generation");
    panel.y_label("distance from the targets");
    panel.line(&medians, median, 2.4);
    panel.line(&least, NOW, 3.0);
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + 400.0;
    Figure { name, svg: page.finish(&[method(found)]) }
}
