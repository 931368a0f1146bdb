//! How the twin is laid out, and how it starts a block.

use spiral_kernel::Lanes;
use spiral_kernel::maths::normal_quantiles;
use spiral_model::Setup;
use spiral_model::draws::{Block, Purpose};
use spiral_model::mechanisms::allies::ALLY;
use spiral_model::mechanisms::arming::{ArmingStart, ceiling, ceiling_in_force, ordinary_burden, programme};
use spiral_model::mechanisms::beliefs::log_odds;
use spiral_model::mechanisms::geography::reach_of;
use spiral_model::mechanisms::posture::offensive_share;
use spiral_model::mechanisms::{Parameters, Switches};
use spiral_model::setup::{DyadInputs, StateInputs, Target};
use spiral_model::specification::Group;
use spiral_model::world::kept_dyads;

use super::{Accounts, Actor, Dyads, Helpers, Link, Mover, States, Twin};

impl<const WIDTH: usize> Twin<WIDTH> {
    pub(super) fn laid_out(setup: &Setup) -> Self {
        let switches = Switches::without(&setup.without);
        let kept = kept_dyads(setup, &switches);
        let ends = |position: usize| (setup.dyads[kept[position]].from, setup.dyads[kept[position]].to);
        let mut simulated = vec![None; setup.dyads.len()];
        let mut links = Vec::new();
        for (position, &dyad) in kept.iter().enumerate() {
            let (from, to) = ends(position);
            simulated[dyad] = Some(position);
            let mirror = (0..kept.len()).find(|&other| ends(other) == (to, from)).unwrap_or(position);
            let (number, inputs) = (setup.dyad_number(from, to), setup.dyads[dyad].inputs);
            links.push(Link { setup_dyad: dyad, from, to, mirror, number, inputs, reach: 0.0 });
        }
        let actors: Vec<Actor> = (0..setup.states.len())
            .map(|state| Actor {
                number: setup.state_number(state),
                inputs: setup.states[state].inputs,
                output_growth: 0.0,
                start: ArmingStart::default(),
                habit: 0.0,
                outgoing: (0..links.len()).filter(|&dyad| links[dyad].from == state).collect(),
            })
            .collect();
        let mover =
            |track: &spiral_model::setup::Track| Mover { track: track.clone(), initial: setup.get(track.target), last: f64::NAN };
        Self {
            movers: setup.tracks.iter().map(mover).collect(),
            simulated,
            parameters: setup.parameters,
            helpers_in_attack: vec![Vec::new(); links.len()],
            helpers_in_defence: vec![Vec::new(); links.len()],
            states: States::zero(actors.len()),
            dyads: Dyads::zero(links.len()),
            actors,
            links,
            block: Block { seed: 0, first_history: 0 },
            tick: 0,
            security: Lanes::splat(0.0),
            accounts: Accounts::EMPTY,
            setup: setup.clone(),
            switches,
        }
    }

    /// The number at a target on the first date.
    fn initial(&self, target: Target, given: f64) -> f64 {
        let mover = self.movers.iter().find(|mover| mover.track.target == target);
        mover.map_or(given, |mover| mover.track.value(self.setup.horizon.start, given))
    }

