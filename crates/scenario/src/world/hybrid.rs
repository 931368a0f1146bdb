//! Worlds between two scenarios: some groups of differences taken from one, the rest from the other.
//!
//! Every number of a setup belongs to one group, with its dated values: a parameter of the system by its mechanism (the
//! registry says which), an input of a
//! state or a dyad by its name (the lists below). A mechanism that is switched off goes with the group of the mechanism. What is not a
//! number goes with the *system* (which states there are, which of them are great powers, which dyads, dated crises and the notes of
//! the chronicle), with the *calendar* (first and last date, ticks, when a history ends) or, the rule of arming, with the economy.
//!
//! # How a hybrid is made
//! The world that gives the system gives the states. A group from the same world keeps its numbers. A group from the other world gives
//! each state the numbers of its *counterpart* there, and each dyad those of the dyad of the counterparts, in the same direction.
//! Dates are counted from the first date of the world that they come from, so that all begin together; a crisis that would begin after
//! the last date is left out.
//!
//! States are counterparts if the user says so or if they have the same code. The others are paired by role: great powers among
//! themselves and minor powers
//! among themselves, each by rank of output on the first date. A state without a counterpart, and every dyad that it is part of, keeps
//! its own numbers whichever world a group comes from: what it does to the contrast is part of the system. So the hybrid with
//! no group is the
//! first world and the hybrid with all groups is the second, bit for bit, and the order of the two worlds changes no hybrid.

use std::collections::BTreeMap;

use spiral_model::Setup;
use spiral_model::mechanisms::{ExplainGroup, Parameters, REGISTRY};
use spiral_model::setup::{DyadInputs, StateInputs, Target, Track};
use spiral_model::specification::Group as _;

use crate::world::scenario::Scenario;
use crate::world::series::value_at;

/// A group of differences between two worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What weapons and war are like.
    Technology,
    /// What states see, believe and expect.
    Beliefs,
    /// Where states lie.
    Geography,
    /// Alliances and rivalries.
    Alliances,
    /// What states have and spend.
    Economy,
    /// What states want.
    Types,
    /// What states have agreed to, and how crises are handled.
    Institutions,
    /// Which states there are.
    System,
    /// When, and for how long.
    Calendar,
}

/// A group: its name, what it holds in words, its inputs of states and of dyads. Its mechanisms name it in the registry.
struct Members {
    group: Group,
    name: &'static str,
    holds: &'static str,
    states: &'static [&'static str],
    dyads: &'static [&'static str],
}

/// The members of each group. Every input is in exactly one list.
const MEMBERS: &[Members] = &[
    Members {
        group: Group::Technology,
        name: "technology",
        holds: "offence-defence balance, first-strike advantage, what can be told apart, how wars are fought; fortresses, warheads, days to mobilise",
        states: &["mobilisation_days", "fortification", "warheads", "survivable_share", "interception", "nuclear_share"],
        dyads: &[],
    },
    Members {
        group: Group::Beliefs,
        name: "beliefs",
        holds: "suspicion, hostility left by earlier crises, awareness, the balance that doctrine teaches, what a war is expected to cost, how threats are seen, lessons of the last war",
        states: &["perceived_balance", "awareness", "war_cost_factor"],
        dyads: &["suspicion_shift", "hostility"],
    },
    Members {
        group: Group::Geography,
        name: "geography",
        holds: "distance, terrain, contact, how force fades with them",
        states: &[],
        dyads: &["distance", "terrain", "contact"],
    },
    Members {
        group: Group::Alliances,
        name: "alliances",
        holds: "commitments and rivalries, how allies decide, how alliances form and lapse",
        states: &[],
        dyads: &["commitment", "rivalry"],
    },
    Members {
        group: Group::Economy,
        name: "economy",
        holds: "output, arms at the start, habitual and largest burden, how arming answers threat, trade",
        states: &["output", "arms", "habitual_burden", "maximum_burden", "sensitivity_factor"],
        dyads: &["trade"],
    },
    Members {
        group: Group::Types,
        name: "types",
        holds: "greed, claims, unrest, grievances, how decisions follow from them",
        states: &["greed", "greedy_chance", "greed_if_greedy", "unrest", "grievance"],
        dyads: &["claim"],
    },
    Members {
        group: Group::Institutions,
        name: "institutions",
        holds: "collective security, arms control, hotlines and inspection, how crises come and are settled, terms of peace",
        states: &[],
        dyads: &["monitoring", "open_skies", "hotline", "notification", "offence_cap", "arms_cap", "warhead_cap"],
    },
    Members {
        group: Group::System,
        name: "system",
        holds: "which states there are and which are great powers, dated crises; all of a state without a counterpart",
        states: &[],
        dyads: &[],
    },
    Members {
        group: Group::Calendar,
        name: "calendar",
        holds: "first and last date, length of a tick, when a history ends, whether dated changes come",
        states: &[],
        dyads: &[],
    },
];

