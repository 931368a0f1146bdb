//! The targets of a calibration file.

use crate::syntax::problem::Finding;
use crate::syntax::reader;
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{advice, figure, quote};
use crate::world::scenario::Scenario;

/// A measure that a target may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownMeasure {
    /// Name.
    pub name: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// Unit.
    pub unit: &'static str,
}

/// Something that a calibration fits its scenario to, or holds out.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationTarget {
    /// What it is called.
    pub label: String,
    /// Unit of its values.
    pub unit: &'static str,
    /// What it is of.
    pub aim: CalibrationAim,
    /// Whether it is fitted; else it is held out.
    pub fit: bool,
    /// Standard deviation of the error with which it was observed.
    pub scale: f64,
    /// Where it comes from.
    pub source: String,
}

/// What a target is of.
#[derive(Debug, Clone, PartialEq)]
pub enum CalibrationAim {
    /// One number.
    Number {
        /// Name of the measure.
        measure: &'static str,
        /// What was observed.
        value: f64,
        /// The forecast without any theory.
        naive: Option<f64>,
    },
    /// An observed series of a state.
    Series {
        /// `burden`, `arms` or `warheads`.
        metric: &'static str,
        /// Code of the state.
        state: String,
        /// Dates, decimal years, and values.
        points: Vec<(f64, f64)>,
    },
}

/// Metrics whose histories are kept whole, with their units.
const METRICS: [(&str, &str); 3] = [("burden", "share"), ("arms", "money"), ("warheads", "count")];
const KEYS: &[&str] = &["measure", "value", "naive", "observed", "states", "years", "points", "scale", "use", "source"];

/// Reads one entry of `targets`, which may stand for many: one for each state.
pub(crate) fn read(
    node: &Node,
    base: &Scenario,
    measures: &[KnownMeasure],
    targets: &mut Vec<CalibrationTarget>,
    findings: &mut Vec<Finding>,
) {
    let fields = reader::fields(node, "a target", KEYS, findings);
    let get = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let of_number = match (get("measure"), get("observed")) {
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => {
            let finding = Finding::at(node.span, "a target has one of `measure` and `observed`");
            findings.push(finding.help(
                "(measure: \"general_war\", value: 0.5, scale: 0.1, use: \"fit\", source: \"…\"), or (observed: \"burden\", \
                 years: (1890, 1905), scale: 0.005, use: \"fit\")",
            ));
            return;
        }
    };
    let allowed: &[&str] = if of_number { &["measure", "value", "naive"] } else { &["observed", "states", "years", "points"] };
    for (key, _) in &fields {
        if !allowed.contains(&key.name.as_str()) && !["scale", "use", "source"].contains(&key.name.as_str()) {
            let what = if of_number { "a measure" } else { "an observed series" };
            findings.push(Finding::at(key.span, format!("`{}` has no meaning for {what}", key.name)));
        }
    }
    let role = if let Some(node) = get("use") {
        reader::choice(node, "use", &[("fit", true), ("hold_out", false)], findings)
    } else {
        let finding = Finding::at(node.span, "a target says what it is for, with `use`");
        findings.push(finding.help("use: \"fit\", or use: \"hold_out\" for what is only scored"));
        None
    };
    let scale = if let Some(node) = get("scale") {
        let what = "the standard error of what was observed, in its unit, above zero";
        reader::number(node, "scale", 1e-12, 1e12, what, findings)
    } else {
        let finding = Finding::at(node.span, "a target needs `scale`, the standard error of what was observed");
        findings.push(finding.help("in the unit of the target: 0.005 is half a per cent of output"));
        None
    };
    let source = get("source").map(|node| reader::text(node, "source", findings));
    let (Some(fit), Some(scale)) = (role, scale) else { return };
    let common = Common { fit, scale, source: source.flatten() };
    if of_number {
        targets.extend(number(node, &get, measures, &common, findings));
    } else {
        series(node, &get, base, &common, targets, findings);
    }
}

/// What every target has.
struct Common {
    fit: bool,
    scale: f64,
    source: Option<String>,
}

fn number<'a>(
    node: &Node,
    get: &dyn Fn(&str) -> Option<&'a Node>,
    measures: &[KnownMeasure],
    common: &Common,
    findings: &mut Vec<Finding>,
) -> Option<CalibrationTarget> {
    let asked = get("measure")?;
    let name = reader::text(asked, "measure", findings)?;
    let Some(known) = measures.iter().find(|known| known.name == name) else {
        let help = advice(&name, measures.iter().map(|known| known.name));
        findings.push(Finding::at(asked.span, format!("no measure {}", quote(&name))).help(help));
        return None;
    };
    let Some(value) = get("value") else {
        findings.push(Finding::at(node.span, format!("the target {name} needs `value`, what was observed")));
        return None;
    };
    let (low, high) = match known.unit {
        "share" => (0.0, 1.0),
        _ => (-1e12, 1e12),
    };
    let what = &format!("in the unit of {name}: {}", known.unit);
    let value = reader::number(value, "value", low, high, what, findings)?;
    let naive = match get("naive") {
        Some(node) => Some(reader::number(node, "naive", low, high, what, findings)?),
        None => None,
    };
    if naive == Some(value) {
        findings.push(Finding::at(node.span, "`naive` is what was observed: no forecast can be better than that"));
    }
    let Some(source) = common.source.clone() else {
        findings.push(Finding::at(node.span, format!("the target {name} needs `source`: where its value comes from")));
        return None;
    };
    let (label, unit) = (known.label.to_string(), known.unit);
    let aim = CalibrationAim::Number { measure: known.name, value, naive };
    Some(CalibrationTarget { label, unit, aim, fit: common.fit, scale: common.scale, source })
}

