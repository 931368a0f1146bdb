//! From the names that a user gives to worlds.

use spiral_scenario::{Overrides, Scenario, catalogue, load, own_changes, parse_named};
use spiral_study::{Point, Progress, Request};

use crate::Error;

/// A scenario and what it was made from.
#[derive(Debug, Clone)]
pub struct World {
    /// The scenario.
    pub scenario: Scenario,
    /// What was asked for.
    pub request: Request,
}

impl World {
    /// The point of a study that simulates it.
    pub(crate) fn point(&self) -> Point {
        Point { scenario: self.scenario.name.clone(), setup: self.scenario.setup.clone(), request: self.request.clone() }
    }

    /// Full name of a state, by its position.
    #[must_use]
    pub fn state_name(&self, position: u32) -> &str {
        spiral_chronicle::state_name(&self.scenario, position)
    }
}

/// The worlds that a name or a path stands for: one, or all members of a file, with these changes.
///
/// # Errors
/// The name is unknown, the file cannot be read, or the change cannot be made. The error gives what is allowed and the nearest name.
pub fn worlds(name: &str, changes: &Overrides) -> Result<Vec<World>, Error> {
    let Overrides { set, without, years } = changes.clone();
    let scenarios = load(name, changes)?;
    let worlds = scenarios.into_iter().map(|scenario| {
        let entry =
            catalogue().iter().find(|entry| entry.text == scenario.text && scenario.file == format!("{}.ron", entry.name));
        let (source, text) = if entry.is_some() {
            (scenario.name.clone(), None)
        } else {
            let (plain, behind) = own_changes(&scenario.name);
            let member = plain.split_once('/').map(|(_, member)| format!("/{member}")).unwrap_or_default();
            (format!("{}{member}{behind}", scenario.file), Some(scenario.text.clone()))
        };
        let request = Request { scenario: source, text, set: set.clone(), without: without.clone(), years };
        World { scenario, request }
    });
    Ok(worlds.collect())
}

/// Notes where the years that are asked for are not covered by the data of a scenario, and what is used instead.
pub fn note_years<'a>(worlds: impl IntoIterator<Item = &'a World>, progress: &dyn Progress) {
    worlds.into_iter().filter_map(uncovered_years).for_each(|remark| progress.note(&remark));
}

/// The note about years outside those of the file. A world without dated numbers is the same in all years.
fn uncovered_years(world: &World) -> Option<String> {
    let Scenario { name, setup, .. } = &world.scenario;
    let (from, to) = world.request.years?;
    if setup.tracks.is_empty() {
        return None;
    }
    let file = again(&Request { years: None, ..world.request.clone() }).ok()?;
    let own = file.scenario.setup.horizon;
    let before =
        (from < own.start).then(|| format!("before {} everything that changes with the date has its first value", own.start));
    let after = (to > own.end).then(|| {
        format!("after {} output grows as it did between its last two values, and everything else keeps its last value", own.end)
    });
    let parts: Vec<String> = [before, after].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{name} is a scenario of {} to {}: {}", own.start, own.end, parts.join("; ")))
}

/// The world that was asked for, made again: of a finished study, or with other changes.
///
/// # Errors
/// As [`worlds`]; a request that stands for no scenario.
pub fn again(request: &Request) -> Result<World, Error> {
    let Request { scenario: name, text, set, without, years } = request.clone();
    let overrides = Overrides { set, without, years };
    let scenarios = match &text {
        None => load(&name, &overrides)?,
        Some(text) => parse_named(text, &name, &overrides)?,
    };
    let scenario = scenarios.into_iter().next().ok_or_else(|| Error::Request(format!("{name} has no scenario")))?;
    Ok(World { scenario, request: request.clone() })
}

/// The worlds of several names. Each scenario may come once.
pub(crate) fn all_named(names: &[&str], changes: &Overrides) -> Result<Vec<World>, Error> {
    let mut all: Vec<World> = Vec::new();
    for name in names {
        // A change applies to all of them; an error names the scenario in which it is impossible.
        let in_this = |error| match error {
            Error::Scenario(mut error) if names.len() > 1 => {
                for problem in error.problems.iter_mut().filter(|problem| problem.origin.starts_with("--")) {
                    problem.help.push(format!("in {name}; a change applies to every scenario of the command"));
                }
                Error::Scenario(error)
            }
            other => other,
        };
        for world in worlds(name, changes).map_err(in_this)? {
            if all.iter().any(|known| known.scenario.name == world.scenario.name) {
                let name = &world.scenario.name;
                return Err(Error::Request(format!("{name} is named twice; scenarios of one study need different names")));
            }
            all.push(world);
        }
    }
    Ok(all)
}
