//! The factors of a study file.

use std::collections::BTreeMap;

use spiral_model::setup::Target;

use crate::study::factor::{self, Factor, FactorValues, Subject, judgement_name};
use crate::study::intervention;
use crate::syntax::problem::Finding;
use crate::syntax::reader;
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{advice, explain, figure, nearest, quote};
use crate::world::paths::{mechanism_names, resolve};
use crate::world::scenario::{Judgement, Scenario};

const KEYS: &[&str] = &[
    "path",
    "also",
    "range",
    "scale",
    "steps",
    "levels",
    "judgement",
    "judgements",
    "mechanism",
    "intervention",
    "add",
    "remove",
];
/// What a factor can vary.
const SUBJECTS: [&str; 5] = ["path", "judgement", "judgements", "mechanism", "intervention"];

/// Values in a grid where a factor does not say.
pub(crate) const STEPS: u32 = 3;

/// Reads one entry of `factors`, which may stand for many.
pub(crate) fn read(node: &Node, base: &Scenario, factors: &mut Vec<Factor>, findings: &mut Vec<Finding>) {
    let fields = reader::fields(node, "a factor", KEYS, findings);
    if !matches!(node.kind, Kind::Map(_)) {
        return;
    }
    let get = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let given: Vec<&str> = SUBJECTS.into_iter().filter(|name| get(name).is_some()).collect();
    let [subject] = given.as_slice() else {
        let finding =
            Finding::at(node.span, "a factor has one of `path`, `judgement`, `judgements`, `mechanism`, `intervention`");
        findings.push(finding.help("(path: \"technology.balance\", range: (0.25, 4.0)), or (mechanism: \"trade\")"));
        return;
    };
    let allowed: &[&str] = match *subject {
        "path" => &["also", "range", "scale", "steps", "levels"],
        "judgement" | "judgements" => &["steps"],
        "intervention" => &["add", "remove"],
        _ => &[],
    };
    for (key, _) in fields.iter().filter(|(key, _)| key.name != *subject && !allowed.contains(&key.name.as_str())) {
        findings.push(Finding::at(key.span, format!("`{}` has no meaning for a factor with `{subject}`", key.name)));
    }
    let Some(name) = get(subject).and_then(|node| reader::text(node, subject, findings)) else { return };
    let span = get(subject).map_or(node.span, |node| node.span);
    let steps = get("steps").map_or(Some(STEPS), |node| reader::count(node, "steps", 1, 1000, findings));
    let Some(steps) = steps else { return };
    if let (Some(node), Some(_)) = (get("steps"), get("levels")) {
        findings.push(Finding::at(node.span, "`steps` has no meaning beside `levels`, which are the values"));
    }
    match *subject {
        "path" => {
            let keys = [get("also"), get("range"), get("scale"), get("levels")];
            factors.extend(number(node, &name, steps, keys, base, findings));
        }
        "mechanism" => {
            if mechanism_names().contains(&name.as_str()) {
                let name = name.clone();
                let (unit, values) = ("on/off", FactorValues::Switch);
                factors.push(Factor { name: name.clone(), unit, values, group: None, subject: Subject::Mechanism(name) });
            } else {
                let finding = Finding::at(span, format!("no mechanism {}", quote(&name)));
                findings.push(finding.help(advice(&name, mechanism_names().iter().copied())));
            }
        }
        "intervention" => {
            let intervention = intervention::read(&name, node, get("add"), get("remove"), base, findings);
            let (unit, values) = ("on/off", FactorValues::Switch);
            factors.extend(intervention.map(|found| Factor {
                name,
                unit,
                values,
                group: None,
                subject: Subject::Intervention(found),
            }));
        }
        _ => match judgements(*subject == "judgements", &name, base) {
            Ok(found) => factors.extend(found.into_iter().map(|judgement| factor::of_judgement(judgement, steps))),
            Err(help) => findings.push(Finding::at(span, format!("no judgement {}", quote(&name))).help(help)),
        },
    }
}

/// The judgements of a name or, where `many`, of a prefix; advice where there is none, or not one.
fn judgements<'a>(many: bool, name: &str, base: &'a Scenario) -> Result<Vec<&'a Judgement>, String> {
    let fits = |judgement: &&Judgement| {
        let inside = |prefix: &str| judgement.path == prefix || judgement.path.starts_with(&format!("{prefix}."));
        let exact = judgement_name(judgement) == name;
        judgement.low < judgement.high && (exact || if many { name == "all" || inside(name) } else { judgement.path == name })
    };
    let found: Vec<&Judgement> = base.judgements.iter().filter(fits).collect();
    if !many && found.len() > 1 {
        if let Some(exact) = found.iter().find(|judgement| judgement_name(judgement) == name) {
            return Ok(vec![exact]);
        }
        let names: Vec<String> = found.iter().map(|judgement| format!("`{}`", judgement_name(judgement))).collect();
        return Err(format!("several judgements have that path: {}", names.join(", ")));
    }
    if found.is_empty() {
        let names: Vec<String> = base.judgements.iter().map(judgement_name).collect();
        let near = nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
        return Err(near.unwrap_or_else(|| format!("{} has {}; `spiral show` lists them", base.name, names.len())));
    }
    Ok(found)
}

