//! Observed values of history, by state and metric: shown with the simulated curves, not used by the simulation.

use spiral_model::setup::Setup;
use spiral_model::specification::Specification;

use crate::syntax::problem::{Finding, Placed};
use crate::syntax::reader;
use crate::syntax::text::Node;
use crate::syntax::words::{advice, figure, quote};
use crate::world::given::{self, SERIES_MARGIN_YEARS};

/// A value that history shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Code of the state.
    pub state: String,
    /// One of [`STATE_METRICS`](spiral_model::outcome::STATE_METRICS).
    pub metric: String,
    /// Decimal year.
    pub date: f64,
    /// Value in the unit of the metric: a share of output for `burden`, the money of the scenario for `arms`.
    pub value: f64,
    /// Where it comes from.
    pub source: String,
}

/// The values of one metric of one state, as a file gives them.
#[derive(Debug)]
pub(crate) struct ObservedSeries<'a> {
    pub(crate) state: Placed<&'a str>,
    metric: Placed<&'static str>,
    points: Vec<(f64, f64)>,
    source: String,
}

impl From<ObservedSeries<'_>> for spiral_analysis::history::Series {
    fn from(ObservedSeries { state, metric, points, source }: ObservedSeries<'_>) -> Self {
        Self { state: state.value.to_string(), metric: metric.value.to_string(), points, source }
    }
}

const fn metric(name: &'static str, unit: &'static str, high: f64, meaning: &'static str) -> Specification {
    Specification { name, symbol: unit, unit, low: 0.0, high, default: 0.0, judged: None, meaning }
}

/// The metrics of a state, in the order of `STATE_METRICS`, with the values that can be true of one.
static METRICS: [Specification; 7] = [
    metric("arms", "billion int$", 1e9, "stock of arms"),
    metric("burden", "share of output", 1.0, "military spending as a share of output, 0.03 for 3 %"),
    metric("offensive_share", "share of arms", 1.0, "offensive part of all arms"),
    metric("threat", "billion int$", 1e9, "threat seen from all others together"),
    metric("mistrust", "0..1", 1.0, "mean probability given to others' greed"),
    metric("perceived_balance", "ratio", 100.0, "believed balance of offence and defence"),
    metric("warheads", "warheads", 1e9, "nuclear warheads"),
];

/// Reads the group by state and metric.
pub(crate) fn read<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Vec<ObservedSeries<'a>> {
    let names: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
    let mut all = Vec::new();
    for (code, node) in reader::entries(node, "observed", findings) {
        let path = format!("observed.{}", code.name);
        let state = Placed { value: code.name.as_str(), span: code.span };
        for (key, node) in reader::fields(node, &path, &names, findings) {
            let Some(metric) = METRICS.iter().find(|metric| metric.name == key.name) else { continue };
            let path = format!("{path}.{}", key.name);
            let name = Placed { value: metric.name, span: key.span };
            if let Some((points, source)) = series(node, &path, metric, findings) {
                all.push(ObservedSeries { state, metric: name, points, source });
            }
        }
    }
    all
}

fn series(
    node: &Node,
    path: &str,
    metric: &'static Specification,
    findings: &mut Vec<Finding>,
) -> Option<(Vec<(f64, f64)>, String)> {
    let (mut points, mut source) = (None, None);
    let before = findings.len();
    for (key, node) in reader::fields(node, path, &["points", "source"], findings) {
        match key.name.as_str() {
            "points" => points = given::points(node, path, metric, findings),
            _ => source = reader::text(node, &format!("the source of {path}"), findings),
        }
    }
    if findings.len() == before && (points.is_none() || source.is_none()) {
        let missing = if points.is_none() { "points" } else { "source" };
        let finding = Finding::at(node.span, format!("{path} has no `{missing}`"));
        findings.push(finding.help("what history did is written ( points: [(1890.5, 0.0205), …], source: \"…\" )"));
    }
    points.zip(source)
}

/// Values of the last layer that has any, in the order of the file; a finding for each unknown state and stray date.
pub(crate) fn resolve(all: &[ObservedSeries<'_>], setup: &Setup, any_date: bool, findings: &mut Vec<Finding>) -> Vec<Observed> {
    let (first, last) = (setup.horizon.start - SERIES_MARGIN_YEARS, setup.horizon.end + SERIES_MARGIN_YEARS);
    let mut found = Vec::new();
    for ObservedSeries { state, metric, points, source } in all {
        if setup.state(state.value).is_none() && !findings.iter().any(|finding| finding.span == Some(state.span)) {
            let help = advice(state.value, setup.states.iter().map(|state| state.code.as_str()));
            findings.push(Finding::at(state.span, format!("no state {} in this scenario", quote(state.value))).help(help));
        }
        if let Some((date, _)) = points.iter().find(|(date, _)| !any_date && (*date < first || *date > last)) {
            let years = format!("{} to {}", figure(setup.horizon.start), figure(setup.horizon.end));
            let path = format!("observed.{}.{}", state.value, metric.value);
            let message = format!("the date {} of {path} is far outside the calendar, {years}", figure(*date));
            let help = format!("what was observed may reach {SERIES_MARGIN_YEARS} years past either end");
            findings.push(Finding::at(metric.span, message).help(help));
        }
        found.extend(points.iter().map(|(date, value)| Observed {
            state: state.value.to_string(),
            metric: metric.value.to_string(),
            date: *date,
            value: *value,
            source: source.clone(),
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_of_a_state_can_be_observed() {
        assert_eq!(METRICS.map(|metric| metric.name), spiral_model::outcome::STATE_METRICS);
    }
}