impl Group {
    /// Every group, in the order of the bits of a coalition.
    pub const ALL: [Self; 9] = [
        Self::Technology,
        Self::Beliefs,
        Self::Geography,
        Self::Alliances,
        Self::Economy,
        Self::Types,
        Self::Institutions,
        Self::System,
        Self::Calendar,
    ];

    fn members(self) -> &'static Members {
        // Every group has its entry: a test holds it.
        MEMBERS.iter().find(|members| members.group == self).unwrap_or(&MEMBERS[0])
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.members().name
    }

    /// What it holds, in words.
    #[must_use]
    pub fn holds(self) -> &'static str {
        self.members().holds
    }

    /// Its bit in a coalition.
    #[must_use]
    pub fn bit(self) -> u32 {
        1 << self as u32
    }

    fn of(holds: impl Fn(&Members) -> bool) -> Self {
        // What no list holds would belong to no group; a test holds that there is none.
        MEMBERS.iter().find(|members| holds(members)).map_or(Self::System, |members| members.group)
    }

    /// The group of a mechanism, and of its parameters.
    #[must_use]
    pub fn of_mechanism(name: &str) -> Self {
        let entry = REGISTRY.iter().find(|entry| entry.name == name);
        entry.map_or(Self::System, |entry| match entry.explains {
            ExplainGroup::Technology => Self::Technology,
            ExplainGroup::Beliefs => Self::Beliefs,
            ExplainGroup::Geography => Self::Geography,
            ExplainGroup::Alliances => Self::Alliances,
            ExplainGroup::Economy => Self::Economy,
            ExplainGroup::Types => Self::Types,
            ExplainGroup::Institutions => Self::Institutions,
            ExplainGroup::Calendar => Self::Calendar,
        })
    }

    /// The group of the number at a target.
    #[must_use]
    pub fn of_target(target: Target) -> Self {
        match target {
            Target::System(group, _) => Self::of_mechanism(Parameters::GROUPS[group].0),
            Target::State(_, field) => Self::of(|members| members.states.contains(&StateInputs::SPECIFICATIONS[field].name)),
            Target::Dyad(_, field) => Self::of(|members| members.dyads.contains(&DyadInputs::SPECIFICATIONS[field].name)),
        }
    }
}

/// How a state has come by its counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The user named the pair.
    Asked,
    /// The same code in both worlds.
    Same,
    /// A great power of the same rank of output among those without a namesake.
    GreatPower,
    /// A minor power, likewise.
    MinorPower,
    /// None: the other world has no such state.
    None,
}

impl Role {
    /// The role in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Asked => "as asked",
            Self::Same => "same state",
            Self::GreatPower => "great power of the same rank of output",
            Self::MinorPower => "minor power of the same rank of output",
            Self::None => "no counterpart",
        }
    }
}

/// A state of one world or of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterparts {
    /// Code in the first world.
    pub a: Option<String>,
    /// Code in the second world.
    pub b: Option<String>,
    /// Why they belong together.
    pub role: Role,
}

