//! The entities of a world: states, and the dyads that matter.

use bevy_ecs::prelude::{Entity, World};
use petgraph::graph::{DiGraph, NodeIndex};
use spiral_kernel::Lanes;

use super::{Ahead, DyadLanes, LaidTrack, Rule, StateLanes, Tracks};
use crate::components::{DyadId, DyadInputsNow, Reach, Roster, StateId, StateInputsNow};
use crate::draws::Block;
use crate::inputs::{DyadInputs, StateInputs, Target, Track};
use crate::ledger::Ledger;
use crate::mechanisms::alignment::Alignments;
use crate::mechanisms::allies::{ALLY, Coalitions};
use crate::mechanisms::arming::{ArmingStart, Richardson};
use crate::mechanisms::arms_control::{NO_CAP, TreatiesPossible, promised};
use crate::mechanisms::conquest::Realms;
use crate::mechanisms::crisis::Script;
use crate::mechanisms::deterrence::Arsenals;
use crate::mechanisms::geography::reach_of;
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::peace::PeaceTerms;
use crate::mechanisms::war::Endings;
use crate::mechanisms::{Dirty, Switches};
use crate::phases::{Clock, Large};
use crate::setup::Setup;
use crate::specification::Group;

/// Dyads from which a world is parallel inside a tick, if its block is one history.
pub const LARGE: usize = 20_000;

/// Whether a world has so many dyads that it is parallel inside a tick, and its histories are best simulated one by one.
#[must_use]
pub fn is_large(setup: &Setup) -> bool {
    setup.dyads.len() >= LARGE
}

/// Whether a cap is given or dated, or pairs negotiate.
fn treaties_possible(setup: &Setup) -> bool {
    let dated = setup.tracks.iter().any(|track| match track.target {
        Target::Dyad(_, field) => DyadInputs::CAPS.contains(&field),
        Target::System(..) => setup.path(track.target) == "arms_control.negotiation",
        Target::State(..) => false,
    });
    let given = setup.dyads.iter().any(|dyad| promised(&dyad.inputs) != [NO_CAP; 3]);
    dated || given || setup.parameters.arms_control.negotiation > 0.0
}

/// Makes the world of a setup: states, the dyads that matter, and the resources. `reset` makes it ready to run.
#[must_use]
pub fn build<const WIDTH: usize>(setup: &Setup) -> World {
    let mut world = World::new();
    let switches = Switches::without(&setup.without);
    let states: Vec<Entity> = setup
        .states
        .iter()
        .enumerate()
        .map(|(index, state)| {
            let id = StateId { index, number: setup.state_number(index), great_power: state.great_power };
            world
                .spawn((
                    id,
                    StateInputsNow { inputs: state.inputs, output_growth: 0.0 },
                    ArmingStart::default(),
                    StateLanes::<WIDTH>::new().bundle(),
                ))
                .id()
        })
        .collect();

    let kept = kept_dyads(setup, &switches);
    let mut graph = DiGraph::new();
    for &state in &states {
        graph.add_node(state);
    }
    let mut ends = Vec::new();
    for (position, &dyad) in kept.iter().enumerate() {
        let (from, to) = (setup.dyads[dyad].from, setup.dyads[dyad].to);
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), position);
        ends.push((from, to));
    }
    let dyads: Vec<Entity> = (0..kept.len()).map(|_| world.spawn_empty().id()).collect();
    let mut pairs = Vec::new();
    for (position, &(from, to)) in ends.iter().enumerate() {
        let back = graph.find_edge(NodeIndex::new(to), NodeIndex::new(from)).map_or(position, |edge| graph[edge]);
        let number = setup.dyad_number(from, to);
        let id = DyadId {
            index: position,
            number,
            from: states[from],
            to: states[to],
            mirror: dyads[back],
            mirror_index: back,
            ends: (from, to),
        };
        let terms = DyadInputsNow(setup.dyads[kept[position]].inputs);
        world.entity_mut(dyads[position]).insert((id, terms, Reach::default(), DyadLanes::<WIDTH>::new().bundle()));
        if from < to {
            pairs.push((position, number));
        }
    }
    let mut roster =
        Roster { states, dyads, ends, setup_dyads: kept, network: graph, outgoing: Vec::new(), pairs, dense: Vec::new() };
    roster.list_outgoing();
    world.insert_resource(Large(roster.dyads.len() >= LARGE));
    world.insert_resource(roster);
    world.insert_resource(switches);
    lay(&mut world, setup);
    // Nobody's allies, until they are listed; without that mechanism they never are.
    world.insert_resource(Coalitions { allies_of: vec![Vec::new(); setup.states.len()], ..Coalitions::default() });
    world.insert_resource(Alignments::<WIDTH>::default());
    world.insert_resource(Realms::<WIDTH>::default());
    world.insert_resource(PeaceTerms::default());
    world.insert_resource(Endings::default());
    world.insert_resource(Richardson::default());
    world.insert_resource(Ledger::default());
    world.insert_resource(Dirty::default());
    world.insert_resource(setup.parameters);
    world.insert_resource(Block { seed: 0, first_history: 0 });
    let horizon = setup.horizon;
    world.insert_resource(Clock { horizon, tick: 0, date: horizon.start, years: horizon.tick_years() });
    world.insert_resource(CollectiveSecurity::<WIDTH> { perceived: Lanes::splat(0.0), record: Lanes::splat(1.0) });
    world
}

