//! The targets of a calibration file.

use crate::study::worlds::CalibrationWorld;
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
    /// Position of its scenario among those of the file.
    pub world: usize,
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
        /// What was observed before, from which its naive forecasts are made; empty where the file does not say.
        known: Vec<(f64, f64)>,
    },
}

/// Metrics whose histories are kept whole, with their units.
const METRICS: [(&str, &str); 3] = [("burden", "share"), ("arms", "money"), ("warheads", "count")];
const KEYS: &[&str] = &[
    "measure", "value", "naive", "observed", "states", "years", "except", "known", "points", "scale", "use", "source", "scenario",
];
/// Fewest dates from which a naive forecast is made.
const FEWEST_KNOWN: usize = 3;

/// Reads one entry of `targets`, which may stand for many: one for each state.
pub(crate) fn read(
    node: &Node,
    worlds: &[CalibrationWorld],
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
    let allowed: &[&str] =
        if of_number { &["measure", "value", "naive"] } else { &["observed", "states", "years", "except", "known", "points"] };
    for (key, _) in &fields {
        if !allowed.contains(&key.name.as_str()) && !["scale", "use", "source", "scenario"].contains(&key.name.as_str()) {
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
    let world = world(node, get("scenario"), worlds, findings);
    let (Some(fit), Some(scale), Some(world)) = (role, scale, world) else { return };
    let several = worlds.len() > 1;
    let common = Common { fit, scale, source: source.flatten(), world, several };
    if of_number {
        let base = &worlds[world].base;
        targets.extend(number(node, &get, measures, base, &common, findings));
    } else {
        series(node, &get, &worlds[world].base, &common, targets, findings);
    }
}

/// The scenario of a target: the one that it names, or the only one.
fn world(node: &Node, asked: Option<&Node>, worlds: &[CalibrationWorld], findings: &mut Vec<Finding>) -> Option<usize> {
    let names: Vec<(&str, usize)> =
        worlds.iter().enumerate().map(|(position, world)| (world.base.name.as_str(), position)).collect();
    match asked {
        Some(asked) => reader::choice(asked, "scenario", &names, findings),
        None if names.len() == 1 => Some(0),
        None => {
            let finding = Finding::at(node.span, "a target names its scenario, where the file has several");
            findings.push(finding.help(advice("", names.iter().map(|(name, _)| *name))));
            None
        }
    }
}

/// What every target has.
struct Common {
    fit: bool,
    scale: f64,
    source: Option<String>,
    /// Position of the scenario.
    world: usize,
    /// Whether there are others: then labels name it.
    several: bool,
}

impl Common {
    /// A label, unique in the file.
    fn label(&self, of: String, base: &Scenario) -> String {
        if self.several { format!("{of}, {}", base.name) } else { of }
    }
}

fn number<'a>(
    node: &Node,
    get: &dyn Fn(&str) -> Option<&'a Node>,
    measures: &[KnownMeasure],
    base: &Scenario,
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
    let (label, unit) = (common.label(known.label.to_string(), base), known.unit);
    let aim = CalibrationAim::Number { measure: known.name, value, naive };
    Some(CalibrationTarget { label, world: common.world, unit, aim, fit: common.fit, scale: common.scale, source })
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
    let years = get("years").and_then(|node| span_of_years(node, "years", findings));
    let known = get("known").and_then(|node| span_of_years(node, "known", findings));
    let except = get("except").and_then(|node| reader::list(node, "except", "a list of years, [(1899, 1903)]", findings));
    let except: Vec<(f64, f64)> =
        except.unwrap_or_default().iter().filter_map(|node| span_of_years(node, "an entry of except", findings)).collect();
    let own = get("points").map(|node| points(node, findings));
    if own.is_none() && get("years").is_none() {
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
    let within = |date: f64, (first, last): (f64, f64)| date.floor() >= first && date.floor() <= last;
    let wanted = |date: f64| !except.iter().any(|years| within(date, *years));
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
        series.retain(|(date, _)| wanted(*date));
        let mut before = series.clone();
        before.retain(|(date, _)| known.is_some_and(|years| within(*date, years)));
        series.retain(|(date, _)| within(*date, (first, last)));
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
        if let (Some(years), Some(node)) = (known, get("known")) {
            if years.1 >= start.0.floor() {
                let message = format!("`known` reaches to {}, and the target begins in {}", figure(years.1), start.0.floor());
                let finding = Finding::at(node.span, message);
                findings.push(finding.help("a forecast is made from years before those that it forecasts"));
                continue;
            }
            if before.len() < FEWEST_KNOWN {
                let message = format!("{} has {} years of {metric} of {state} within `known`", base.name, before.len());
                findings.push(Finding::at(node.span, message).help(format!("at least {FEWEST_KNOWN}, to make a forecast")));
                continue;
            }
        }
        let (start, end) = (start.0.floor(), end.0.floor());
        let label = if start < end { format!("{metric} {state} {start}-{end}") } else { format!("{metric} {state} {start}") };
        let label = common.label(label, base);
        let aim = CalibrationAim::Series { metric, state, points: series, known: before };
        let (fit, scale, source) = (common.fit, common.scale, source.unwrap_or_default());
        targets.push(CalibrationTarget { label, world: common.world, unit, aim, fit, scale, source });
    }
}

/// First and last year of a span.
fn span_of_years(node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<(f64, f64)> {
    let (first, last) = reader::two_numbers(node, what, "(first, last)", findings)?;
    if first > last {
        findings.push(Finding::at(node.span, format!("{what} go from {} to {}", figure(first), figure(last))));
        return None;
    }
    Some((first, last))
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
