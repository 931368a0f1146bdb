//! How the histories of a block start.

use bevy_ecs::prelude::{Entity, Or, With, World};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{logistic, normal_quantiles};

use super::{DyadLanes, LaidTrack, StateLanes, Tracks};
use crate::components::{
    ArmsGrowth, Defence, DyadInputsNow, Greed, Greedy, Hostility, Mistrust, NewOffence, Offence, Output, PerceivedBalance,
    Procurement, Reach, Roster, StateInputsNow, Warheads,
};
use crate::draws::{Block, Purpose};
use crate::inputs::{ArmingRule, DyadInputs, StateInputs, Target};
use crate::ledger::Ledger;
use crate::mechanisms::alignment::Alignments;
use crate::mechanisms::arming::{
    Accounts, ArmingStart, Programme, Richardson, ceiling, ceiling_in_force, expected_alarm, linear_step, ordinary_burden,
    programme,
};
use crate::mechanisms::beliefs::{ExpectedCrises, log_odds};
use crate::mechanisms::conquest::Realms;
use crate::mechanisms::crisis::{CrisisUnderWay, expected_rate};
use crate::mechanisms::geography::reach_of;
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::peace::PeaceTerms;
use crate::mechanisms::posture::{EVEN_MIX, offensive_share};
use crate::mechanisms::threat::{felt_share, threat_if_greedy};
use crate::mechanisms::war::{Endings, WarUnderWay};
use crate::mechanisms::{Dirty, Parameters, Switches};
use crate::phases::Clock;
use crate::setup::Setup;
use crate::specification::Group;

/// Makes a world ready for the block that begins with `first_history`.
pub fn reset<const WIDTH: usize>(world: &mut World, setup: &Setup, seed: u64, first_history: u32, keeps_events: bool) {
    end_wars(world);
    world.resource_mut::<Alignments<WIDTH>>().reset();
    world.resource_mut::<Realms<WIDTH>>().reset();
    world.resource_mut::<PeaceTerms>().reset();
    world.resource_mut::<Endings>().0.clear();
    let mut tracks = std::mem::take(&mut *world.resource_mut::<Tracks>());
    let roster = std::mem::take(&mut *world.resource_mut::<Roster>());
    let (switches, block) = (*world.resource::<Switches>(), Block { seed, first_history });
    let start = Start::new(setup, &tracks, switches);
    let crises: Vec<f64> = roster.ends.iter().map(|&ends| start.crises(&roster, ends)).collect();
    for (index, &entity) in roster.states.iter().enumerate() {
        let own_crises = roster.outgoing[index].iter().map(|&dyad| crises[dyad]).sum();
        let expected_alarm = expected_alarm(own_crises, &start.parameters.arming);
        let output = start.states[index].output;
        let arming = ArmingStart { output, growth: start.past_growth(index), expected_alarm };
        world.entity_mut(entity).insert((start.given(index), arming, start.state::<WIDTH>(index, &block).bundle()));
    }
    let prior = log_odds(start.parameters.beliefs.suspicion);
    for ((&entity, &dyad), &crises) in roster.dyads.iter().zip(&roster.setup_dyads).zip(&crises) {
        let inputs = start.dyads[dyad];
        let mistrust = Mistrust(Lanes::splat(prior + inputs.suspicion_shift));
        let hostility = Hostility(Lanes::splat(inputs.hostility));
        let expected_crises = ExpectedCrises(Lanes::splat(crises));
        let lanes = DyadLanes::<WIDTH> { mistrust, hostility, expected_crises, ..DyadLanes::new() };
        let reach = start.reach(dyad);
        world.entity_mut(entity).insert((DyadInputsNow(inputs), Reach { forth: reach, back: reach }, lanes.bundle()));
    }
    if setup.arming_rule != ArmingRule::Programmes {
        world.insert_resource(start.richardson(&roster));
    }
    world.insert_resource(start.parameters);
    for laid in &mut tracks.all {
        laid.last = f64::NAN;
    }
    world.insert_resource(tracks);
    world.insert_resource(roster);
    world.insert_resource(block);
    let horizon = setup.horizon;
    world.insert_resource(Clock { horizon, tick: 0, date: horizon.start, years: horizon.tick_years() });
    world.insert_resource(CollectiveSecurity::<WIDTH> { perceived: Lanes::splat(0.0), record: Lanes::splat(1.0) });
    world.insert_resource(Dirty { geography: true, coalitions: true });
    world.resource_mut::<Ledger>().open(WIDTH, first_history, horizon.start, keeps_events);
}