/// A number of the scenario with a range or with levels.
fn number(
    node: &Node,
    path: &str,
    steps: u32,
    [also, range, scale, levels]: [Option<&Node>; 4],
    base: &Scenario,
    findings: &mut Vec<Finding>,
) -> Option<Factor> {
    let mut targets = targets(node, path, base, findings)?;
    let specification = base.setup.specification(*targets.first()?);
    let mut paths = vec![path.to_string()];
    let mut specifications = vec![(path.to_string(), specification)];
    for node in also.and_then(|node| reader::list(node, "also", "a list of paths", findings)).unwrap_or_default() {
        let path = reader::text(node, "an entry of also", findings)?;
        let found = self::targets(node, &path, base, findings)?;
        let other = base.setup.specification(*found.first()?);
        if other.unit != specification.unit {
            let message =
                format!("{path} is in {} and cannot take the value of {}, in {}", other.unit, paths[0], specification.unit);
            findings.push(Finding::at(node.span, message));
            return None;
        }
        targets.extend(found);
        specifications.push((path.clone(), other));
        paths.push(path);
    }
    let values = match (range, levels) {
        (Some(range), None) => {
            let (low, high) = reader::two_numbers(range, &format!("the range of {path}"), "(low, high)", findings)?;
            let scales = [("linear", false), ("log", true)];
            let logarithmic = scale.map_or(Some(false), |node| reader::choice(node, "scale", &scales, findings))?;
            if low >= high || (logarithmic && low <= 0.0) {
                let message = format!("the range of {path} goes from {} to {}", figure(low), figure(high));
                let help = "the lower end comes first; on a logarithmic scale it is above zero";
                findings.push(Finding::at(range.span, message).help(help));
                return None;
            }
            FactorValues::Range { low, high, logarithmic, steps }
        }
        (None, Some(levels)) => {
            let list = reader::list(levels, "levels", "a list of numbers", findings)?;
            let what = &explain(specification);
            let read = |node| reader::number(node, path, specification.low, specification.high, what, findings);
            let values: Option<Vec<f64>> = list.iter().map(read).collect();
            let values = values?;
            if values.is_empty() {
                findings.push(Finding::at(levels.span, format!("the levels of {path} are empty")).help("levels: [0.5, 1, 2]"));
                return None;
            }
            FactorValues::Levels(values)
        }
        (range, _) => {
            let has = if range.is_some() { "has `range` and `levels`: one of them" } else { "needs `range` or `levels`" };
            let finding = Finding::at(node.span, format!("the factor {} {has}", quote(path)));
            findings.push(finding.help("(path: \"technology.balance\", range: (0.25, 4.0), scale: \"log\")"));
            return None;
        }
    };
    let (low, high) = values.bounds();
    for (path, specification) in specifications {
        for value in [low, high].into_iter().filter(|value| !specification.allows(*value)) {
            let (least, most) = (figure(specification.low), figure(specification.high));
            let message = format!("{path} would be {}; allowed: {least} to {most}", figure(value));
            findings.push(Finding::at(node.span, message).help(explain(specification)));
        }
    }
    let (name, unit) = (path.to_string(), specification.unit);
    Some(Factor { name, unit, values, group: None, subject: Subject::Number { paths, targets } })
}

fn targets(node: &Node, path: &str, base: &Scenario, findings: &mut Vec<Finding>) -> Option<Vec<Target>> {
    let found = resolve(&base.setup, path);
    found.map_err(|(message, help)| findings.push(Finding::at(node.span, message).help(help))).ok()
}

/// Checks that there are factors, and each once.
pub(crate) fn check_factors(factors: &[Factor], findings: &mut Vec<Finding>) {
    let mut set_by: BTreeMap<Target, &Factor> = BTreeMap::new();
    for (position, factor) in factors.iter().enumerate() {
        let other = factor.numbers().iter().find_map(|number| set_by.get(number).copied());
        set_by.extend(factor.numbers().iter().map(|number| (*number, factor)));
        if factors[..position].iter().any(|other| other.name == factor.name) {
            findings.push(Finding::new(format!("the factor {} is given twice", quote(&factor.name))).help("keep one of the two"));
        } else if let Some(other) = other {
            let message = format!("the factors {} and {} set the same number", quote(&other.name), quote(&factor.name));
            findings.push(
                Finding::new(message)
                    .help("one of them would have no effect there: keep one of the two, or name the states one by one"),
            );
        }
    }
    if factors.is_empty() && findings.is_empty() {
        findings
            .push(Finding::new("a study needs at least one factor").help("factors: [ (judgement: \"technology.balance\") ],"));
    }
}