/// Two worlds between which hybrids lie.
#[derive(Debug, Clone)]
pub struct Hybrids {
    scenarios: [Scenario; 2],
    /// By world, then by state: the position of its counterpart in the other world.
    states: [Vec<Option<usize>>; 2],
    /// By world, then by dyad: the position of its counterpart in the other world.
    dyads: [Vec<Option<usize>>; 2],
    counterparts: Vec<Counterparts>,
}

impl Hybrids {
    /// The hybrids between two scenarios. `asked` names counterparts, one of each scenario.
    ///
    /// # Errors
    /// In words: scenarios that count in different money, since a hybrid would add it up; a counterpart that is no state, or twice.
    pub fn new(a: Scenario, b: Scenario, asked: &[(String, String)]) -> Result<Self, String> {
        for (position, (in_a, in_b)) in asked.iter().enumerate() {
            for (scenario, code) in [(&a, in_a), (&b, in_b)] {
                if scenario.setup.state(code).is_none() {
                    let codes: Vec<&str> = scenario.setup.states.iter().map(|state| state.code.as_str()).collect();
                    return Err(format!("{in_a}={in_b}: {} has no state {code}; it has {}", scenario.name, codes.join(", ")));
                }
            }
            if asked[..position].iter().any(|other| other.0 == *in_a || other.1 == *in_b) {
                return Err(format!("{in_a}={in_b}: one of the two has a counterpart already"));
            }
        }
        if a.money != b.money {
            return Err(format!(
                "{} counts in {} and {} in {}: a world that takes arms from one and output from the other would make no sense",
                a.name, a.money, b.name, b.money
            ));
        }
        let counterparts = counterparts(&a, &b, asked);
        let position = |setup: &Setup, code: &Option<String>| code.as_deref().and_then(|code| setup.state(code));
        let mut states = [vec![None; a.setup.states.len()], vec![None; b.setup.states.len()]];
        for pair in &counterparts {
            if let (Some(in_a), Some(in_b)) = (position(&a.setup, &pair.a), position(&b.setup, &pair.b)) {
                states[0][in_a] = Some(in_b);
                states[1][in_b] = Some(in_a);
            }
        }
        let dyads = [(&a.setup, &b.setup, &states[0]), (&b.setup, &a.setup, &states[1])].map(|(here, there, states)| {
            here.dyads.iter().map(|dyad| there.dyad(states[dyad.from]?, states[dyad.to]?)).collect()
        });
        Ok(Self { scenarios: [a, b], states, dyads, counterparts })
    }

