//! The twin arms by programmes (E5).

use spiral_kernel::maths::{exp, ln, normal_quantiles};
use spiral_kernel::{Lanes, simd};
use spiral_model::draws::Purpose;
use spiral_model::mechanisms::arming::{
    NEW_AMBITION, answer, built, ceiling, ceiling_in_force, need, ordinary_burden, programme, wear, within_budget,
};
use spiral_model::mechanisms::not_below;
use spiral_model::mechanisms::posture::offensive_share;

use super::Twin;

impl<const WIDTH: usize> Twin<WIDTH> {
    /// States revise their programmes.
    pub(super) fn plan(&mut self) {
        let p = self.parameters.arming;
        let years = self.setup.horizon.tick_years();
        let custom_step = 1.0 - exp(-p.custom_rate * years);
        let news = (1.0 - p.persistence * p.persistence).sqrt();
        let (up, down) = (p.build_up * years, p.build_down * years);
        let (block, tick) = (self.block, self.tick);
        let states = &mut self.states;
        simd!({
            for (state, actor) in self.actors.iter_mut().enumerate() {
                let inputs = actor.inputs;
                let greed = &states.greed[state];
                let new_habit = inputs.habitual_burden != actor.habit;
                if new_habit {
                    actor.habit = inputs.habitual_burden;
                    states.ordinary[state] = Lanes::from_fn(|l| ordinary_burden(inputs.habitual_burden, greed[l], &p));
                }
                let [whether, mind] = block.uniforms::<WIDTH>(Purpose::Revision, actor.number, tick);
                let mind = normal_quantiles(&mind);
                let (threat, output) = (&states.threat_total[state], &states.output[state]);
                let provoked = &states.provocation[state];
                let needs =
                    Lanes::<WIDTH>::from_fn(|l| ln(need(threat[l], inputs.fortification, output[l]) / actor.start.output));
                let accustomed = if tick == 0 { needs } else { states.customary_need[state] };
                let ceilings = Lanes::<WIDTH>::from_fn(|l| ceiling(greed[l], inputs.habitual_burden, &p));
                let (planned_greed, planned_cap) = (states.planned_greed[state], states.planned_cap[state]);
                let revises = Lanes::<WIDTH>::from_fn(|l| {
                    let calls = (1.0 / p.revision_time + p.provoked * provoked[l]) * years;
                    let at_once = greed[l] > planned_greed[l] + NEW_AMBITION || inputs.maximum_burden != planned_cap[l];
                    if new_habit || at_once || whether[l] < 1.0 - exp(-calls) { 1.0 } else { 0.0 }
                });
                let before = states.mood[state];
                let mood = Lanes::<WIDTH>::from_fn(|l| {
                    if revises[l] > 0.0 { p.persistence * before[l] + news * mind[l] } else { before[l] }
                });
                let (ordinary, weariness) = (&states.ordinary[state], &states.weariness[state]);
                let aim = Lanes::<WIDTH>::from_fn(|l| {
                    let largest = ceilings[l] * output[l] / p.depreciation;
                    let answer = answer(p.elasticity * inputs.sensitivity_factor, threat[l], largest, p.futility);
                    let politics = p.politics * (mood[l] - 0.5 * p.politics);
                    let logs = answer * (needs[l] - accustomed[l]) + politics;
                    let most = ceiling_in_force(ceilings[l], inputs.maximum_burden, weariness[l]);
                    programme(ordinary[l], logs, greed[l], inputs.grievance / not_below(output[l]), most, &p)
                });
                let choose = |new: Lanes<WIDTH>, old: Lanes<WIDTH>| {
                    Lanes::<WIDTH>::from_fn(|l| if revises[l] > 0.0 { new[l] } else { old[l] })
                };
                let aim = choose(aim, states.aim[state]);
                let burden = states.burden[state];
                states.planned_greed[state] = choose(*greed, planned_greed);
                states.planned_cap[state] = choose(Lanes::splat(inputs.maximum_burden), planned_cap);
                states.customary_need[state] = Lanes::from_fn(|l| accustomed[l] + custom_step * (needs[l] - accustomed[l]));
                states.burden[state] = Lanes::from_fn(|l| built(burden[l], aim[l], up, down));
                states.aim[state] = aim;
                states.mood[state] = mood;
            }
        });
    }

