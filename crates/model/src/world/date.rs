//! How the date moves on.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;

use super::{Ahead, Tracks};
use crate::components::{DyadInputsNow, Greed, Greedy, Output, Roster, StateInputsNow, Unharmed};
use crate::inputs::{Interpolation, StateInputs, Target};
use crate::mechanisms::{Dirty, Parameters};
use crate::phases::Clock;
use crate::specification::Group;

/// What dates change of a state.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct DatedState<const WIDTH: usize> {
    given: &'static mut StateInputsNow,
    greedy: &'static Greedy<WIDTH>,
    greed: &'static mut Greed<WIDTH>,
    unharmed: &'static Unharmed<WIDTH>,
    output: &'static mut Output<WIDTH>,
}

/// Years after the end of a tick in which its last crisis may still run, with its first month of war.
const LONGEST_LOOK: f64 = 0.35;

/// The date moves on: numbers that the scenario dates take their value of the day.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub(crate) fn move_date<const WIDTH: usize>(
    mut states: Query<DatedState<WIDTH>>,
    mut dyads: Query<&mut DyadInputsNow>,
    roster: Res<Roster>,
    clock: Res<Clock>,
    mut tracks: ResMut<Tracks>,
    mut parameters: ResMut<Parameters>,
    mut dirty: ResMut<Dirty>,
    mut ahead: ResMut<Ahead>,
) {
    if clock.tick > 0 {
        *dirty = Dirty::default();
    }
    let simulated = std::mem::take(&mut tracks.dyads);
    let mut growths: Vec<(usize, f64)> = Vec::new();
    *ahead = Ahead::default();
    let horizon = clock.date + clock.years + LONGEST_LOOK;
    for laid in &mut tracks.all {
        let value = laid.track.value(clock.date, laid.initial);
        if let Target::State(state, StateInputs::OUTPUT) = laid.track.target {
            let next = laid.track.value(clock.date + 0.25, laid.initial);
            growths.push((state, 4.0 * (next / value - 1.0)));
        }
        if laid.track.interpolation == Interpolation::Step {
            for &(date, next) in laid.track.points.iter().filter(|point| point.0 > clock.date + 1e-6 && point.0 <= horizon) {
                match laid.track.target {
                    Target::System(group, field) => ahead.system.push((date, group, field, next)),
                    Target::State(state, field) => ahead.states.push((date, state, field, next)),
                    Target::Dyad(dyad, field) => ahead.dyads.extend(simulated[dyad].map(|dyad| (date, dyad, field, next))),
                }
            }
        }
        if value == laid.last {
            continue;
        }
        laid.last = value;
        match laid.track.target {
            Target::System(group, field) => {
                parameters.set(group, field, value);
                dirty.geography |= Parameters::GROUPS[group].0 == "geography";
                dirty.coalitions |= Parameters::GROUPS[group].0 == "allies";
            }
            Target::State(state, field) => {
                if let Ok(mut state) = states.get_mut(roster.states[state]) {
                    state.given.inputs.set(field, value);
                }
            }
            Target::Dyad(dyad, field) => {
                if let Some(mut terms) = simulated[dyad].and_then(|dyad| dyads.get_mut(roster.dyads[dyad]).ok()) {
                    terms.0.set(field, value);
                    dirty.geography = true;
                    dirty.coalitions = true;
                }
            }
        }
    }
    tracks.dyads = simulated;
    for (state, growth) in growths {
        if let Ok(mut state) = states.get_mut(roster.states[state]) {
            state.given.output_growth = growth;
        }
    }
    for DatedStateItem { given, greedy, mut greed, unharmed, mut output } in &mut states {
        let inputs = given.inputs;
        greed.0 = Lanes::from_fn(|l| if greedy.0[l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
        output.0 = Lanes::from_fn(|l| inputs.output * unharmed.0[l]);
    }
}
