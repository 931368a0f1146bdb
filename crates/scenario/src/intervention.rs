//! Interventions: dated changes that an experiment adds to a scenario's timeline, or takes out of it.

use spiral_model::setup::{Incident, Interpolation, Setup, Target, Track};

use crate::given::Values;
use crate::scenario::{Scenario, set_initial, step_at_start};
use crate::slots::Slot;

/// Entries added to a timeline and entries taken out of it, under one name: "a hotline in 1913", "no Franco-Russian alliance".
#[derive(Debug, Clone, PartialEq)]
pub struct Intervention {
    /// Its name.
    pub name: String,
    pub(crate) add: Vec<Addition>,
    /// Texts of the entries that are taken out.
    pub(crate) remove: Vec<String>,
}

/// An entry that is added.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Addition {
    pub(crate) date: f64,
    pub(crate) what: String,
    /// Numbers and the value that each has from the date on.
    pub(crate) set: Vec<(Vec<Target>, f64)>,
    pub(crate) crisis: Option<(usize, usize)>,
}

impl Intervention {
    /// Changes a setup made from `base`: entries go first, then others come. An added value replaces that of an entry on the same
    /// date, and holds until the next entry that sets the same number.
    pub fn apply(&self, base: &Scenario, setup: &mut Setup) {
        for what in &self.remove {
            for dated in base.dated.iter().filter(|dated| dated.what == *what) {
                for target in &dated.targets {
                    remove_step(base, setup, *target, dated.date);
                }
            }
            setup.incidents.retain(|incident| incident.what != *what);
        }
        for addition in &self.add {
            for (targets, value) in &addition.set {
                for target in targets {
                    add_step(setup, *target, addition.date, *value);
                }
            }
            let position = setup.incidents.partition_point(|incident| incident.date <= addition.date);
            let Addition { date, what, crisis, .. } = addition.clone();
            setup.incidents.insert(position, Incident { date, what, crisis });
        }
        setup.tracks.sort_by_key(|track| track.target);
    }
}

fn add_step(setup: &mut Setup, target: Target, date: f64, value: f64) {
    let found = setup.tracks.iter_mut().find(|track| track.target == target && track.interpolation == Interpolation::Step);
    match found {
        Some(track) => {
            let position = track.points.partition_point(|point| point.0 < date);
            if track.points.get(position).is_some_and(|point| point.0 == date) {
                track.points[position].1 = value;
            } else {
                track.points.insert(position, (date, value));
            }
        }
        None => setup.tracks.push(Track { target, points: vec![(date, value)], interpolation: Interpolation::Step }),
    }
    if let Some(initial) = step_at_start(setup, target) {
        set_initial(setup, target, initial);
    }
}

fn remove_step(base: &Scenario, setup: &mut Setup, target: Target, date: f64) {
    let Some(position) = setup.tracks.iter().position(|track| track.target == target) else { return };
    let track = &mut setup.tracks[position];
    if track.interpolation != Interpolation::Step {
        return;
    }
    track.points.retain(|point| point.0 != date);
    if track.points.is_empty() {
        setup.tracks.remove(position);
    }
    if date <= setup.horizon.start {
        let initial = step_at_start(setup, target).unwrap_or_else(|| before_the_timeline(base, target));
        set_initial(setup, target, initial);
    }
}

/// The value of a number before any entry of the timeline.
fn before_the_timeline(base: &Scenario, target: Target) -> f64 {
    match base.slots.get(target) {
        Slot::Default => base.setup.specification(target).default,
        Slot::Given(position) => match base.givens[position as usize].values {
            Values::Constant(value) => value,
            Values::Series(_) => base.setup.get(target),
        },
        Slot::Capitals | Slot::Generated | Slot::Set => base.setup.get(target),
    }
}
