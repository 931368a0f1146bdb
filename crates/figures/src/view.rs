//! The input as the charts read it: worlds with labels and looks, states in the order of their codes, curves by key.

use std::collections::{BTreeMap, BTreeSet};

use spiral_analysis::table::{CurveRow, ScenarioSummary, SurvivalPoint};

use crate::palette::{self, Style};
use crate::singles::{self, SingleCurve, Singles};
use crate::text;
use crate::{Input, Observed};

/// Scenarios that one chart can hold; the rest is left out and counted in the footnote.
const MOST_WORLDS: usize = 8;
/// Panels or lines of states that one chart can hold.
pub(crate) const MOST_STATES: usize = 12;
/// Histories at risk below which a curve of quantiles ends.
const LEAST_AT_RISK: u64 = 20;

/// Fewest histories for which a line is drawn; a line that begins with few histories is drawn to its end.
pub(crate) fn fewest_at_risk(first: Option<u64>) -> u64 {
    if first.is_some_and(|first| first >= 2 * LEAST_AT_RISK) { LEAST_AT_RISK } else { 0 }
}

/// Where lines end, for a footnote.
pub(crate) fn where_lines_end() -> String {
    format!("A line that begins with at least {} histories ends where fewer than {LEAST_AT_RISK} are left.", 2 * LEAST_AT_RISK)
}

/// A metric that is drawn by state and date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Metric {
    Arms,
    Burden,
}

impl Metric {
    /// Its name in the tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Arms => "arms",
            Self::Burden => "burden",
        }
    }

    /// From the unit of the tables to the unit of the charts.
    pub(crate) const fn factor(self) -> f64 {
        match self {
            Self::Arms => 1.0,
            Self::Burden => 100.0,
        }
    }
}

/// One scenario at one design point.
pub(crate) struct World<'a> {
    pub(crate) summary: &'a ScenarioSummary,
    /// Name for readers, with the point if a scenario has several.
    pub(crate) label: String,
    /// Name for files, different for every world.
    pub(crate) file: String,
    pub(crate) style: Style,
}

impl World<'_> {
    /// Length of the scenario, years.
    pub(crate) fn years(&self) -> f64 {
        (self.summary.years.1 - self.summary.years.0).max(0.0)
    }

    /// Histories that are in the estimates.
    pub(crate) fn valid(&self) -> u64 {
        self.summary.histories.saturating_sub(self.summary.failures)
    }
}

/// One curve point in the units of the charts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) date: f64,
    pub(crate) at_risk: u64,
    /// Quantiles 5, 25, 50, 75 and 95 %.
    pub(crate) quantiles: [f64; 5],
}

/// The whole input.
pub(crate) struct View<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) worlds: Vec<World<'a>>,
    codes: Vec<&'a str>,
    curves: Curves<'a>,
    judged: Curves<'a>,
    singles: Singles<'a>,
}

/// Rows of arms and burden by scenario, point, metric and state, in the order of dates.
type Curves<'a> = BTreeMap<(&'a str, u32, &'a str, &'a str), Vec<&'a CurveRow>>;

fn by_key(rows: &[CurveRow]) -> Curves<'_> {
    let mut curves = Curves::new();
    for row in rows
        .iter()
        .filter(|row| row.state != "*" && [Metric::Arms, Metric::Burden].iter().any(|metric| metric.name() == row.metric))
    {
        curves.entry((row.scenario.as_str(), row.point, row.metric.as_str(), row.state.as_str())).or_default().push(row);
    }
    for rows in curves.values_mut() {
        rows.sort_by(|a, b| a.date.total_cmp(&b.date));
    }
    curves
}

/// The points of a curve in the unit of the charts, as far as enough histories are at risk.
fn points(rows: Option<&Vec<&CurveRow>>, metric: Metric) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for row in rows.into_iter().flatten() {
        let quantiles = [row.q05, row.q25, row.q50, row.q75, row.q95].map(|value| value * metric.factor());
        if row.at_risk > 0 && row.date.is_finite() && quantiles.iter().all(|value| value.is_finite()) {
            points.push(Point { date: row.date, at_risk: row.at_risk, quantiles });
        }
    }
    let fewest = fewest_at_risk(points.first().map(|first| first.at_risk));
    points.retain(|point| point.at_risk >= fewest);
    points
}

