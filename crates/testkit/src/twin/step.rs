//! A tick of the twin: the sweeps in the order of the model's phases.

use spiral_kernel::maths::{exp, ln, logistic, normal_quantiles, powf};
use spiral_kernel::{Lanes, simd};
use spiral_model::draws::Purpose;
use spiral_model::mechanisms::arming::provocation;
use spiral_model::mechanisms::beliefs::{Forgetting, growth_evidence, log_odds, posture_evidence, unexplained, usual_evidence};
use spiral_model::mechanisms::contest::{attack_strength, defence_strength, odds_against};
use spiral_model::mechanisms::game::{cost, peace, prize, relief, war};
use spiral_model::mechanisms::institutions::{perceived, punishable};
use spiral_model::mechanisms::not_below;
use spiral_model::mechanisms::observation::threatening_arms;
use spiral_model::mechanisms::posture::share_of_pull;
use spiral_model::mechanisms::threat::{felt_share, foreseen, threat_if_greedy};

use super::{Dyads, States, Twin};

impl<const WIDTH: usize> Twin<WIDTH> {
    /// One tick.
    pub(super) fn step(&mut self) {
        self.move_date(self.setup.horizon.date(self.tick));
        self.produce();
        self.look();
        self.learn();
        self.drift();
        self.punish();
        self.measure_strength();
        self.perceive_threat();
        self.count_on_allies();
        self.weigh_odds();
        self.see_stakes();
        self.plan();
        self.arm();
        self.look_back();
        self.recover();
        self.audit();
        self.keep_accounts();
        self.tick += 1;
    }

    fn produce(&mut self) {
        let States { greedy, greed, output, unharmed, .. } = &mut self.states;
        simd!({
            for (state, actor) in self.actors.iter().enumerate() {
                let inputs = actor.inputs;
                greed[state] = Lanes::from_fn(|l| if greedy[state][l] > 0.0 { inputs.greed_if_greedy } else { inputs.greed });
                output[state] = Lanes::from_fn(|l| inputs.output * unharmed[state][l]);
            }
        });
    }

