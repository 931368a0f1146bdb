//! The step of the model as data: which system runs when, to which mechanism it belongs, what it reads and writes; and of which
//! components the entities of a world are made. All of it is asked of the engine, so it is what runs.

use std::collections::BTreeSet;

use bevy_ecs::component::ComponentId;
use bevy_ecs::prelude::{Component, Schedule, SystemSet, With, World};
use bevy_ecs::query::InvertibleComponentIdSet;
use bevy_ecs::system::SystemAccess;

use crate::components::{self, DyadId, StateId};
use crate::description::{Described, Description};
use crate::draws::Block;
use crate::ledger::Ledger;
use crate::mechanisms::{Dirty, REGISTRY};
use crate::phases::{Clock, Large, Phase};
use crate::record::Recorded;
use crate::world::{Ahead, Rule, Tracks};

/// One system of the step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Phase in which it runs.
    pub phase: Phase,
    /// File or folder that holds it: the name of a mechanism, or of what every world needs (`world`, `record`, `audit`).
    pub file: String,
    /// Its name.
    pub system: String,
    /// Components and resources that it reads, by name. Empty where it may read anything.
    pub reads: Vec<String>,
    /// Those that it writes. Empty where it may write anything.
    pub writes: Vec<String>,
    /// Whether it has the whole world to itself.
    pub exclusive: bool,
}

/// Components by the kind of entity that carries them, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Components of a state.
    pub state: Vec<String>,
    /// Components of a directed dyad.
    pub dyad: Vec<String>,
    /// Components of entities that come and go, each of one history: crises and wars.
    pub passing: Vec<String>,
    /// What there is once a world.
    pub system: Vec<String>,
}

/// `a::b::Name<16>` without path and parameters.
fn short(name: &str) -> String {
    let path = name.split('<').next().unwrap_or(name);
    path.rsplit("::").next().unwrap_or(path).to_string()
}

fn names(world: &World, set: &InvertibleComponentIdSet) -> BTreeSet<String> {
    let name = |id: ComponentId| world.components().get_name(id).map(|name| short(&name.to_string()));
    set.as_finite_set().into_iter().flat_map(|set| set.iter().filter_map(name)).collect()
}

/// The systems of an initialised schedule, in the order in which they run.
pub(crate) fn steps(schedule: &Schedule, world: &World) -> Vec<Step> {
    let phase_of = |key| {
        let within = |phase: &Phase| schedule.graph().systems_in_set(phase.intern()).is_ok_and(|systems| systems.contains(&key));
        Phase::ALL.into_iter().find(within)
    };
    let systems = schedule.systems_with_access().into_iter().flatten();
    systems
        .filter_map(|(key, system)| {
            let name = system.system().name().to_string();
            let path = name.split('<').next().unwrap_or(&name).to_string();
            let function = path.rsplit("::").next().unwrap_or_default();
            let file = path.split("::").skip(1).find(|part| *part != "mechanisms").unwrap_or_default();
            let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
            if let SystemAccess::Shared(access) = system.access() {
                writes = names(world, access.combined_access().writes());
                reads = names(world, access.combined_access().reads()).difference(&writes).cloned().collect();
            }
            Some(Step {
                // A system without a phase belongs to the engine: it carries out commands between two systems.
                phase: phase_of(key)?,
                file: file.to_string(),
                system: function.to_string(),
                reads: reads.into_iter().collect(),
                writes: writes.into_iter().collect(),
                exclusive: matches!(system.access(), SystemAccess::Exclusive),
            })
        })
        .collect()
}

/// What the entities of a world are made of, with an initialised schedule.
pub(crate) fn inventory(schedule: &Schedule, world: &mut World) -> Inventory {
    let (state, dyad) = (components_of::<StateId>(world), components_of::<DyadId>(world));
    let resources: BTreeSet<String> = world
        .components()
        .iter_registered()
        .filter(|(id, _)| world.get_resource_by_id(*id).is_some())
        .map(|(_, info)| short(&info.name().to_string()))
        .collect();
    let touched: BTreeSet<String> =
        steps(schedule, world).into_iter().flat_map(|step| step.reads.into_iter().chain(step.writes)).collect();
    let passing = touched.iter().filter(|name| !state.contains(*name) && !dyad.contains(*name) && !resources.contains(*name));
    Inventory {
        passing: passing.cloned().collect(),
        system: resources.intersection(&touched).cloned().collect(),
        state: state.into_iter().collect(),
        dyad: dyad.into_iter().collect(),
    }
}

