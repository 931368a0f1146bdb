#![doc = include_str!("arming.md")]

mod richardson;

pub(crate) use richardson::register_richardson;
pub use richardson::{Richardson, linear_step, submissive};

use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln, normal_quantiles, tanh};

use super::{Concept, Entry, ExplainGroup, Parameters, not_below};
use crate::columns::sweep;
use crate::components::{
    Alarm, Answered, ArmsGrowth, BeyondHabit, CustomaryNeed, Defence, Greed, Held, JustifiedGrowth, NewOffence, Offence, Output,
    Procurement, ProgrammeGrowth, Provocation, RecentCrises, StateId, StateInputsNow, ThreatCeiling, ThreatTotal, Weariness,
};
use crate::description::{Described, described};
use crate::draws::{Block, Purpose};
use crate::inputs::{DyadInputs, StateInputs};
use crate::phases::{Arm, Clock, Large, Phase};

crate::parameters! {
    /// How states arm.
    pub struct Arming {
        /// Elasticity of a programme of arms to the need for arms.
        elasticity: "ε", "1", 0.0..=10.0, 0.48, 0.46..=0.57;
        /// Threat, in units of the largest stock that the state can keep up, at which its answer is half: who can never match does not try.
        futility: "r0", "1", 0.01..=1e9, 2.0, 1.0..=4.0;
        /// Largest burden that a security seeker bears in peace.
        ceiling: "M0", "share of output", 0.0..=1.0, 0.14, 0.1..=0.2;
        /// What whole greed adds to the largest burden.
        ceiling_of_greed: "M_μ", "share of output", 0.0..=1.0, 0.14, 0.08..=0.2;
        /// Burden that a wholly greedy state bears for conquest; a less greedy one bears the square of its greed of it.
        greed_drive: "δ_μ", "share of output", 0.0..=1.0, 0.12, 0.1..=0.2;
        /// Mean time between two revisions of a programme that nothing provokes.
        revision_time: "τ_b", "years", 0.01..=1000.0, 6.0, 4.5..=7.0;
        /// Revisions that the programmes of others provoke, where they have grown by a quarter in a year.
        provoked: "h_v", "1/year", 0.0..=100.0, 0.14, 0.08..=0.46;
        /// Chance that a crisis of mean severity brings a revision.
        after_crisis: "h_c", "1", 0.0..=100.0, 0.03, 0.0..=0.1;
        /// Standard deviation of what the politics of the day add to the logarithm of a programme.
        politics: "σ_p", "1", 0.0..=2.0, 0.12, 0.08..=0.13;
        /// Correlation of the politics of two revisions in turn.
        persistence: "ρ_u", "1", 0.0..=1.0, 0.85, 0.8..=0.9;
        /// Fastest rise of a burden.
        build_up: "g_up", "1/year", 0.0..=100.0, 0.59, 0.45..=0.68;
        /// Fastest fall of a burden.
        build_down: "g_down", "1/year", 0.0..=100.0, 0.3, 0.2..=0.4;
        /// Standard deviation of the logarithm of what a year spends about its programme.
        budget_noise: "σ_e", "1", 0.0..=2.0, 0.054, 0.045..=0.07;
        /// How fast the customary need follows the need.
        custom_rate: "η_h", "1/year", 0.0..=10.0, 0.044, 0.027..=0.05;
        /// What a crisis of mean severity that is lost adds to the logarithm of a programme.
        alarm: "h_A", "1", 0.0..=10.0, 0.19, 0.13..=0.26;
        /// Time in which alarm falls to 1/e.
        alarm_fade: "τ_A", "years", 0.01..=1000.0, 4.6, 3.8..=4.9;
        /// Share of arms that wears out or grows obsolete.
        depreciation: "α", "1/year", 0.0001..=10.0, 0.15, 0.1..=0.2;
        /// Procurement that answers one unit of threat, with Richardson's rules only.
        sensitivity: "k", "1/year", 0.0..=100.0, 0.05, 0.03..=0.08;
        /// Submissiveness, with the rule "submissive" only.
        submissiveness: "σ", "1", 0.0..=100.0, 1.0, 0.5..=3.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "arming",
    equation: "E5",
    phase: Phase::Arm,
    explains: ExplainGroup::Economy,
    concepts: &[
        (Concept::Adaptation, "Now and then, and after crises and rivals' programmes, states adapt their programmes of arms to the need that they feel, within what they can bear (E5)."),
        (Concept::Objectives, "States want arms for security; greedy ones want arms for conquest too (E5)."),
    ],
    components: &[Richardson::DESCRIPTION, Programme::<1>::DESCRIPTION, Accounts::<1>::DESCRIPTION, ArmingStart::DESCRIPTION],
    text: include_str!("arming.md"),
};

described! {
    /// A state's programme of arms (E5).
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Programme<const WIDTH: usize> {
        /// Burden that the programme in force aims at, `S_i`.
        pub aim: Lanes<WIDTH>,
        /// Burden that has been built up, `s_i`.
        pub burden: Lanes<WIDTH>,
        /// Burden of a security seeker in its place under its customary need, ceiling apart, `s⁰_i`.
        pub ordinary: Lanes<WIDTH>,
        /// Politics of the day at the last revision, `u_i`, in standard deviations.
        pub mood: Lanes<WIDTH>,
        /// Greed that the programme in force serves.
        pub greed: Lanes<WIDTH>,
        /// Legal cap under which it was made.
        pub cap: Lanes<WIDTH>,
    }
}

described! {
    /// What a state has spent, year by year, as shares of its output.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Accounts<const WIDTH: usize> {
        /// Spent so far in the year that runs.
        pub running: Lanes<WIDTH>,
        /// Spent in the last whole year; at first, what the start implies.
        pub last: Lanes<WIDTH>,
    }
}

