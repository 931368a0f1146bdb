//! Burdens that contradict each other.

use std::collections::BTreeMap;

use spiral_model::setup::{Setup, StateInputs, Target, Track};
use spiral_model::specification::Group as _;

use crate::syntax::words::figure;
use crate::world::series::value_at;

/// States whose largest burden is at some date below their habitual one, with the message.
pub(crate) fn burdens(setup: &Setup) -> Vec<(usize, String)> {
    let positions = (StateInputs::position("habitual_burden"), StateInputs::position("maximum_burden"));
    let (Some(habitual), Some(maximum)) = positions else { return Vec::new() };
    let mut tracks: BTreeMap<Target, &Track> = BTreeMap::new();
    for track in &setup.tracks {
        tracks.insert(track.target, track);
    }
    let mut found = Vec::new();
    for state in 0..setup.states.len() {
        let targets = [Target::State(state, habitual), Target::State(state, maximum)];
        let of = |target: Target| tracks.get(&target).copied();
        // Straight lines cross between their points or at the ends of the calendar; what grows on past its last point does so at the end.
        let mut dates = vec![setup.horizon.start, setup.horizon.end];
        let inside = |date: &f64| *date >= setup.horizon.start && *date <= setup.horizon.end;
        dates.extend(targets.iter().filter_map(|t| of(*t)).flat_map(|track| track.points.iter().map(|p| p.0)).filter(inside));
        dates.sort_by(f64::total_cmp);
        let [habit, most] = targets
            .map(|target| move |date: f64| of(target).and_then(|track| value_at(track, date)).unwrap_or(setup.get(target)));
        if let Some(date) = dates.into_iter().find(|date| most(*date) < habit(*date)) {
            let code = &setup.states[state].code;
            let (most, habit) = (figure(most(date)), figure(habit(date)));
            found.push((
                state,
                format!("{code} has a maximum_burden of {most}, below its habitual_burden of {habit}, in {}", figure(date)),
            ));
        }
    }
    found
}

/// Checks what depends on all numbers of a world together: that no state's largest burden lies below its habitual one.
///
/// # Errors
/// The first that does.
pub fn check_burdens(setup: &Setup) -> Result<(), String> {
    burdens(setup).into_iter().next().map_or(Ok(()), |(_, message)| Err(message))
}

#[cfg(test)]
mod tests {
    use spiral_model::setup::{Horizon, Interpolation};

    use super::*;

    /// Two states from 1900 to 1910 with habits of .03, and a ceiling that moves.
    fn ceiling(points: &[(f64, f64)], interpolation: Interpolation) -> Setup {
        let mut setup = Setup::complete("pair", Horizon { start: 1900.0, end: 1910.0, ticks_per_year: 4 }, &["A", "B"]);
        let (habitual, maximum) = (StateInputs::position("habitual_burden"), StateInputs::position("maximum_burden"));
        setup.set(Target::State(0, habitual.expect("a number of a state")), 0.03);
        let target = Target::State(0, maximum.expect("a number of a state"));
        setup.tracks.push(Track { target, points: points.to_vec(), interpolation });
        setup
    }

    #[test]
    fn a_ceiling_is_looked_at_to_the_end_of_the_calendar() {
        let found = |points: &[(f64, f64)], interpolation| {
            burdens(&ceiling(points, interpolation)).into_iter().map(|(state, _)| state).collect::<Vec<_>>()
        };
        // .1 falls to .04 in 1910 and to .01 in 1915: below .03 only after the end.
        assert_eq!(found(&[(1900.0, 0.1), (1910.0, 0.04), (1915.0, 0.01)], Interpolation::Linear), [0_usize; 0]);
        // On one line to .01 in 1912 it is .025 in 1910, between two points of which one lies beyond the end.
        assert_eq!(found(&[(1900.0, 0.1), (1912.0, 0.01)], Interpolation::Linear), [0]);
        // A ceiling that halves every two years goes on past its last point: .1, .05, and .0031 in 1910.
        assert_eq!(found(&[(1900.0, 0.1), (1902.0, 0.05)], Interpolation::Geometric), [0]);
        assert_eq!(found(&[(1900.0, 0.1), (1902.0, 0.05)], Interpolation::Linear), [0_usize; 0]);
    }
}
