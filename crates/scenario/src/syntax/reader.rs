//! Typed reading of the tree: each function returns a value of its type, or records what is there instead.

use std::collections::BTreeMap;

use crate::syntax::date;
use crate::syntax::problem::{Finding, Span};
use crate::syntax::text::{Key, Kind, Node};
use crate::syntax::words::{advice, figure, quote};

/// The entries of a group: unknown keys and keys given twice are noted and left out.
pub(crate) fn fields<'a>(node: &'a Node, name: &str, allowed: &[&str], findings: &mut Vec<Finding>) -> Vec<(&'a Key, &'a Node)> {
    let mut kept = entries(node, name, findings);
    kept.retain(|(key, _)| {
        let known = allowed.contains(&key.name.as_str());
        if !known {
            let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
            let message = format!("no key {}{place}", quote(&key.name));
            findings.push(Finding::at(key.span, message).help(advice(&key.name, allowed.iter().copied())));
        }
        known
    });
    kept
}

/// What a file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A world to simulate.
    Scenario,
    /// A scenario and a design: `spiral sweep` and `spiral sensitivity` run it.
    Study,
    /// A scenario and targets: `spiral calibrate` runs it.
    Calibration,
}

impl FileKind {
    /// What such a file is, with the commands that take it.
    const fn about(self) -> &'static str {
        match self {
            Self::Scenario => "a scenario: `spiral run FILE` simulates one history of it, `spiral check FILE` checks it",
            Self::Study => {
                "a study: `spiral sweep FILE` runs it, and `spiral sensitivity FILE` if its design is morris or saltelli"
            }
            Self::Calibration => "a calibration: `spiral calibrate FILE` runs it",
        }
    }
}

/// What a file describes, by the keys that only its kind has; `None` where they do not decide.
pub(crate) fn file_kind(root: &Node) -> Option<FileKind> {
    let Kind::Map(entries) = &root.kind else { return None };
    let has = |name: &str| entries.iter().any(|(key, _)| key.name == name);
    let seeks = has("targets") || has("budget");
    match (has("scenario") || has("scenarios"), has("design"), seeks) {
        (true, true, false) => Some(FileKind::Study),
        (true, false, true) => Some(FileKind::Calibration),
        _ if has("calendar") && (has("states") || has("generate")) => Some(FileKind::Scenario),
        _ => None,
    }
}

/// Refuses a file that is plainly of another kind, and names the command for it.
pub(crate) fn refuse_other_kinds(root: &Node, wanted: FileKind) -> Result<(), Finding> {
    match file_kind(root) {
        Some(kind) if kind != wanted => Err(Finding::new(format!("this file is {}", kind.about()))),
        _ => Ok(()),
    }
}

/// The entries of a group whose keys are free; keys given twice are noted and left out.
pub(crate) fn entries<'a>(node: &'a Node, name: &str, findings: &mut Vec<Finding>) -> Vec<(&'a Key, &'a Node)> {
    let Kind::Map(entries) = &node.kind else {
        let name = if name.is_empty() { "the file" } else { name };
        findings.push(wrong(node, name, "a group of keys, `( key: value, … )`"));
        return Vec::new();
    };
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut kept = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if seen.insert(&key.name, key.span).is_some() {
            let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
            findings
                .push(Finding::at(key.span, format!("{} is given twice{place}", quote(&key.name))).help("keep one of the two"));
        } else {
            kept.push((key, value));
        }
    }
    kept
}

/// A finding that a value has the wrong kind.
pub(crate) fn wrong(node: &Node, path: &str, wanted: &str) -> Finding {
    Finding::at(node.span, format!("{path} is {}; it must be {wanted}", node.what()))
}

/// A text that is not empty.
pub(crate) fn text(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Option<String> {
    match &node.kind {
        Kind::Text(text) if !text.trim().is_empty() => return Some(text.clone()),
        Kind::Text(_) => {
            findings.push(Finding::at(node.span, format!("{path} is an empty text")).help("write a text, or leave the key out"));
        }
        _ => findings.push(wrong(node, path, "a text in quotes")),
    }
    None
}

/// true or false.
pub(crate) fn flag(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Option<bool> {
    if let Kind::Flag(flag) = node.kind {
        return Some(flag);
    }
    findings.push(wrong(node, path, "true or false"));
    None
}

/// A list.
pub(crate) fn list<'a>(node: &'a Node, path: &str, wanted: &str, findings: &mut Vec<Finding>) -> Option<&'a [Node]> {
    if let Kind::List(list) = &node.kind {
        return Some(list);
    }
    findings.push(wrong(node, path, wanted));
    None
}