fn series<'a>(
    node: &Node,
    get: &dyn Fn(&str) -> Option<&'a Node>,
    base: &Scenario,
    common: &Common,
    targets: &mut Vec<CalibrationTarget>,
    findings: &mut Vec<Finding>,
) {
    let Some(asked) = get("observed") else { return };
    let names: Vec<(&str, usize)> = METRICS.iter().enumerate().map(|(position, (name, _))| (*name, position)).collect();
    let Some((metric, unit)) = reader::choice(asked, "observed", &names, findings).map(|position| METRICS[position]) else {
        return;
    };
    let before = findings.len();
    let states = states(get("states"), metric, base, findings);
    let years = get("years").and_then(|node| reader::two_numbers(node, "years", "(first, last)", findings));
    if let (Some((first, last)), Some(node)) = (years, get("years"))
        && first > last
    {
        findings.push(Finding::at(node.span, format!("years go from {} to {}", figure(first), figure(last))));
    }
    let own = get("points").map(|node| points(node, findings));
    if own.is_none() && years.is_none() {
        let finding = Finding::at(node.span, format!("a target of the observed {metric} needs `years`, or `points` of its own"));
        findings.push(finding.help("years: (1890, 1905), both within"));
    }
    if own.is_some() && common.source.is_none() {
        findings.push(Finding::at(node.span, "`points` need `source`: where they come from"));
    }
    if own.is_some() && states.len() != 1 {
        findings.push(Finding::at(node.span, "`points` belong to one state").help("states: [\"GBR\"]"));
    }
    if findings.len() > before {
        return;
    }
    let (first, last) = years.unwrap_or((f64::MIN, f64::MAX));
    let inside = |date: f64| date.floor() >= first && date.floor() <= last;
    let horizon = &base.setup.horizon;
    for state in states {
        let seen = base.observed.iter().filter(|seen| seen.metric == metric && seen.state == state);
        let (mut source, mut series) = (common.source.clone(), Vec::new());
        if let Some(own) = &own {
            series.clone_from(own);
        } else {
            for seen in seen {
                source.get_or_insert_with(|| seen.source.clone());
                series.push((seen.date, seen.value));
            }
        }
        series.retain(|(date, _)| inside(*date));
        let outside = series.iter().find(|(date, _)| *date < horizon.start || *date > horizon.end);
        if let Some((date, _)) = outside {
            let years = format!("{} to {}", figure(horizon.start), figure(horizon.end));
            let message = format!("{metric} of {state} is observed in {}, outside the calendar, {years}", figure(*date));
            findings.push(Finding::at(node.span, message).help("set `years` of the target, or of the study"));
            continue;
        }
        let (Some(start), Some(end)) = (series.first(), series.last()) else {
            let message = format!("{} has no observed {metric} of {state} in those years", base.name);
            findings.push(Finding::at(node.span, message));
            continue;
        };
        let (start, end) = (start.0.floor(), end.0.floor());
        let label = if start < end { format!("{metric} {state} {start}-{end}") } else { format!("{metric} {state} {start}") };
        let aim = CalibrationAim::Series { metric, state, points: series };
        let (fit, scale, source) = (common.fit, common.scale, source.unwrap_or_default());
        targets.push(CalibrationTarget { label, unit, aim, fit, scale, source });
    }
}

/// The states that are named, or all that have an observed series of the metric.
fn states(node: Option<&Node>, metric: &str, base: &Scenario, findings: &mut Vec<Finding>) -> Vec<String> {
    let Some(node) = node else {
        let mut all: Vec<String> = Vec::new();
        for seen in base.observed.iter().filter(|seen| seen.metric == metric) {
            if !all.contains(&seen.state) {
                all.push(seen.state.clone());
            }
        }
        return all;
    };
    let mut named = Vec::new();
    for entry in reader::list(node, "states", "a list of codes", findings).unwrap_or_default() {
        let Some(code) = reader::text(entry, "an entry of states", findings) else { continue };
        if base.setup.state(&code).is_some() {
            named.push(code);
        } else {
            let help = advice(&code, base.setup.states.iter().map(|state| state.code.as_str()));
            findings.push(Finding::at(entry.span, format!("no state {} in {}", quote(&code), base.name)).help(help));
        }
    }
    named
}

/// Dates that rise, with values.
fn points(node: &Node, findings: &mut Vec<Finding>) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let wanted = "a list of (date, value), such as [(1920.5, 0.0675), (1921.5, 0.0436)]";
    for entry in reader::list(node, "points", wanted, findings).unwrap_or_default() {
        let Some(point) = reader::two_numbers(entry, "a point", "(date, value)", findings) else { continue };
        if points.last().is_some_and(|last| last.0 >= point.0) {
            let message = format!("the date {} does not come after the one before it", figure(point.0));
            findings.push(Finding::at(entry.span, message).help("put the points in order of date, each date once"));
        }
        points.push(point);
    }
    if points.is_empty() && matches!(&node.kind, Kind::List(_)) {
        findings.push(Finding::at(node.span, "`points` is empty"));
    }
    points
}
