//! The world of a block: its entities, how they are reset, and how the date moves on.

use bevy_ecs::prelude::{Entity, Query, Res, ResMut, Resource, World};
use petgraph::graph::{DiGraph, NodeIndex};
use spiral_kernel::Lanes;

use crate::components::{
    Answered, ArmsGrowth, AtWar, AttackStrength, CustomaryThreat, Defence, DefenceStrength, DyadId, Given, Greed, Greedy, GrowthError, Held,
    JustifiedGrowth, Mistrust, NewOffence, Odds, Offence, Output, Payoffs, PerceivedBalance, Procurement, Punishable, Reach,
    Roster, Sight, StateId, Strengths, Support, Terms, ThreatCeiling, ThreatFelt, ThreatIfGreedy, ThreatTotal, Unharmed,
    Vulnerability, Weariness,
};
use crate::draws::{Block, Purpose};
use crate::ledger::Ledger;
use crate::mechanisms::allies::{ALLY, Coalitions};
use crate::mechanisms::arming::{Richardson, budget, linear_step, within_budget};
use crate::mechanisms::arms_control::{ForceCaps, TreatiesPossible, Treaty};
use crate::mechanisms::beliefs::{ExpectedPosture, log_odds};
use crate::mechanisms::crisis::{CrisisUnderWay, Script};
use crate::mechanisms::geography::reach_of;
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::posture::offensive_share;
use crate::mechanisms::threat::{felt_share, threat_if_greedy};
use crate::mechanisms::war::WarUnderWay;
use crate::mechanisms::{Dirty, Parameters, Switches};
use crate::phases::{Clock, Large};
use crate::setup::{ArmingRule, Ending, Setup, Target, Track};
use crate::specification::Group;

/// Dyads from which a world is parallel inside a tick.
const LARGE: usize = 20_000;

/// How the scenario arms and ends.
#[derive(Resource, Debug, Clone, Copy)]
pub struct Rule {
    /// How arming answers threat.
    pub arming: ArmingRule,
    /// When a history stops early.
    pub ending: Ending,
}

/// A track with its target found: what to write, where, when.
#[derive(Debug, Clone)]
struct LaidTrack {
    track: Track,
    initial: f64,
    last: f64,
}

/// The dated changes of a scenario.
#[derive(Resource, Debug, Clone, Default)]
pub struct Tracks {
    all: Vec<LaidTrack>,
    /// For each setup dyad the simulated dyad, if it is.
    dyads: Vec<Option<usize>>,
}

/// Makes the world of a setup: states, the dyads that matter, and the resources. [`reset`] makes it ready to run.
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
            world.spawn((id, Given { inputs: state.inputs, output_growth: 0.0 }, state_lanes::<WIDTH>())).id()
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
        let terms = Terms(setup.dyads[kept[position]].inputs);
        world.entity_mut(dyads[position]).insert((id, terms, Reach::default(), dyad_lanes::<WIDTH>()));
        if from < to {
            pairs.push((position, number));
        }
    }
    let mut simulated = vec![None; setup.dyads.len()];
    for (position, &dyad) in kept.iter().enumerate() {
        simulated[dyad] = Some(position);
    }
    let mut roster = Roster { states, dyads, ends, setup_dyads: kept, network: graph, outgoing: Vec::new(), pairs };
    roster.list_outgoing();

    let tracks = setup.tracks.iter().filter(|track| switches.timeline || setup.is_output(track.target));
    let all = tracks.map(|track| LaidTrack { track: track.clone(), initial: setup.get(track.target), last: f64::NAN }).collect();
    world.insert_resource(Large(roster.dyads.len() >= LARGE));
    world.insert_resource(roster);
    world.insert_resource(Tracks { all, dyads: simulated });
    world.insert_resource(Rule { arming: setup.arming_rule, ending: setup.ending });
    world.insert_resource(switches);
    let incidents = if switches.timeline { setup.incidents.clone() } else { Vec::new() };
    world.insert_resource(Script(incidents));
    // Nobody's allies, until they are listed; without that mechanism they never are.
    world.insert_resource(Coalitions { allies_of: vec![Vec::new(); setup.states.len()], ..Coalitions::default() });
    world.insert_resource(TreatiesPossible::of(setup));
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

