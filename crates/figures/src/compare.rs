//! Scenarios side by side on one scale: arms as an index, burden in per cent, one line for each state.

use kuva::render::render::TextAnchor;

use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, line, upwards, words};
use crate::palette::INK;
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::{Scale, spread};
use crate::text;
use crate::view::{Metric, View, World, where_lines_end};

/// How strongly the bands are drawn: ten of them may lie over each other.
const BAND: f64 = 0.16;

/// Median of one state by date, and the half of the histories about it, in the unit of the comparison.
struct Series<'a> {
    state: &'a str,
    points: Vec<(f64, f64)>,
    /// Date, lower and upper quartile.
    half: Vec<(f64, f64, f64)>,
}

/// Medians and quartiles of a world; arms are divided by their first median. States without arms at the start have no index and are returned apart.
fn series<'a>(view: &View<'a>, world: &World, metric: Metric) -> (Vec<Series<'a>>, Vec<String>) {
    let (mut drawn, mut without) = (Vec::new(), Vec::new());
    for (state, points) in view.states(world, metric).0 {
        let base = match metric {
            Metric::Arms => points.first().map_or(0.0, |first| first.quantiles[2]) / 100.0,
            Metric::Burden => 1.0,
        };
        if base > 0.0 {
            drawn.push(Series {
                state,
                points: points.iter().map(|point| (point.date, point.quantiles[2] / base)).collect(),
                half: points.iter().map(|point| (point.date, point.quantiles[1] / base, point.quantiles[3] / base)).collect(),
            });
        } else {
            without.push(state.to_owned());
        }
    }
    (drawn, without)
}

/// The figure of one metric; `None` with fewer than two scenarios.
pub(crate) fn figure(view: &View, metric: Metric) -> Option<(String, String)> {
    let worlds = &view.worlds;
    if worlds.len() < 2 {
        return None;
    }
    let name = format!("compare-{}", metric.name());
    let (title, unit) = match metric {
        Metric::Arms => ("Arms of each state, the scenarios side by side", "arms, index (start = 100)"),
        Metric::Burden => ("Military burden of each state, the scenarios side by side", "burden, % of output"),
    };
    let counted = if view.input.through_war {
        "all histories that have not ended, through their wars"
    } else {
        "the histories that have had no war so far"
    };
    let subtitle = format!("Line: median over {counted}. Band: half of them. All panels have one scale.");
    let mut page = Page::new(&name, view.input.title, title, &subtitle);
    let all: Vec<(Vec<Series>, Vec<String>)> = worlds.iter().map(|world| series(view, world, metric)).collect();
    let mut footnotes = vec![view.method(&view.all())];
    let values = || all.iter().flat_map(|(series, _)| series).flat_map(|series| &series.half).map(|half| half.2);
    if values().next().is_none() {
        page.nothing(&format!("No curve of {} was recorded.", metric.name()));
        return Some((name, page.finish(&footnotes)));
    }
    let mut shown: Vec<&str> = all.iter().flat_map(|(series, _)| series).map(|series| series.state).collect();
    shown.sort_unstable();
    shown.dedup();
    page.keys(
        &shown
            .iter()
            .map(|state| Key { mark: Mark::Line(view.state_style(state)), label: view.state_label(state) })
            .collect::<Vec<_>>(),
    );
    let columns = match worlds.len() {
        2 | 4 => 2,
        _ => 3,
    };
    let scale = Scale::from_zero(values(), 5);
    let widest = |words: &mut dyn Iterator<Item = String>| {
        words.map(|word| text::width(&word, f64::from(TICK), false)).fold(0.0, f64::max)
    };
    let right = 34.0 + widest(&mut shown.iter().map(|state| (*state).to_owned())).min(120.0);
    let left = 24.0 + widest(&mut [scale.range.0, scale.range.1].iter().map(|value| text::number(*value, scale.step)));
    let margins = Margins { left, right, top: 44.0, bottom: 36.0 };
    let (width, height) = ((BODY - 26.0) / columns as f64, if columns == 2 { 520.0 } else { 400.0 });
    let first = page.cursor;
    for (cell, (world, (series, without))) in worlds.iter().zip(&all).enumerate() {
        let dates = Scale::exactly(world.summary.years, 4);
        let mut panel = Panel::new((width, height), margins, (dates, Ticks::Years), (scale, Ticks::Numbers));
        panel.heading(&world.label, INK);
        if metric == Metric::Arms {
            let level = panel.y(100.0);
            panel.above(line((panel.x(dates.range.0), level), (panel.right(), level), INK, 1.0, Some("2 4")));
        }
        for series in series {
            panel.band(&series.half, view.state_style(series.state).colour, BAND);
        }
        for series in series {
            panel.line(&series.points, view.state_style(series.state), 3.0);
        }
        let ends: Vec<(f64, f64)> =
            series.iter().filter_map(|series| series.points.last()).map(|end| (panel.x(end.0), panel.y(end.1))).collect();
        let placed = spread(&ends.iter().map(|end| end.1).collect::<Vec<_>>(), 19.0, margins.top, panel.bottom());
        for ((series, end), place) in series.iter().zip(&ends).zip(placed) {
            let style = view.state_style(series.state);
            let edge = panel.right() + 18.0;
            panel.above(line(*end, (edge, place), style.colour, 1.3, Some("2 3")));
            panel.above(words(
                edge + 4.0,
                place + 5.5,
                &text::fit(series.state, f64::from(TICK), false, right - 22.0),
                TICK,
                TextAnchor::Start,
                INK,
            ));
        }
        if series.is_empty() {
            panel.above(words(width / 2.0, height / 2.0, "no curve recorded", TICK, TextAnchor::Middle, INK));
        }
        if !without.is_empty() {
            footnotes.push(format!(
                "{}: no index for {}, because it had no arms at the start.",
                world.label,
                text::list(without)
            ));
        }
        panel.draw(&mut page, MARGIN + 26.0 + width * (cell % columns) as f64, first + height * (cell / columns) as f64);
    }
    page.cursor = first + height * worlds.len().div_ceil(columns) as f64;
    page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), unit, LABEL));
    page.add(words(MARGIN + BODY / 2.0, page.cursor + 12.0, "year", LABEL, TextAnchor::Middle, INK));
    page.cursor += 22.0;
    footnotes.push(where_lines_end());
    Some((name, page.finish(&footnotes)))
}