    /// Makes the world ready for the block that begins with `first_history`.
    pub(super) fn reset(&mut self, seed: u64, first_history: u32) {
        self.block = Block { seed, first_history };
        self.tick = 0;
        self.accounts = Accounts::EMPTY;
        let mut parameters = self.setup.parameters;
        for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
            for field in 0..specifications.len() {
                parameters.set(group, field, self.initial(Target::System(group, field), parameters.get(group, field)));
            }
        }
        self.parameters = parameters;
        self.states = States::zero(self.actors.len());
        self.dyads = Dyads::zero(self.links.len());
        for state in 0..self.actors.len() {
            self.start_state(state);
        }
        let prior = log_odds(parameters.beliefs.suspicion);
        for dyad in 0..self.links.len() {
            let position = self.links[dyad].setup_dyad;
            let mut inputs = self.setup.dyads[position].inputs;
            for field in 0..DyadInputs::SPECIFICATIONS.len() {
                inputs.set(field, self.initial(Target::Dyad(position, field), inputs.get(field)));
            }
            self.links[dyad].inputs = inputs;
            self.dyads.mistrust[dyad] = Lanes::splat(prior + inputs.suspicion_shift);
        }
        for mover in &mut self.movers {
            mover.last = f64::NAN;
        }
    }

    fn start_state(&mut self, state: usize) {
        let parameters = self.parameters;
        let technology = parameters.technology.in_force(&self.switches);
        let start = self.setup.horizon.start;
        let mut inputs = self.setup.states[state].inputs;
        for field in 0..StateInputs::SPECIFICATIONS.len() {
            inputs.set(field, self.initial(Target::State(state, field), inputs.get(field)));
        }
        let mover = self.movers.iter().find(|mover| mover.track.target == Target::State(state, StateInputs::OUTPUT));
        let growth = mover.map_or(0.0, |mover| {
            let next = mover.track.value(start + 0.25, mover.initial);
            next / mover.track.value(start, inputs.output).max(1e-300) - 1.0
        }) * 4.0;
        let number = self.actors[state].number;
        let [u, _] = self.block.uniforms::<WIDTH>(Purpose::Type, number, 0);
        let greedy = Lanes::<WIDTH>::from_fn(|l| if u[l] < inputs.greedy_chance { 1.0 } else { 0.0 });
        let greed = Lanes::<WIDTH>::from_fn(|l| if greedy[l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
        let arming = &parameters.arming;
        let [_, mind] = self.block.uniforms::<WIDTH>(Purpose::Revision, number, u32::MAX);
        let ordinary = Lanes::<WIDTH>::from_fn(|l| ordinary_burden(inputs.habitual_burden, greed[l], arming));
        let burden = Lanes::<WIDTH>::from_fn(|l| {
            let most = ceiling_in_force(ceiling(greed[l], inputs.habitual_burden, arming), inputs.maximum_burden, 0.0);
            programme(ordinary[l], 0.0, greed[l], inputs.grievance / inputs.output, most, arming)
        });
        let spent = Lanes::<WIDTH>::from_fn(|l| burden[l] * inputs.output);
        let past_growth = if growth > 0.0 { growth } else { 0.0 };
        let sustaining = (arming.depreciation + past_growth).max(1e-6);
        let arms = Lanes::<WIDTH>::from_fn(|l| if inputs.arms > 0.0 { inputs.arms } else { spent[l] / sustaining });
        let ratio = inputs.perceived_balance / technology.reference_balance;
        let q = technology.distinguishability;
        let share = Lanes::<WIDTH>::from_fn(|l| offensive_share(ratio, greed[l], q, &parameters.posture));
        let states = &mut self.states;
        states.greedy[state] = greedy;
        states.greed[state] = greed;
        states.output[state] = Lanes::splat(inputs.output);
        states.unharmed[state] = Lanes::splat(1.0);
        states.offence[state] = Lanes::from_fn(|l| arms[l] * share[l]);
        states.defence[state] = Lanes::from_fn(|l| arms[l] * (1.0 - share[l]));
        states.arms_growth[state] = Lanes::splat(growth);
        states.new_offence[state] = share;
        states.procurement[state] = spent;
        states.aim[state] = burden;
        states.burden[state] = burden;
        states.ordinary[state] = ordinary;
        states.mood[state] = normal_quantiles(&mind);
        states.planned_greed[state] = greed;
        states.planned_cap[state] = Lanes::splat(inputs.maximum_burden);
        states.spent_last_year[state] = burden;
        states.perceived_balance[state] = Lanes::splat(inputs.perceived_balance);
        self.actors[state].inputs = inputs;
        self.actors[state].output_growth = growth;
        self.actors[state].habit = inputs.habitual_burden;
        // Without crises none are expected.
        self.actors[state].start = ArmingStart { output: inputs.output, growth: past_growth, expected_alarm: 0.0 };
    }

    /// The date moves on: numbers that the scenario dates take their value of the day.
    pub(super) fn move_date(&mut self, date: f64) {
        let (mut geography, mut coalitions) = (self.tick == 0, self.tick == 0);
        for mover in &mut self.movers {
            let value = mover.track.value(date, mover.initial);
            let target = mover.track.target;
            if let Target::State(state, StateInputs::OUTPUT) = target {
                self.actors[state].output_growth = 4.0 * (mover.track.value(date + 0.25, mover.initial) / value - 1.0);
            }
            if value == mover.last {
                continue;
            }
            mover.last = value;
            match target {
                Target::System(group, field) => {
                    self.parameters.set(group, field, value);
                    geography |= Parameters::GROUPS[group].0 == "geography";
                    coalitions |= Parameters::GROUPS[group].0 == "allies";
                }
                Target::State(state, field) => self.actors[state].inputs.set(field, value),
                Target::Dyad(dyad, field) => {
                    if let Some(dyad) = self.simulated[dyad] {
                        self.links[dyad].inputs.set(field, value);
                        (geography, coalitions) = (true, true);
                    }
                }
            }
        }
        if geography {
            for link in &mut self.links {
                link.reach = reach_of(link.inputs.terrain, link.inputs.distance, &self.parameters.geography, true);
            }
        }
        if geography || coalitions {
            self.count_commitments();
        }
    }

    /// Lists for every dyad the allies that count in attack and in defence.
    fn count_commitments(&mut self) {
        let links = &self.links;
        let between =
            |from: usize, to: usize| self.actors[from].outgoing.iter().map(|&dyad| &links[dyad]).find(|link| link.to == to);
        let commitment = |from: usize, to: usize| between(from, to).map_or(0.0, |link| link.inputs.commitment);
        let reach = |from: usize, to: usize| between(from, to).map_or(0.0, |link| link.reach);
        let allies = |of: usize| -> Helpers {
            let others = self.actors[of].outgoing.iter().map(|&dyad| links[dyad].to);
            others.map(|other| (other, commitment(other, of))).filter(|(_, bond)| *bond >= ALLY).collect()
        };
        let helpers = |of: usize, against: usize, share: f64| -> Helpers {
            let free = allies(of).into_iter().filter(|&(ally, _)| ally != against && commitment(ally, against) < ALLY);
            free.map(|(ally, bond)| (ally, share * bond * reach(ally, against).max(reach(ally, of)))).collect()
        };
        let rule = self.parameters.allies;
        let in_attack = links.iter().map(|link| helpers(link.from, link.to, rule.in_attack)).collect();
        let in_defence = links.iter().map(|link| helpers(link.to, link.from, rule.in_defence)).collect();
        (self.helpers_in_attack, self.helpers_in_defence) = (in_attack, in_defence);
    }
}
