//! Survival without war, and without a general war: all scenarios in one chart, with the number at risk below.

use kuva::render::render::TextAnchor;
use spiral_analysis::table::{ScenarioSummary, SurvivalPoint};

use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, area, line, words};
use crate::palette::{FAINT_INK, INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::{Scale, spread};
use crate::text;
use crate::view::{View, World, at_risk, survival_steps};

const OPACITY: f64 = 0.16;
const HEIGHT: f64 = 560.0;

/// Which survival a figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    AnyWar,
    GeneralWar,
}

impl Until {
    /// The event that ends the time at risk.
    const fn event(self) -> &'static str {
        match self {
            Self::AnyWar => "war",
            Self::GeneralWar => "general war",
        }
    }

    fn points(self, summary: &ScenarioSummary) -> &[SurvivalPoint] {
        match self {
            Self::AnyWar => &summary.war_free,
            Self::GeneralWar => &summary.general_war_free,
        }
    }
}

/// `years since 1890`, or what each scenario counts from where they differ.
fn time_label(worlds: &[World]) -> String {
    let starts: Vec<String> = worlds.iter().map(|world| text::number(world.summary.years.0, 0.01).replace(',', "")).collect();
    let starts: Vec<String> = starts.iter().map(|start| start.trim_end_matches('0').trim_end_matches('.').to_owned()).collect();
    if worlds.windows(2).all(|pair| pair[0].summary.years.0 == pair[1].summary.years.0) {
        return format!(
            "years since {}",
            starts.first().filter(|_| worlds[0].summary.years.0 != 0.0).map_or("the start", String::as_str)
        );
    }
    let each: Vec<String> = worlds.iter().zip(&starts).map(|(world, start)| format!("{} {start}", world.label)).collect();
    let full = format!("years since the scenario's start ({})", each.join(", "));
    if text::width(&full, f64::from(LABEL), false) > BODY - 200.0 {
        "years since the start of each scenario".to_owned()
    } else {
        full
    }
}

