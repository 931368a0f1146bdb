//! Every mechanism has its file, its line in the registry, its equation, its source and its test.

use std::collections::BTreeSet;

use spiral_model::mechanisms::{Parameters, REGISTRY, Switches};
use spiral_model::phases::Phase;

use super::{entries, name, read, root};

/// Files of mechanisms: the registry itself is none.
fn files() -> Vec<(String, String)> {
    let folder = root().join("crates/model/src/mechanisms");
    let files = entries(&folder).into_iter().filter(|path| name(path) != "mod.rs");
    files.map(|path| (name(&path).trim_end_matches(".rs").to_string(), read(&path))).collect()
}

#[test]
fn every_file_is_registered_once_and_every_entry_has_its_file() {
    let files: BTreeSet<String> = files().into_iter().map(|(name, _)| name).collect();
    let names: Vec<&str> = REGISTRY.iter().map(|entry| entry.name).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), unique.len(), "a name twice: {names:?}");
    // Dated changes have no parameters and stand beside the setup that they change.
    let expected: BTreeSet<String> = unique.iter().filter(|name| **name != "timeline").map(ToString::to_string).collect();
    assert_eq!(files, expected);
    assert!(unique.contains("timeline"));
    let groups: Vec<&str> = Parameters::GROUPS.iter().map(|(name, _)| *name).collect();
    assert_eq!(groups, names[..groups.len()], "groups of parameters stand in the order of the registry");
    for entry in REGISTRY {
        for text in [entry.equation, entry.claim, entry.off] {
            assert!(!text.trim().is_empty(), "{}: an empty line in the registry", entry.name);
        }
        assert!(entry.claim.ends_with('.') && entry.off.ends_with('.'), "{}: sentences end with a full stop", entry.name);
        assert!(Phase::ALL.contains(&entry.phase), "{}", entry.name);
    }
}

#[test]
fn every_name_switches_its_mechanism_off_and_no_other() {
    let all_on = format!("{:?}", Switches::default());
    for entry in REGISTRY {
        let off = format!("{:?}", Switches::without(&[entry.name.to_string()].into()));
        let expected = all_on.replace(&format!(" {}: true", entry.name), &format!(" {}: false", entry.name));
        assert_eq!(off, expected, "{}", entry.name);
        assert_ne!(off, all_on, "{}", entry.name);
    }
}

#[test]
fn every_file_is_a_page_of_the_theory() {
    for (name, text) in files() {
        let page: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        let has = |start: &str| page.iter().any(|line| line.starts_with(start));
        let entry = REGISTRY.iter().find(|entry| entry.name == name).expect("checked above");
        assert!(page.first().is_some_and(|line| line.starts_with("//! # ")), "{name}: the first line is a heading");
        assert!(has("//! Claim: "), "{name}: no claim");
        assert!(has("//! ```text"), "{name}: no equation");
        assert!(has("//! Source: "), "{name}: no source");
        assert!(has("//! Off: "), "{name}: what is the world like without it?");
        let numbered = entry.equation.starts_with('E');
        let heading = page.first().is_some_and(|line| line.contains(&format!(" {} ", entry.equation)));
        assert!(!numbered || heading, "{name}: the heading names {}", entry.equation);
        assert!(text.contains("pub const ENTRY: Entry"), "{name}: no entry");
        assert!(text.contains("parameters! {"), "{name}: no parameters");
    }
}

/// Closed forms stand in the file; what it does in the world stands in `tests/metamorphic/switches.rs`, one row a mechanism.
#[test]
fn every_mechanism_is_tested() {
    let rows = read(&root().join("tests/metamorphic/switches.rs"));
    for (name, text) in files() {
        let inside = text.contains("#[cfg(test)]") && text.contains("#[test]");
        let row = rows.contains(&format!("(\"{name}\", "));
        assert!(row, "{name} has no row in tests/metamorphic/switches.rs");
        // What has no function of its own has nothing to test but its row.
        let functions = text.split("#[cfg(test)]").next().unwrap_or_default().matches("\npub fn ").count();
        assert!(inside || functions == 0, "{name} has {functions} equations and no test of them");
    }
}

/// Parameters are within their own ranges, and ranges are ranges.
#[test]
fn every_specification_is_sound() {
    use spiral_model::setup::{DyadInputs, StateInputs};
    use spiral_model::specification::Group;
    let inputs = [("states", StateInputs::SPECIFICATIONS), ("dyads", DyadInputs::SPECIFICATIONS)];
    for (group, specifications) in Parameters::GROUPS.iter().chain(&inputs) {
        for s in *specifications {
            assert!(s.low < s.high && s.low.is_finite() && s.high.is_finite(), "{group}.{}: {} to {}", s.name, s.low, s.high);
            assert!(s.allows(s.default), "{group}.{}: default {} is not from {} to {}", s.name, s.default, s.low, s.high);
            assert!(!s.symbol.is_empty() && !s.unit.is_empty(), "{group}.{}: no symbol or no unit", s.name);
            assert!(s.meaning.trim().ends_with('.'), "{group}.{}: {:?}", s.name, s.meaning);
        }
    }
}