/// The component or resource of this name: those that every world has, then those of the mechanisms.
#[must_use]
pub fn component(name: &str) -> Option<Description> {
    let others: &[Description] = &[
        Dirty::DESCRIPTION,
        Block::DESCRIPTION,
        Ledger::DESCRIPTION,
        Clock::DESCRIPTION,
        Large::DESCRIPTION,
        Recorded::<1>::DESCRIPTION,
        Rule::DESCRIPTION,
        Ahead::DESCRIPTION,
        Tracks::DESCRIPTION,
    ];
    let of_mechanisms = REGISTRY.iter().flat_map(|entry| entry.components);
    components::descriptions().chain(others).chain(of_mechanisms).find(|description| description.name == name).copied()
}

fn components_of<Marker: Component>(world: &mut World) -> BTreeSet<String> {
    let mut query = world.query_filtered::<bevy_ecs::prelude::EntityRef, With<Marker>>();
    let Some(entity) = query.iter(world).next() else { return BTreeSet::new() };
    let ids = entity.archetype().components().to_vec();
    ids.into_iter().filter_map(|id| world.components().get_name(id)).map(|name| short(&name.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Horizon;
    use crate::setup::Setup;
    use crate::simulation::Simulation;

    fn world(without: &[&str]) -> Simulation<1> {
        let mut setup = Setup::complete("pair", Horizon { start: 1900.0, end: 1910.0, ticks_per_year: 4 }, &["A", "B"]);
        setup.without = without.iter().map(ToString::to_string).collect();
        Simulation::new(&setup)
    }

    #[test]
    fn steps_stand_in_the_order_of_the_phases() {
        let steps = world(&[]).steps();
        assert!(steps.windows(2).all(|pair| pair[0].phase <= pair[1].phase), "{steps:#?}");
        assert!(Phase::ALL.into_iter().all(|phase| phase == Phase::Diplomacy || steps.iter().any(|step| step.phase == phase)));
        let threat = steps.iter().find(|step| step.system == "perceive_threat").expect("the mechanism is on");
        assert_eq!((threat.file.as_str(), threat.phase, threat.exclusive), ("threat", Phase::Perceive, false));
        assert_eq!(threat.writes, ["ThreatFelt", "ThreatIfGreedy"]);
        assert!(threat.reads.contains(&"Mistrust".to_string()) && !threat.reads.contains(&"Clock".to_string()));
    }

    #[test]
    fn what_is_switched_off_does_not_run() {
        assert!(world(&["threat"]).steps().iter().all(|step| step.file != "threat"));
    }

    #[test]
    fn comments_are_descriptions() {
        let greed = component("Greed").expect("a line among the lanes");
        assert_eq!((greed.about().as_str(), greed.members().count()), ("Greed `μ_i`.", 0));
        let reach = component("Reach").expect("a component with fields");
        assert!(reach.members().any(|member| member == ("back", "Share of the strength of `j` that reaches `i`.".to_string())));
        assert_eq!(component("NoSuchType"), None);
        assert_eq!(Phase::DESCRIPTION.members().count(), Phase::ALL.len());
        assert_eq!(Phase::Arm.description(), "They buy arms.");
    }

    #[test]
    fn every_component_is_described() {
        let Inventory { state, dyad, passing, system } = world(&[]).inventory();
        assert!(state.contains(&"Greed".to_string()) && dyad.contains(&"Mistrust".to_string()), "{state:?} {dyad:?}");
        assert!(passing.contains(&"WarUnderWay".to_string()) && system.contains(&"Clock".to_string()), "{passing:?} {system:?}");
        // Parameters and switches are described one by one, by their specifications and the registry.
        let own = ["Parameters", "Switches"];
        let all = state.iter().chain(&dyad).chain(&passing).chain(&system).filter(|name| !own.contains(&name.as_str()));
        let missing: Vec<&String> = all.filter(|name| component(name).is_none_or(|it| it.about().is_empty())).collect();
        assert!(
            missing.is_empty(),
            "no description of {missing:?}: declare them with `described!` and list them in the entry of their mechanism, or in `step::component`"
        );
    }
}
