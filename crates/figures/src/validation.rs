//! A scenario compared with history: curves with naive forecasts, and skill scores.

use spiral_analysis::validation::{SeriesScore, Validation};

use crate::forest::{self, Row, Section};
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, area, diamond, upwards, words};
use crate::palette::{self, INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;

use kuva::render::render::TextAnchor;

/// Panels on one page.
const MOST: usize = 12;
/// Smaller skills are drawn at this value, with their number as text.
const LOWEST_SKILL: f64 = -3.0;
/// Looks of the naive forecasts, in the order of their columns: no change, linear trend, Richardson.
const NAIVE: [(&str, Style); 3] = [
    ("no change", Style { colour: "#e69f00", dash: Some("3 4") }),
    ("linear trend", Style { colour: "#009e73", dash: Some("9 4") }),
    ("Richardson", Style { colour: "#cc79a7", dash: Some("12 4 3 4") }),
];
const SIMULATED: Style = Style { colour: "#0072b2", dash: None };

/// Label and factor of a metric.
fn unit(metric: &str) -> (&'static str, f64) {
    match metric {
        "burden" => ("burden, % of output", 100.0),
        "spending_share" => ("share of all spending, %", 100.0),
        "warheads" => ("warheads", 1.0),
        _ => ("arms", 1.0),
    }
}

/// Every figure of a validation: name and SVG.
pub(crate) fn figures(validation: &Validation, state_names: &[(String, String)]) -> Vec<(String, String)> {
    let mut metrics: Vec<&str> = Vec::new();
    for score in &validation.series {
        if !metrics.contains(&score.metric.as_str()) {
            metrics.push(&score.metric);
        }
    }
    let mut drawn: Vec<(String, String)> = metrics.into_iter().map(|metric| curves(validation, metric, state_names)).collect();
    drawn.push(skills(validation));
    drawn
}

fn kicker(validation: &Validation) -> String {
    format!("validate {}", validation.scenario)
}

fn method(validation: &Validation) -> String {
    let failed = match validation.failures {
        0 => String::new(),
        failures => format!(" ({} failed numerically and are left out of every estimate)", text::count(failures)),
    };
    format!("{} histories{failed}, seed {}.", text::count(validation.histories), validation.seed)
}

fn curves(validation: &Validation, metric: &str, state_names: &[(String, String)]) -> (String, String) {
    let all: Vec<&SeriesScore> = validation.series.iter().filter(|score| score.metric == metric).collect();
    let shown = &all[..all.len().min(MOST)];
    let (label, factor) = unit(metric);
    let split = all.first().map_or(0.0, |score| score.split);
    let name = format!("validation-{metric}");
    let title =
        format!("{} compared with history: {}", if metric == "burden" { "Burdens" } else { "Curves" }, validation.scenario);
    let subtitle = format!(
        "Naive forecasts use the years before {split:.0} (grey background); the later years are scored. Each panel has its own scale."
    );
    let mut page = Page::new(&name, &kicker(validation), &title, &subtitle);
    let mut keys = vec![
        Key { mark: Mark::Line(SIMULATED), label: "simulated, mean".to_owned() },
        Key { mark: Mark::Area(SIMULATED.colour, 0.2), label: "90 % of histories".to_owned() },
        Key { mark: Mark::Observed, label: "observed".to_owned() },
    ];
    keys.extend(NAIVE.iter().map(|(name, style)| Key { mark: Mark::Line(*style), label: (*name).to_owned() }));
    page.keys(&keys);
    let columns = if shown.len() <= 2 { shown.len().max(1) } else { 3 };
    let (width, height) = ((BODY - 26.0) / columns as f64, if columns < 3 { 380.0 } else { 260.0 });
    let first = page.cursor;
    let dates = shown.iter().flat_map(|score| &score.rows).map(|row| row.date);
    let (low, high) = dates.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), date| (low.min(date), high.max(date)));
    let years = Scale::exactly((low.floor(), high.ceil()), 4);
    let margins = Margins { left: 60.0, right: 22.0, top: 44.0, bottom: 36.0 };
    for (cell, score) in shown.iter().enumerate() {
        let tall = score.rows.iter().flat_map(|row| {
            let simulated = row.range.map(|range| range.1).or(row.simulated.estimate);
            [Some(row.observed), simulated, row.naive[0], row.naive[1]].into_iter().flatten()
        });
        let scale = Scale::from_zero(tall.map(|value| value * factor), 4);
        let mut panel = Panel::new((width, height), margins, (years, Ticks::Years), (scale, Ticks::Numbers));
        let full = state_names.iter().find(|(code, _)| *code == score.state).map_or("", |(_, name)| name);
        panel.heading(&format!("{} {full}: {}", score.state, score.after.name()), INK);
        let (left, right) = (panel.x(years.range.0), panel.x(split.clamp(years.range.0, years.range.1)));
        panel.above(area(left, margins.top, (right - left).max(0.0), panel.bottom() - margins.top, NEUTRAL, 0.10));
        let bands: Vec<(f64, f64, f64)> =
            score.rows.iter().filter_map(|row| row.range.map(|(low, high)| (row.date, low * factor, high * factor))).collect();
        panel.band(&bands, SIMULATED.colour, 0.2);
        // Lines end where they leave the scale.
        let inside = |points: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
            points.into_iter().take_while(|point| point.1 >= scale.range.0 && point.1 <= scale.range.1).collect()
        };
        for (position, (_, style)) in NAIVE.iter().enumerate() {
            let points = score.rows.iter().filter_map(|row| Some((row.date, row.naive[position]? * factor))).collect();
            panel.line(&inside(points), *style, 2.4);
        }
        let means = score.rows.iter().filter_map(|row| Some((row.date, row.simulated.estimate? * factor))).collect();
        panel.line(&inside(means), SIMULATED, 3.0);
        for row in &score.rows {
            let mark = diamond(panel.x(row.date), panel.y(row.observed * factor), 4.0);
            panel.above(mark);
        }
        panel.draw(&mut page, MARGIN + 26.0 + width * (cell % columns) as f64, first + height * (cell / columns) as f64);
    }
    page.cursor = first + height * shown.len().div_ceil(columns) as f64;
    page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), label, LABEL));
    page.add(words(MARGIN + BODY / 2.0, page.cursor + 12.0, "year", LABEL, TextAnchor::Middle, INK));
    page.cursor += 22.0;
    let mut footnotes = vec![method(validation)];
    footnotes.push(
        "Simulated: histories that have had no war so far. After each name: how the scored years were used for the scenario. Only years that were held out can validate it."
            .to_owned(),
    );
    let mut told: Vec<&str> = Vec::new();
    for score in shown {
        for note in [score.source.as_str(), score.why.as_str()] {
            if !note.is_empty() && !told.contains(&note) {
                told.push(note);
            }
        }
    }
    footnotes.extend(told.into_iter().map(|note| format!("{note}.")));
    if all.len() > MOST {
        footnotes.push(format!("The first {MOST} of {} states are shown.", all.len()));
    }
    (name, page.finish(&footnotes))
}