/// The times at which lines end, each once: lines that end together share one column of labels.
fn ends_of(ends: &[(f64, f64, f64, f64)]) -> Vec<f64> {
    let mut times: Vec<f64> = ends.iter().map(|end| end.0).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// Writes name and last share at the end of each line.
fn label_ends(panel: &mut Panel, worlds: &[World], names: &[String], ends: &[(f64, f64, f64, f64)]) {
    for end in ends_of(ends) {
        let together: Vec<usize> = (0..ends.len()).filter(|position| ends[*position].0 == end).collect();
        let wished: Vec<f64> = together.iter().map(|position| panel.y(ends[*position].1 * 100.0)).collect();
        let placed = spread(&wished, 23.0, panel.y(100.0), panel.bottom() - 14.0);
        for ((position, wish), place) in together.iter().zip(&wished).zip(placed) {
            let (from, to) = ((panel.x(end), *wish), (panel.x(end) + 26.0, place));
            let label = format!("{} {}", names[*position], text::percent(ends[*position].1));
            let wide = text::width(&label, f64::from(TICK), false);
            panel.above(area(to.0 + 2.0, place - 11.0, wide + 6.0, 22.0, "#ffffff", 0.8));
            panel.above(line(from, to, worlds[*position].style.colour, 1.5, Some("2 3")));
            panel.above(words(to.0 + 6.0, place + 6.0, &label, TICK, TextAnchor::Start, INK));
        }
    }
}

/// Writes a row of numbers at risk for each world; columns are times in years and their places.
fn numbers_at_risk(page: &mut Page, worlds: &[World], names: &[String], until: Until, columns: &[(f64, f64)]) {
    page.add(words(
        MARGIN,
        page.cursor,
        &format!("Histories at risk (no {} so far, and not yet at their end)", until.event()),
        TICK,
        TextAnchor::Start,
        FAINT_INK,
    ));
    for (world, name) in worlds.iter().zip(names) {
        page.cursor += 26.0;
        page.add(words(MARGIN, page.cursor, name, TICK, TextAnchor::Start, INK));
        page.add(line(
            (MARGIN, page.cursor + 5.0),
            (MARGIN + text::width(name, f64::from(TICK), false) * 0.9, page.cursor + 5.0),
            world.style.colour,
            3.0,
            world.style.dash,
        ));
        for (year, x) in columns {
            let number = at_risk(world, until.points(world.summary), *year).map_or_else(|| "–".to_owned(), text::count);
            page.add(words(*x, page.cursor, &number, TICK, TextAnchor::Middle, INK));
        }
    }
}

/// The figure of one kind of survival.
pub(crate) fn figure(view: &View, until: Until) -> (String, String) {
    let event = until.event();
    let (name, subtitle) = match until {
        Until::AnyWar => ("war-free", "Each line falls by a step when a history has its first war. Shaded: 95 % interval."),
        Until::GeneralWar => ("general-war-free", "A general war has at least three great powers in it. Shaded: 95 % interval."),
    };
    let title = format!("Share of histories that have had no {event}");
    let mut page = Page::new(name, view.input.title, &title, subtitle);
    let worlds = &view.worlds;
    let mut footnote = vec![view.method(&view.all()), "Kaplan-Meier estimate. Histories that end without the event are censored at their end. The 95 % interval holds for each date alone.".to_owned()];
    if worlds.is_empty() {
        page.nothing("The study holds no scenario.");
        return (name.to_owned(), page.finish(&footnote));
    }
    if worlds.iter().all(|world| world.summary.failures == world.summary.histories) {
        page.nothing("All histories shown here failed numerically, so there is nothing to draw.");
        return (name.to_owned(), page.finish(&footnote));
    }
    page.keys(&[
        Key { mark: Mark::Line(Style { colour: NEUTRAL, dash: None }), label: "estimate".into() },
        Key { mark: Mark::Area(NEUTRAL, 2.0 * OPACITY), label: "95 % interval".into() },
    ]);
    let horizon = worlds.iter().map(World::years).fold(0.0, f64::max);
    let time = Scale::exactly((0.0, if horizon > 0.0 { horizon } else { 1.0 }), 7);
    let names: Vec<String> = worlds.iter().map(|world| text::fit(&world.label, f64::from(TICK), false, 250.0)).collect();
    let widest = names.iter().map(|name| text::width(name, f64::from(TICK), false)).fold(0.0, f64::max);
    let margins = Margins { left: (widest + 30.0).max(96.0), right: widest + 100.0, top: 16.0, bottom: 66.0 };
    let share = Scale { range: (0.0, 100.0), step: 20.0 };
    let mut panel = Panel::new((BODY, HEIGHT), margins, (time, Ticks::Numbers), (share, Ticks::Percent));
    panel.x_label(&time_label(worlds));
    let mut ends = Vec::new();
    let curves: Vec<_> = worlds.iter().map(|world| survival_steps(world, until.points(world.summary))).collect();
    for (world, steps) in worlds.iter().zip(&curves) {
        let rows: Vec<_> = steps.iter().map(|step| (step.0, step.2 * 100.0, step.3 * 100.0)).collect();
        panel.band(&rows, world.style.colour, OPACITY);
        ends.push(steps[steps.len() - 1]);
    }
    for (world, steps) in worlds.iter().zip(&curves) {
        panel.line(&steps.iter().map(|step| (step.0, step.1 * 100.0)).collect::<Vec<_>>(), world.style, 3.0);
    }
    label_ends(&mut panel, worlds, &names, &ends);
    let quiet = |world: &&World| until.points(world.summary).iter().all(|point| point.events == 0);
    let without: Vec<String> = worlds.iter().filter(quiet).map(|world| world.label.clone()).collect();
    if without.len() == worlds.len() {
        let middle = f64::midpoint(margins.left, panel.right());
        panel.above(words(
            middle,
            HEIGHT / 2.0,
            &format!("There was no {event} in any history shown here."),
            20,
            TextAnchor::Middle,
            FAINT_INK,
        ));
    } else if !without.is_empty() {
        footnote.push(format!("No {event} in any history of {}.", text::list(&without)));
    }
    let columns: Vec<(f64, f64)> = (0..=20)
        .map(|step| f64::from(step) * time.step)
        .filter(|year| *year <= time.range.1 + 1e-9)
        .map(|year| (year, MARGIN + panel.x(year)))
        .collect();
    page.add(words(MARGIN, page.cursor + 12.0, &format!("histories without a {event}"), LABEL, TextAnchor::Start, INK));
    page.cursor += 16.0;
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + HEIGHT + 22.0;
    numbers_at_risk(&mut page, worlds, &names, until, &columns);
    page.cursor += 14.0;
    (name.to_owned(), page.finish(&footnote))
}
