//! The order and the names of states.

use spiral_model::Setup;
use spiral_scenario::{Overrides, catalogue, parse};
use spiral_testkit::tiny::{Seen, watch};

use super::{assert_same, every_scenario, resettled, without};

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

/// The same world with other codes, whose order is the opposite one, and the position of every old state among the new.
fn renamed(setup: &Setup) -> (Setup, Vec<usize>) {
    let last = setup.states.len() - 1;
    resettled(setup, |state| format!("N{:05}", last - state), None)
}

/// Draws are keyed by names, so a new name is a new draw. Where nothing is drawn, it is nothing but a new name.
#[test]
fn a_name_matters_for_draws_only() {
    let (mut worlds, mut stirred, mut drawn) = (0, 0, 0);
    for (name, mut before) in every_scenario() {
        before.horizon.end = before.horizon.end.min(before.horizon.start + 30.0);
        if before.states.iter().all(|state| state.inputs == before.states[0].inputs) {
            // Equal states in balance would not stir: some start with more arms than they keep up, some with fewer.
            for (place, state) in before.states.iter_mut().enumerate() {
                state.inputs.arms = (0.05 + 0.03 * (place % 7) as f64) * state.inputs.output;
            }
        }
        let (after, places) = renamed(&before);
        // Observation, and the look at postures, are noisy; crises are drawn, and so is who is greedy, who cheats,
        // is inspected, holds back or makes a gesture, when a programme of arms is revised, and how politics and budgets move it.
        // Whole monitoring leaves no noise in the look.
        let quiet = |setup: &Setup| {
            let mut quiet = without(setup, &["observation", "crisis", "arms_control", "restraint", "reassurance"]);
            spiral_testkit::tiny::set_all(&mut quiet, "monitoring", 1.0);
            spiral_testkit::tiny::set_all(&mut quiet, "greedy_chance", 0.0);
            for (path, value) in [("arming.politics", 0.0), ("arming.budget_noise", 0.0), ("arming.revision_time", 0.01)] {
                spiral_testkit::tiny::set(&mut quiet, path, value);
            }
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
        assert!(worst <= 1e-11, "{name}: names move a number by {worst:e} of itself");
        (worlds, stirred) = (worlds + 1, stirred + u32::from(moved > 0.1));

        let wars = |setup: &Setup| -> Vec<Seen> { watch::<16>(setup, 1, 8) };
        let courses =
            |setup: &Setup| wars(setup).iter().map(|seen| (seen.outcome.crises, seen.outcome.first_war_date)).collect::<Vec<_>>();
        let same = courses(&before) == courses(&after);
        drawn += u32::from(!same);
    }
    println!("{worlds} worlds, arms of {stirred} moved by a tenth, names changed the crises or the first wars of {drawn}");
    assert!(2 * stirred > worlds, "arms of {stirred} of {worlds} worlds moved by a tenth: too few to compare");
    assert!(2 * drawn > worlds, "with draws, names must matter: they do in {drawn} of {worlds} worlds");
}
