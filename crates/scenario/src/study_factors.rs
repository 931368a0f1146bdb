//! The factors of a study file.

use crate::factor::{self, Factor, FactorValues, Subject, judgement_name};
use crate::intervention::{Addition, Intervention};
use crate::layer;
use crate::overrides::{mechanism_names, resolve};
use crate::problem::{Error, Finding, advice, explain, figure, nearest, quote};
use crate::reader;
use crate::scenario::{Judgement, Scenario};
use crate::text::{Kind, Node};
use spiral_model::setup::{Interpolation, Target};

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
const STEPS: u32 = 3;

/// Reads one entry of `factors`, which may stand for many.
pub(crate) fn read(node: &Node, base: &Scenario, factors: &mut Vec<Factor>, findings: &mut Vec<Finding>) {
    let fields = reader::fields(node, "a factor", KEYS, findings);
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
    let steps = get("steps").map_or(Some(STEPS), |node| {
        reader::number(node, "steps", 1.0, 1000.0, "a whole number", findings).map(|steps| steps as u32)
    });
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
                factors.push(Factor { name: name.clone(), unit, values, subject: Subject::Mechanism(name) });
            } else {
                let finding = Finding::at(span, format!("no mechanism {}", quote(&name)));
                findings.push(finding.help(advice(&name, mechanism_names().iter().copied())));
            }
        }
        "intervention" => {
            let intervention = intervention(&name, node, get("add"), get("remove"), base, findings);
            let (unit, values) = ("on/off", FactorValues::Switch);
            factors.extend(intervention.map(|found| Factor { name, unit, values, subject: Subject::Intervention(found) }));
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
        return Err(format!("several bear that path: {}", names.join(", ")));
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
    Some(Factor { name, unit, values, subject: Subject::Number { paths, targets } })
}

fn targets(node: &Node, path: &str, base: &Scenario, findings: &mut Vec<Finding>) -> Option<Vec<Target>> {
    let found = resolve(&base.setup, path);
    found.map_err(|(message, help)| findings.push(Finding::at(node.span, message).help(help))).ok()
}

fn intervention(
    name: &str,
    node: &Node,
    add: Option<&Node>,
    remove: Option<&Node>,
    base: &Scenario,
    findings: &mut Vec<Finding>,
) -> Option<Intervention> {
    let before = findings.len();
    let mut removed = Vec::new();
    for node in remove.and_then(|node| reader::list(node, "remove", "a list of texts", findings)).unwrap_or_default() {
        let Some(what) = reader::text(node, "an entry of remove", findings) else { continue };
        let known =
            || base.dated.iter().map(|dated| &dated.what).chain(base.setup.incidents.iter().map(|incident| &incident.what));
        if known().any(|known| *known == what) {
            removed.push(what);
        } else {
            let help = advice(&what, known().map(String::as_str).collect::<Vec<_>>());
            findings
                .push(Finding::at(node.span, format!("no entry {} in the timeline of {}", quote(&what), base.name)).help(help));
        }
    }
    let mut added = Vec::new();
    for entry in add.and_then(|node| layer::timeline(node, findings)).unwrap_or_default() {
        let horizon = &base.setup.horizon;
        let date = entry.date.value;
        if date < horizon.start || date > horizon.end {
            let years = format!("{} to {}", figure(horizon.start), figure(horizon.end));
            findings.push(Finding::at(entry.date.span, format!("the date {} lies outside the calendar, {years}", figure(date))));
        }
        let mut set = Vec::new();
        for (path, node) in &entry.set {
            let Some(targets) = targets(node, path.value, base, findings) else { continue };
            let Some(first) = targets.first() else { continue };
            let specification = base.setup.specification(*first);
            let series = |target: &Target| {
                base.setup.tracks.iter().any(|track| track.target == *target && track.interpolation != Interpolation::Step)
            };
            if targets.iter().any(series) {
                let message = format!("{} follows a series, which a dated value cannot change", path.value);
                findings.push(Finding::at(path.span, message).help("replace the series with `set` in the study"));
                continue;
            }
            let value = match &node.kind {
                Kind::Map(entries) => entries.iter().find(|(key, _)| key.name == "value").map_or(*node, |(_, node)| node),
                _ => node,
            };
            let (low, high) = (specification.low, specification.high);
            let value = reader::number(value, path.value, low, high, &explain(specification), findings);
            set.extend(value.map(|value| (targets, value)));
        }
        let mut crisis = None;
        if let Some((challenger, defender)) = entry.crisis {
            for party in [challenger, defender] {
                if base.setup.state(party.value).is_none() {
                    let help = advice(party.value, base.setup.states.iter().map(|state| state.code.as_str()));
                    findings.push(Finding::at(party.span, format!("no state {}", quote(party.value))).help(help));
                }
            }
            crisis = base.setup.state(challenger.value).zip(base.setup.state(defender.value));
        }
        added.push(Addition { date, what: entry.what, set, crisis });
    }
    if added.is_empty() && removed.is_empty() && findings.len() == before {
        findings.push(Finding::at(node.span, format!("the intervention {} adds and removes nothing", quote(name))));
    }
    (findings.len() == before).then(|| Intervention { name: name.to_string(), add: added, remove: removed })
}

