//! Every number of a scenario as it will run, with unit, meaning and origin.

use std::collections::BTreeMap;

use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{DyadInputs, Interpolation, StateInputs, Target};
use spiral_model::specification::{Group, Specification};

use crate::syntax::words::figure;
use crate::world::generate::Drawn;
use crate::world::given::Basis;
use crate::world::scenario::{MONEY, Scenario};
use crate::world::slots::Slot;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// The default of the program, which is a judgement of its authors.
    Default,
    /// The file, without a source.
    File,
    /// A judgement of the file with its range (factors for a series) and its reason, which may be empty.
    Judgement {
        /// Lowest fair value.
        low: f64,
        /// Highest fair value.
        high: f64,
        /// Why, or the source of the range.
        why: String,
    },
    /// A source that the file names.
    Source(String),
    /// Computed from the capitals.
    Capitals,
    /// Drawn or laid out by `generate`, and what the distribution rests on where the file says.
    Generated(Option<String>),
    /// `--set`.
    Set,
}

/// One number of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedRow {
    /// Canonical path. A pair stands for both directions where they agree; `pairs.*` for all pairs not listed by name.
    pub path: String,
    /// Date from which it holds, decimal year, where the timeline sets it; else it holds from the start.
    pub date: Option<f64>,
    /// The value, or the points of a series.
    pub value: String,
    /// Unit; `1` where there is none.
    pub unit: String,
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every number of a scenario: parameters of the system, then states, then pairs and dyads, then what the timeline sets by date.
/// Numbers of pairs that all pairs share by default are one row.
#[must_use]
pub fn resolved(scenario: &Scenario) -> Vec<ResolvedRow> {
    let mut rows = Vec::new();
    for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
        for field in 0..specifications.len() {
            rows.push(scenario.row(Target::System(group, field)));
        }
    }
    if scenario.generate.is_some() {
        rows.extend(scenario.rows_of_all_states());
    } else {
        for state in 0..scenario.setup.states.len() {
            for field in 0..StateInputs::SPECIFICATIONS.len() {
                rows.push(scenario.row(Target::State(state, field)));
            }
        }
    }
    let (all, single) = scenario.pair_rows();
    rows.extend(all);
    rows.extend(single);
    for dated in &scenario.dated {
        rows.push(ResolvedRow {
            date: Some(dated.date),
            value: match &dated.given.values {
                crate::world::given::Values::Constant(value) => figure(*value),
                crate::world::given::Values::Series(points) => series(points),
            },
            origin: origin(&dated.given.basis),
            ..describe(dated.given.path.clone(), dated.given.specification)
        });
    }
    for row in &mut rows {
        row.unit = row.unit.replace(MONEY, &scenario.money);
    }
    rows
}

fn describe(path: String, specification: &'static Specification) -> ResolvedRow {
    ResolvedRow {
        path,
        date: None,
        value: String::new(),
        unit: specification.unit.to_string(),
        symbol: specification.symbol,
        meaning: specification.meaning.trim(),
        origin: Origin::Default,
    }
}

fn origin(basis: &Basis) -> Origin {
    match (basis.range, &basis.source) {
        (Some((low, high)), source) => {
            let why = basis.why.clone().or_else(|| source.clone()).unwrap_or_default();
            Origin::Judgement { low, high, why }
        }
        (None, Some(source)) => Origin::Source(source.clone()),
        (None, None) => Origin::File,
    }
}

fn series(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points.iter().map(|(date, value)| format!("{} in {}", figure(*value), figure(*date))).collect();
    points.join(", ")
}

impl Scenario {
    fn row(&self, target: Target) -> ResolvedRow {
        let track = self.setup.tracks.iter().find(|track| track.target == target);
        let value = match track {
            Some(track) if track.interpolation != Interpolation::Step => series(&track.points),
            _ => figure(self.setup.get(target)),
        };
        let origin =
            match self.slots.get(target) {
                Slot::Default => self.setup.specification(target).judged.map_or(Origin::Default, |(low, high)| {
                    Origin::Judgement { low, high, why: "default of the program".to_string() }
                }),
                Slot::Capitals => Origin::Capitals,
                Slot::Generated => Origin::Generated(self.distribution(target).and_then(|drawn| drawn.basis.clone())),
                Slot::Set => Origin::Set,
                Slot::Given(position) => origin(&self.givens[position as usize].basis),
            };
        ResolvedRow { value, origin, ..describe(self.setup.path(target), self.setup.specification(target)) }
    }

    /// How a number of a generated state is drawn.
    fn distribution(&self, target: Target) -> Option<&Drawn> {
        let Target::State(_, field) = target else { return None };
        self.generate.as_ref()?.draws.iter().find(|(drawn, _)| *drawn == field).map(|(_, drawn)| drawn)
    }

    /// Numbers of the states of a generated world: one row for what all share or draw alike, and one for each that was set.
    fn rows_of_all_states(&self) -> Vec<ResolvedRow> {
        let mut all = Vec::new();
        let mut single = Vec::new();
        for (field, specification) in StateInputs::SPECIFICATIONS.iter().enumerate() {
            let targets = (0..self.setup.states.len()).map(|state| Target::State(state, field));
            let (set, shared): (Vec<Target>, Vec<Target>) = targets.partition(|target| self.slots.get(*target) == Slot::Set);
            if let Some(&first) = shared.first() {
                let row = self.row(first);
                let value =
                    self.distribution(first).filter(|_| self.slots.get(first) == Slot::Generated).map(ToString::to_string);
                let path = format!("states.*.{}", specification.name);
                all.push(ResolvedRow { path, value: value.unwrap_or_else(|| row.value.clone()), ..row });
            }
            single.extend(set.into_iter().map(|target| self.row(target)));
        }
        all.extend(single);
        all
    }

    /// Rows that stand for all pairs, and rows of single pairs and dyads.
    fn pair_rows(&self) -> (Vec<ResolvedRow>, Vec<ResolvedRow>) {
        let shared = |target: Target| match self.slots.get(target) {
            Slot::Default | Slot::Generated => true,
            Slot::Given(position) => self.givens[position as usize].path.starts_with("defaults."),
            Slot::Capitals | Slot::Set => false,
        };
        let mut all: BTreeMap<usize, ResolvedRow> = BTreeMap::new();
        let mut single = Vec::new();
        for (forth, dyad) in self.setup.dyads.iter().enumerate() {
            let Some(back) = self.setup.dyad(dyad.to, dyad.from) else { continue };
            for field in 0..DyadInputs::SPECIFICATIONS.len() {
                let (target, mirror) = (Target::Dyad(forth, field), Target::Dyad(back, field));
                let pair = |row: ResolvedRow| {
                    let rest = row.path.trim_start_matches("dyads.").to_string();
                    ResolvedRow { path: format!("pairs.{rest}"), ..row }
                };
                if shared(target) {
                    let name = DyadInputs::SPECIFICATIONS[field].name;
                    all.entry(field).or_insert_with(|| {
                        let row = self.row(target);
                        let made = self.slots.get(target) == Slot::Generated;
                        let value = if made { "by the network".to_string() } else { row.value.clone() };
                        ResolvedRow { path: format!("pairs.*.{name}"), value, ..row }
                    });
                } else if self.slots.get(target) == self.slots.get(mirror) && self.setup.get(target) == self.setup.get(mirror) {
                    if dyad.from < dyad.to {
                        single.push(pair(self.row(target)));
                    }
                } else {
                    single.push(self.row(target));
                }
            }
        }
        (all.into_values().collect(), single)
    }
}