    /// The two scenarios, in order.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario; 2] {
        &self.scenarios
    }

    /// Every state of either world: those with the same code, those paired by role, those without a counterpart.
    #[must_use]
    pub fn counterparts(&self) -> &[Counterparts] {
        &self.counterparts
    }

    /// Name of a coalition: `A`, `B`, or `A+GROUP+GROUP` with the groups that come from B.
    #[must_use]
    pub fn name(&self, coalition: u32) -> String {
        let groups: Vec<&str> = Group::ALL.into_iter().filter(|group| coalition & group.bit() != 0).map(Group::name).collect();
        if groups.len() == Group::ALL.len() {
            return self.scenarios[1].name.clone();
        }
        std::iter::once(self.scenarios[0].name.as_str()).chain(groups).collect::<Vec<_>>().join("+")
    }

    /// The world that takes the groups of a coalition from the second scenario and all others from the first.
    ///
    /// # Errors
    /// What is invalid only in the combination of both worlds, in words.
    pub fn world(&self, coalition: u32) -> Result<Scenario, String> {
        let [first, second] = &self.scenarios;
        let setup = self.between(&[first.setup.clone(), second.setup.clone()], coalition);
        check(&setup).map_err(|what| format!("{}: {what}", setup.name))?;
        let home = usize::from(coalition & Group::System.bit() != 0);
        Ok(Scenario { name: setup.name.clone(), setup, ..self.scenarios[home].clone() })
    }

    /// The setup of a coalition, where both worlds have these setups: their own, or with other numbers.
    pub(crate) fn between(&self, worlds: &[Setup; 2], coalition: u32) -> Setup {
        let side = |group: Group| usize::from(coalition & group.bit() != 0);
        let (home, away) = (side(Group::System), 1 - side(Group::System));
        let [here, there] = [&worlds[home], &worlds[away]];
        let mut setup = here.clone();
        let from_away = |group: Group| side(group) == away;
        let dates = &worlds[side(Group::Calendar)];
        (setup.horizon, setup.ending) = (dates.horizon, dates.ending);
        let [own_shift, shift] = [here, there].map(|from| dates.horizon.start - from.horizon.start);
        for point in setup.tracks.iter_mut().flat_map(|track| &mut track.points) {
            point.0 += own_shift;
        }
        for incident in &mut setup.incidents {
            incident.date += own_shift;
        }
        setup.incidents.retain(|incident| incident.date <= dates.horizon.end);
        if from_away(Group::Economy) {
            setup.arming_rule = there.arming_rule;
        }
        for mechanism in REGISTRY.iter().filter(|entry| from_away(Group::of_mechanism(entry.name))) {
            if there.without.contains(mechanism.name) {
                setup.without.insert(mechanism.name.to_string());
            } else {
                setup.without.remove(mechanism.name);
            }
        }
        let tracks: BTreeMap<Target, &Track> = there.tracks.iter().map(|track| (track.target, track)).collect();
        let swapped = targets(here).filter(|target| from_away(Group::of_target(*target)));
        for (target, other) in swapped.filter_map(|target| Some((target, self.counterpart(home, target)?))) {
            // Drops the track of its own.
            setup.set(target, there.get(other));
            if let Some(track) = tracks.get(&other) {
                let points = track.points.iter().map(|(date, value)| (date + shift, *value)).collect();
                setup.tracks.push(Track { target, points, interpolation: track.interpolation });
            }
        }
        setup.tracks.sort_by_key(|track| track.target);
        setup.name = self.name(coalition);
        setup
    }

    /// The number in the other world that stands for this one of world `home`.
    fn counterpart(&self, home: usize, target: Target) -> Option<Target> {
        match target {
            Target::System(..) => Some(target),
            Target::State(state, field) => self.states[home][state].map(|state| Target::State(state, field)),
            Target::Dyad(dyad, field) => self.dyads[home][dyad].map(|dyad| Target::Dyad(dyad, field)),
        }
    }
}

/// Every number of a setup.
fn targets(setup: &Setup) -> impl Iterator<Item = Target> + use<> {
    let system = Parameters::GROUPS.iter().enumerate();
    let system = system.flat_map(|(group, (_, fields))| (0..fields.len()).map(move |field| Target::System(group, field)));
    let of = |count: usize, fields: usize, make: fn(usize, usize) -> Target| {
        (0..count).flat_map(move |position| (0..fields).map(move |field| make(position, field)))
    };
    let states = of(setup.states.len(), StateInputs::SPECIFICATIONS.len(), Target::State);
    system.chain(states).chain(of(setup.dyads.len(), DyadInputs::SPECIFICATIONS.len(), Target::Dyad))
}

/// What is invalid only in the combination of both worlds: a series that continues to grow over a longer calendar.
fn check(setup: &Setup) -> Result<(), String> {
    for track in &setup.tracks {
        let specification = setup.specification(track.target);
        let end = value_at(track, setup.horizon.end);
        if let Some(end) = end.filter(|end| !specification.allows(*end)) {
            let (path, date) = (setup.path(track.target), setup.horizon.end);
            let (low, high) = (specification.low, specification.high);
            return Err(format!("{path} grows to {end} by {date}; allowed: {low} to {high}"));
        }
    }
    Ok(())
}