/// Wars and crises of the last block are forgotten.
fn end_wars(world: &mut World) {
    let mut under_way = world.query_filtered::<Entity, Or<(With<WarUnderWay>, With<CrisisUnderWay>)>>();
    let over: Vec<Entity> = under_way.iter(world).collect();
    for entity in over {
        world.despawn(entity);
    }
}

/// What a setup says of its first date, dated changes included.
struct Start<'a> {
    setup: &'a Setup,
    switches: Switches,
    parameters: Parameters,
    states: Vec<StateInputs>,
    /// By position in the setup.
    dyads: Vec<DyadInputs>,
    /// Growth of the output of each state, per year.
    growths: Vec<f64>,
}

impl<'a> Start<'a> {
    fn new(setup: &'a Setup, tracks: &Tracks, switches: Switches) -> Self {
        let date = setup.horizon.start;
        let mut parameters = setup.parameters;
        let mut states: Vec<StateInputs> = setup.states.iter().map(|state| state.inputs).collect();
        let mut dyads: Vec<DyadInputs> = setup.dyads.iter().map(|dyad| dyad.inputs).collect();
        let mut growths = vec![0.0; states.len()];
        for laid in &tracks.all {
            let value = laid.track.value(date, laid.initial);
            match laid.track.target {
                Target::System(group, field) => parameters.set(group, field, value),
                Target::State(state, field) => states[state].set(field, value),
                Target::Dyad(dyad, field) => dyads[dyad].set(field, value),
            }
            if let Target::State(state, StateInputs::OUTPUT) = laid.track.target {
                growths[state] = growth(laid, date, value);
            }
        }
        Self { setup, switches, parameters, states, dyads, growths }
    }

    fn given(&self, state: usize) -> StateInputsNow {
        StateInputsNow { inputs: self.states[state], output_growth: self.growths[state] }
    }

    fn reach(&self, dyad: usize) -> f64 {
        let DyadInputs { terrain, distance, .. } = self.dyads[dyad];
        reach_of(terrain, distance, &self.parameters.geography, self.switches.geography)
    }

    /// Growth of output with which the stock of the start was kept up.
    fn past_growth(&self, state: usize) -> f64 {
        if self.growths[state] > 0.0 { self.growths[state] } else { 0.0 }
    }

    /// Crises of a dyad that are expected in a year, by the terms of both directions. Scripted ones are not.
    fn crises(&self, roster: &Roster, (from, to): (usize, usize)) -> f64 {
        let terms = |from, to| roster.dyad(from, to).map(|dyad| &self.dyads[roster.setup_dyads[dyad]]);
        let (low, high) = (from.min(to), from.max(to));
        let (Some(there), Some(back), true) = (terms(low, high), terms(high, low), self.switches.crisis) else { return 0.0 };
        let states = [&self.states[low], &self.states[high]];
        let great_powers = self.setup.states[low].great_power && self.setup.states[high].great_power;
        let prior = log_odds(self.parameters.beliefs.suspicion);
        expected_rate(states, great_powers, [there, back], prior, &self.parameters.crisis)
    }