described! {
    /// What arming needs to know of the start.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct ArmingStart {
        /// Growth of output with which the stock of the start was kept up, per year, not below 0.
        pub growth: f64,
        /// Alarm that crises at the rates of the scenario add in a year, as states expect it.
        pub expected_alarm: f64,
    }
}

/// E5: `B tanh(g / B)`, which is `g` where the limit `B` is large.
#[inline(always)]
#[must_use]
pub fn within_budget(wanted: f64, budget: f64) -> f64 {
    budget * tanh(wanted / not_below(budget))
}

/// E5: the largest burden that a state of this greed bears in peace, law apart; a habit fills no more than four fifths of it.
#[inline(always)]
#[must_use]
pub fn ceiling(greed: f64, habitual_burden: f64, p: &Arming) -> f64 {
    let borne = p.ceiling + p.ceiling_of_greed * greed;
    let habit = 1.25 * habitual_burden;
    if borne > habit { borne } else { habit }
}

/// The same under a legal cap and war-weariness.
#[inline(always)]
#[must_use]
pub fn ceiling_in_force(ceiling: f64, legal_cap: f64, weariness: f64) -> f64 {
    (if legal_cap < ceiling { legal_cap } else { ceiling }) * (1.0 - weariness)
}

/// E5: the burden of a security seeker under its customary need, `s⁰`: with what greed adds it makes the habitual burden.
#[must_use]
pub fn ordinary_burden(habitual_burden: f64, greed: f64, p: &Arming) -> f64 {
    let share = habitual_burden / not_below(ceiling(greed, habitual_burden, p));
    // artanh: the ceiling has the habit as its result.
    let whole = 0.5 * ceiling(greed, habitual_burden, p) * ln((1.0 + share) / (1.0 - share));
    let seeker = whole - p.greed_drive * greed * greed;
    let least = 0.3 * habitual_burden;
    if seeker > least { seeker } else { least }
}

/// Smallest need, as a share of output: below it no state notices a threat.
const LEAST_NEED: f64 = 0.005;