    pub(super) fn arm(&mut self) {
        let p = self.parameters.arming;
        let technology = self.parameters.technology.in_force(&self.switches);
        let (q, m0, posture) = (technology.distinguishability, technology.reference_balance, self.parameters.posture);
        let years = self.setup.horizon.tick_years();
        let (left, bought) = wear(p.depreciation, years);
        let (block, year) = (self.block, self.tick / self.setup.horizon.ticks_per_year);
        let states = &mut self.states;
        simd!({
            for (state, actor) in self.actors.iter().enumerate() {
                let (balance, greed) = (&states.perceived_balance[state], &states.greed[state]);
                let share = Lanes::<WIDTH>::from_fn(|l| offensive_share(balance[l] / m0, greed[l], q, &posture));
                let [chance, _] = block.uniforms::<WIDTH>(Purpose::Budget, actor.number, year);
                let chance = normal_quantiles(&chance);
                let (burden, output) = (&states.burden[state], &states.output[state]);
                let spent = Lanes::<WIDTH>::from_fn(|l| {
                    let voted = burden[l] * output[l] * exp(p.budget_noise * (chance[l] - 0.5 * p.budget_noise));
                    if voted > 0.0 { voted } else { 0.0 }
                });
                let (offence, defence) = (&states.offence[state], &states.defence[state]);
                let before = Lanes::<WIDTH>::from_fn(|l| offence[l] + defence[l]);
                let new_offence = Lanes::<WIDTH>::from_fn(|l| offence[l] * left + share[l] * spent[l] * bought);
                let new_defence = Lanes::<WIDTH>::from_fn(|l| defence[l] * left + (1.0 - share[l]) * spent[l] * bought);
                let growth =
                    Lanes::<WIDTH>::from_fn(|l| (new_offence[l] + new_defence[l] - before[l]) / (not_below(before[l]) * years));
                states.new_offence[state] = share;
                states.arms_growth[state] = growth;
                states.procurement[state] = spent;
                states.offence[state] = new_offence;
                states.defence[state] = new_defence;
            }
        });
    }

    /// Spending is counted, and looked back at when a year ends.
    pub(super) fn look_back(&mut self) {
        let p = self.parameters.arming;
        let years = self.setup.horizon.tick_years();
        let ends = (self.tick + 1).is_multiple_of(self.setup.horizon.ticks_per_year);
        let states = &mut self.states;
        simd!({
            for (state, actor) in self.actors.iter().enumerate() {
                let inputs = actor.inputs;
                let (running, procurement, output) =
                    (&states.spent_this_year[state], &states.procurement[state], &states.output[state]);
                let spent = Lanes::<WIDTH>::from_fn(|l| running[l] + years * procurement[l] / not_below(output[l]));
                if !ends {
                    states.spent_this_year[state] = spent;
                    continue;
                }
                let last = states.spent_last_year[state];
                let (threat, highest) = (&states.threat_total[state], &states.threat_ceiling[state]);
                let (custom, ordinary) = (&states.customary_need[state], &states.ordinary[state]);
                let justified = Lanes::<WIDTH>::from_fn(|l| {
                    let most = ceiling(0.0, inputs.habitual_burden, &p);
                    let largest = most * output[l] / p.depreciation;
                    let answer = answer(p.elasticity * inputs.sensitivity_factor, threat[l], largest, p.futility);
                    let logs = answer * (ln(need(highest[l], inputs.fortification, output[l]) / actor.start.output) - custom[l]);
                    let level = within_budget(ordinary[l] * exp(logs), most);
                    let room = ln(not_below(level) / not_below(last[l]));
                    if room > 0.0 && last[l] > 0.0 { room } else { 0.0 }
                });
                states.programme_growth[state] = Lanes::from_fn(|l| {
                    let rise = ln(not_below(spent[l]) / not_below(last[l]));
                    if spent[l] > 0.0 && last[l] > 0.0 { rise } else { 0.0 }
                });
                states.justified_growth[state] = justified;
                states.spent_last_year[state] = spent;
                states.spent_this_year[state] = Lanes::splat(0.0);
            }
        });
    }
}
