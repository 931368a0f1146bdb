//! Fan charts of a metric by state: median, bands for 50 % and 90 % of the histories, and observed values.

use kuva::render::render::TextAnchor;

use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, diamond, upwards, words};
use crate::palette::{INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::singles::{self, MOST_SINGLES, SingleCurve};
use crate::text;
use crate::view::{MOST_STATES, Metric, Point, View, World, where_lines_end};

const INNER_OPACITY: f64 = 0.36;
const OUTER_OPACITY: f64 = 0.17;
/// Of the band with drawn judgements, which lies behind the others.
const JUDGED_OPACITY: f64 = 0.09;

fn title(view: &View, world: &World, metric: Metric) -> (String, String) {
    let (what, unit) = match metric {
        Metric::Arms => ("Arms of each state", view.money(world).map_or("arms".into(), |money| format!("arms, {money}"))),
        Metric::Burden => ("Military burden of each state", "burden, % of output".into()),
    };
    (format!("{what}{}", if view.input.through_war { ", through wars" } else { " before the first war" }), unit)
}

/// Columns of a grid of small panels.
pub(crate) fn columns(cells: usize) -> usize {
    match cells {
        0 | 1 => 1,
        2 | 4 => 2,
        3 | 5..=9 => 3,
        _ => 4,
    }
}

/// Largest value of a panel that must be visible.
fn top(points: &[Point], judged: &[Point], observed: &[(f64, f64)]) -> f64 {
    let high = points.iter().chain(judged).map(|point| point.quantiles[4]).fold(0.0, f64::max);
    observed.iter().map(|point| point.1).fold(high, f64::max)
}

/// All panels of a ratio share one scale if their values are of similar size: the largest is at most three times the median. Arms depend
/// on the size of a state, so their panels never share a scale.
pub(crate) fn can_share(tops: &[f64]) -> bool {
    let mut sorted = tops.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(middle), Some(last)) => *last <= 3.0 * middle,
        _ => true,
    }
}

/// The figure of one metric in one world.
pub(crate) fn figure(view: &View, world: &World, metric: Metric) -> (String, String) {
    let (statement, unit) = title(view, world, metric);
    let name = format!("{}-{}", metric.name(), world.file);
    let (states, left_out) = view.states(world, metric);
    let observed: Vec<Vec<(f64, f64)>> = states.iter().map(|(state, _)| view.observed(world, metric, state)).collect();
    let judged: Vec<Vec<Point>> = states.iter().map(|(state, _)| view.judged(world, metric, state)).collect();
    let singles: Vec<Vec<&SingleCurve>> = states.iter().map(|(state, _)| view.singles(world, metric, state)).collect();
    let drawn = states.iter().zip(&judged).zip(&observed).zip(&singles);
    let tops: Vec<f64> = drawn
        .map(|((((_, points), judged), observed), curves)| top(points, judged, observed).max(singles::top(curves, world, metric)))
        .collect();
    let shared = metric == Metric::Burden && can_share(&tops);
    let scale_note = if shared { "All panels have one scale." } else { "Each panel has its own scale." };
    let counted = if view.input.through_war {
        "All histories that have not ended, through their wars"
    } else {
        "Histories before their first war"
    };
    let subtitle = format!("{counted}. The last panel shows how many there are. {scale_note}");
    let mut page = Page::new(&name, view.input.title, &format!("{statement}: {}", world.label), &subtitle);
    let mut footnotes = vec![view.method(&[world])];
    if states.is_empty() {
        page.nothing(&format!("No curve of {} was recorded for this scenario.", metric.name()));
        return (name, page.finish(&footnotes));
    }
    let mut keys = vec![
        Key { mark: Mark::Line(Style { colour: NEUTRAL, dash: None }), label: "median".into() },
        Key { mark: Mark::Area(NEUTRAL, INNER_OPACITY + OUTER_OPACITY), label: "50 % of histories".into() },
        Key { mark: Mark::Area(NEUTRAL, OUTER_OPACITY), label: "90 % of histories".into() },
    ];
    let number = singles.iter().map(Vec::len).max().unwrap_or(0).min(MOST_SINGLES);
    if number > 0 {
        let mark = Mark::Line(Style { colour: singles::COLOUR, dash: None });
        keys.push(Key { mark, label: format!("{number} single histories") });
        footnotes.push(format!(
            "Thin lines: the first {number} histories, each value the mean of a year at its middle (burden) or its start (arms)."
        ));
    }
    if let Some((key, footnote)) = about_judged(&judged) {
        keys.push(key);
        footnotes.push(footnote);
    }
    if observed.iter().any(|points| !points.is_empty()) {
        keys.push(Key { mark: Mark::Observed, label: "observed".into() });
        let sources = view.sources(world, metric);
        if !sources.is_empty() {
            footnotes.push(format!("Observed values: {}.", sources.join("; ")));
        }
    }
    page.keys(&keys);

    let columns = columns(states.len() + 1);
    let rows = (states.len() + 1).div_ceil(columns);
    let (gutter, width) = (26.0, (BODY - 26.0) / columns as f64);
    let height = if columns == 1 { 420.0 } else { 250.0 };
    let dates = Scale::exactly(world.summary.years, if columns > 3 { 3 } else { 4 });
    let together = Scale::from_zero(tops.iter().copied(), 4);
    let counts = left(&states);
    let at_risk = Scale::from_zero(counts.iter().map(|point| point.1), 4);
    let scales: Vec<Scale> = tops.iter().map(|top| if shared { together } else { Scale::from_zero([*top], 4) }).collect();
    let margins = margins(scales.iter().copied().chain([at_risk]));
    let first = page.cursor;
    let at = |cell: usize| (MARGIN + gutter + width * (cell % columns) as f64, first + height * (cell / columns) as f64);
    for (cell, ((state, points), observed)) in states.iter().zip(&observed).enumerate() {
        let mut panel = Panel::new((width, height), margins, (dates, Ticks::Years), (scales[cell], Ticks::Numbers));
        panel.heading(&view.state_label(state), INK);
        let style = Style { dash: None, ..view.state_style(state) };
        let rows = |low: usize, high: usize| {
            points.iter().map(|point| (point.date, point.quantiles[low], point.quantiles[high])).collect::<Vec<_>>()
        };
        let pale = |point: &Point| (point.date, point.quantiles[0], point.quantiles[4]);
        if !judged[cell].is_empty() {
            panel.band(&judged[cell].iter().map(pale).collect::<Vec<_>>(), style.colour, JUDGED_OPACITY);
        }
        singles::draw(&singles[cell], &mut panel, world, metric);
        panel.band(&rows(0, 4), style.colour, OUTER_OPACITY);
        panel.band(&rows(1, 3), style.colour, INNER_OPACITY);
        panel.line(&points.iter().map(|point| (point.date, point.quantiles[2])).collect::<Vec<_>>(), style, 3.0);
        // Yearly values of a long scenario are close together.
        let nearest = observed.windows(2).map(|two| panel.x(two[1].0) - panel.x(two[0].0)).fold(10.0, f64::min);
        let radius = (nearest / 2.0).clamp(3.0, 5.0);
        for (date, value) in observed {
            let mark = diamond(panel.x(*date), panel.y(*value), radius);
            panel.above(mark);
        }
        let (x, y) = at(cell);
        panel.draw(&mut page, x, y);
    }
    let (x, y) = at(states.len());
    let mut panel = Panel::new((width, height), margins, (dates, Ticks::Years), (at_risk, Ticks::Numbers));
    panel.heading("Histories at risk", INK);
    panel.band(&counts.iter().map(|point| (point.0, 0.0, point.1)).collect::<Vec<_>>(), NEUTRAL, OUTER_OPACITY);
    panel.line(&counts, Style { colour: NEUTRAL, dash: None }, 3.0);
    panel.draw(&mut page, x, y);
    page.cursor = first + height * rows as f64;
    page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), &unit, LABEL));
    page.add(words(MARGIN + BODY / 2.0, page.cursor + 12.0, "year", LABEL, TextAnchor::Middle, INK));
    page.cursor += 22.0;
    footnotes.push(about_bands(view.input.through_war));
    if left_out > 0 {
        footnotes.push(format!("Of {} states the {MOST_STATES} with the largest values are shown.", MOST_STATES + left_out));
    }
    (name, page.finish(&footnotes))
}

