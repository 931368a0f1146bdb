//! What each change of a list does: paired differences from the first point, outcome by outcome.

use spiral_analysis::table::Measure;

use crate::Figure;
use crate::forest::{Row, Section, draw_groups, methods, unit, value};
use crate::page::{Key, Mark, Page};
use crate::palette;

/// Rows of each outcome that are drawn.
const MOST_ROWS: usize = 30;
/// Colour of a difference whose interval contains zero.
const UNCERTAIN: &str = "#8c8c8c";

/// One point against the first: its name, and its difference in every outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// What the point changes.
    pub label: String,
    /// Differences from the first point.
    pub measures: Vec<Measure>,
}

/// The figure `effects`.
pub(crate) fn figure(effects: &[Effect], study: &str, note: &str) -> Figure {
    let name = "effects".to_owned();
    let subtitle = "Difference of each point from point 0, with the same draws of chance. Dot: estimate; line: 95 % interval.";
    let mut page = Page::new(&name, study, "What each change does", subtitle);
    let certain = palette::style(0).colour;
    let drawn = &effects[..effects.len().min(MOST_ROWS)];
    let measures = || drawn.iter().flat_map(|effect| &effect.measures);
    let mut footnotes = vec![format!("{note}{}", methods(measures()))];
    if drawn.len() < effects.len() {
        footnotes.push(format!(
            "The first {} of {} points are drawn; the table of effects holds all.",
            drawn.len(),
            effects.len()
        ));
    }
    if !measures().any(|measure| value(&measure.estimate, 1.0).is_some()) {
        page.nothing("No outcome has a value at both points, so there is no difference to show.");
        return Figure { name, svg: page.finish(&footnotes) };
    }
    let key = |colour, label: &str| Key { mark: Mark::Dot(colour), label: label.to_owned() };
    page.keys(&[key(certain, "interval does not contain zero"), key(UNCERTAIN, "interval contains zero")]);
    let mut units: Vec<&str> = Vec::new();
    let mut outcomes: Vec<&Measure> = Vec::new();
    for measure in measures() {
        if !units.contains(&measure.unit.as_str()) {
            units.push(&measure.unit);
        }
        if !outcomes.iter().any(|other| other.name == measure.name) {
            outcomes.push(measure);
        }
    }
    let groups = units.into_iter().map(|name| {
        let (factor, label) = unit(name);
        let section = |outcome: &&Measure| {
            let rows = drawn.iter().map(|effect| {
                let found = effect.measures.iter().find(|measure| measure.name == outcome.name);
                let value = found.and_then(|measure| value(&measure.estimate, factor));
                let holds_zero =
                    |(_, interval): &(f64, Option<(f64, f64)>)| interval.is_none_or(|(low, high)| low <= 0.0 && high >= 0.0);
                let colour = if value.as_ref().is_none_or(holds_zero) { UNCERTAIN } else { certain };
                Row { label: effect.label.clone(), colour, value }
            });
            Section { heading: Some(outcome.label.clone()), rows: rows.collect() }
        };
        (label, outcomes.iter().filter(|outcome| outcome.unit == name).map(section).collect())
    });
    let groups: Vec<(String, Vec<Section>)> = groups.collect();
    draw_groups(&mut page, &groups);
    Figure { name, svg: page.finish(&footnotes) }
}