/// E5: need for arms, billion int$: the threat that own fortifications do not meet.
#[inline(always)]
#[must_use]
pub fn need(threat: f64, fortification: f64, output: f64) -> f64 {
    let open = threat * (threat / not_below(threat + fortification));
    let least = not_below(LEAST_NEED * output);
    if open > least { open } else { least }
}

/// E5: elasticity of the programme of a state that faces so much more than it can ever keep up.
#[inline(always)]
#[must_use]
pub fn answer(elasticity: f64, threat: f64, largest_stock: f64, futility: f64) -> f64 {
    elasticity / (1.0 + threat / not_below(futility * largest_stock))
}

/// E5: burden that a programme aims at.
#[inline(always)]
#[must_use]
pub fn programme(ordinary: f64, logs: f64, greed: f64, grievance: f64, ceiling: f64, p: &Arming) -> f64 {
    let aim = within_budget(ordinary * exp(logs) + p.greed_drive * greed * greed + grievance, ceiling);
    if aim > 0.0 { aim } else { 0.0 }
}

/// E5: a burden after it has moved toward its aim, by at most `up` or `down` in logarithms. Who has almost nothing begins with a
/// thousandth of the aim.
#[inline(always)]
#[must_use]
pub fn built(burden: f64, aim: f64, up: f64, down: f64) -> f64 {
    let least = 0.001 * aim;
    let from = if burden > least { burden } else { least };
    let step = ln(not_below(aim) / not_below(from));
    let step = if step > up { up } else { step };
    let step = if step < -down { -down } else { step };
    from * exp(step)
}

/// E5: alarm that a crisis leaves in a principal: whole where it has lost, two fifths otherwise.
#[inline(always)]
#[must_use]
pub fn alarm_after_crisis(severity: f64, lost: bool, p: &Arming) -> f64 {
    p.alarm * severity * if lost { 1.0 } else { LEFT_UNLESS_LOST }
}

/// Share of the alarm of a lost crisis that any other leaves.
const LEFT_UNLESS_LOST: f64 = 0.4;

/// E5: alarm that crises of mean severity, half of them lost, add in a year.
#[must_use]
pub fn expected_alarm(crises_per_year: f64, p: &Arming) -> f64 {
    crises_per_year * p.alarm * 0.5 * (1.0 + LEFT_UNLESS_LOST)
}

/// E5: alarm after so many years without a crisis.
#[inline(always)]
#[must_use]
pub fn alarm_left(alarm: f64, expected: f64, fade: f64, years: f64) -> f64 {
    let left = exp(-years / fade);
    alarm * left - expected * fade * (1.0 - left)
}

/// Crises that a pair has in a year at the rates of the scenario, scripted ones apart.
#[must_use]
pub fn expected_crises(rate: f64, terms: &DyadInputs, one: &StateInputs, two: &StateInputs) -> f64 {
    rate * terms.contact * terms.rivalry * (1.0 + one.unrest.max(two.unrest))
}

/// Growth of a programme in a year that others take for granted, and growth beyond it that provokes in full.
const UNNOTICED: f64 = 0.05;
const IN_FULL: f64 = 0.2;

/// E5: how far a programme that grew so much in a year provokes.
#[inline(always)]
#[must_use]
pub fn provocation(growth: f64) -> f64 {
    let beyond = growth - UNNOTICED;
    (if beyond > 0.0 { beyond } else { 0.0 }) / IN_FULL
}

/// Rise of greed since the last revision that makes a new programme at once.
const NEW_AMBITION: f64 = 0.2;

/// Shares of a stock and of a year's procurement that are in the stock after `years`.
#[must_use]
pub fn wear(depreciation: f64, years: f64) -> (f64, f64) {
    let left = exp(-depreciation * years);
    (left, (1.0 - left) / depreciation)
}