/// Positions of the dyads worth simulating: within reach at any time (terrain and distance may change), or bound by a commitment.
#[must_use]
pub fn kept_dyads(setup: &Setup, switches: &Switches) -> Vec<usize> {
    let moves = |dyad: usize| setup.tracks.iter().any(|track| matches!(track.target, Target::Dyad(of, _) if of == dyad));
    let tracked = |dyad: usize| switches.timeline && moves(dyad);
    let geography = &setup.parameters.geography;
    let matters = |position: usize| {
        let inputs = &setup.dyads[position].inputs;
        let reach = reach_of(inputs.terrain, inputs.distance, geography, switches.geography);
        (reach >= geography.negligible && reach > 0.0) || inputs.commitment >= ALLY || tracked(position)
    };
    let own: Vec<bool> = (0..setup.dyads.len()).map(matters).collect();
    (0..setup.dyads.len())
        .filter(|&position| {
            let dyad = &setup.dyads[position];
            own[position] || setup.dyad(dyad.to, dyad.from).is_some_and(|back| own[back])
        })
        .collect()
}

type StateLanes<const WIDTH: usize> = (
    (Greedy<WIDTH>, Greed<WIDTH>, Output<WIDTH>, Unharmed<WIDTH>, Offence<WIDTH>, Defence<WIDTH>),
    (AttackStrength<WIDTH>, DefenceStrength<WIDTH>, ArmsGrowth<WIDTH>, JustifiedGrowth<WIDTH>, NewOffence<WIDTH>),
    (Procurement<WIDTH>, ThreatTotal<WIDTH>, ThreatCeiling<WIDTH>, CustomaryThreat<WIDTH>, PerceivedBalance<WIDTH>),
    (Weariness<WIDTH>, Vulnerability<WIDTH>, Punishable<WIDTH>, AtWar<WIDTH>, ExpectedPosture<WIDTH>),
    (ForceCaps<WIDTH>, Answered<WIDTH>, Held<WIDTH>),
);

fn state_lanes<const WIDTH: usize>() -> StateLanes<WIDTH> {
    let mut lanes = StateLanes::<WIDTH>::default();
    lanes.0.3.0 = Lanes::splat(1.0);
    lanes.4.1.0 = Lanes::splat(1.0);
    lanes.4.2.0 = Lanes::splat(1.0);
    lanes
}

type DyadLanes<const WIDTH: usize> = (
    (Mistrust<WIDTH>, Sight<WIDTH>, GrowthError<WIDTH>, ThreatFelt<WIDTH>, ThreatIfGreedy<WIDTH>),
    (Support<WIDTH>, Strengths<WIDTH>, Odds<WIDTH>, Payoffs<WIDTH>, Treaty<WIDTH>),
);

fn dyad_lanes<const WIDTH: usize>() -> DyadLanes<WIDTH> {
    let mut lanes = DyadLanes::<WIDTH>::default();
    lanes.0.1.0 = Lanes::splat(1.0);
    let even = Lanes::splat(0.5);
    lanes.1.2 = Odds { first: even, struck: even, mutual: even };
    lanes
}

