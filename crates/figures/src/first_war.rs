//! What first wars are like: days from the crisis to war, and great powers in it by day 30.

use kuva::render::render::TextAnchor;
use spiral_analysis::intervals::wilson_ends;
use spiral_analysis::table::ScenarioSummary;

use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, area, line, upwards, words};
use crate::palette::{FAINT_INK, INK};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;
use crate::view::View;

/// Largest number of corners of a drawn distribution.
const MOST_CORNERS: usize = 400;

/// Value below which a share of sorted values lies: the smallest with at least that share at or below it.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted[rank.min(sorted.len()) - 1]
}

/// Stairs of the empirical distribution of sorted values, in per cent, from 0 to `end`; long samples are thinned evenly by rank.
fn stairs(sorted: &[f64], end: f64) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, 0.0)];
    let mut level = 0.0;
    let stride = sorted.len().div_ceil(MOST_CORNERS).max(1);
    let mut position = 0;
    while position < sorted.len() {
        let mut next = (position + stride).min(sorted.len());
        while next < sorted.len() && sorted[next] == sorted[next - 1] {
            next += 1;
        }
        let value = sorted[next - 1];
        if value > end {
            break;
        }
        points.push((value, level));
        level = 100.0 * next as f64 / sorted.len() as f64;
        points.push((value, level));
        position = next;
    }
    points.push((end, level));
    points
}

fn finite(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite() && *value >= 0.0).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The figure of the days from a crisis to the first strike and to a general war.
pub(crate) fn days(view: &View) -> (String, String) {
    let name = "days-to-general-war".to_owned();
    let subtitle = "Share of wars in which the event had come by each day after the crisis began.";
    let mut page = Page::new(&name, view.input.title, "How fast a crisis becomes a war, and a general war", subtitle);
    #[expect(clippy::type_complexity, reason = "a table with a function in each row")]
    let kinds: [(&str, fn(&ScenarioSummary) -> &[f64]); 2] = [
        ("To the first strike", |summary| &summary.days_crisis_to_war),
        ("To a general war (third great power)", |summary| &summary.days_crisis_to_general_war),
    ];
    let samples: Vec<Vec<Vec<f64>>> =
        kinds.iter().map(|(_, days)| view.worlds.iter().map(|world| finite(days(world.summary))).collect()).collect();
    let mut footnotes = vec![
        view.method(&view.all()),
        "For each history, the first war with that event; at most the first 10,000 histories.".to_owned(),
    ];
    if samples.iter().flatten().all(Vec::is_empty) {
        page.nothing("There was no war in any history shown here, so there are no days to count.");
        return (name, page.finish(&footnotes));
    }
    page.keys(
        &view.worlds.iter().map(|world| Key { mark: Mark::Line(world.style), label: world.label.clone() }).collect::<Vec<_>>(),
    );
    let (width, height) = ((BODY - 26.0) / 2.0, 420.0);
    let margins = Margins { left: 66.0, right: 24.0, top: 44.0, bottom: 66.0 };
    let top = page.cursor;
    let share = Scale { range: (0.0, 100.0), step: 20.0 };
    let mut cut = false;
    for (position, ((heading, _), samples)) in kinds.iter().zip(&samples).enumerate() {
        let left = MARGIN + 26.0 + width * position as f64;
        let far = samples.iter().filter(|sample| !sample.is_empty()).map(|sample| quantile(sample, 0.99)).fold(1.0, f64::max);
        let days = Scale::from_zero([far], 5);
        cut |= samples.iter().flatten().any(|value| *value > days.range.1);
        let mut panel = Panel::new((width, height), margins, (days, Ticks::Numbers), (share, Ticks::Percent));
        panel.heading(heading, INK);
        panel.x_label("days since the crisis began");
        for (world, sample) in view.worlds.iter().zip(samples).filter(|(_, sample)| !sample.is_empty()) {
            panel.line(&stairs(sample, days.range.1), world.style, 3.0);
        }
        panel.draw(&mut page, left, top);
        let mut y = top + height + 24.0;
        page.add(words(left + margins.left, y, "median days (middle half), wars", TICK, TextAnchor::Start, FAINT_INK));
        for (world, sample) in view.worlds.iter().zip(samples) {
            y += 26.0;
            let numbers = if sample.is_empty() {
                "none".to_owned()
            } else {
                let [low, middle, high] = [0.25, 0.5, 0.75].map(|share| text::number(quantile(sample, share), 1.0));
                format!("{middle} ({low}–{high}), {}", text::count(sample.len() as u64))
            };
            let room = width - margins.left - margins.right;
            let label =
                text::fit(&world.label, f64::from(TICK), false, room - text::width(&numbers, f64::from(TICK), false) - 20.0);
            page.add(words(left + margins.left, y, &label, TICK, TextAnchor::Start, INK));
            page.add(words(left + width - margins.right, y, &numbers, TICK, TextAnchor::End, INK));
        }
        page.cursor = y + 6.0;
    }
    page.add(upwards(MARGIN + 12.0, top + height / 2.0, "share of wars with that event", LABEL));
    if cut {
        footnotes.push("Each axis ends where 99 % of the wars of the slowest scenario are reached.".to_owned());
    }
    (name, page.finish(&footnotes))
}