impl<'a> View<'a> {
    pub(crate) fn new(input: &'a Input<'a>) -> Self {
        let scenarios = &input.summary.scenarios;
        let folder = shared_folder(scenarios.iter().map(|summary| summary.scenario.as_str()));
        let mut files = BTreeSet::new();
        let mut worlds = Vec::new();
        for (position, summary) in scenarios.iter().take(MOST_WORLDS).enumerate() {
            let several = scenarios.iter().filter(|other| other.scenario == summary.scenario).count() > 1;
            let short = summary.scenario[folder.len()..].to_owned();
            let label = if several { format!("{short}, point {}", summary.point) } else { short };
            let mut file = text::file_name(&summary.scenario);
            if several {
                file = format!("{file}-{}", summary.point);
            }
            while !files.insert(file.to_ascii_lowercase()) {
                file.push_str("-again");
            }
            worlds.push(World { summary, label, file, style: palette::style(position) });
        }
        let (curves, judged) = (by_key(input.curves), by_key(input.judged));
        let mut codes: BTreeSet<&str> = input.state_names.iter().map(|(code, _)| code.as_str()).collect();
        codes.extend(curves.keys().map(|key| key.3));
        let singles = singles::by_state(input.singles);
        Self { input, worlds, codes: codes.into_iter().collect(), curves, judged, singles }
    }

    /// The world of a scenario at a point, if it is shown.
    pub(crate) fn world(&self, scenario: &str, point: u32) -> Option<&World<'a>> {
        self.worlds.iter().find(|world| world.summary.scenario == scenario && world.summary.point == point)
    }

    /// Name of a scenario at a point for readers.
    pub(crate) fn label<'b>(&'b self, scenario: &'b str, point: u32) -> &'b str {
        self.world(scenario, point).map_or(scenario, |world| &world.label)
    }

    /// Look of a state, the same in every figure: its place in the order of codes decides.
    pub(crate) fn state_style(&self, code: &str) -> Style {
        palette::style(self.codes.binary_search(&code).unwrap_or(0))
    }

    /// Code and name: `GBR United Kingdom`, or the code alone.
    pub(crate) fn state_label(&self, code: &str) -> String {
        match self.input.state_names.iter().find(|(known, _)| known == code) {
            Some((_, name)) if !name.is_empty() && name != code => format!("{code} {name}"),
            _ => code.to_owned(),
        }
    }

    /// Curve of a state in a world, in the unit of the charts, as far as enough histories are at risk.
    pub(crate) fn curve(&self, world: &World, metric: Metric, state: &str) -> Vec<Point> {
        let key = (world.summary.scenario.as_str(), world.summary.point, metric.name(), state);
        points(self.curves.get(&key), metric)
    }

    /// The same curve of the histories that draw their judgements; empty where there are none.
    pub(crate) fn judged(&self, world: &World, metric: Metric, state: &str) -> Vec<Point> {
        let key = (world.summary.scenario.as_str(), world.summary.point, metric.name(), state);
        points(self.judged.get(&key), metric)
    }

    /// Curves of a state in single histories of a world, in the unit of the tables.
    pub(crate) fn singles(&self, world: &World, metric: Metric, state: &str) -> Vec<&'a SingleCurve> {
        let key = (world.summary.scenario.as_str(), world.summary.point, metric.name(), state);
        self.singles.get(&key).cloned().unwrap_or_default()
    }

    /// The states of a world that a chart shows, in the order of codes, with their curves, and how many are left out.
    pub(crate) fn states(&self, world: &World, metric: Metric) -> (Vec<(&'a str, Vec<Point>)>, usize) {
        let mut found: Vec<(&str, Vec<Point>)> = self.codes.iter().map(|code| (*code, self.curve(world, metric, code))).collect();
        found.retain(|(_, points)| !points.is_empty());
        let left_out = found.len().saturating_sub(MOST_STATES);
        let largest = |points: &[Point]| points.iter().map(|point| point.quantiles[2]).fold(f64::NEG_INFINITY, f64::max);
        found.sort_by(|a, b| largest(&b.1).total_cmp(&largest(&a.1)).then(a.0.cmp(b.0)));
        found.truncate(MOST_STATES);
        found.sort_by(|a, b| a.0.cmp(b.0));
        (found, left_out)
    }

    /// Observed values of a state in a world, in the unit of the charts.
    pub(crate) fn observed(&self, world: &World, metric: Metric, state: &str) -> Vec<(f64, f64)> {
        let (first, last) = world.summary.years;
        let fits =
            |point: &&Observed| point.scenario == world.summary.scenario && point.state == state && point.metric == metric.name();
        let shown = |(date, value): &(f64, f64)| value.is_finite() && *date >= first && *date <= last;
        self.input.observed.iter().filter(fits).map(|point| (point.date, point.value * metric.factor())).filter(shown).collect()
    }

    /// Unit of money of a world.
    pub(crate) fn money(&self, world: &World) -> Option<&str> {
        let named = self.input.money.iter().find(|(scenario, _)| *scenario == world.summary.scenario);
        named.map(|(_, money)| money.as_str())
    }

    /// Sources of the observed values of a world.
    pub(crate) fn sources(&self, world: &World, metric: Metric) -> Vec<String> {
        let fits = |point: &&Observed| {
            point.scenario == world.summary.scenario && point.metric == metric.name() && !point.source.is_empty()
        };
        self.input.observed.iter().filter(fits).map(|point| point.source.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The beginning of every footnote: histories, seed, and what is left out.
    pub(crate) fn method(&self, worlds: &[&World]) -> String {
        let summary = self.input.summary;
        let failures: u64 = worlds.iter().map(|world| world.summary.failures).sum();
        let failed = match failures {
            0 => String::new(),
            failures => format!(" ({} failed numerically and are left out of every estimate)", text::count(failures)),
        };
        let drawn = if summary.uncertain { ", which draw their judgements from their ranges, two histories a draw" } else { "" };
        let note =
            format!("{} histories of each scenario{failed}{drawn}, seed {}.", text::count(summary.histories), summary.seed);
        let (shown, all) = (self.worlds.len(), summary.scenarios.len());
        if shown < all && worlds.len() > 1 {
            return format!("{note} The first {shown} of {all} scenarios and points are shown.");
        }
        note
    }

    /// All worlds, for footnotes.
    pub(crate) fn all(&self) -> Vec<&World<'a>> {
        self.worlds.iter().collect()
    }
}

/// What all names begin with up to a `/`, where there are several names: the members of one file need not repeat it.
#[expect(clippy::needless_pass_by_value, reason = "the caller hands over a short chain of iterators")]
fn shared_folder<'a>(names: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let Some(first) = names.clone().next() else { return "" };
    let folder = first.rfind('/').map_or("", |slash| &first[..=slash]);
    if names.clone().count() > 1 && names.clone().all(|name| name.starts_with(folder) && name.len() > folder.len()) {
        folder
    } else {
        ""
    }
}

