//! A scenario file, or one member of it, read but not yet put together: names exist, and numbers are in range.

use std::collections::BTreeMap;

use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{ArmingRule, DyadInputs, Ending, StateInputs};
use spiral_model::specification::{Group, Specification};

use crate::syntax::problem::{Finding, Placed, Span};
use crate::syntax::reader;
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::quote;
use crate::world::arsenals::{self, ArsenalEntry};
use crate::world::generate::{self, Generate};
use crate::world::given::{self, Fields, Given};
use crate::world::history::{self, History};
use crate::world::observed;
use crate::world::weapons;

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether a key was there")]
pub(crate) struct Layer<'a> {
    pub(crate) question: Option<String>,
    pub(crate) look_at: Option<String>,
    pub(crate) money: Option<String>,
    pub(crate) start: Option<Placed<f64>>,
    pub(crate) end: Option<Placed<f64>>,
    pub(crate) has_start: bool,
    pub(crate) has_end: bool,
    pub(crate) ticks_per_year: Option<u32>,
    pub(crate) ending: Option<Ending>,
    pub(crate) arming_rule: Option<ArmingRule>,
    pub(crate) without: Option<Vec<Placed<&'a str>>>,
    /// Position of group, of field, number.
    pub(crate) system: Vec<(usize, usize, Given)>,
    pub(crate) default_state: Fields,
    pub(crate) default_pair: Fields,
    pub(crate) generate: Option<Generate>,
    /// The place of `generate`, even a wrong one.
    pub(crate) generate_span: Option<Span>,
    /// Whether any state is named, even a wrong one.
    pub(crate) has_states: bool,
    pub(crate) states: Vec<StateEntry<'a>>,
    pub(crate) pairs: Vec<PairEntry<'a>>,
    pub(crate) dyads: Vec<PairEntry<'a>>,
    /// Rows of the menu with which the file changes those of the program, or which it adds: name, place, numbers.
    pub(crate) menu: Vec<(&'a str, Span, weapons::Row)>,
    pub(crate) arsenals: Vec<ArsenalEntry<'a>>,
    pub(crate) timeline: Option<Vec<TimelineEntry<'a>>>,
    /// Entries that join the timeline of the layers below.
    pub(crate) added_to_timeline: Vec<TimelineEntry<'a>>,
    pub(crate) observed: Option<Vec<observed::ObservedSeries<'a>>>,
    pub(crate) history: Option<History<'a>>,
    /// Named members or variants, unread.
    pub(crate) members: Vec<(&'a str, Span, &'a Node)>,
    /// Whether those are variants: the name of the file means the scenario itself, and a variant is loaded by its own name only.
    pub(crate) has_variants: bool,
}

#[derive(Debug)]
pub(crate) struct StateEntry<'a> {
    pub(crate) code: Placed<&'a str>,
    pub(crate) name: Option<String>,
    pub(crate) great_power: Option<bool>,
    /// Latitude and longitude in degrees.
    pub(crate) capital: Option<(f64, f64)>,
    pub(crate) fields: Fields,
}

#[derive(Debug)]
pub(crate) struct PairEntry<'a> {
    pub(crate) name: Placed<&'a str>,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) fields: Fields,
}

#[derive(Debug)]
pub(crate) struct TimelineEntry<'a> {
    pub(crate) date: Placed<f64>,
    pub(crate) what: String,
    /// Path and number; the number is read once the path is known to name something.
    pub(crate) set: Vec<(Placed<&'a str>, &'a Node)>,
    pub(crate) crisis: Option<(Placed<&'a str>, Placed<&'a str>)>,
    pub(crate) source: Option<String>,
}

const KEYS: &[&str] = &[
    "question",
    "look_at",
    "money",
    "calendar",
    "ending",
    "arming_rule",
    "without",
    "defaults",
    "generate",
    "states",
    "pairs",
    "dyads",
    "menu",
    "weapons",
    "timeline",
    "add_to_timeline",
    "observed",
    "history",
    "members",
    "variants",
];
const STATE_KEYS: &[&str] = &["name", "great_power", "capital"];