    fn look(&mut self) {
        let (noise, year) = (self.parameters.observation.arms_noise, self.year_begins());
        let Dyads { sight, growth_error, .. } = &mut self.dyads;
        let (block, tick) = (self.block, self.tick);
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let blur = 1.0 - link.inputs.monitoring;
                let [u, _] = block.uniforms::<WIDTH>(Purpose::Sight, link.number, tick);
                let arms_error = normal_quantiles(&u);
                sight[dyad] = Lanes::from_fn(|l| exp(noise * blur * arms_error[l]));
                if let Some(year) = year {
                    let [_, v] = block.uniforms::<WIDTH>(Purpose::Sight, link.number, year);
                    let other_error = normal_quantiles(&v);
                    growth_error[dyad] = Lanes::from_fn(|l| blur * other_error[l]);
                }
            }
        });
    }

    /// The year of the scenario that begins with this tick.
    fn year_begins(&self) -> Option<u32> {
        let ticks = self.setup.horizon.ticks_per_year;
        (self.tick > 0 && self.tick.is_multiple_of(ticks)).then_some(self.tick / ticks)
    }

    fn learn(&mut self) {
        if let Some(year) = self.year_begins() {
            self.learn_from_the_year(year);
        }
        let p = self.parameters.beliefs;
        let prior = log_odds(p.suspicion);
        let forgetting = Forgetting::over(self.setup.horizon.tick_years(), p.forgetting, self.parameters.hostility.decay);
        let states = &self.states;
        let mistrust = &mut self.dyads.mistrust;
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let vulnerability = &states.vulnerability[link.from];
                let origin = prior + link.inputs.suspicion_shift;
                let before = mistrust[dyad];
                // Nobody has crises here: none are expected and none leave hostility.
                mistrust[dyad] = Lanes::from_fn(|l| {
                    forgetting.after(before[l], origin, 0.0, p.vulnerability * (vulnerability[l] - p.vulnerability_neutral))
                });
            }
        });
    }

    fn learn_from_the_year(&mut self, year: u32) {
        let p = self.parameters.beliefs;
        let sight = self.parameters.observation.growth_noise;
        let usual = usual_evidence(&p, sight);
        let technology = self.parameters.technology.in_force(&self.switches);
        let (q, m0) = (technology.distinguishability, technology.reference_balance);
        let posture = self.parameters.posture;
        let States { perceived_balance, expected_of_seeker, expected_of_greedy, .. } = &mut self.states;
        if q > 0.0 {
            simd!({
                for state in 0..perceived_balance.len() {
                    let balance = &perceived_balance[state];
                    let pull = Lanes::<WIDTH>::from_fn(|l| posture.balance_pull * ln(balance[l] / m0));
                    expected_of_seeker[state] = Lanes::from_fn(|l| share_of_pull(pull[l], 0.0, q, &posture));
                    expected_of_greedy[state] = Lanes::from_fn(|l| share_of_pull(pull[l], p.greedy_type, q, &posture));
                }
            });
        }
        let block = self.block;
        let states = &self.states;
        let Dyads { growth_error, mistrust, .. } = &mut self.dyads;
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let awareness = self.actors[link.from].inputs.awareness;
                let blur = 1.0 - link.inputs.monitoring;
                let (growth, justified) = (&states.programme_growth[link.to], &states.justified_growth[link.to]);
                let (error, before) = (&growth_error[dyad], mistrust[dyad]);
                let from_growth = Lanes::<WIDTH>::from_fn(|l| {
                    let seen = growth[l] + sight * error[l];
                    growth_evidence(unexplained(seen, justified[l], awareness), p.growth_shift, p.growth_noise, p.bout_share)
                        - usual
                });
                let mut from_posture = Lanes::<WIDTH>::splat(0.0);
                if q > 0.0 {
                    let shown = &states.new_offence[link.to];
                    let (seeker, greedy) = (&states.expected_of_seeker[link.from], &states.expected_of_greedy[link.from]);
                    let [u, _] = block.uniforms::<WIDTH>(Purpose::Posture, link.number, year);
                    let look = normal_quantiles(&u);
                    from_posture =
                        Lanes::from_fn(|l| posture_evidence(shown[l], seeker[l], greedy[l], q, p.posture_noise, blur * look[l]));
                }
                mistrust[dyad] = Lanes::from_fn(|l| before[l] + from_growth[l] + from_posture[l]);
            }
        });
    }

    fn drift(&mut self) {
        let balance = &mut self.states.perceived_balance;
        simd!({
            for (state, actor) in self.actors.iter().enumerate() {
                // Without wars nothing has been learnt beyond doctrine.
                balance[state] = Lanes::splat(actor.inputs.perceived_balance);
            }
        });
    }

    fn punish(&mut self) {
        let given = self.parameters.institutions.collective_security;
        // Without wars the record stays at 1.
        self.security = Lanes::splat(perceived(given, 1.0));
        if given == 0.0 {
            return;
        }
        let States { offence, defence, punishable: result, .. } = &mut self.states;
        simd!({
            for (state, actor) in self.actors.iter().enumerate() {
                let mut others = Lanes::<WIDTH>::splat(0.0);
                for link in actor.outgoing.iter().map(|&dyad| &self.links[dyad]) {
                    others = Lanes::from_fn(|l| others[l] + link.reach * (offence[link.to][l] + defence[link.to][l]));
                }
                result[state] = Lanes::from_fn(|l| punishable(others[l], offence[state][l] + defence[state][l]));
            }
        });
    }

    fn measure_strength(&mut self) {
        let p = self.parameters.contest;
        let States { offence, defence, attack_strength: attack, defence_strength: resistance, .. } = &mut self.states;
        simd!({
            for state in 0..offence.len() {
                let (offence, defence) = (&offence[state], &defence[state]);
                attack[state] = Lanes::from_fn(|l| attack_strength(offence[l], defence[l], p.defensive_in_attack));
                resistance[state] = Lanes::from_fn(|l| defence_strength(offence[l], defence[l], p.defence_bonus));
            }
        });
    }

    fn perceive_threat(&mut self) {
        let technology = self.parameters.technology.in_force(&self.switches);
        let (q, m0) = (technology.distinguishability, technology.reference_balance);
        let (anarchy, foresight) = (self.parameters.threat.anarchy, self.parameters.threat.foresight);
        let depreciation = self.parameters.arming.depreciation;
        let as_base = self.parameters.observation.fortress_as_base;
        let security = self.security;
        let states = &mut self.states;
        let Dyads { mistrust, sight, threat_felt, threat_if_greedy: ceiling, .. } = &mut self.dyads;
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let (offence, defence) = (&states.offence[link.to], &states.defence[link.to]);
                let (balance, punishable) = (&states.perceived_balance[link.from], &states.punishable[link.to]);
                let base = as_base * self.actors[link.to].inputs.fortification;
                let (sight, mistrust) = (&sight[dyad], &mistrust[dyad]);
                let (spending, sustaining) = (&states.procurement[link.to], depreciation + self.actors[link.to].start.growth);
                let (bond, bond_back) = (link.inputs.commitment, self.links[link.mirror].inputs.commitment);
                let bound = if bond > bond_back { bond } else { bond_back };
                let greedy = Lanes::<WIDTH>::from_fn(|l| {
                    let arms = offence[l] + defence[l];
                    let counted = foreseen(arms, spending[l], sustaining, foresight);
                    let seen = threatening_arms(sight[l] * counted, offence[l] / not_below(arms), q, base);
                    threat_if_greedy(balance[l] / m0, link.reach, seen, security[l] * punishable[l]) * (1.0 - bound)
                });
                ceiling[dyad] = greedy;
                threat_felt[dyad] = Lanes::from_fn(|l| felt_share(logistic(mistrust[l]), anarchy) * greedy[l]);
            }
            for (state, actor) in self.actors.iter().enumerate() {
                let mut sum = Lanes::<WIDTH>::splat(0.0);
                let mut most = Lanes::<WIDTH>::splat(0.0);
                let mut stirred = Lanes::<WIDTH>::splat(0.0);
                for &dyad in &actor.outgoing {
                    let growth = &states.programme_growth[self.links[dyad].to];
                    sum = Lanes::from_fn(|l| sum[l] + threat_felt[dyad][l]);
                    most = Lanes::from_fn(|l| most[l] + ceiling[dyad][l]);
                    stirred = Lanes::from_fn(|l| stirred[l] + threat_felt[dyad][l] * provocation(growth[l]));
                }
                states.provocation[state] = Lanes::from_fn(|l| stirred[l] / not_below(sum[l]));
                states.threat_total[state] = sum;
                states.threat_ceiling[state] = most;
            }
        });
    }

    fn count_on_allies(&mut self) {
        let States { attack_strength, defence_strength, .. } = &self.states;
        let Dyads { support_in_attack, support_in_defence, .. } = &mut self.dyads;
        simd!({
            for dyad in 0..support_in_attack.len() {
                let mut attack = Lanes::<WIDTH>::splat(0.0);
                for &(ally, share) in &self.helpers_in_attack[dyad] {
                    attack = Lanes::from_fn(|l| attack[l] + share * attack_strength[ally][l]);
                }
                let mut defence = Lanes::<WIDTH>::splat(0.0);
                for &(ally, share) in &self.helpers_in_defence[dyad] {
                    defence = Lanes::from_fn(|l| defence[l] + share * defence_strength[ally][l]);
                }
                support_in_attack[dyad] = attack;
                support_in_defence[dyad] = defence;
            }
        });
    }

    fn weigh_odds(&mut self) {
        let r = self.parameters.contest.decisiveness;
        let surprise = powf(self.parameters.technology.in_force(&self.switches).first_strike, -r);
        let states = &mut self.states;
        let dyads = &mut self.dyads;
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let (forth, back) = (link.reach, self.links[link.mirror].reach);
                let own_fort = self.actors[link.from].inputs.fortification;
                let other_fort = self.actors[link.to].inputs.fortification;
                let balance = &states.perceived_balance[link.from];
                let (own_attack, own_defence) = (&states.attack_strength[link.from], &states.defence_strength[link.from]);
                let (other_attack, other_defence) = (&states.attack_strength[link.to], &states.defence_strength[link.to]);
                let sight = &dyads.sight[dyad];
                let (in_attack, in_defence) = (&dyads.support_in_attack[dyad], &dyads.support_in_defence[dyad]);
                let (their_attack, our_defence) = (&dyads.support_in_attack[link.mirror], &dyads.support_in_defence[link.mirror]);
                let attack = Lanes::<WIDTH>::from_fn(|l| balance[l] * (forth * own_attack[l] + in_attack[l]));
                let resistance = Lanes::<WIDTH>::from_fn(|l| sight[l] * other_defence[l] + other_fort + in_defence[l]);
                let assault = Lanes::<WIDTH>::from_fn(|l| balance[l] * (back * sight[l] * other_attack[l] + their_attack[l]));
                let holding = Lanes::<WIDTH>::from_fn(|l| own_defence[l] + own_fort + our_defence[l]);
                let against = Lanes::<WIDTH>::from_fn(|l| odds_against(attack[l], resistance[l], r));
                let relief = Lanes::<WIDTH>::from_fn(|l| odds_against(assault[l], holding[l], r));
                dyads.first[dyad] = Lanes::from_fn(|l| 1.0 / (1.0 + against[l] * surprise));
                dyads.struck[dyad] = Lanes::from_fn(|l| 1.0 - 1.0 / (1.0 + relief[l] * surprise));
                dyads.mutual[dyad] = Lanes::from_fn(|l| 0.5 * (1.0 / (1.0 + against[l]) + (1.0 - 1.0 / (1.0 + relief[l]))));
                dyads.attack[dyad] = attack;
                dyads.resistance[dyad] = resistance;
                dyads.assault[dyad] = assault;
                dyads.holding[dyad] = holding;
            }
            for (state, actor) in self.actors.iter().enumerate() {
                let mut worst = Lanes::<WIDTH>::splat(0.0);
                for &dyad in &actor.outgoing {
                    let struck = &dyads.struck[dyad];
                    worst = Lanes::from_fn(|l| {
                        let beaten = 1.0 - struck[l];
                        if beaten > worst[l] { beaten } else { worst[l] }
                    });
                }
                states.vulnerability[state] = Lanes::from_fn(|l| worst[l] + actor.inputs.unrest);
            }
        });
    }

    fn see_stakes(&mut self) {
        let p = self.parameters.game;
        let (trade_gain, trade_loss) = self.parameters.trade.in_force(&self.switches);
        let punishment = self.parameters.institutions.punishment;
        let security = self.security;
        let states = &self.states;
        let dyads = &mut self.dyads;
        simd!({
            for (dyad, link) in self.links.iter().enumerate() {
                let terms = link.inputs;
                let base = p.war_cost * self.actors[link.from].inputs.war_cost_factor;
                let (output, other_output) = (&states.output[link.from], &states.output[link.to]);
                let (offence, defence) = (&states.offence[link.from], &states.defence[link.from]);
                let (greed, procurement) = (&states.greed[link.from], &states.procurement[link.from]);
                let (punishable, weariness) = (&states.punishable[link.from], &states.weariness[link.from]);
                let threat = &dyads.threat_felt[dyad];
                let prizes = Lanes::<WIDTH>::from_fn(|l| {
                    let relief = relief(p.relief, threat[l], offence[l] + defence[l]);
                    prize(greed[l], other_output[l] / output[l], terms.claim, relief)
                });
                let costs = Lanes::<WIDTH>::from_fn(|l| {
                    cost(base, trade_loss * terms.trade, security[l] * punishment * punishable[l], weariness[l])
                });
                let (first, struck, mutual) = (&dyads.first[dyad], &dyads.struck[dyad], &dyads.mutual[dyad]);
                dyads.payoff_of_peace[dyad] = Lanes::from_fn(|l| peace(procurement[l] / output[l], trade_gain * terms.trade));
                dyads.payoff_of_strike[dyad] = Lanes::from_fn(|l| war(first[l], prizes[l], costs[l]));
                dyads.payoff_of_struck[dyad] = Lanes::from_fn(|l| war(struck[l], prizes[l], costs[l]));
                dyads.payoff_of_mutual[dyad] = Lanes::from_fn(|l| war(mutual[l], prizes[l], costs[l]));
            }
        });
    }

    /// What wars have torn down is repaired; without wars there is nothing to repair, but the engine looks too.
    fn recover(&mut self) {
        let p = self.parameters.war;
        let years = self.setup.horizon.tick_years();
        let (output_left, arms_left) = (exp(-p.output_loss * years), exp(-p.arms_loss * years));
        let (worn, repaired) = (1.0 - exp(-p.weariness * years), 1.0 - exp(-p.recovery * years));
        let States { at_war, unharmed, weariness, offence, defence, .. } = &mut self.states;
        simd!({
            for state in 0..at_war.len() {
                let fights = &at_war[state];
                let select = |l: usize, at_war: f64, at_peace: f64| fights[l] * at_war + (1.0 - fights[l]) * at_peace;
                let (output, tired, attack, resist) = (unharmed[state], weariness[state], offence[state], defence[state]);
                unharmed[state] =
                    Lanes::from_fn(|l| select(l, output[l] * output_left, output[l] + repaired * (1.0 - output[l])));
                weariness[state] = Lanes::from_fn(|l| select(l, tired[l] + worn * (1.0 - tired[l]), tired[l] * (1.0 - repaired)));
                offence[state] = Lanes::from_fn(|l| select(l, attack[l] * arms_left, attack[l]));
                defence[state] = Lanes::from_fn(|l| select(l, resist[l] * arms_left, resist[l]));
            }
        });
    }

    fn audit(&mut self) {
        let (states, dyads) = (&self.states, &self.dyads);
        self.accounts.audit = simd!({
            let mut sum = self.accounts.audit;
            for state in 0..states.offence.len() {
                let (offence, defence, output) = (&states.offence[state], &states.defence[state], &states.output[state]);
                let (procurement, balance) = (&states.procurement[state], &states.perceived_balance[state]);
                let weariness = &states.weariness[state];
                sum = Lanes::from_fn(|l| {
                    let stocks = offence[l] * 1e-30 + defence[l] * 1e-30 + output[l] * 1e-30 + procurement[l] * 1e-30;
                    sum[l] + (stocks + (balance[l] * 1e-30 + weariness[l] * 1e-30))
                });
            }
            for dyad in 0..dyads.mistrust.len() {
                let (mistrust, threat, attack) = (&dyads.mistrust[dyad], &dyads.threat_felt[dyad], &dyads.attack[dyad]);
                sum = Lanes::from_fn(|l| sum[l] + (mistrust[l] * 1e-30 + threat[l] * 1e-30 + attack[l] * 1e-30));
            }
            sum
        });
    }

    fn keep_accounts(&mut self) {
        let first = self.tick == 0;
        let horizon = self.setup.horizon;
        let States { offence, defence, output, procurement, first_burden, .. } = &mut self.states;
        let accounts = &mut self.accounts;
        simd!({
            let mut arms = Lanes::<WIDTH>::splat(0.0);
            let mut outputs = Lanes::<WIDTH>::splat(0.0);
            let (mut peak, mut moved) = (accounts.peak_burden, accounts.moved);
            for state in 0..offence.len() {
                let (offence, defence, output) = (&offence[state], &defence[state], &output[state]);
                let procurement = &procurement[state];
                let burden = Lanes::<WIDTH>::from_fn(|l| procurement[l] / output[l]);
                if first {
                    first_burden[state] = burden;
                }
                let start = &first_burden[state];
                arms = Lanes::from_fn(|l| arms[l] + (offence[l] + defence[l]));
                outputs = Lanes::from_fn(|l| outputs[l] + output[l]);
                peak = Lanes::from_fn(|l| if burden[l] > peak[l] { burden[l] } else { peak[l] });
                moved = Lanes::from_fn(|l| {
                    let change = (burden[l] / if start[l] > 1e-12 { start[l] } else { 1e-12 } - 1.0).abs();
                    if change > moved[l] { change } else { moved[l] }
                });
            }
            (accounts.peak_burden, accounts.moved) = (peak, moved);
            (accounts.last_arms, accounts.last_output) = (arms, outputs);
            if first {
                (accounts.first_arms, accounts.first_output) = (arms, outputs);
            }
        });
        accounts.elapsed = horizon.date(self.tick + 1) - horizon.date(1);
    }
}
