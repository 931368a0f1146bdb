//! Tiny worlds for tests and benches, and what can be observed of them.

use spiral_model::setup::{Dyad, DyadInputs, Horizon, Setup, State, StateInputs};

// Tests find here, under one path, the worlds and observations that the oracles use too.
pub use spiral_oracles::histories::{Frame, Seen, ensemble, histories, watch, watch_block};
pub use spiral_oracles::worlds::{all, make_war_uncertain, of_state, quarters, seekers, set, set_all};

/// Equal security seekers on a chequerboard whose opposite edges meet, with `side` states on each side. Every state has four
/// neighbours. The world can have any size, and every state has the same amount of work.
///
/// # Panics
/// If the side is less than 3, since then a state would be its own neighbour or twice another's.
#[must_use]
pub fn chequerboard(side: usize, horizon: Horizon) -> Setup {
    assert!(side >= 3, "a side of {side} states");
    let mut setup = Setup::complete("chequerboard", horizon, &[]);
    // Codes of one length sort as their numbers do.
    setup.states = (0..side * side)
        .map(|state| State { code: format!("S{state:07}"), great_power: false, inputs: StateInputs::default() })
        .collect();
    for from in 0..side * side {
        let (row, column) = (from / side, from % side);
        let at = |row: usize, column: usize| (row % side) * side + column % side;
        let mut neighbours = [at(row + 1, column), at(row + side - 1, column), at(row, column + 1), at(row, column + side - 1)];
        neighbours.sort_unstable();
        setup.dyads.extend(neighbours.map(|to| Dyad { from, to, inputs: DyadInputs::default() }));
    }
    make_war_uncertain(&mut setup);
    setup
}

/// Where two histories differ in any bit, if they do. A value that is not a number equals any other that is not a number.
#[must_use]
pub fn difference(one: &Seen, other: &Seen) -> Option<String> {
    // The shortest text that reads back as the same number shows every bit but those of a NaN.
    let (first, second) = (format!("{:?}", one.outcome), format!("{:?}", other.outcome));
    if first != second {
        return Some(format!("outcomes\n  {first}\n  {second}"));
    }
    if one.frames.len() != other.frames.len() {
        return Some(format!("{} and {} ticks", one.frames.len(), other.frames.len()));
    }
    for (first, second) in one.frames.iter().zip(&other.frames) {
        if !same_frame(first, second) {
            return Some(format!("the tick of {}\n  {first:?}\n  {second:?}", first.date));
        }
    }
    let (first, second) = (format!("{:?}", one.events), format!("{:?}", other.events));
    (first != second).then(|| format!("events\n  {first}\n  {second}"))
}

fn same(one: f64, two: f64) -> bool {
    one.to_bits() == two.to_bits() || (one.is_nan() && two.is_nan())
}

fn same_frame(one: &Frame, two: &Frame) -> bool {
    same(one.date, two.date)
        && one.at_peace == two.at_peace
        && one.states.len() == two.states.len()
        && one.states.iter().flatten().zip(two.states.iter().flatten()).all(|(a, b)| same(*a, *b))
        && one.system.iter().zip(&two.system).all(|(a, b)| same(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_chequerboard_has_four_neighbours_that_have_it() {
        let setup = chequerboard(5, quarters(1.0));
        assert_eq!((setup.states.len(), setup.dyads.len()), (25, 100));
        assert!(setup.dyads.windows(2).all(|two| (two[0].from, two[0].to) < (two[1].from, two[1].to)), "dyads are in order");
        assert!(setup.dyads.iter().all(|dyad| dyad.from != dyad.to && setup.dyad(dyad.to, dyad.from).is_some()));
        assert!(setup.states.windows(2).all(|two| two[0].code < two[1].code), "states are in order");
    }

    #[test]
    fn a_history_differs_from_another_and_not_from_itself() {
        let seen = watch::<16>(&seekers(&["A", "B"]), 1, 2);
        assert_eq!(seen.len(), 2);
        assert_eq!(difference(&seen[0], &seen[0]), None);
        assert!(difference(&seen[0], &seen[1]).is_some_and(|text| text.starts_with("outcomes")));
        let mut other = seen[0].clone();
        other.frames[3].states[1][0] = f64::from_bits(other.frames[3].states[1][0].to_bits() ^ 1);
        assert!(difference(&seen[0], &other).is_some_and(|text| text.starts_with("the tick of 0.75")));
    }
}