/// Reads a file, or a member of one, which has no members of its own.
pub(crate) fn read<'a>(root: &'a Node, is_member: bool, findings: &mut Vec<Finding>) -> Layer<'a> {
    let mut layer = Layer::default();
    let allowed: Vec<&str> = KEYS.iter().copied().chain(Parameters::GROUPS.iter().map(|(name, _)| *name)).collect();
    for (key, node) in reader::fields(root, "", &allowed, findings) {
        match key.name.as_str() {
            "question" => layer.question = reader::text(node, "question", findings),
            "look_at" => layer.look_at = reader::text(node, "look_at", findings),
            "money" => layer.money = reader::text(node, "money", findings),
            "calendar" => calendar(node, &mut layer, findings),
            "ending" => layer.ending = reader::choice(node, "ending", Ending::NAMES, findings),
            "arming_rule" => layer.arming_rule = reader::choice(node, "arming_rule", ArmingRule::NAMES, findings),
            "without" => layer.without = without(node, findings),
            "defaults" => defaults(node, &mut layer, findings),
            "generate" => {
                layer.generate_span = Some(key.span);
                layer.generate = generate::read(node, findings);
            }
            "states" => {
                layer.has_states = !matches!(&node.kind, Kind::Map(entries) if entries.is_empty());
                layer.states = states(node, findings);
            }
            "pairs" => layer.pairs = pairs(node, "pairs", findings),
            "dyads" => layer.dyads = pairs(node, "dyads", findings),
            "menu" => layer.menu = menu(node, findings),
            "weapons" => layer.arsenals = arsenals::read(node, findings),
            "timeline" => layer.timeline = timeline(node, "timeline", findings),
            "add_to_timeline" => layer.added_to_timeline = timeline(node, "add_to_timeline", findings).unwrap_or_default(),
            "observed" => layer.observed = Some(observed::read(node, findings)),
            "history" => layer.history = history::read(node, findings),
            "members" | "variants" if is_member => {
                findings.push(Finding::at(key.span, format!("a member has no {} of its own", key.name)));
            }
            "members" | "variants" if !layer.members.is_empty() => {
                let finding = Finding::at(key.span, "a file has `members` or `variants`, and not both");
                findings.push(finding.help(
                    "with `members` the name of the file means all of them; with `variants` it means the scenario without them",
                ));
            }
            "members" | "variants" => {
                layer.members = members(node, &key.name, findings);
                layer.has_variants = key.name == "variants";
            }
            group => {
                if let Some(position) = Parameters::GROUPS.iter().position(|(name, _)| *name == group) {
                    let numbers = numbers(node, group, Parameters::GROUPS[position].1, &[], findings);
                    layer.system.extend(numbers.into_iter().map(|(field, given)| (position, field, given)));
                }
            }
        }
    }
    layer
}

/// The numbers of a group; `others` are keys that are read elsewhere.
fn numbers(
    node: &Node,
    name: &str,
    specifications: &'static [Specification],
    others: &[&str],
    findings: &mut Vec<Finding>,
) -> Fields {
    let allowed: Vec<&str> = others.iter().copied().chain(specifications.iter().map(|s| s.name)).collect();
    let mut found = Vec::new();
    for (key, node) in reader::fields(node, name, &allowed, findings) {
        if let Some(position) = specifications.iter().position(|s| s.name == key.name) {
            let path = format!("{name}.{}", key.name);
            found.extend(given::read(node, &path, &specifications[position], findings).map(|given| (position, given)));
        }
    }
    found
}

fn calendar(node: &Node, layer: &mut Layer<'_>, findings: &mut Vec<Finding>) {
    for (key, node) in reader::fields(node, "calendar", &["start", "end", "ticks_per_year"], findings) {
        let path = format!("calendar.{}", key.name);
        match key.name.as_str() {
            "start" => {
                layer.has_start = true;
                layer.start = reader::date(node, &path, findings).map(|value| Placed { value, span: node.span });
            }
            "end" => {
                layer.has_end = true;
                layer.end = reader::date(node, &path, findings).map(|value| Placed { value, span: node.span });
            }
            _ => layer.ticks_per_year = ticks_per_year(node, &path, findings),
        }
    }
}