/// A score as a row.
fn row(label: String, colour: &'static str, estimate: &spiral_analysis::Estimate) -> Row {
    Row { label, colour, value: forest::value(estimate, 1.0) }
}

fn skills(validation: &Validation) -> (String, String) {
    let title = format!("Skill compared with naive forecasts: {}", validation.scenario);
    let subtitle = "1 is perfect, 0 no better than the naive forecast, below 0 worse. Dot: estimate; line: 95 % interval.";
    let mut page = Page::new("skill", &kicker(validation), &title, subtitle);
    let mut sections: Vec<Section> = Vec::new();
    for score in &validation.pooled {
        let heading = format!("{}, all states", score.metric.replace('_', " "));
        let colour = NAIVE.iter().find(|(name, _)| *name == score.naive).map_or(SIMULATED.colour, |(_, style)| style.colour);
        let row = row(format!("against {}", score.naive), colour, &score.skill);
        match sections.last_mut() {
            Some(section) if section.heading.as_ref() == Some(&heading) => section.rows.push(row),
            _ => sections.push(Section { heading: Some(heading), rows: vec![row] }),
        }
    }
    let mut numbers: Vec<Row> = validation
        .numbers
        .iter()
        .enumerate()
        .map(|(position, score)| {
            let colour = palette::style(position).colour;
            row(format!("{} ({})", score.label, score.standing.name()), colour, &score.skill)
        })
        .collect();
    if let Some(order) = &validation.order {
        numbers.push(row(
            format!("Which states are at war by day 30, Brier score ({})", order.standing.name()),
            SIMULATED.colour,
            &order.skill,
        ));
    }
    if !numbers.is_empty() {
        sections.push(Section { heading: Some("Single numbers".to_owned()), rows: numbers });
    }
    let footnotes = [
        method(validation),
        "In brackets: how the fact of history was used. Fitted: a value was set from it. Looked at: values were chosen by somebody who knew it. Held out: it was not used; only such a fact can validate. Skills beyond the axis are drawn at its end; the number gives their value.".to_owned(),
    ];
    if sections.is_empty() {
        page.nothing("Nothing could be scored.");
        return ("skill".to_owned(), page.finish(&footnotes));
    }
    let scale = Scale { range: (LOWEST_SKILL, 1.0), step: 1.0 };
    let sides = forest::sides(sections.iter(), true);
    page.cursor += 6.0;
    forest::draw(&mut page, &sections, sides, scale, Ticks::Signed, "skill", true);
    ("skill".to_owned(), page.finish(&footnotes))
}
