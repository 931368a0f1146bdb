//! What every setup that loads must be.

use spiral_model::setup::{DyadInputs, Interpolation, Setup, StateInputs, Target};
use spiral_model::specification::Group;

/// Panics where a setup is not what the model expects of one.
pub(crate) fn assert_valid(setup: &Setup) {
    let horizon = setup.horizon;
    assert!(horizon.start < horizon.end, "{horizon:?}");
    assert!((1..=Setup::MOST_TICKS).contains(&horizon.ticks()), "{} ticks", horizon.ticks());
    assert!(!setup.states.is_empty(), "no states");
    assert!(setup.states.windows(2).all(|pair| pair[0].code < pair[1].code), "states are not sorted by code");
    let count = setup.states.len();
    // A world that is listed has every dyad, one that is made those of its network; below each must have its mirror.
    assert!(setup.dyads.len() <= count * (count - 1), "a dyad twice");
    assert!(setup.dyads.windows(2).all(|pair| (pair[0].from, pair[0].to) < (pair[1].from, pair[1].to)), "dyads are not sorted");
    for (group, (name, specifications)) in spiral_model::mechanisms::Parameters::GROUPS.iter().enumerate() {
        for (field, specification) in specifications.iter().enumerate() {
            let value = setup.parameters.get(group, field);
            assert!(specification.allows(value), "{name}.{} is {value}", specification.name);
        }
    }
    for state in &setup.states {
        for (field, specification) in StateInputs::SPECIFICATIONS.iter().enumerate() {
            let value = state.inputs.get(field);
            assert!(specification.allows(value), "{}.{} is {value}", state.code, specification.name);
        }
    }
    for dyad in &setup.dyads {
        let back = &setup.dyads[setup.dyad(dyad.to, dyad.from).expect("the other direction is there")];
        for (field, specification) in DyadInputs::SPECIFICATIONS.iter().enumerate() {
            let value = dyad.inputs.get(field);
            assert!(specification.allows(value), "{dyad:?}: {} is {value}", specification.name);
            if DyadInputs::SYMMETRIC.contains(&specification.name) {
                assert_eq!(
                    value.to_bits(),
                    back.inputs.get(field).to_bits(),
                    "{} is not symmetric: {dyad:?}",
                    specification.name
                );
            }
        }
    }
    let mut targets: Vec<Target> = setup.tracks.iter().map(|track| track.target).collect();
    targets.dedup();
    assert_eq!(targets.len(), setup.tracks.len(), "a target has two tracks");
    for track in &setup.tracks {
        let specification = setup.specification(track.target);
        assert!(!track.points.is_empty(), "{} has an empty track", setup.path(track.target));
        assert!(track.points.windows(2).all(|pair| pair[0].0 < pair[1].0), "{} goes back in time", setup.path(track.target));
        for (date, value) in &track.points {
            assert!(date.is_finite() && specification.allows(*value), "{} is {value} in {date}", setup.path(track.target));
        }
        if track.interpolation == Interpolation::Geometric {
            assert!(track.points.len() > 1, "{} has one point to grow from", setup.path(track.target));
        }
    }
    assert!(setup.incidents.windows(2).all(|pair| pair[0].date <= pair[1].date), "incidents go back in time");
    for incident in &setup.incidents {
        assert!(incident.date >= horizon.start && incident.date <= horizon.end, "{incident:?}");
        assert!(incident.crisis.is_none_or(|(from, to)| from != to && from < count && to < count), "{incident:?}");
    }
}