/// The figure of the number of great powers at war by day 30.
pub(crate) fn great_powers(view: &View) -> (String, String) {
    let name = "great-powers".to_owned();
    let subtitle =
        "Number of great powers at war on day 30 of the first war of a history. A war with three or more is a general war.";
    let mut page = Page::new(&name, view.input.title, "How far first wars spread in thirty days", subtitle);
    let worlds = &view.worlds;
    let wars: Vec<u64> = worlds.iter().map(|world| world.summary.great_powers_30d.iter().sum()).collect();
    let mut footnotes = vec![view.method(&view.all())];
    if wars.iter().all(|wars| *wars == 0) {
        page.nothing("There was no war in any history shown here, so no great power is at war.");
        return (name, page.finish(&footnotes));
    }
    let key = |position: usize| Key {
        mark: Mark::Area(worlds[position].style.colour, 1.0),
        label: format!("{}: {} first wars", worlds[position].label, text::count(wars[position])),
    };
    page.keys(&(0..worlds.len()).map(key).collect::<Vec<_>>());
    let used =
        |world: usize| worlds[world].summary.great_powers_30d.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    let groups = (0..worlds.len()).map(used).max().unwrap_or(0).max(3);
    // Share and its interval, per cent.
    let share = |world: usize, group: usize| {
        let count = worlds[world].summary.great_powers_30d.get(group).copied().unwrap_or(0);
        if wars[world] == 0 {
            return [0.0; 3];
        }
        let (low, high) = wilson_ends(count, wars[world]);
        [count as f64 / wars[world] as f64, low, high].map(|share| 100.0 * share)
    };
    let largest = (0..worlds.len())
        .flat_map(|world| (0..groups).map(move |group| (world, group)))
        .map(|(world, group)| share(world, group)[2])
        .fold(0.0, f64::max);
    let values = Scale::from_zero([largest], 5);
    let margins = Margins { left: 92.0, right: 20.0, top: 30.0, bottom: 66.0 };
    let height = 480.0;
    let places = Scale { range: (0.0, groups as f64), step: 10.0 * groups as f64 };
    let mut panel = Panel::new((BODY, height), margins, (places, Ticks::None), (values, Ticks::Percent));
    panel.y_label("share of first wars");
    panel.x_label("great powers at war on day 30");
    let slot = 0.8 / worlds.len() as f64;
    let labelled = (panel.x(slot) - panel.x(0.0)) >= 44.0;
    for group in 0..groups {
        let middle = panel.x(group as f64 + 0.5);
        let base = panel.bottom();
        panel.above(words(middle, base + 22.0, &group.to_string(), TICK, TextAnchor::Middle, INK));
        for (position, world) in worlds.iter().enumerate() {
            let [value, lowest, highest] = share(position, group);
            let from = panel.x(group as f64 + 0.1 + slot * position as f64);
            let wide = panel.x(slot * 0.94) - panel.x(0.0);
            let high = panel.y(value);
            if value > 0.0 {
                panel.above(area(from, high, wide, base - high, world.style.colour, 1.0));
            }
            if wars[position] > 0 {
                let x = from + wide / 2.0;
                panel.above(line((x, panel.y(lowest)), (x, panel.y(highest)), INK, 1.6, None));
            }
            if labelled && wars[position] > 0 {
                let written = if value == 0.0 { "0".to_owned() } else { text::percent(value / 100.0).replace(" %", "") };
                panel.above(words(
                    from + wide / 2.0,
                    panel.y(highest) - 6.0,
                    &written,
                    15,
                    TextAnchor::Middle,
                    if value > 0.0 { INK } else { FAINT_INK },
                ));
            }
        }
    }
    let numbers = if labelled { " Numbers on bars: per cent of the first wars of the scenario." } else { "" };
    footnotes.push(format!("Lines: 95 % interval of each share (Wilson).{numbers}"));
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + height;
    (name, page.finish(&footnotes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stairs_are_the_empirical_distribution() {
        assert_eq!(
            stairs(&[2.0, 2.0, 5.0, 9.0], 6.0),
            [(0.0, 0.0), (2.0, 0.0), (2.0, 50.0), (5.0, 50.0), (5.0, 75.0), (6.0, 75.0)]
        );
        let many: Vec<f64> = (0..10_000).map(f64::from).collect();
        let thinned = stairs(&many, 10_000.0);
        assert!(thinned.len() <= 2 * MOST_CORNERS + 2, "{} corners", thinned.len());
        let worst = thinned.iter().map(|(day, level)| (level - day / 100.0).abs()).fold(0.0, f64::max);
        assert!(worst < 0.3, "thinning moved the curve by {worst} percentage points");
    }

    #[test]
    fn quantiles_are_those_of_the_sample() {
        let sample = [1.0, 2.0, 3.0, 4.0];
        assert_eq!([0.25, 0.5, 0.75, 0.99].map(|share| quantile(&sample, share)), [1.0, 2.0, 3.0, 4.0]);
    }
}
