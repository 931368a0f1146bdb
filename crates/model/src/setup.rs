//! A valid world to simulate: numbers only, every name resolved. The scenario crate makes one from a file; tests make one by
//! hand. States and dyads stand in the order of their names, so the order in which a file lists them changes nothing.

use std::collections::BTreeSet;

use serde::Serialize;
use spiral_kernel::draws::entity_number;

use crate::mechanisms::Parameters;
use crate::parameters;
use crate::specification::{Group, Specification};

parameters! {
    /// What is said of a state. Any of it may be a series by date, or change by date.
    pub struct StateInputs {
        /// Output.
        output: "Y", "billion int$ a year", 0.000001..=1e9, 100.0;
        /// Habitual military burden, which its neighbours take for granted.
        habitual_burden: "β⁰", "share of output", 0.0..=1.0, 0.03;
        /// Largest burden that it will bear in peace.
        maximum_burden: "β^max", "share of output", 0.0..=1.0, 0.14;
        /// Arms at the start; 0 means the stock that the habitual burden keeps up.
        arms: "a(0)", "billion int$", 0.0..=1e9, 0.0;
        /// Constant term of Richardson's equation: grievance or ambition, whatever others do.
        grievance: "g", "billion int$ a year", -1e9..=1e9, 0.0;
        /// Reaction to threat relative to the common sensitivity.
        sensitivity_factor: "k_i/k", "1", 0.0..=100.0, 1.0;
        /// Greed: value it puts on others' territory; 0 is a security seeker.
        greed: "μ", "0..1", 0.0..=1.0, 0.0;
        /// Chance that a history draws this state as greedy, with `greed_if_greedy`.
        greedy_chance: "Pr(G)", "probability", 0.0..=1.0, 0.0;
        /// Greed where the history drew a greedy state.
        greed_if_greedy: "μ_G", "0..1", 0.0..=1.0, 0.9;
        /// Awareness of the security dilemma: how much of another's arming it can see as fear.
        awareness: "e", "0..1", 0.0..=1.0, 0.0;
        /// Offence-defence balance that its doctrine teaches (1 is parity, 1/3 the three-to-one rule).
        perceived_balance: "m̂", "ratio", 0.01..=100.0, 0.5;
        /// Domestic unrest.
        unrest: "u", "0..1", 0.0..=1.0, 0.0;
        /// Days to mobilise.
        mobilisation_days: "D", "days", 1.0..=365.0, 15.0;
        /// Fortification, counted as arms that only defend.
        fortification: "fort", "billion int$", 0.0..=1e9, 0.0;
        /// Cost of a war to this state relative to the common cost.
        war_cost_factor: "c_i/c", "1", 0.0..=100.0, 1.0;
        /// Nuclear warheads.
        warheads: "N", "count", 0.0..=1e6, 0.0;
        /// Share of its warheads that no first strike reaches.
        survivable_share: "s", "0..1", 0.0..=1.0, 0.5;
        /// Share of arriving warheads that it shoots down.
        interception: "d", "0..1", 0.0..=1.0, 0.0;
        /// Largest share of procurement that goes into warheads; 0 keeps their number as given.
        nuclear_share: "ν", "share of procurement", 0.0..=1.0, 0.0;
    }
}

impl StateInputs {
    /// Position of the output: it grows whatever policy does.
    pub const OUTPUT: usize = 0;
}

const _: () = assert!(matches!(StateInputs::SPECIFICATIONS[StateInputs::OUTPUT].name.as_bytes(), b"output"));

parameters! {
    /// What is said of a dyad, directed: what `i` has with `j`.
    pub struct DyadInputs {
        /// Great-circle distance between capitals (symmetric).
        distance: "d", "km", 0.0..=20040.0, 1000.0;
        /// How much of force passes sea, mountains, rivers and buffer states (symmetric).
        terrain: "τ", "0..1", 0.0..=1.0, 1.0;
        /// How often they rub against each other: 1 for land neighbours (symmetric).
        contact: "contact", "ratio", 0.0..=100.0, 1.0;
        /// Rivalry, a multiplier of the crisis rate (symmetric).
        rivalry: "rivalry", "ratio", 0.0..=100.0, 1.0;
        /// Trade, in shares of the value of peace (symmetric).
        trade: "t", "0..1", 0.0..=1.0, 0.0;
        /// How well each can see into the other (symmetric).
        monitoring: "ρ", "0..1", 0.0..=1.0, 0.0;
        /// How far the skies are open: flights and satellites that look in (symmetric).
        open_skies: "o", "0..1", 0.0..=1.0, 0.0;
        /// How well the two can speak in a crisis (symmetric).
        hotline: "h", "0..1", 0.0..=1.0, 0.0;
        /// How far each gives notice of what it moves (symmetric).
        notification: "n", "0..1", 0.0..=1.0, 0.0;
        /// Alliance commitment of `i` to defend `j`.
        commitment: "A", "0..1", 0.0..=1.0, 0.0;
        /// Particular claim of `i` on `j`: a lost province.
        claim: "v", "share of own value", 0.0..=10.0, 0.0;
        /// Suspicion that `i` holds of `j` beyond the common prior.
        suspicion_shift: "ΔL⁰", "log-odds", -20.0..=20.0, 0.0;
        /// Largest offensive force that `i` has promised `j`; the top of the range is no promise.
        offence_cap: "c^off", "billion int$", 0.0..=1000000000.0, 1000000000.0;
        /// Largest force of any kind that `i` has promised `j`; the top of the range is no promise.
        arms_cap: "c^a", "billion int$", 0.0..=1000000000.0, 1000000000.0;
        /// Most warheads that `i` has promised `j`; the top of the range is no promise.
        warhead_cap: "c^N", "count", 0.0..=1000000.0, 1000000.0;
    }
}