/// What the bands are quantiles of.
fn about_bands(through_war: bool) -> String {
    if through_war {
        format!("Bands are quantiles over all histories that have not ended, through their wars. {}", where_lines_end())
    } else {
        format!(
            "Bands are quantiles over the histories that have had no war so far. {} Histories in which states arm fast may have \
             their war early and leave, so a falling curve need not mean that states disarm.",
            where_lines_end()
        )
    }
}

/// What the palest band is, where there is one.
fn about_judged(judged: &[Vec<Point>]) -> Option<(Key, String)> {
    let first = judged.iter().find_map(|points| points.first())?;
    let footnote = format!(
        "The palest band is a sample of its own, of {} histories: every two of them draw all judgements of the scenario from their ranges. \
         It is in no estimate.",
        text::count(first.at_risk)
    );
    Some((Key { mark: Mark::Area(NEUTRAL, JUDGED_OPACITY), label: "90 % with judgements drawn".into() }, footnote))
}

/// Margins that leave room for the widest tick of any of the scales, so that all panels of a grid are aligned.
pub(crate) fn margins(scales: impl Iterator<Item = Scale>) -> Margins {
    let widest = scales
        .flat_map(|scale| [scale.range.0, scale.range.1, scale.range.1 - scale.step].map(|value| text::number(value, scale.step)))
        .map(|tick| text::width(&tick, f64::from(TICK), false))
        .fold(0.0, f64::max);
    Margins { left: widest + 22.0, right: 22.0, top: 44.0, bottom: 36.0 }
}

/// Date and number of the histories that are left, from the longest of the curves.
fn left(states: &[(&str, Vec<Point>)]) -> Vec<(f64, f64)> {
    let longest = states.iter().map(|(_, points)| points).max_by_key(|points| points.len());
    longest.into_iter().flatten().map(|point| (point.date, point.at_risk as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_giant_gets_its_own_scale() {
        assert!(can_share(&[3.0, 4.0, 5.0, 12.0]));
        assert!(!can_share(&[3.0, 4.0, 5.0, 30.0]));
        assert!(can_share(&[]));
    }
}