    /// A state as its histories draw it.
    fn state<const WIDTH: usize>(&self, index: usize, block: &Block) -> StateLanes<WIDTH> {
        let (inputs, growth, parameters) = (self.states[index], self.growths[index], &self.parameters);
        let [u, _] = block.uniforms::<WIDTH>(Purpose::Type, self.setup.state_number(index), 0);
        let greedy = Lanes::from_fn(|l| if u[l] < inputs.greedy_chance { 1.0 } else { 0.0 });
        let greed: Lanes<WIDTH> = Lanes::from_fn(|l| if greedy[l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
        let arming = &parameters.arming;
        let [_, mind] = block.uniforms::<WIDTH>(Purpose::Revision, self.setup.state_number(index), u32::MAX);
        let ordinary: Lanes<WIDTH> = Lanes::from_fn(|l| ordinary_burden(inputs.habitual_burden, greed[l], arming));
        let burden: Lanes<WIDTH> = Lanes::from_fn(|l| {
            let most = ceiling_in_force(ceiling(greed[l], inputs.habitual_burden, arming), inputs.maximum_burden, 0.0);
            programme(ordinary[l], 0.0, greed[l], inputs.grievance / inputs.output, most, arming)
        });
        let spent: Lanes<WIDTH> = Lanes::from_fn(|l| burden[l] * inputs.output);
        let programme = Programme {
            aim: burden,
            burden,
            ordinary: if self.setup.arming_rule == ArmingRule::Programmes { ordinary } else { Lanes::splat(0.0) },
            mood: normal_quantiles(&mind),
            greed,
            cap: Lanes::splat(inputs.maximum_burden),
            habit: inputs.habitual_burden,
        };
        // Without a figure the state starts with the arms that its usual procurement keeps up while its output grows: the stock of
        // the perpetual inventory method, I / (α + g) (Harberger 1978; OECD, Measuring Capital, 2009, ch. 15), where g is the
        // growth of the years in which the stock was bought. Over those no output has shrunk for long, so a slump in the first
        // year counts as no growth: at the -10 % a year of the United States in 1930 and α = 0.15 the stock would be three times
        // what that procurement can keep up.
        let sustaining = (arming.depreciation + self.past_growth(index)).max(1e-6);
        let arms: Lanes<WIDTH> = Lanes::from_fn(|l| if inputs.arms > 0.0 { inputs.arms } else { spent[l] / sustaining });
        let share: Lanes<WIDTH> = Lanes::from_fn(|l| self.offensive_share(index, greed[l]));
        StateLanes {
            greedy: Greedy(greedy),
            greed: Greed(greed),
            output: Output(Lanes::splat(inputs.output)),
            offence: Offence(Lanes::from_fn(|l| arms[l] * share[l])),
            defence: Defence(Lanes::from_fn(|l| arms[l] * (1.0 - share[l]))),
            // Without arming nothing grows.
            arms_growth: ArmsGrowth(Lanes::splat(if self.switches.arming { growth } else { 0.0 })),
            new_offence: NewOffence(share),
            procurement: Procurement(spent),
            perceived_balance: PerceivedBalance(Lanes::splat(inputs.perceived_balance)),
            warheads: Warheads(Lanes::splat(inputs.warheads)),
            programme,
            accounts: Accounts { running: Lanes::splat(0.0), last: burden },
            ..StateLanes::new()
        }
    }

    /// Share of its arms that a state of this greed starts with in offence.
    fn offensive_share(&self, state: usize, greed: f64) -> f64 {
        let technology = self.parameters.technology.in_force(&self.switches);
        let ratio = self.states[state].perceived_balance / technology.reference_balance;
        let posture = &self.parameters.posture;
        if self.switches.posture { offensive_share(ratio, greed, technology.distinguishability, posture) } else { EVEN_MIX }
    }

    /// Richardson's coefficients at the start, `k_ij` of E5, and one tick of the linear equations. They are the same in every
    /// history: a state whose greed is drawn counts with that of a security seeker.
    fn richardson(&self, roster: &Roster) -> Richardson {
        let parameters = &self.parameters;
        let technology = parameters.technology.in_force(&self.switches);
        let q = technology.distinguishability;
        let offensive: Vec<f64> = (0..self.states.len()).map(|i| self.offensive_share(i, self.states[i].greed)).collect();
        let mut coefficients = vec![vec![0.0; self.states.len()]; self.states.len()];
        for (i, row) in coefficients.iter_mut().enumerate() {
            row[i] = -parameters.arming.depreciation;
            for &position in &roster.outgoing[i] {
                let (dyad, (_, j)) = (roster.setup_dyads[position], roster.ends[position]);
                let shift = self.dyads[dyad].suspicion_shift;
                let belief = logistic(log_odds(parameters.beliefs.suspicion) + shift);
                // Certainty is capped in log-odds; a coefficient given as certain is meant exactly.
                let belief = if parameters.beliefs.suspicion == 1.0 && shift == 0.0 { 1.0 } else { belief };
                let balance = self.states[i].perceived_balance / technology.reference_balance;
                let unit = (1.0 - q) + q * offensive[j];
                row[j] = if self.switches.threat {
                    parameters.arming.sensitivity
                        * self.states[i].sensitivity_factor
                        * felt_share(belief, parameters.threat.anarchy)
                        * threat_if_greedy(balance, self.reach(dyad), unit, 0.0)
                } else {
                    0.0
                };
                if self.setup.arming_rule == ArmingRule::Rivalry {
                    row[i] -= row[j];
                }
            }
        }
        let constants: Vec<f64> =
            self.states.iter().map(|inputs| inputs.grievance + inputs.habitual_burden * inputs.output).collect();
        let exact = self.setup.arming_rule != ArmingRule::RichardsonEuler;
        let step = linear_step(&coefficients, &constants, self.setup.horizon.tick_years(), exact);
        Richardson { step, coefficients, constants }
    }
}

/// Growth of output over the quarter from a date, per year.
fn growth(output: &LaidTrack, date: f64, now: f64) -> f64 {
    let now = output.track.value(date, now).max(1e-300);
    4.0 * (output.track.value(date + 0.25, output.initial) / now - 1.0)
}