impl DyadInputs {
    /// Fields that must be the same in both directions.
    pub const SYMMETRIC: &'static [&'static str] =
        &["distance", "terrain", "contact", "rivalry", "trade", "monitoring", "open_skies", "hotline", "notification"];
}

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

/// How arming answers threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum ArmingRule {
    /// E5 with a budget.
    #[default]
    Budget,
    /// Richardson's linear equations, coefficients frozen at the start, solved exactly.
    Richardson,
    /// The same by Euler steps of one tick.
    RichardsonEuler,
    /// Richardson's rivalry: the difference of arms provokes, not their amount. Solved exactly.
    Rivalry,
    /// Richardson's submissiveness, studied by Smoker: who is far behind gives up.
    Submissive,
}

impl ArmingRule {
    /// Every rule with the name that a scenario gives it.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("budget", Self::Budget),
        ("richardson", Self::Richardson),
        ("richardson-euler", Self::RichardsonEuler),
        ("rivalry", Self::Rivalry),
        ("submissive", Self::Submissive),
    ];
}

/// When a history stops before its last date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Ending {
    /// Never: wars come and go.
    #[default]
    Never,
    /// With the first general war (the war's first thirty days are still told).
    GeneralWar,
    /// With the first war.
    FirstWar,
}

impl Ending {
    /// Every ending with the name that a scenario gives it.
    pub const NAMES: &'static [(&'static str, Self)] =
        &[("never", Self::Never), ("general-war", Self::GeneralWar), ("first-war", Self::FirstWar)];
}

/// The years of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Horizon {
    /// First date, decimal year.
    pub start: f64,
    /// Date at which histories are cut, decimal year.
    pub end: f64,
    /// Ticks in a year: 4 for quarters.
    pub ticks_per_year: u32,
}

impl Horizon {
    /// Number of ticks.
    #[must_use]
    pub fn ticks(&self) -> u32 {
        ((self.end - self.start) * f64::from(self.ticks_per_year)).round().max(0.0) as u32
    }

    /// Length of a tick in years.
    #[must_use]
    pub fn tick_years(&self) -> f64 {
        1.0 / f64::from(self.ticks_per_year)
    }

    /// Date at which a tick begins.
    #[must_use]
    pub fn date(&self, tick: u32) -> f64 {
        self.start + f64::from(tick) / f64::from(self.ticks_per_year)
    }
}

/// A number that a scenario can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Target {
    /// Parameter of the system: position of group and field.
    System(usize, usize),
    /// Input of a state: position of state and field.
    State(usize, usize),
    /// Input of a directed dyad: position of dyad and field.
    Dyad(usize, usize),
}

/// How a number gets from one dated value to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Interpolation {
    /// Holds the last value: what a treaty or a new government does.
    Step,
    /// Straight line.
    Linear,
    /// Constant growth: what output does.
    Geometric,
}

/// A number that changes by date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Track {
    /// What changes.
    pub target: Target,
    /// (date, value), dates rising. Before the first date the initial value of the setup holds (`Step`) or the first value.
    /// Geometric tracks go on growing past the last date as between the last two points; the others hold the last value.
    pub points: Vec<(f64, f64)>,
    /// Between the points.
    pub interpolation: Interpolation,
}

/// A dated crisis that the scenario scripts, or a dated note for the chronicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// Decimal year.
    pub date: f64,
    /// What happened, for the chronicle.
    pub what: String,
    /// Challenger and defender where it is a crisis: positions in [`Setup::states`].
    pub crisis: Option<(usize, usize)>,
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
    /// What could stand in place of the part.
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
