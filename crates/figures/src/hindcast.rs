//! The results of a hindcast: hits and false alarms, precision and recall, chances beside what came, by era.

use spiral_analysis::Estimate;
use spiral_analysis::hindcast::{EraScores, ForecastScore, Hindcast, OutcomeScores};

use crate::Figure;
use crate::page::{BODY, Key, MARGIN, Mark, Page, dot, line};
use crate::palette::{FAINT_INK, INK, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;

/// The forecasts that are drawn: position in the scores, and how.
const DRAWN: [(usize, Style); 4] = [
    (0, Style { colour: "#0072b2", dash: None }),
    (3, Style { colour: "#e69f00", dash: Some("9 4") }),
    (5, Style { colour: "#999999", dash: Some("3 3") }),
    (8, Style { colour: "#d55e00", dash: None }),
];
/// Panels abreast.
const ABREAST: usize = 3;
/// Chances below this are drawn at this place: the axes have equal ratios.
const LEAST: f64 = 0.0005;
const MARGINS: Margins = Margins { left: 74.0, right: 22.0, top: 40.0, bottom: 62.0 };

/// Every figure of a hindcast.
pub(crate) fn figures(found: &Hindcast) -> Vec<Figure> {
    let of = |outcome: &OutcomeScores| [roc(found, outcome), precision(found, outcome), calibration(found, outcome)];
    found.outcomes.iter().flat_map(of).collect()
}

/// What stands above a figure.
fn kicker(found: &Hindcast) -> String {
    let (first, last) = (found.start_years.first(), found.start_years.last());
    let years = first.zip(last).map_or(String::new(), |(first, last)| format!(", start years {first} to {last}"));
    format!("hindcast: {} years ahead, {} histories a start year{years}", found.horizon, found.histories)
}

/// Keys of the forecasts that are drawn.
fn keys(outcome: &OutcomeScores) -> Vec<Key> {
    let scores = outcome.eras.first().map_or(&[][..], |era| &era.scores);
    let named = |(position, style): (usize, Style)| Some((scores.get(position)?, style, position));
    let drawn = DRAWN.into_iter().filter_map(named);
    drawn.map(|(score, style, position)| Key { mark: Mark::Line(style), label: called(score, position) }).collect()
}

/// The name of a forecast alone, without the one before it in the table.
fn called(score: &ForecastScore, position: usize) -> String {
    match position {
        5 => "contiguity, great powers, capability ratio, alliance, distance, past disputes".to_string(),
        8 => "all of these and the simulation".to_string(),
        _ => score.forecast.clone(),
    }
}

/// A figure with one panel for each era; what is in a panel is drawn by `draw`.
fn grid(
    name: String,
    found: &Hindcast,
    outcome: &OutcomeScores,
    (title, subtitle): (&str, &str),
    keys: &[Key],
    draw: impl Fn(&EraScores, (f64, f64)) -> Panel,
    footnotes: &[String],
) -> Figure {
    let title = format!("{title}: {}", outcome.forecast.title());
    let mut page = Page::new(&name, &kicker(found), &title, subtitle);
    page.keys(keys);
    let columns = outcome.eras.len().clamp(1, ABREAST);
    let size = (BODY / columns as f64, if columns < ABREAST { 420.0 } else { 380.0 });
    let first = page.cursor;
    for (cell, era) in outcome.eras.iter().enumerate() {
        let mut panel = draw(era, size);
        panel.heading(&format!("{}: {} events", era.era, era.events), INK);
        let (row, column) = (cell / columns, cell % columns);
        panel.draw(&mut page, MARGIN + column as f64 * size.0, first + row as f64 * size.1);
    }
    page.cursor = first + outcome.eras.len().div_ceil(columns) as f64 * size.1;
    Figure { name, svg: page.finish(footnotes) }
}

/// Values at 0, 1/n, …, 1.
fn curve(values: &[f64]) -> Vec<(f64, f64)> {
    let last = values.len().saturating_sub(1).max(1) as f64;
    values.iter().enumerate().map(|(position, value)| (position as f64 / last, *value)).collect()
}

fn shares() -> Scale {
    Scale::exactly((0.0, 1.0), 5)
}

/// How the intervals are made.
fn method() -> String {
    "Mean of the curves of the start years that have an event. Every baseline is fitted on other start years.".to_string()
}

fn roc(found: &Hindcast, outcome: &OutcomeScores) -> Figure {
    let subtitle = "Pairs of states in the order of their chance: share of the pairs with the event that are found, by share of the others that are taken for it. The dotted line is chance.";
    let draw = |era: &EraScores, size: (f64, f64)| {
        let mut panel = Panel::new(size, MARGINS, (shares(), Ticks::Numbers), (shares(), Ticks::Numbers));
        panel.x_label("share of the others");
        panel.y_label("share of events found");
        panel.line(&[(0.0, 0.0), (1.0, 1.0)], Style { colour: FAINT_INK, dash: Some("2 4") }, 1.4);
        for (position, style) in DRAWN {
            if let Some(score) = era.scores.get(position) {
                panel.line(&curve(&score.hits), style, 2.4);
            }
        }
        panel
    };
    let name = format!("roc-{}", outcome.forecast.name());
    grid(name, found, outcome, ("Hits and false alarms", subtitle), &keys(outcome), draw, &[method()])
}

fn precision(found: &Hindcast, outcome: &OutcomeScores) -> Figure {
    let subtitle =
        "Of the pairs with the highest chances, the share that had the event, by the share of all events that they contain.";
    let draw = |era: &EraScores, size: (f64, f64)| {
        let mut panel = Panel::new(size, MARGINS, (shares(), Ticks::Numbers), (shares(), Ticks::Numbers));
        panel.x_label("share of events found");
        panel.y_label("share that had the event");
        for (position, style) in DRAWN {
            if let Some(score) = era.scores.get(position) {
                panel.line(&curve(&score.precision), style, 2.4);
            }
        }
        panel
    };
    let name = format!("precision-{}", outcome.forecast.name());
    grid(name, found, outcome, ("Precision and recall", subtitle), &keys(outcome), draw, &[method()])
}

fn calibration(found: &Hindcast, outcome: &OutcomeScores) -> Figure {
    let subtitle = "Mean chance of the pairs in a range of chances, and the share of them that had the event. On the dotted line a forecast is calibrated; the grey band is a factor of two.";
    let scale = Scale { range: (LEAST, 1.0), step: 1.0 };
    let draw = |era: &EraScores, size: (f64, f64)| {
        let mut panel = Panel::new(size, MARGINS, (scale, Ticks::Ratios), (scale, Ticks::Ratios));
        panel.x_label("chance");
        panel.y_label("share that had the event");
        let within = |value: f64| value.clamp(LEAST, 1.0);
        let diagonal = [LEAST, 2.0 * LEAST, 0.5, 1.0];
        let band: Vec<(f64, f64, f64)> = diagonal.iter().map(|at| (*at, within(at / 2.0), within(at * 2.0))).collect();
        panel.band(&band, "#888888", 0.16);
        panel.line(&[(LEAST, LEAST), (1.0, 1.0)], Style { colour: FAINT_INK, dash: Some("2 4") }, 1.4);
        for (position, style) in [DRAWN[0], DRAWN[3]] {
            let Some(score) = era.scores.get(position) else { continue };
            for bin in &score.calibration {
                let Estimate { estimate: Some(came), lower, upper, .. } = bin.came else { continue };
                let x = panel.x(within(bin.chance));
                if let (Some(lower), Some(upper)) = (lower, upper) {
                    let ends = (panel.y(within(lower)), panel.y(within(upper)));
                    panel.above(line((x, ends.0), (x, ends.1), style.colour, 1.6, None));
                }
                let y = panel.y(within(came));
                panel.above(dot(x, y, 5.5, style.colour));
            }
        }
        panel
    };
    let name = format!("calibration-{}", outcome.forecast.name());
    let keys: Vec<Key> =
        keys(outcome).into_iter().enumerate().filter(|(at, _)| *at == 0 || *at == 3).map(|(_, key)| key).collect();
    let notes = [
        format!("Lines are 95 % intervals over start years. Shares below {LEAST} are drawn at {LEAST}."),
        "A range with few pairs, or with pairs of few start years, has no reliable share.".to_string(),
    ];
    grid(name, found, outcome, ("Chances and what came", subtitle), &keys, draw, &notes)
}
