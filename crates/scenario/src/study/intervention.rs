//! Interventions: dated changes that an experiment adds to a scenario's timeline, or takes out of it.

use spiral_model::setup::{Incident, Interpolation, Setup, Target, Track};

use crate::syntax::problem::Finding;
use crate::syntax::reader;
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{advice, explain, figure, quote};
use crate::world::given::Values;
use crate::world::layer;
use crate::world::paths::resolve;
use crate::world::scenario::{Scenario, set_initial, step_at_start};
use crate::world::slots::Slot;

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

/// Reads an intervention: entries that are added, and texts of entries that are taken out.
pub(crate) fn read(
    name: &str,
    node: &Node,
    add: Option<&Node>,
    remove: Option<&Node>,
    base: &Scenario,
    findings: &mut Vec<Finding>,
) -> Option<Intervention> {
    let before = findings.len();
    let mut removed = Vec::new();
    for node in remove.and_then(|node| reader::list(node, "remove", "a list of texts", findings)).unwrap_or_default() {
        let Some(what) = reader::text(node, "an entry of remove", findings) else { continue };
        let known =
            || base.dated.iter().map(|dated| &dated.what).chain(base.setup.incidents.iter().map(|incident| &incident.what));
        if known().any(|known| *known == what) {
            removed.push(what);
        } else {
            let help = advice(&what, known().map(String::as_str).collect::<Vec<_>>());
            findings
                .push(Finding::at(node.span, format!("no entry {} in the timeline of {}", quote(&what), base.name)).help(help));
        }
    }
    let mut added = Vec::new();
    for entry in add.and_then(|node| layer::timeline(node, "timeline", findings)).unwrap_or_default() {
        let horizon = &base.setup.horizon;
        let date = entry.date.value;
        if date < horizon.start || date > horizon.end {
            let years = format!("{} to {}", figure(horizon.start), figure(horizon.end));
            findings.push(Finding::at(entry.date.span, format!("the date {} lies outside the calendar, {years}", figure(date))));
        }
        let mut set = Vec::new();
        for (path, node) in &entry.set {
            let found = resolve(&base.setup, path.value);
            let Ok(targets) = found.map_err(|(message, help)| findings.push(Finding::at(node.span, message).help(help))) else {
                continue;
            };
            let Some(first) = targets.first() else { continue };
            let specification = base.setup.specification(*first);
            let series = |target: &Target| {
                base.setup.tracks.iter().any(|track| track.target == *target && track.interpolation != Interpolation::Step)
            };
            if targets.iter().any(series) {
                let message = format!("{} follows a series, which a dated value cannot change", path.value);
                findings.push(Finding::at(path.span, message).help("replace the series with `set` in the study"));
                continue;
            }
            let value = match &node.kind {
                Kind::Map(entries) => entries.iter().find(|(key, _)| key.name == "value").map_or(*node, |(_, node)| node),
                _ => node,
            };
            let (low, high) = (specification.low, specification.high);
            let value = reader::number(value, path.value, low, high, &explain(specification), findings);
            set.extend(value.map(|value| (targets, value)));
        }
        let mut crisis = None;
        if let Some((challenger, defender)) = entry.crisis {
            for party in [challenger, defender] {
                if base.setup.state(party.value).is_none() {
                    let help = advice(party.value, base.setup.states.iter().map(|state| state.code.as_str()));
                    findings.push(Finding::at(party.span, format!("no state {}", quote(party.value))).help(help));
                }
            }
            crisis = base.setup.state(challenger.value).zip(base.setup.state(defender.value));
        }
        added.push(Addition { date, what: entry.what, set, crisis });
    }
    if added.is_empty() && removed.is_empty() && findings.len() == before {
        findings.push(Finding::at(node.span, format!("the intervention {} adds and removes nothing", quote(name))));
    }
    (findings.len() == before).then(|| Intervention { name: name.to_string(), add: added, remove: removed })
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