/// The factors of a parameter file as SALib's `read_param_file` takes it: `name,low,high` or `name low high`, a line each; a name is that of a
/// judgement within its own range, a mechanism, or the path of a number. A group after them is passed over; a distribution after that is
/// `unif` or `logunif`.
pub(crate) fn of_problem(lines: &str, file: &str, base: &Scenario, factors: &mut Vec<Factor>) -> Result<(), Error> {
    let mut start = 0;
    for line in lines.split_inclusive('\n') {
        let span = crate::problem::Span { start, end: start + line.trim_end().len() };
        start += line.len();
        let fail = |finding: Finding| Error::new(file, lines, vec![Finding { span: Some(span), ..finding }]);
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> =
            if text.contains(',') { text.split(',').map(str::trim).collect() } else { text.split_whitespace().collect() };
        let numbers = parts.get(1).and_then(|low| low.parse::<f64>().ok()).zip(parts.get(2).and_then(|high| high.parse().ok()));
        let Some((low, high)) = numbers.filter(|(low, high): &(f64, f64)| low < high) else {
            return Err(fail(Finding::new("a line has a name, a lower and a higher bound: `technology.balance,0.25,4.0`")));
        };
        let logarithmic = match parts.get(4) {
            None | Some(&"unif") => false,
            Some(&"logunif") if low > 0.0 => true,
            Some(other) => {
                let finding = Finding::new(format!("the distribution {} is not known here", quote(other)));
                return Err(fail(finding.help("`unif`, or `logunif` above zero")));
            }
        };
        if mechanism_names().contains(&parts[0]) {
            let (name, subject) = (parts[0].to_string(), Subject::Mechanism(parts[0].to_string()));
            factors.push(Factor { name, unit: "on/off", values: FactorValues::Switch, subject });
            continue;
        }
        let values = FactorValues::Range { low, high, logarithmic, steps: STEPS };
        if let Some(judgement) = base.judgements.iter().find(|judgement| judgement_name(judgement) == parts[0])
            && low >= judgement.low
            && high <= judgement.high
        {
            factors.push(Factor { values, ..factor::of_judgement(judgement, STEPS) });
            continue;
        }
        let targets = resolve(&base.setup, parts[0]).map_err(|(message, help)| fail(Finding::new(message).help(help)))?;
        let Some(first) = targets.first() else { continue };
        let specification = base.setup.specification(*first);
        if !(specification.allows(low) && specification.allows(high)) {
            let (least, most) = (figure(specification.low), figure(specification.high));
            return Err(fail(Finding::new(format!("{}: allowed: {least} to {most}", parts[0])).help(explain(specification))));
        }
        let (name, unit) = (parts[0].to_string(), specification.unit);
        let subject = Subject::Number { paths: vec![name.clone()], targets };
        factors.push(Factor { name, unit, values, subject });
    }
    Ok(())
}
