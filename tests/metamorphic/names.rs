//! The order and the names of states.

use std::collections::BTreeMap;

use spiral_model::Setup;
use spiral_scenario::{Overrides, catalogue, load, parse};
use spiral_testkit::tiny::{Seen, watch};

use crate::{assert_same, without};

/// The same file with the entries of `states`, `pairs` and `dyads` in the opposite order, and how many were moved. An entry begins
/// on a line of its own with eight spaces and a quotation mark.
fn upside_down(text: &str) -> (String, usize) {
    let mut lines: Vec<String> = Vec::new();
    let mut moved = 0;
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        lines.push(line.to_string());
        let opens = ["    states: {", "    pairs: {", "    dyads: {"].contains(&line.trim_end());
        if !opens {
            continue;
        }
        let mut entries: Vec<Vec<String>> = Vec::new();
        while let Some(line) = rest.next_if(|line| line.trim_end() != "    },") {
            if line.starts_with("        \"") {
                entries.push(Vec::new());
            }
            let entry = entries.last_mut().expect("the first line of a group begins an entry");
            entry.push(line.to_string());
        }
        moved += entries.len();
        lines.extend(entries.into_iter().rev().flatten());
    }
    (lines.join("\n"), moved)
}

#[test]
fn the_order_of_a_file_changes_no_bit() {
    for name in ["pre-wwi", "pre-wwii", "richardson-1909", "two-states"] {
        let text = catalogue().iter().find(|entry| entry.name == name).map(|entry| entry.text).expect("a built-in scenario");
        let (changed, moved) = upside_down(text);
        assert!(moved > 1 && changed != text, "{name}: {moved} entries moved");
        let read =
            |text: &str| parse(text, &format!("{name}.ron"), &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_same(&read(text)[0].setup, &read(&changed)[0].setup, 8, name);
    }
}

/// The same file with other codes, whose order is the opposite one, and the position of every old state among the new.
fn renamed(name: &str) -> (Setup, Setup, Vec<usize>) {
    let text = catalogue().iter().find(|entry| entry.name == name).map(|entry| entry.text).expect("a built-in scenario");
    let before = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    let last = before.states.len() - 1;
    let codes: BTreeMap<&str, String> =
        before.states.iter().enumerate().map(|(place, state)| (state.code.as_str(), format!("N{:02}", last - place))).collect();
    let mut changed = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        changed.push_str(codes.get(word).map_or(word, String::as_str));
        changed.push_str(&piece[word.len()..]);
    }
    let after = parse(&changed, &format!("{name}.ron"), &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    (before, after.into_iter().next().expect("one scenario").setup, (0..=last).rev().collect())
}

/// Draws are keyed by names, so a new name is a new draw. Where nothing is drawn, it is nothing but a new name.
#[test]
fn a_name_matters_for_draws_only() {
    for name in ["pre-wwi", "pre-wwii", "four-worlds", "two-states"] {
        // Alliances that form are part of it; conquest needs a war, and none is drawn.
        let (before, after, places) = renamed(name);
        let [mut before, mut after] = [before, after].map(|setup| crate::with_conquest(&setup));
        if before.states.iter().all(|state| state.inputs == before.states[0].inputs) {
            // Equal states in balance would not stir: some start with more arms than they keep up, some with fewer.
            for (state, place) in places.iter().enumerate() {
                let arms = (0.05 + 0.03 * state as f64) * before.states[state].inputs.output;
                before.states[state].inputs.arms = arms;
                after.states[*place].inputs.arms = arms;
            }
        }
        // Observation, and the look at postures, are noisy; crises are drawn. Whole monitoring leaves no noise in the look.
        let quiet = |setup: &Setup| {
            let mut quiet = without(setup, &["observation", "crisis"]);
            spiral_testkit::tiny::set_all(&mut quiet, "monitoring", 1.0);
            quiet
        };
        let [one, two] = [quiet(&before), quiet(&after)].map(|setup| watch::<1>(&setup, 1, 1).remove(0));
        assert_eq!(one.frames.len(), two.frames.len());
        let (mut worst, mut moved) = (0.0_f64, 0.0_f64);
        for (a, b) in one.frames.iter().zip(&two.frames) {
            for (state, place) in places.iter().enumerate() {
                for (x, y) in a.states[state].iter().zip(&b.states[*place]) {
                    worst = worst.max((x - y).abs() / x.abs().max(1e-3));
                }
                moved = moved.max((a.states[state][0] / one.frames[0].states[state][0] - 1.0).abs());
            }
        }
        // Sums run over the states in the order of their names: a few hundred ticks of rounding.
        assert!(worst <= 1e-12, "{name}: names move a number by {worst:e} of itself");
        assert!(moved > 0.1, "{name}: arms moved by {moved} of themselves, too little to compare");

        let wars = |setup: &Setup| -> Vec<Seen> { watch::<16>(setup, 1, 8) };
        let same =
            wars(&before).iter().zip(&wars(&after)).filter(|(a, b)| a.outcome.first_war_date == b.outcome.first_war_date).count();
        assert!(same < 8, "{name}: with draws, names must matter");
    }
}