fn ticks_per_year(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Option<u32> {
    let what = "a whole number: 1 for years, 4 for quarters, 12 for months";
    let value = reader::number(node, path, 1.0, 366.0, what, findings)?;
    if value.fract() == 0.0 {
        return Some(value as u32);
    }
    findings.push(Finding::at(node.span, format!("{path} is {value}; it must be {what}")));
    None
}

fn without<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Option<Vec<Placed<&'a str>>> {
    let list = reader::list(node, "without", "a list of mechanisms, such as [\"prevention\"]", findings)?;
    let mut names = Vec::new();
    for part in list {
        match &part.kind {
            Kind::Text(name) => names.push(Placed { value: name.as_str(), span: part.span }),
            _ => findings.push(reader::wrong(part, "an entry of without", "the name of a mechanism in quotes")),
        }
    }
    Some(names)
}

fn defaults(node: &Node, layer: &mut Layer<'_>, findings: &mut Vec<Finding>) {
    for (key, node) in reader::fields(node, "defaults", &["state", "pair"], findings) {
        if key.name == "state" {
            layer.default_state = numbers(node, "defaults.state", StateInputs::SPECIFICATIONS, &[], findings);
        } else {
            layer.default_pair = numbers(node, "defaults.pair", DyadInputs::SPECIFICATIONS, &[], findings);
        }
    }
}

/// Whether a name can be a state's: it is a part of paths, so it has no dot and no hyphen.
fn is_code(name: &str) -> bool {
    (1..=24).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn states<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Vec<StateEntry<'a>> {
    let mut states = Vec::new();
    for (key, node) in reader::entries(node, "states", findings) {
        if !is_code(&key.name) {
            let finding = Finding::at(key.span, format!("{} cannot name a state", quote(&key.name)));
            findings.push(finding.help("a state's code has 1 to 24 letters a-z, A-Z, digits or `_`, such as GBR"));
            continue;
        }
        let path = format!("states.{}", key.name);
        let mut entry = StateEntry {
            code: Placed { value: key.name.as_str(), span: key.span },
            name: None,
            great_power: None,
            capital: None,
            fields: numbers(node, &path, StateInputs::SPECIFICATIONS, STATE_KEYS, findings),
        };
        let Kind::Map(entries) = &node.kind else { continue };
        for (key, node) in entries {
            match key.name.as_str() {
                "name" => entry.name = reader::text(node, &format!("{path}.name"), findings),
                "great_power" => entry.great_power = reader::flag(node, &format!("{path}.great_power"), findings),
                "capital" => entry.capital = capital(node, &path, findings),
                _ => {}
            }
        }
        states.push(entry);
    }
    states
}

fn capital(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Option<(f64, f64)> {
    let path = format!("{path}.capital");
    let (latitude, longitude) = reader::two_numbers(node, &path, "(latitude, longitude) in degrees", findings)?;
    if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        let finding = Finding::at(node.span, format!("{path} is not a place on Earth"));
        findings
            .push(finding.help("(latitude, longitude) in degrees: -90 to 90 north, -180 to 180 east; London is (51.51, -0.13)"));
        return None;
    }
    Some((latitude, longitude))
}

fn pairs<'a>(node: &'a Node, kind: &str, findings: &mut Vec<Finding>) -> Vec<PairEntry<'a>> {
    let both = kind == "pairs";
    let mut pairs: Vec<PairEntry<'a>> = Vec::new();
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (key, node) in reader::entries(node, kind, findings) {
        let path = format!("{kind}.{}", key.name);
        let Some((from, to)) = key.name.split_once('-').filter(|(from, to)| is_code(from) && is_code(to)) else {
            let finding = Finding::at(key.span, format!("{} does not name two states", quote(&key.name)));
            findings.push(finding.help("write two codes with a hyphen between them, such as \"GBR-FRA\""));
            continue;
        };
        if from == to {
            findings.push(Finding::at(key.span, format!("{} pairs a state with itself", quote(&key.name))));
            continue;
        }
        seen.insert((from, to), &key.name);
        if both && let Some(first) = seen.get(&(to, from)) {
            let message = format!("this pair is given twice: as {} and as {}", quote(first), quote(&key.name));
            findings.push(
                Finding::at(key.span, message)
                    .help("a pair stands for both directions: keep one; numbers for one direction only go under `dyads`"),
            );
            continue;
        }
        let mut fields = numbers(node, &path, DyadInputs::SPECIFICATIONS, &[], findings);
        if !both {
            fields.retain(|(_, given)| {
                let name = given.specification.name;
                let symmetric = DyadInputs::SYMMETRIC.contains(&name);
                if symmetric {
                    let message = format!("{} is the same in both directions", given.path);
                    let help = format!("give it under `pairs`: \"{}\": ( {name}: … )", key.name);
                    findings.push(Finding::at(given.span, message).help(help));
                }
                !symmetric
            });
        }
        pairs.push(PairEntry { name: Placed { value: key.name.as_str(), span: key.span }, from, to, fields });
    }
    pairs
}