/// Gives a world that [`build`] made the numbers, dated changes and incidents of another setup with the same states, dyads, rule of
/// arming and mechanisms; `reset` with that setup makes it ready to run. Returns false, and changes nothing, where other dyads matter
/// under these numbers: then the world must be built anew.
pub fn renew(world: &mut World, setup: &Setup) -> bool {
    let switches = *world.resource::<Switches>();
    let same = kept_dyads(setup, &switches) == world.resource::<Roster>().setup_dyads;
    if same {
        lay(world, setup);
    }
    same
}

/// Lays out what follows from the numbers of a setup and does not change while its histories run.
fn lay(world: &mut World, setup: &Setup) {
    let switches = *world.resource::<Switches>();
    let mut simulated = vec![None; setup.dyads.len()];
    for (position, &dyad) in world.resource::<Roster>().setup_dyads.iter().enumerate() {
        simulated[dyad] = Some(position);
    }
    let tracks: Vec<&Track> = setup.tracks.iter().filter(|track| switches.timeline || setup.is_output(track.target)).collect();
    let lay = |track: &&Track| LaidTrack { track: (*track).clone(), initial: setup.get(track.target), last: f64::NAN };
    let all = tracks.iter().map(lay).collect();
    world.insert_resource(arsenals(setup, &tracks));
    world.insert_resource(Tracks { all, dyads: simulated });
    world.insert_resource(Ahead::default());
    world.insert_resource(Rule { arming: setup.arming_rule, ending: setup.ending });
    let incidents = if switches.timeline { setup.incidents.clone() } else { Vec::new() };
    world.insert_resource(Script(incidents));
    world.insert_resource(TreatiesPossible(treaties_possible(setup)));
}

/// Who may have warheads, and whose number of them is dated.
fn arsenals(setup: &Setup, tracks: &[&Track]) -> Arsenals {
    let tracked = |state: usize, name: &str| {
        let target = StateInputs::position(name).map(|field| Target::State(state, field));
        tracks.iter().any(|track| Some(track.target) == target)
    };
    let dated: Vec<bool> = (0..setup.states.len()).map(|state| tracked(state, "warheads")).collect();
    let held = setup.states.iter().enumerate().any(|(position, state)| {
        state.inputs.warheads > 0.0 || state.inputs.nuclear_share > 0.0 || tracked(position, "nuclear_share")
    });
    Arsenals { any: held || dated.contains(&true), dated }
}

/// Positions of the dyads worth simulating: within reach at any time (terrain and distance may change), or bound by a commitment.
#[must_use]
pub fn kept_dyads(setup: &Setup, switches: &Switches) -> Vec<usize> {
    let mut tracked = vec![false; setup.dyads.len()];
    for track in setup.tracks.iter().filter(|_| switches.timeline) {
        if let Target::Dyad(dyad, _) = track.target {
            tracked[dyad] = true;
        }
    }
    let geography = &setup.parameters.geography;
    let matters = |position: usize| {
        let inputs = &setup.dyads[position].inputs;
        let reach = reach_of(inputs.terrain, inputs.distance, geography, switches.geography);
        (reach >= geography.negligible && reach > 0.0) || inputs.commitment >= ALLY || tracked[position]
    };
    let own: Vec<bool> = (0..setup.dyads.len()).map(matters).collect();
    (0..setup.dyads.len())
        .filter(|&position| {
            let dyad = &setup.dyads[position];
            own[position] || setup.dyad(dyad.to, dyad.from).is_some_and(|back| own[back])
        })
        .collect()
}
