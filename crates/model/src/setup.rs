//! A valid world to simulate: numbers only, every name resolved. The scenario crate makes one from a file; tests make one by
//! hand. States and dyads stand in the order of their names, so the order in which a file lists them changes nothing.

use std::collections::BTreeSet;

use serde::Serialize;
use spiral_kernel::draws::entity_number;

pub use crate::inputs::{ArmingRule, DyadInputs, Ending, Horizon, Incident, Interpolation, StateInputs, Target, Track};
use crate::mechanisms::Parameters;
use crate::specification::{Group, Specification};

/// A state of the world.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    /// Short name, such as `GBR` (Correlates of War abbreviations in the built-in scenarios).
    pub code: String,
    /// Whether it counts as a great power.
    pub great_power: bool,
    /// Its numbers at the start.
    pub inputs: StateInputs,
}

/// A directed dyad.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dyad {
    /// Position of `i` in [`Setup::states`].
    pub from: usize,
    /// Position of `j` in [`Setup::states`].
    pub to: usize,
    /// Its numbers at the start.
    pub inputs: DyadInputs,
}

/// A valid world to simulate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setup {
    /// Name of the scenario.
    pub name: String,
    /// Its years.
    pub horizon: Horizon,
    /// How arming answers threat.
    pub arming_rule: ArmingRule,
    /// When a history stops early.
    pub ending: Ending,
    /// Parameters of the system.
    pub parameters: Parameters,
    /// States, by rising code, codes unique.
    pub states: Vec<State>,
    /// Directed dyads, by rising (from, to); both directions or none.
    pub dyads: Vec<Dyad>,
    /// Numbers that change by date, each target at most once.
    pub tracks: Vec<Track>,
    /// Scripted crises and notes, by rising date.
    pub incidents: Vec<Incident>,
    /// Names of the mechanisms that are switched off.
    pub without: BTreeSet<String>,
}

/// Why a path names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPath {
    /// The path as given.
    pub path: String,
    /// The part of it that is wrong.
    pub part: String,
    /// What is allowed in place of the part.
    pub allowed: Vec<String>,
}

impl Setup {
    /// Largest number of ticks of a scenario.
    pub const MOST_TICKS: u32 = 100_000;

    /// A setup with every number at its default: `codes` as states, every dyad between them.
    #[must_use]
    pub fn complete(name: &str, horizon: Horizon, codes: &[&str]) -> Self {
        let mut codes: Vec<&str> = codes.to_vec();
        codes.sort_unstable();
        let states = codes
            .iter()
            .map(|code| State { code: (*code).to_string(), great_power: true, inputs: StateInputs::default() })
            .collect::<Vec<_>>();
        let mut dyads = Vec::new();
        for from in 0..states.len() {
            for to in 0..states.len() {
                if from != to {
                    dyads.push(Dyad { from, to, inputs: DyadInputs::default() });
                }
            }
        }
        Self {
            name: name.to_string(),
            horizon,
            arming_rule: ArmingRule::default(),
            ending: Ending::default(),
            parameters: Parameters::default(),
            states,
            dyads,
            tracks: Vec::new(),
            incidents: Vec::new(),
            without: BTreeSet::new(),
        }
    }

    /// Position of the state with this code.
    #[must_use]
    pub fn state(&self, code: &str) -> Option<usize> {
        self.states.binary_search_by(|state| state.code.as_str().cmp(code)).ok()
    }

    /// Position of the directed dyad.
    #[must_use]
    pub fn dyad(&self, from: usize, to: usize) -> Option<usize> {
        self.dyads.binary_search_by_key(&(from, to), |dyad| (dyad.from, dyad.to)).ok()
    }