fn menu<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Vec<(&'a str, Span, weapons::Row)> {
    let mut rows = Vec::new();
    for (key, node) in reader::entries(node, "menu", findings) {
        rows.push((key.name.as_str(), key.span, weapons::read(node, &format!("menu.{}", key.name), findings)));
    }
    rows
}

/// The dated entries of `timeline`, or of another key that holds some.
pub(crate) fn timeline<'a>(node: &'a Node, name: &str, findings: &mut Vec<Finding>) -> Option<Vec<TimelineEntry<'a>>> {
    let wanted = "a list of dated entries, [ (date: …, what: …), … ]";
    let list = reader::list(node, name, wanted, findings)?;
    let mut entries = Vec::with_capacity(list.len());
    let mut last = f64::NEG_INFINITY;
    for node in list {
        let (mut date, mut what, mut crisis, mut source, mut set) = (None, None, None, None, Vec::new());
        let before = findings.len();
        for (key, node) in reader::fields(node, name, &["date", "what", "set", "crisis", "source"], findings) {
            match key.name.as_str() {
                "date" => {
                    date =
                        reader::date(node, &format!("a date of {name}"), findings).map(|value| Placed { value, span: node.span });
                }
                "what" => what = reader::text(node, &format!("what of {name}"), findings),
                "source" => source = reader::text(node, &format!("the source of {name}"), findings),
                "crisis" => crisis = parties(node, findings),
                _ => {
                    for (key, node) in reader::entries(node, &format!("set of {name}"), findings) {
                        set.push((Placed { value: key.name.as_str(), span: key.span }, node));
                    }
                }
            }
        }
        let (Some(date), Some(what)) = (date, what) else {
            if findings.len() == before {
                let finding = Finding::at(node.span, format!("an entry of {name} needs `date` and `what`"));
                findings
                    .push(finding.help(
                        "( date: \"1904-04-08\", what: \"Entente cordiale\", set: { \"pairs.GBR-FRA.commitment\": 0.4 } )",
                    ));
            }
            continue;
        };
        if date.value < last {
            let message = format!("the {name} goes back in time, from {last} to {}", date.value);
            findings.push(Finding::at(date.span, message).help("put the entries in order of date"));
        }
        last = last.max(date.value);
        entries.push(TimelineEntry { date, what, set, crisis, source });
    }
    Some(entries)
}

fn parties<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Option<(Placed<&'a str>, Placed<&'a str>)> {
    if let Kind::List(list) = &node.kind
        && let [first, second] = list.as_slice()
        && let (Kind::Text(challenger), Kind::Text(defender)) = (&first.kind, &second.kind)
    {
        if challenger == defender {
            findings.push(Finding::at(node.span, format!("{} is in a crisis with itself", quote(challenger))));
            return None;
        }
        let place = |value, node: &Node| Placed { value, span: node.span };
        return Some((place(challenger.as_str(), first), place(defender.as_str(), second)));
    }
    findings.push(reader::wrong(node, "crisis", "two states, (\"CHALLENGER\", \"DEFENDER\")"));
    None
}

fn members<'a>(node: &'a Node, name: &str, findings: &mut Vec<Finding>) -> Vec<(&'a str, Span, &'a Node)> {
    let mut members = Vec::new();
    let one = name.trim_end_matches('s');
    for (key, node) in reader::entries(node, name, findings) {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if key.name.is_empty() || key.name.len() > 64 || !key.name.bytes().all(plain) {
            let finding = Finding::at(key.span, format!("{} cannot name a {one}", quote(&key.name)));
            findings.push(finding.help(format!("a {one}'s name has letters, digits, `-` and `_`")));
            continue;
        }
        members.push((key.name.as_str(), key.span, node));
    }
    if members.is_empty() && findings.is_empty() {
        findings.push(Finding::at(node.span, format!("{name} is empty")).help("name at least one, or leave the key out"));
    }
    members
}
