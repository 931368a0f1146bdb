//! A number as a scenario gives it: bare, with a source, as a judgement with its range, or as a series by date.

use spiral_model::specification::Specification;

use crate::syntax::problem::{Finding, Span};
use crate::syntax::reader::{self, wrong};
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{explain, figure, quote, range, rounded, wanted};

/// How far from the calendar a point of a series may lie, in years.
pub(crate) const SERIES_MARGIN_YEARS: f64 = 100.0;

/// A number that a file gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    /// Path as the file reaches it, such as `pairs.GBR-FRA.contact` or `defaults.state.greed`.
    pub(crate) path: String,
    pub(crate) span: Span,
    pub(crate) specification: &'static Specification,
    pub(crate) values: Values,
    pub(crate) basis: Basis,
}

/// Numbers of one state, pair or dyad: position of field, number.
pub(crate) type Fields = Vec<(usize, Given)>;

/// One value or many.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Constant(f64),
    /// (date, value), dates rising, at least two.
    Series(Vec<(f64, f64)>),
}

/// The basis of a number. A number may have both a source and a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis {
    /// Where it is taken from.
    pub source: Option<String>,
    /// Range within which another judge might put it; for a series, factors on the whole of it.
    pub range: Option<(f64, f64)>,
    /// Why the judgement is what it is.
    pub why: Option<String>,
}

impl Basis {
    /// Whether the file does not give the basis of the number.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.source.is_none() && self.range.is_none()
    }
}

const KEYS: &[&str] = &["value", "points", "unit", "source", "judgement", "factor", "why"];

/// Reads a number and checks it against its specification.
pub(crate) fn read(node: &Node, path: &str, specification: &'static Specification, findings: &mut Vec<Finding>) -> Option<Given> {
    let given = |values, basis| Given { path: path.to_string(), span: node.span, specification, values, basis };
    match &node.kind {
        Kind::Number(_) => {
            constant(node, path, specification, findings).map(|value| given(Values::Constant(value), Basis::default()))
        }
        Kind::Map(_) => {
            let before = findings.len();
            let (values, basis) = detailed(node, path, specification, findings)?;
            (findings.len() == before).then(|| given(values, basis))
        }
        Kind::List(_) => {
            let finding = wrong(node, path, "a number or `( value: … )`")
                .help("a series is written ( points: [(1890, 1.0), (1900, 2.0)] )");
            findings.push(finding);
            None
        }
        _ => {
            findings.push(wrong(node, path, &wanted(specification)).help(explain(specification)));
            None
        }
    }
}

fn detailed(
    node: &Node,
    path: &str,
    specification: &'static Specification,
    findings: &mut Vec<Finding>,
) -> Option<(Values, Basis)> {
    let mut value = None;
    let mut points = None;
    let mut judgement = None;
    let mut factor = None;
    let mut basis = Basis::default();
    let before = findings.len();
    for (key, node) in reader::fields(node, path, KEYS, findings) {
        match key.name.as_str() {
            "value" => value = Some(node),
            "points" => points = Some(node),
            "judgement" => judgement = Some((key.span, node)),
            "factor" => factor = Some((key.span, node)),
            "unit" => check_unit(node, path, specification, findings),
            "source" => basis.source = reader::text(node, &format!("the source of {path}"), findings),
            "why" => basis.why = reader::text(node, &format!("the reason for {path}"), findings),
            _ => {}
        }
    }
    let values = match (value, points) {
        (Some(value), None) => Values::Constant(constant(value, path, specification, findings)?),
        (None, Some(points)) => Values::Series(series(points, path, specification, findings)?),
        // A misspelt key has its own finding.
        (None, None) if findings.len() > before => return None,
        (None, None) => {
            findings
                .push(Finding::at(node.span, format!("{path} has neither `value` nor `points`")).help(explain(specification)));
            return None;
        }
        (Some(_), Some(_)) => {
            findings.push(Finding::at(node.span, format!("{path} has both `value` and `points`")).help("keep one of the two"));
            return None;
        }
    };
    match (&values, judgement, factor) {
        (Values::Constant(value), Some((_, node)), None) => {
            basis.range = judged(node, path, *value, specification, findings);
        }
        (Values::Series(points), None, Some((_, node))) => {
            basis.range = judged_factor(node, path, points, specification, findings);
        }
        (Values::Constant(_), _, Some((span, _))) => {
            findings.push(
                Finding::at(span, format!("{path} is one value; `factor` is for series")).help("write `judgement: (low, high)`"),
            );
        }
        (Values::Series(_), Some((span, _)), _) => {
            let finding = Finding::at(span, format!("{path} is a series; `judgement` is for one value"));
            findings.push(finding.help("write `factor: (low, high)`: the whole series is multiplied by it, such as (0.8, 1.25)"));
        }
        (_, None, None) => {
            if basis.why.is_some() && basis.source.is_none() {
                let finding = Finding::at(node.span, format!("{path} has a reason, but no range"));
                findings.push(finding.help("`why` explains a judgement: give `judgement: (low, high)` too, or call it `source`"));
            }
        }
    }
    Some((values, basis))
}