    /// What a path names: `GROUP.FIELD` (`technology.balance`), `states.CODE.FIELD`, `dyads.FROM-TO.FIELD`, or
    /// `pairs.A-B.FIELD` for both directions; fields that are symmetric are reached through `pairs` only.
    ///
    /// # Errors
    /// Names the part that is unknown and what could stand there.
    pub fn resolve(&self, path: &str) -> Result<Vec<Target>, UnknownPath> {
        let unknown = |part: &str, allowed: Vec<String>| UnknownPath { path: path.to_string(), part: part.to_string(), allowed };
        let names = |specifications: &[Specification]| specifications.iter().map(|s| s.name.to_string()).collect::<Vec<_>>();
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["states", code, field] => {
                let state = self
                    .state(code)
                    .ok_or_else(|| unknown(code, self.states.iter().map(|state| state.code.clone()).collect()))?;
                let field = StateInputs::position(field).ok_or_else(|| unknown(field, names(StateInputs::SPECIFICATIONS)))?;
                Ok(vec![Target::State(state, field)])
            }
            [kind @ ("dyads" | "pairs"), pair, field] => {
                let mut found = None;
                for (position, dyad) in self.dyads.iter().enumerate() {
                    let name = format!("{}-{}", self.states[dyad.from].code, self.states[dyad.to].code);
                    if name == *pair {
                        found = Some(position);
                    }
                }
                let forth = found.ok_or_else(|| {
                    let all = self.dyads.iter().filter(|dyad| *kind == "dyads" || dyad.from < dyad.to);
                    unknown(pair, all.map(|d| format!("{}-{}", self.states[d.from].code, self.states[d.to].code)).collect())
                })?;
                let position = DyadInputs::position(field)
                    .filter(|_| *kind == "pairs" || !DyadInputs::SYMMETRIC.contains(field))
                    .ok_or_else(|| {
                        let mut allowed = names(DyadInputs::SPECIFICATIONS);
                        allowed.retain(|name| *kind == "pairs" || !DyadInputs::SYMMETRIC.contains(&name.as_str()));
                        unknown(field, allowed)
                    })?;
                let mut targets = vec![Target::Dyad(forth, position)];
                if *kind == "pairs" {
                    let dyad = &self.dyads[forth];
                    targets.extend(self.dyad(dyad.to, dyad.from).map(|back| Target::Dyad(back, position)));
                }
                Ok(targets)
            }
            [group, field] => {
                let position = Parameters::GROUPS.iter().position(|(name, _)| name == group).ok_or_else(|| {
                    let mut allowed: Vec<String> = Parameters::GROUPS.iter().map(|(name, _)| (*name).to_string()).collect();
                    allowed.extend(["states".to_string(), "pairs".to_string(), "dyads".to_string()]);
                    unknown(group, allowed)
                })?;
                let specifications = Parameters::GROUPS[position].1;
                let field = specifications
                    .iter()
                    .position(|specification| specification.name == *field)
                    .ok_or_else(|| unknown(field, names(specifications)))?;
                Ok(vec![Target::System(position, field)])
            }
            _ => {
                let mut allowed: Vec<String> = Parameters::GROUPS.iter().map(|(name, _)| format!("{name}.…")).collect();
                allowed.extend(["states.CODE.…".to_string(), "pairs.A-B.…".to_string(), "dyads.FROM-TO.…".to_string()]);
                Err(unknown(path, allowed))
            }
        }
    }

    /// What the number at a target is.
    #[must_use]
    pub fn specification(&self, target: Target) -> &'static Specification {
        match target {
            Target::System(group, field) => &Parameters::GROUPS[group].1[field],
            Target::State(_, field) => &StateInputs::SPECIFICATIONS[field],
            Target::Dyad(_, field) => &DyadInputs::SPECIFICATIONS[field],
        }
    }

    /// The canonical path of a target.
    #[must_use]
    pub fn path(&self, target: Target) -> String {
        let name = self.specification(target).name;
        match target {
            Target::System(group, _) => format!("{}.{name}", Parameters::GROUPS[group].0),
            Target::State(state, _) => format!("states.{}.{name}", self.states[state].code),
            Target::Dyad(dyad, _) => {
                let dyad = &self.dyads[dyad];
                format!("dyads.{}-{}.{name}", self.states[dyad.from].code, self.states[dyad.to].code)
            }
        }
    }

    /// The number at a target at the start.
    #[must_use]
    pub fn get(&self, target: Target) -> f64 {
        match target {
            Target::System(group, field) => self.parameters.get(group, field),
            Target::State(state, field) => self.states[state].inputs.get(field),
            Target::Dyad(dyad, field) => self.dyads[dyad].inputs.get(field),
        }
    }

    /// Sets the number at a target at the start, and drops any track of it.
    pub fn set(&mut self, target: Target, value: f64) {
        self.tracks.retain(|track| track.target != target);
        match target {
            Target::System(group, field) => self.parameters.set(group, field, value),
            Target::State(state, field) => self.states[state].inputs.set(field, value),
            Target::Dyad(dyad, field) => self.dyads[dyad].inputs.set(field, value),
        }
    }

    /// Whether another setup has the same states, dyads, rule of arming and mechanisms, so that only its numbers, dated changes,
    /// incidents and years may differ.
    #[must_use]
    pub fn has_the_shape_of(&self, other: &Self) -> bool {
        fn states(setup: &Setup) -> impl Iterator<Item = (&String, bool)> {
            setup.states.iter().map(|state| (&state.code, state.great_power))
        }
        fn ends(setup: &Setup) -> impl Iterator<Item = (usize, usize)> {
            setup.dyads.iter().map(|dyad| (dyad.from, dyad.to))
        }
        self.arming_rule == other.arming_rule
            && self.without == other.without
            && states(self).eq(states(other))
            && ends(self).eq(ends(other))
    }

    /// Whether a target is the output of a state, which grows whatever policy does.
    #[must_use]
    pub fn is_output(&self, target: Target) -> bool {
        matches!(target, Target::State(_, StateInputs::OUTPUT))
    }

    /// The stable number of a state: the key of its draws.
    #[must_use]
    pub fn state_number(&self, state: usize) -> u32 {
        entity_number(&self.states[state].code)
    }

    /// The stable number of an undirected pair or, with `from > to` swapped by the caller, of a directed dyad.
    #[must_use]
    pub fn dyad_number(&self, from: usize, to: usize) -> u32 {
        entity_number(&format!("{}-{}", self.states[from].code, self.states[to].code))
    }
}