/// Growth of a stock in a tick after a part has been taken away again, 1/year: the stock was `arms` at the end of the tick, and
/// growth is over
/// the stock at its start, `arms = before (1 + growth years)`.
#[must_use]
pub fn growth_without(growth: f64, arms: f64, taken_away: f64, years: f64) -> f64 {
    let before = arms / (1.0 + growth * years);
    growth - taken_away / (not_below(before) * years)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        revise::<WIDTH>.in_set(Arm::Plan),
        arm::<WIDTH>.in_set(Arm::Build),
        look_back::<WIDTH>.in_set(Arm::Account),
    ));
}

/// A state as it revises its programme.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct Planner<const WIDTH: usize> {
    id: &'static StateId,
    given: &'static StateInputsNow,
    start: &'static ArmingStart,
    greed: &'static Greed<WIDTH>,
    output: &'static Output<WIDTH>,
    weariness: &'static Weariness<WIDTH>,
    threat: &'static ThreatTotal<WIDTH>,
    provoked: &'static Provocation<WIDTH>,
    answered: &'static Answered<WIDTH>,
    alarm: &'static mut Alarm<WIDTH>,
    crises: &'static mut RecentCrises<WIDTH>,
    custom: &'static mut CustomaryNeed<WIDTH>,
    plan: &'static mut Programme<WIDTH>,
    beyond: &'static mut BeyondHabit<WIDTH>,
}

fn revise<const WIDTH: usize>(
    mut states: Query<Planner<WIDTH>>,
    parameters: Res<Parameters>,
    block: Res<Block>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let p = parameters.arming;
    let years = clock.years;
    let first = clock.tick == 0;
    let custom_step = 1.0 - exp(-p.custom_rate * years);
    let news = (1.0 - p.persistence * p.persistence).sqrt();
    let (up, down) = (p.build_up * years, p.build_down * years);
    sweep!(WIDTH, large.0, states, |id,
                                    given,
                                    start,
                                    greed,
                                    output,
                                    weariness,
                                    threat,
                                    provoked,
                                    answered,
                                    alarm,
                                    crises,
                                    custom,
                                    plan,
                                    beyond| {
        let inputs = given.inputs;
        let [whether, mind] = block.uniforms::<WIDTH>(Purpose::Revision, id.number, clock.tick);
        let mind = normal_quantiles(&mind);
        let needs = Lanes::<WIDTH>::from_fn(|l| ln(need(threat.0[l], inputs.fortification, output.0[l])));
        let accustomed = if first { needs } else { custom.0 };
        let alarmed = Lanes::<WIDTH>::from_fn(|l| alarm_left(alarm.0[l], start.expected_alarm, p.alarm_fade, years));
        let ceilings = Lanes::<WIDTH>::from_fn(|l| ceiling(greed.0[l], inputs.habitual_burden, &p));
        let revises = Lanes::<WIDTH>::from_fn(|l| {
            let calls = (1.0 / p.revision_time + p.provoked * provoked.0[l]) * years + p.after_crisis * crises.0[l];
            let at_once = greed.0[l] > plan.greed[l] + NEW_AMBITION || inputs.maximum_burden != plan.cap[l];
            if at_once || whether[l] < 1.0 - exp(-calls) { 1.0 } else { 0.0 }
        });
        let mood = Lanes::<WIDTH>::from_fn(|l| {
            if revises[l] > 0.0 { p.persistence * plan.mood[l] + news * mind[l] } else { plan.mood[l] }
        });
        let aim = Lanes::<WIDTH>::from_fn(|l| {
            let largest = ceilings[l] * output.0[l] / p.depreciation;
            let answer = answer(p.elasticity * inputs.sensitivity_factor, threat.0[l], largest, p.futility);
            let excess = needs[l] - accustomed[l];
            let felt = if excess > 0.0 { answered.0[l] * excess } else { excess };
            let politics = p.politics * (mood[l] - 0.5 * p.politics);
            let logs = answer * felt + alarmed[l] + politics;
            let most = ceiling_in_force(ceilings[l], inputs.maximum_burden, weariness.0[l]);
            programme(plan.ordinary[l], logs, greed.0[l], inputs.grievance / not_below(output.0[l]), most, &p)
        });
        let choose = |new: &Lanes<WIDTH>, old: &Lanes<WIDTH>| {
            Lanes::<WIDTH>::from_fn(|l| if revises[l] > 0.0 { new[l] } else { old[l] })
        };
        plan.aim = choose(&aim, &plan.aim);
        plan.greed = choose(&greed.0, &plan.greed);
        plan.cap = choose(&Lanes::splat(inputs.maximum_burden), &plan.cap);
        plan.mood = mood;
        plan.burden = Lanes::from_fn(|l| built(plan.burden[l], plan.aim[l], up, down));
        beyond.0 = Lanes::from_fn(|l| {
            let excess = plan.burden[l] - within_budget(plan.ordinary[l], ceilings[l]);
            (if excess > 0.0 { excess } else { 0.0 }) * output.0[l]
        });
        custom.0 = Lanes::from_fn(|l| accustomed[l] + custom_step * (needs[l] - accustomed[l]));
        alarm.0 = alarmed;
        crises.0 = Lanes::splat(0.0);
    });
}