/// Makes a world ready for the block that begins with `first_history`.
pub fn reset<const WIDTH: usize>(world: &mut World, setup: &Setup, seed: u64, first_history: u32, keeps_events: bool) {
    let over: Vec<Entity> = {
        let mut wars = world.query_filtered::<Entity, bevy_ecs::prelude::Or<(
            bevy_ecs::prelude::With<WarUnderWay>,
            bevy_ecs::prelude::With<CrisisUnderWay>,
        )>>();
        wars.iter(world).collect()
    };
    for entity in over {
        world.despawn(entity);
    }
    let block = Block { seed, first_history };
    let horizon = setup.horizon;
    let mut parameters = setup.parameters;
    let tracks = world.resource::<Tracks>().clone();
    let initial = |target: Target, given: f64| {
        let track = tracks.all.iter().find(|laid| laid.track.target == target);
        track.map_or(given, |laid| laid.track.value(horizon.start, given))
    };
    for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
        for field in 0..specifications.len() {
            parameters.set(group, field, initial(Target::System(group, field), setup.parameters.get(group, field)));
        }
    }
    let switches = *world.resource::<Switches>();
    let roster = world.resource::<Roster>().clone();
    let technology = parameters.technology.in_force(&switches);
    let mut arms_at_start = Vec::new();
    for (index, &entity) in roster.states.iter().enumerate() {
        let mut inputs = setup.states[index].inputs;
        for field in 0..crate::setup::StateInputs::SPECIFICATIONS.len() {
            inputs.set(field, initial(Target::State(index, field), inputs.get(field)));
        }
        let number = setup.state_number(index);
        let [u, _] = block.uniforms::<WIDTH>(Purpose::Type, number, 0);
        let growth = output_growth(&tracks, index, horizon.start, inputs.output);
        let mut lanes = state_lanes::<WIDTH>();
        lanes.0.0.0 = Lanes::from_fn(|l| if u[l] < inputs.greedy_chance { 1.0 } else { 0.0 });
        let greedy = lanes.0.0.0;
        lanes.0.1.0 = Lanes::from_fn(|l| if greedy[l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
        lanes.0.2.0 = Lanes::splat(inputs.output);
        // Without a figure the state starts with the arms that its usual procurement keeps up while its output grows.
        let greed = lanes.0.1.0;
        let room = budget(inputs.habitual_burden, inputs.maximum_burden, inputs.output, 0.0);
        let drive = parameters.arming.greed_drive;
        let spent: Lanes<WIDTH> = Lanes::from_fn(|l| {
            let wanted = drive * greed[l] * inputs.output + inputs.grievance;
            let procured = inputs.habitual_burden * inputs.output + within_budget(wanted, room);
            if procured < 0.0 { 0.0 } else { procured }
        });
        let sustaining = (parameters.arming.depreciation + growth).max(1e-6);
        let arms: Lanes<WIDTH> = Lanes::from_fn(|l| if inputs.arms > 0.0 { inputs.arms } else { spent[l] / sustaining });
        let ratio = inputs.perceived_balance / technology.reference_balance;
        let posture = parameters.posture;
        let share: Lanes<WIDTH> = Lanes::from_fn(|l| {
            if switches.posture { offensive_share(ratio, greed[l], technology.distinguishability, &posture) } else { 0.5 }
        });
        lanes.0.4.0 = Lanes::from_fn(|l| arms[l] * share[l]);
        lanes.0.5.0 = Lanes::from_fn(|l| arms[l] * (1.0 - share[l]));
        lanes.1.2.0 = Lanes::splat(growth);
        lanes.1.4.0 = share;
        lanes.2.0.0 = spent;
        lanes.2.4.0 = Lanes::splat(inputs.perceived_balance);
        arms_at_start.push((arms[0], inputs, share[0]));
        world.entity_mut(entity).insert((Given { inputs, output_growth: growth }, lanes));
    }
    let prior = log_odds(parameters.beliefs.suspicion);
    for (position, &entity) in roster.dyads.iter().enumerate() {
        let dyad = roster.setup_dyads[position];
        let mut inputs = setup.dyads[dyad].inputs;
        for field in 0..crate::setup::DyadInputs::SPECIFICATIONS.len() {
            inputs.set(field, initial(Target::Dyad(dyad, field), inputs.get(field)));
        }
        let mut lanes = dyad_lanes::<WIDTH>();
        lanes.0.0.0 = Lanes::splat(prior + inputs.suspicion_shift);
        let share = reach_of(inputs.terrain, inputs.distance, &parameters.geography, switches.geography);
        world.entity_mut(entity).insert((Terms(inputs), Reach { forth: share, back: share }, lanes));
    }
    if setup.arming_rule != ArmingRule::Budget {
        let linear = richardson(world, setup, &roster, &parameters, &switches, &arms_at_start);
        world.insert_resource(linear);
    }
    world.insert_resource(parameters);
    world.insert_resource(block);
    world.insert_resource(Clock { horizon, tick: 0, date: horizon.start, years: horizon.tick_years() });
    world.insert_resource(CollectiveSecurity::<WIDTH> { perceived: Lanes::splat(0.0), record: Lanes::splat(1.0) });
    world.insert_resource(Dirty { geography: true, coalitions: true });
    let mut tracks = tracks;
    for laid in &mut tracks.all {
        laid.last = f64::NAN;
    }
    world.insert_resource(tracks);
    world.resource_mut::<Ledger>().open(WIDTH, first_history, horizon.start, keeps_events);
}

/// Richardson's coefficients at the start, `k_ij` of E5, and one tick of the linear equations.
fn richardson(
    world: &mut World,
    setup: &Setup,
    roster: &Roster,
    parameters: &Parameters,
    switches: &Switches,
    arms: &[(f64, crate::setup::StateInputs, f64)],
) -> Richardson {
    let technology = parameters.technology.in_force(switches);
    let q = technology.distinguishability;
    let n = arms.len();
    let mut coefficients = vec![vec![0.0; n]; n];
    for (i, row) in coefficients.iter_mut().enumerate() {
        row[i] = -parameters.arming.depreciation;
        for &dyad in &roster.outgoing[i] {
            let (_, j) = roster.ends[dyad];
            let Some(terms) = world.get::<Terms>(roster.dyads[dyad]) else { continue };
            let belief = spiral_kernel::maths::logistic(log_odds(parameters.beliefs.suspicion) + terms.0.suspicion_shift);
            // Certainty is capped in log-odds; a coefficient given as certain is meant exactly.
            let belief = if parameters.beliefs.suspicion == 1.0 && terms.0.suspicion_shift == 0.0 { 1.0 } else { belief };
            let reach = reach_of(terms.0.terrain, terms.0.distance, &parameters.geography, switches.geography);
            let balance = arms[i].1.perceived_balance / technology.reference_balance;
            let unit = (1.0 - q) + q * arms[j].2;
            row[j] = if switches.threat {
                parameters.arming.sensitivity
                    * arms[i].1.sensitivity_factor
                    * felt_share(belief, parameters.threat.anarchy)
                    * threat_if_greedy(balance, reach, unit, 0.0)
            } else {
                0.0
            };
            if setup.arming_rule == ArmingRule::Rivalry {
                row[i] -= row[j];
            }
        }
    }
    let constants: Vec<f64> =
        arms.iter().map(|(_, inputs, _)| inputs.grievance + inputs.habitual_burden * inputs.output).collect();
    let exact = setup.arming_rule != ArmingRule::RichardsonEuler;
    let step = linear_step(&coefficients, &constants, setup.horizon.tick_years(), exact);
    Richardson { step, coefficients, constants }
}

/// Growth of a state's output over the year from a date.
fn output_growth(tracks: &Tracks, state: usize, date: f64, output: f64) -> f64 {
    let track = tracks.all.iter().find(|laid| laid.track.target == Target::State(state, 0));
    track.map_or(0.0, |laid| laid.track.value(date + 0.25, laid.initial) / laid.track.value(date, output).max(1e-300) - 1.0) * 4.0
}

/// The date moves on: numbers that the scenario dates take their value of the day.
pub(crate) fn move_date<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut Given, &Greedy<WIDTH>, &mut Greed<WIDTH>, &Unharmed<WIDTH>, &mut Output<WIDTH>)>,
    mut dyads: Query<&mut Terms>,
    roster: Res<Roster>,
    clock: Res<Clock>,
    mut tracks: ResMut<Tracks>,
    mut parameters: ResMut<Parameters>,
    mut dirty: ResMut<Dirty>,
) {
    if clock.tick > 0 {
        *dirty = Dirty::default();
    }
    let simulated = std::mem::take(&mut tracks.dyads);
    let mut growths: Vec<(usize, f64)> = Vec::new();
    for laid in &mut tracks.all {
        let value = laid.track.value(clock.date, laid.initial);
        if let Target::State(state, 0) = laid.track.target {
            let next = laid.track.value(clock.date + 0.25, laid.initial);
            growths.push((state, 4.0 * (next / value - 1.0)));
        }
        if value == laid.last {
            continue;
        }
        laid.last = value;
        match laid.track.target {
            Target::System(group, field) => {
                parameters.set(group, field, value);
                dirty.geography |= Parameters::GROUPS[group].0 == "geography";
                dirty.coalitions |= Parameters::GROUPS[group].0 == "allies";
            }
            Target::State(state, field) => {
                if let Ok((_, mut given, ..)) = states.get_mut(roster.states[state]) {
                    given.inputs.set(field, value);
                }
            }
            Target::Dyad(dyad, field) => {
                if let Some(mut terms) = simulated[dyad].and_then(|dyad| dyads.get_mut(roster.dyads[dyad]).ok()) {
                    terms.0.set(field, value);
                    dirty.geography = true;
                    dirty.coalitions = true;
                }
            }
        }
    }
    tracks.dyads = simulated;
    for (state, growth) in growths {
        if let Ok((_, mut given, ..)) = states.get_mut(roster.states[state]) {
            given.output_growth = growth;
        }
    }
    for (_, given, greedy, mut greed, unharmed, mut output) in &mut states {
        let inputs = given.inputs;
        greed.0 = Lanes::from_fn(|l| if greedy.0[l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
        output.0 = Lanes::from_fn(|l| inputs.output * unharmed.0[l]);
    }
}