fn check_unit(node: &Node, path: &str, specification: &Specification, findings: &mut Vec<Finding>) {
    if let Some(unit) = reader::text(node, &format!("the unit of {path}"), findings)
        && unit != specification.unit
    {
        let message = format!("{path} is given in {}; its unit is `{}`", quote(&unit), specification.unit);
        findings
            .push(Finding::at(node.span, message).help("numbers are never converted: give the value in the unit of the model"));
    }
}

fn constant(node: &Node, path: &str, specification: &'static Specification, findings: &mut Vec<Finding>) -> Option<f64> {
    match node.kind {
        Kind::Number(value) if specification.allows(value) => Some(value),
        Kind::Number(value) => {
            findings.push(Finding::at(node.span, outside(path, value, specification)).help(explain(specification)));
            None
        }
        _ => {
            findings.push(wrong(node, path, &wanted(specification)).help(explain(specification)));
            None
        }
    }
}

/// The message for a value that its specification does not allow.
pub(crate) fn outside(path: &str, value: f64, specification: &Specification) -> String {
    if !value.is_finite() {
        return format!("{path} is {}; it must be a finite number", figure(value));
    }
    format!("{path} is {}; allowed: {}", figure(value), range(specification))
}

fn series(
    node: &Node,
    path: &str,
    specification: &'static Specification,
    findings: &mut Vec<Finding>,
) -> Option<Vec<(f64, f64)>> {
    if let Kind::List(list) = &node.kind
        && list.len() < 2
    {
        let finding = Finding::at(node.span, format!("the series of {path} has fewer than two points"));
        findings.push(finding.help("a number that never changes is written ( value: … )"));
        return None;
    }
    points(node, path, specification, findings)
}

/// A list of (date, value), dates rising.
pub(crate) fn points(
    node: &Node,
    path: &str,
    specification: &'static Specification,
    findings: &mut Vec<Finding>,
) -> Option<Vec<(f64, f64)>> {
    let pairs = "a list of (date, value), such as [(1890, 1.0), (1900, 2.0)]";
    let list = reader::list(node, &format!("the points of {path}"), pairs, findings)?;
    let before = findings.len();
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(list.len());
    for part in list {
        let Kind::List(pair) = &part.kind else {
            findings.push(wrong(part, &format!("a point of {path}"), "(date, value)"));
            continue;
        };
        let [date, value] = pair.as_slice() else {
            findings
                .push(Finding::at(part.span, format!("a point of {path} has {} parts; it must be (date, value)", pair.len())));
            continue;
        };
        let read_date = reader::date(date, &format!("a date of {path}"), findings);
        let (Some(at), Some(value)) = (read_date, constant(value, path, specification, findings)) else { continue };
        if let Some((last, _)) = points.last()
            && at <= *last
        {
            let message = format!("the dates of {path} do not rise: {} after {}", figure(at), figure(*last));
            findings.push(Finding::at(date.span, message).help("put the points in order of date, each date once"));
            continue;
        }
        points.push((at, value));
    }
    (findings.len() == before).then_some(points)
}

fn judged(node: &Node, path: &str, value: f64, specification: &Specification, findings: &mut Vec<Finding>) -> Option<(f64, f64)> {
    let (low, high) = bounds(node, path, "judgement", findings)?;
    if value < low || value > high {
        let message = format!("{path} is {}, outside its own judgement {} to {}", figure(value), figure(low), figure(high));
        findings.push(Finding::at(node.span, message).help("widen the range, or move the value"));
        return None;
    }
    if !specification.allows(low) || !specification.allows(high) {
        let message =
            format!("the judgement of {path} is {} to {}; allowed: {}", figure(low), figure(high), range(specification));
        findings.push(Finding::at(node.span, message));
        return None;
    }
    Some((low, high))
}

fn judged_factor(
    node: &Node,
    path: &str,
    points: &[(f64, f64)],
    specification: &Specification,
    findings: &mut Vec<Finding>,
) -> Option<(f64, f64)> {
    let (low, high) = bounds(node, path, "factor", findings)?;
    if !(0.0..=1.0).contains(&low) || high < 1.0 {
        let message = format!("the factor of {path} is {} to {}; it must hold 1 between them", figure(low), figure(high));
        findings.push(Finding::at(node.span, message).help("(0.8, 1.25) means: the whole series from 0.8 to 1.25 times as high"));
        return None;
    }
    for (date, value) in points {
        for factor in [low, high] {
            if !specification.allows(value * factor) {
                let reached = rounded(value * factor);
                let message = format!(
                    "{path} times {} is {reached} in {}; allowed: {}",
                    figure(factor),
                    figure(*date),
                    range(specification)
                );
                findings.push(Finding::at(node.span, message).help("narrow the factor"));
                return None;
            }
        }
    }
    Some((low, high))
}

fn bounds(node: &Node, path: &str, key: &str, findings: &mut Vec<Finding>) -> Option<(f64, f64)> {
    let (low, high) = reader::two_numbers(node, &format!("the {key} of {path}"), "a range (low, high)", findings)?;
    if low >= high {
        let message = format!("the {key} of {path} is {} to {}; low must be below high", figure(low), figure(high));
        findings.push(Finding::at(node.span, message));
        return None;
    }
    Some((low, high))
}
