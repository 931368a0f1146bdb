//! Burdens that contradict each other.

use std::collections::BTreeMap;

use spiral_model::setup::{Setup, StateInputs, Target, Track};
use spiral_model::specification::Group as _;

use crate::problem::figure;
use crate::series::value_at;

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
        let mut dates = vec![setup.horizon.start];
        let inside = |date: &f64| *date >= setup.horizon.start && *date <= setup.horizon.end;
        dates.extend(targets.iter().filter_map(|t| of(*t)).flat_map(|track| track.points.iter().map(|p| p.0)).filter(inside));
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

/// Checks that no state's largest burden lies below its habitual one.
///
/// # Errors
/// The first that does.
pub(crate) fn check_burdens(setup: &Setup) -> Result<(), String> {
    burdens(setup).into_iter().next().map_or(Ok(()), |(_, message)| Err(message))
}