/// The states of both worlds, paired: as asked, then by code, then by role in order of rank, then those that are left.
fn counterparts(a: &Scenario, b: &Scenario, asked: &[(String, String)]) -> Vec<Counterparts> {
    let of = |a: Option<&String>, b: Option<&String>, role| Counterparts { a: a.cloned(), b: b.cloned(), role };
    let mut found: Vec<Counterparts> = asked.iter().map(|(a, b)| of(Some(a), Some(b), Role::Asked)).collect();
    let free = |setup: &Setup, taken: &dyn Fn(&String) -> bool| {
        setup.states.iter().map(|state| state.code.clone()).filter(|code| !taken(code)).collect::<Vec<String>>()
    };
    let in_a = free(&a.setup, &|code| asked.iter().any(|pair| pair.0 == *code));
    let in_b = free(&b.setup, &|code| asked.iter().any(|pair| pair.1 == *code));
    found.extend(in_a.iter().filter(|code| in_b.contains(code)).map(|code| of(Some(code), Some(code), Role::Same)));
    let left_of = |these: &[String], others: &[String]| {
        these.iter().filter(|code| !others.contains(code)).cloned().collect::<Vec<String>>()
    };
    let (left_a, left_b) = (left_of(&in_a, &in_b), left_of(&in_b, &in_a));
    let mut left = Vec::new();
    for (great_power, role) in [(true, Role::GreatPower), (false, Role::MinorPower)] {
        let (first, second) = (by_output(a, great_power, &left_a), by_output(b, great_power, &left_b));
        let pairs = first.len().min(second.len());
        found.extend(first.iter().zip(&second).map(|(a, b)| of(Some(a), Some(b), role)));
        left.extend(first[pairs..].iter().map(|code| of(Some(code), None, Role::None)));
        left.extend(second[pairs..].iter().map(|code| of(None, Some(code), Role::None)));
    }
    found.extend(left);
    found
}

/// Great or minor powers among some states, by falling output on the first date.
fn by_output(scenario: &Scenario, great_power: bool, states: &[String]) -> Vec<String> {
    let setup = &scenario.setup;
    let mut ranked: Vec<(f64, &String)> = setup
        .states
        .iter()
        .enumerate()
        .filter(|(_, state)| state.great_power == great_power && states.contains(&state.code))
        .map(|(position, state)| {
            (scenario.value_at(Target::State(position, StateInputs::OUTPUT), setup.horizon.start), &state.code)
        })
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    ranked.into_iter().map(|(_, code)| code.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_one_entry() {
        for (position, group) in Group::ALL.into_iter().enumerate() {
            assert_eq!((group as usize, group.bit()), (position, 1 << position));
            assert_eq!(MEMBERS.iter().filter(|members| members.group == group).count(), 1, "{}", group.name());
        }
        assert_eq!(MEMBERS.len(), Group::ALL.len());
    }

    /// A newcomer must be put into a group: what no list names would silently belong to the system.
    #[test]
    fn every_input_is_in_exactly_one_group() {
        let states: Vec<&str> = StateInputs::SPECIFICATIONS.iter().map(|specification| specification.name).collect();
        let dyads: Vec<&str> = DyadInputs::SPECIFICATIONS.iter().map(|specification| specification.name).collect();
        #[expect(clippy::type_complexity, reason = "a table with a function in each row")]
        let lists: [(&str, &[&str], fn(&Members) -> &'static [&'static str]); 2] =
            [("input of a state", &states, |members| members.states), ("input of a dyad", &dyads, |members| members.dyads)];
        for (what, all, list) in lists {
            for name in all {
                let groups: Vec<&str> =
                    MEMBERS.iter().filter(|members| list(members).contains(name)).map(|members| members.name).collect();
                assert_eq!(groups.len(), 1, "{what} {name} is in the groups {groups:?}; put it into one list of MEMBERS");
            }
            for name in MEMBERS.iter().flat_map(list) {
                assert!(all.contains(name), "there is no {what} {name} any more");
            }
        }
    }
}
