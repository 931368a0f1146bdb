//! Tiny worlds, and how to set their numbers.

use spiral_model::setup::{DyadInputs, Ending, Horizon, Setup, StateInputs, Target};

/// Years from 0, in quarters.
#[must_use]
pub fn quarters(years: f64) -> Horizon {
    Horizon { start: 0.0, end: years, ticks_per_year: 4 }
}

/// Equal security seekers, each a neighbour of every other, for twenty years or until the first war. Attack is as easy as defence,
/// and is believed to be. Striking first brings an advantage. War is uncertain: among three states it comes in half of the
/// histories.
#[must_use]
pub fn seekers(codes: &[&str]) -> Setup {
    let mut setup = Setup::complete("seekers", quarters(20.0), codes);
    setup.ending = Ending::FirstWar;
    make_war_uncertain(&mut setup);
    setup
}

/// Makes attack as easy, and believed to be as easy, as defence, and gives an advantage to the state that strikes first.
pub fn make_war_uncertain(setup: &mut Setup) {
    set(setup, "technology.balance", 1.0);
    set(setup, "technology.first_strike", 2.2);
    set_all(setup, "perceived_balance", 1.0);
    set_all(setup, "distance", 500.0);
    set_all(setup, "trade", 0.05);
}

/// Sets the number at a path.
///
/// # Panics
/// If the path names nothing.
pub fn set(setup: &mut Setup, path: &str, value: f64) {
    let targets = setup.resolve(path).unwrap_or_else(|error| panic!("{path}: {error:?}"));
    for target in targets {
        setup.set(target, value);
    }
}

/// Sets a number of every state or of every dyad.
///
/// # Panics
/// If neither has a number of this name.
pub fn set_all(setup: &mut Setup, field: &str, value: f64) {
    let targets = all(setup, field);
    for target in targets {
        setup.set(target, value);
    }
}

/// The targets of a number in every state or in every dyad.
///
/// # Panics
/// If neither has a number of this name.
#[must_use]
pub fn all(setup: &Setup, field: &str) -> Vec<Target> {
    use spiral_model::specification::Group;
    if StateInputs::position(field).is_some() {
        return (0..setup.states.len()).map(|state| of_state(state, field)).collect();
    }
    let position = DyadInputs::position(field).unwrap_or_else(|| panic!("no state and no dyad has a number `{field}`"));
    (0..setup.dyads.len()).map(|dyad| Target::Dyad(dyad, position)).collect()
}

/// The target of a number of one state.
///
/// # Panics
/// If states have no number of this name.
#[must_use]
pub fn of_state(state: usize, field: &str) -> Target {
    use spiral_model::specification::Group;
    let position = StateInputs::position(field).unwrap_or_else(|| panic!("no state has a number `{field}`"));
    Target::State(state, position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histories::histories;

    /// A number that is set by its name is the number with which the world starts.
    #[test]
    fn numbers_are_found_by_their_names() {
        let mut setup = seekers(&["A", "B"]);
        for (field, value) in [("output", 123.0), ("arms", 12.5), ("perceived_balance", 1.25), ("warheads", 4.0)] {
            setup.set(of_state(1, field), value);
        }
        let given = &setup.states[1].inputs;
        assert_eq!([given.output, given.arms, given.perceived_balance, given.warheads], [123.0, 12.5, 1.25, 4.0]);
        let opening = &histories(&setup, 1, 1)[0].frames[0];
        for (metric, value) in [("arms", 12.5), ("perceived_balance", 1.25), ("warheads", 4.0)] {
            let found = opening.metric(1, metric);
            assert!((found - value).abs() < 1e-12, "{metric} {found}, not {value}");
        }
    }
}