/// Steps of a survival curve in years since the start: time, survival, lower, upper. It begins at (0, 1) and ends with the scenario.
pub(crate) fn survival_steps(world: &World, points: &[SurvivalPoint]) -> Vec<(f64, f64, f64, f64)> {
    let start = world.summary.years.0;
    let mut steps = vec![(0.0, 1.0, 1.0, 1.0)];
    let mut remaining = world.valid();
    for point in points {
        let values = [point.date - start, point.survival, point.lower, point.upper];
        let last = steps[steps.len() - 1];
        if values[0].is_finite() && values[1].is_finite() {
            let bound = |value: f64, other: f64| if value.is_finite() { value } else { other };
            let (time, survival) = (values[0].max(0.0), values[1]);
            // A stair: level up to the event, then down.
            steps.push((time, last.1, last.2, last.3));
            steps.push((time, survival, bound(values[2], survival), bound(values[3], survival)));
        }
        remaining = point.at_risk.saturating_sub(point.events);
    }
    let last = steps[steps.len() - 1];
    if remaining > 0 && last.0 < world.years() {
        steps.push((world.years(), last.1, last.2, last.3));
    }
    steps
}

/// Histories at risk at a time since the start, years; `None` past the end of the scenario.
pub(crate) fn at_risk(world: &World, points: &[SurvivalPoint], time: f64) -> Option<u64> {
    if time > world.years() + 1e-9 {
        return None;
    }
    let date = world.summary.years.0 + time - 1e-9;
    match (points.iter().find(|point| point.date >= date), points.last()) {
        (Some(next), _) => Some(next.at_risk),
        (None, Some(last)) => Some(last.at_risk.saturating_sub(last.events)),
        (None, None) => Some(world.valid()),
    }
}