/// A state as it buys arms.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct ArmingState<const WIDTH: usize> {
    id: &'static StateId,
    output: &'static Output<WIDTH>,
    posture: &'static NewOffence<WIDTH>,
    plan: &'static Programme<WIDTH>,
    beyond: &'static BeyondHabit<WIDTH>,
    held: &'static Held<WIDTH>,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
    growth: &'static mut ArmsGrowth<WIDTH>,
}

fn arm<const WIDTH: usize>(
    mut states: Query<ArmingState<WIDTH>>,
    parameters: Res<Parameters>,
    block: Res<Block>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let Arming { depreciation, budget_noise, .. } = parameters.arming;
    let (left, bought) = wear(depreciation, clock.years);
    let years = clock.years;
    // One budget a year, whatever the tick.
    let year = clock.tick / clock.horizon.ticks_per_year;
    sweep!(WIDTH, large.0, states, |id, output, posture, plan, beyond, held, offence, defence, procurement, growth| {
        let [chance, _] = block.uniforms::<WIDTH>(Purpose::Budget, id.number, year);
        let chance = normal_quantiles(&chance);
        let spent = Lanes::<WIDTH>::from_fn(|l| {
            let wanted = plan.burden[l] * output.0[l] - (1.0 - held.0[l]) * beyond.0[l];
            let voted = wanted * exp(budget_noise * (chance[l] - 0.5 * budget_noise));
            if voted > 0.0 { voted } else { 0.0 }
        });
        let before = Lanes::<WIDTH>::from_fn(|l| offence.0[l] + defence.0[l]);
        let new_offence = Lanes::<WIDTH>::from_fn(|l| offence.0[l] * left + posture.0[l] * spent[l] * bought);
        let new_defence = Lanes::<WIDTH>::from_fn(|l| defence.0[l] * left + (1.0 - posture.0[l]) * spent[l] * bought);
        // A state without arms has no rate of growth.
        let armed = |l: usize, rate: f64| if before[l] > 0.0 { rate } else { 0.0 };
        growth.0 = Lanes::from_fn(|l| armed(l, (new_offence[l] + new_defence[l] - before[l]) / (not_below(before[l]) * years)));
        procurement.0 = spent;
        offence.0 = new_offence;
        defence.0 = new_defence;
    });
}

/// A state whose year is over.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct Accountant<const WIDTH: usize> {
    given: &'static StateInputsNow,
    output: &'static Output<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
    threat: &'static ThreatTotal<WIDTH>,
    ceiling: &'static ThreatCeiling<WIDTH>,
    custom: &'static CustomaryNeed<WIDTH>,
    plan: &'static Programme<WIDTH>,
    accounts: &'static mut Accounts<WIDTH>,
    growth: &'static mut ProgrammeGrowth<WIDTH>,
    justified: &'static mut JustifiedGrowth<WIDTH>,
}