/// A finite number within a range that `what` describes.
pub(crate) fn number(node: &Node, path: &str, low: f64, high: f64, what: &str, findings: &mut Vec<Finding>) -> Option<f64> {
    match node.kind {
        Kind::Number(value) if value >= low && value <= high => return Some(value),
        Kind::Number(value) => {
            let message = format!("{path} is {}; allowed: {} to {}", figure(value), figure(low), figure(high));
            findings.push(Finding::at(node.span, message).help(what));
        }
        _ => findings.push(wrong(node, path, &format!("a number, {what}"))),
    }
    None
}

/// A whole number within a range.
pub(crate) fn whole(node: &Node, path: &str, low: u64, high: u64, findings: &mut Vec<Finding>) -> Option<u64> {
    let value = number(node, path, low as f64, high as f64, "a whole number", findings)?;
    if value.fract() == 0.0 {
        return Some(value as u64);
    }
    findings.push(Finding::at(node.span, format!("{path} is {}; it must be a whole number", figure(value))));
    None
}

pub(crate) fn count(node: &Node, path: &str, low: u32, high: u32, findings: &mut Vec<Finding>) -> Option<u32> {
    whole(node, path, u64::from(low), u64::from(high), findings).map(|value| value as u32)
}

/// Two finite numbers `(low, high)` in any order.
pub(crate) fn two_numbers(node: &Node, path: &str, wanted: &str, findings: &mut Vec<Finding>) -> Option<(f64, f64)> {
    if let Kind::List(list) = &node.kind
        && let [Node { kind: Kind::Number(first), .. }, Node { kind: Kind::Number(second), .. }] = list.as_slice()
    {
        if first.is_finite() && second.is_finite() {
            return Some((*first, *second));
        }
        let message = format!("{path} is ({}, {})", figure(*first), figure(*second));
        findings.push(Finding::at(node.span, message).help(format!("both must be finite numbers, {wanted}")));
        return None;
    }
    findings.push(wrong(node, path, &format!("two numbers, {wanted}")));
    None
}

/// A date.
pub(crate) fn date(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Option<f64> {
    let (low, high) = date::YEARS;
    match &node.kind {
        Kind::Number(value) if *value >= low && *value <= high => return Some(*value),
        Kind::Number(value) => findings.push(Finding::at(
            node.span,
            format!("{path} is {}; years from {} to {} are allowed", figure(*value), figure(low), figure(high)),
        )),
        Kind::Text(text) => match date::decimal_year(text) {
            Ok(date) => return Some(date),
            Err(why) => findings.push(Finding::at(node.span, format!("{path} is not a date: {}", quote(text))).help(why)),
        },
        _ => findings.push(wrong(node, path, "a date: a decimal year such as 1914.5, or \"1914-06-28\"")),
    }
    None
}

/// The `kind` of a group such as a design, with its other keys; those that its kind does not have are noted. `kinds` are names
/// with the keys of each.
pub(crate) fn kind<'a>(
    node: &'a Node,
    group: &str,
    kinds: &[(&'static str, &[&str])],
    findings: &mut Vec<Finding>,
) -> Option<(&'static str, Vec<(&'a Key, &'a Node)>)> {
    let mut entries = entries(node, group, findings);
    let names: Vec<(&str, usize)> = kinds.iter().enumerate().map(|(position, (name, _))| (*name, position)).collect();
    let Some((_, kind)) = entries.iter().find(|(key, _)| key.name == "kind") else {
        let help = advice("", names.iter().map(|(name, _)| *name));
        findings.push(Finding::at(node.span, format!("{group} has no `kind`")).help(help));
        return None;
    };
    let (kind, keys) = kinds[choice(kind, "kind", &names, findings)?];
    entries.retain(|(key, _)| key.name != "kind");
    for (key, _) in entries.iter().filter(|(key, _)| !keys.contains(&key.name.as_str())) {
        let help =
            if keys.is_empty() { format!("a {kind} has none but `kind`") } else { advice(&key.name, keys.iter().copied()) };
        findings.push(Finding::at(key.span, format!("no key {} in a {group} of kind {kind}", quote(&key.name))).help(help));
    }
    Some((kind, entries))
}

/// One of the named values.
pub(crate) fn choice<T: Copy>(node: &Node, path: &str, names: &[(&str, T)], findings: &mut Vec<Finding>) -> Option<T> {
    let Kind::Text(text) = &node.kind else {
        findings.push(wrong(node, path, "a text in quotes").help(advice("", names.iter().map(|(name, _)| *name))));
        return None;
    };
    let found = names.iter().find(|(name, _)| name == text).map(|(_, value)| *value);
    if found.is_none() {
        let help = advice(text, names.iter().map(|(name, _)| *name));
        findings.push(Finding::at(node.span, format!("{path}: no such name as {}", quote(text))).help(help));
    }
    found
}