/// Spending is counted; at the end of a year others see how it has grown, and how far fear could explain that.
fn look_back<const WIDTH: usize>(
    mut states: Query<Accountant<WIDTH>>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let p = parameters.arming;
    let years = clock.years;
    let ends = (clock.tick + 1).is_multiple_of(clock.horizon.ticks_per_year);
    sweep!(WIDTH, large.0, states, |given, output, procurement, threat, ceiling, custom, plan, accounts, growth, justified| {
        let inputs = given.inputs;
        let spent = Lanes::<WIDTH>::from_fn(|l| accounts.running[l] + years * procurement.0[l] / not_below(output.0[l]));
        if ends {
            let last = accounts.last;
            growth.0 = Lanes::from_fn(|l| {
                let rise = ln(not_below(spent[l]) / not_below(last[l]));
                if spent[l] > 0.0 && last[l] > 0.0 { rise } else { 0.0 }
            });
            justified.0 = Lanes::from_fn(|l| {
                let most = self::ceiling(0.0, inputs.habitual_burden, &p);
                let largest = most * output.0[l] / p.depreciation;
                let answer = answer(p.elasticity * inputs.sensitivity_factor, threat.0[l], largest, p.futility);
                let logs = answer * (ln(need(ceiling.0[l], inputs.fortification, output.0[l])) - custom.0[l]);
                let level = within_budget(plan.ordinary[l] * exp(logs), most);
                let room = ln(not_below(level) / not_below(last[l]));
                if room > 0.0 && last[l] > 0.0 { room } else { 0.0 }
            });
            accounts.last = spent;
            accounts.running = Lanes::splat(0.0);
        } else {
            accounts.running = spent;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_again_has_not_grown() {
        // From 10 to 12 in a quarter is .8 a year; without the 2 nothing has grown, without 3 it has shrunk by a tenth.
        assert!(growth_without(0.8, 12.0, 2.0, 0.25).abs() < 1e-12);
        assert!((growth_without(0.8, 12.0, 3.0, 0.25) + 0.4).abs() < 1e-12);
    }

    #[test]
    fn procurement_stays_within_the_budget_and_is_linear_far_below_it() {
        for wanted in [0.0, 0.3, 1.0, 5.0, 1e6] {
            let spent = within_budget(wanted, 1.0);
            assert!((0.0..=1.0).contains(&spent) && spent <= wanted, "{wanted} gives {spent}");
        }
        assert!((within_budget(1e-6, 1.0) - 1e-6).abs() < 1e-17);
        assert_eq!(within_budget(0.0, 0.0), 0.0);
    }

    #[test]
    fn a_constant_procurement_ends_at_its_steady_state() {
        let (left, bought) = wear(0.15, 0.25);
        let mut arms = 3.0;
        for _ in 0..4000 {
            arms = arms * left + 2.0 * bought;
        }
        assert!((arms - 2.0 / 0.15).abs() < 1e-10, "{arms}");
    }

    #[test]
    fn the_exponential_of_a_rotation_is_a_rotation() {
        let angle = 10.0_f64;
        let found = exponential(&[vec![0.0, -angle], vec![angle, 0.0]]);
        let expected = (libm::cos(angle), libm::sin(angle));
        assert!((found[0][0] - expected.0).abs() < 1e-12 && (found[1][0] - expected.1).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn submissiveness_leaves_equals_alone_and_daunts_the_weaker() {
        assert_eq!(submissive(0.3, 2.0, 2.0, 5.0), 0.6, "equals");
        assert_eq!(submissive(0.3, 1.0, 3.0, 0.0), 0.3 * 3.0, "no submissiveness is Richardson");
        assert_eq!(submissive(0.3, 1.0, 3.0, 2.0), 0.0, "three to one, σ = 2");
        assert!(submissive(0.3, 3.0, 1.0, 2.0) > 0.3, "the stronger is emboldened");
    }
}
