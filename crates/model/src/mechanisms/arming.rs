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
        greed_drive: "δ_μ", "share of output", 0.0..=1.0, 0.2, 0.12..=0.25;
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
        (
            Concept::Adaptation,
            "Now and then, and after crises and rivals' programmes, states adapt their programmes of arms to the need that they feel, within what they can bear (E5).",
        ),
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
        /// Habitual burden of the scenario from which `ordinary` follows.
        pub habit: f64,
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
        /// Output, billion int$ a year: the unit of customary needs.
        pub output: f64,
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
    // What is not a number goes through to the audit.
    if aim < 0.0 { 0.0 } else { aim }
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

/// E5: alarm a tick after the last one, whose crises are in `alarm`: less what they were expected to add. Its mean stays 0 at every
/// length of the tick.
#[inline(always)]
#[must_use]
pub fn alarm_left(alarm: f64, expected_in_tick: f64, fade: f64, years: f64) -> f64 {
    (alarm - expected_in_tick) * exp(-years / fade)
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
pub const NEW_AMBITION: f64 = 0.2;

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
    // No crisis lies behind the first tick.
    let past = if first { 0.0 } else { years };
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
        let new_habit = inputs.habitual_burden != plan.habit;
        if new_habit {
            plan.habit = inputs.habitual_burden;
            plan.ordinary = Lanes::from_fn(|l| ordinary_burden(inputs.habitual_burden, greed.0[l], &p));
        }
        let [whether, mind] = block.uniforms::<WIDTH>(Purpose::Revision, id.number, clock.tick);
        let mind = normal_quantiles(&mind);
        let needs = Lanes::<WIDTH>::from_fn(|l| ln(need(threat.0[l], inputs.fortification, output.0[l]) / start.output));
        let accustomed = if first { needs } else { custom.0 };
        let alarmed = Lanes::<WIDTH>::from_fn(|l| alarm_left(alarm.0[l], past * start.expected_alarm, p.alarm_fade, years));
        let ceilings = Lanes::<WIDTH>::from_fn(|l| ceiling(greed.0[l], inputs.habitual_burden, &p));
        let revises = Lanes::<WIDTH>::from_fn(|l| {
            let calls = (1.0 / p.revision_time + p.provoked * provoked.0[l]) * years + p.after_crisis * crises.0[l];
            let at_once = greed.0[l] > plan.greed[l] + NEW_AMBITION || inputs.maximum_burden != plan.cap[l];
            if new_habit || at_once || whether[l] < 1.0 - exp(-calls) { 1.0 } else { 0.0 }
        });
        let mood =
            Lanes::<WIDTH>::from_fn(
                |l| {
                    if revises[l] > 0.0 { p.persistence * plan.mood[l] + news * mind[l] } else { plan.mood[l] }
                },
            );
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
        let choose =
            |new: &Lanes<WIDTH>, old: &Lanes<WIDTH>| Lanes::<WIDTH>::from_fn(|l| if revises[l] > 0.0 { new[l] } else { old[l] });
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
            if voted < 0.0 { 0.0 } else { voted }
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
    start: &'static ArmingStart,
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
    sweep!(WIDTH, large.0, states, |given,
                                    start,
                                    output,
                                    procurement,
                                    threat,
                                    ceiling,
                                    custom,
                                    plan,
                                    accounts,
                                    growth,
                                    justified| {
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
                let logs = answer * (ln(need(ceiling.0[l], inputs.fortification, output.0[l]) / start.output) - custom.0[l]);
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
    use crate::laws::{Bench, close, one, setup, within_chance};
    use crate::setup::Setup;
    use crate::simulation::{Observer, Simulation, Snapshot};

    #[test]
    fn what_is_taken_away_again_has_not_grown() {
        // From 10 to 12 in a quarter is .8 a year; without the 2 nothing has grown, without 3 it has shrunk by a tenth.
        assert!(growth_without(0.8, 12.0, 2.0, 0.25).abs() < 1e-12);
        assert!((growth_without(0.8, 12.0, 3.0, 0.25) + 0.4).abs() < 1e-12);
    }

    #[test]
    fn what_is_wanted_stays_within_the_limit_and_is_linear_far_below_it() {
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
    fn greed_and_security_make_the_habit_together() {
        let p = Arming { greed_drive: 0.12, ..Arming::default() };
        for (habit, greed) in [(0.03, 0.0), (0.06, 0.5), (0.002, 0.01), (0.3, 0.0)] {
            let most = ceiling(greed, habit, &p);
            let ordinary = ordinary_burden(habit, greed, &p);
            close(&format!("habit {habit}, greed {greed}"), programme(ordinary, 0.0, greed, 0.0, most, &p), habit);
        }
        close("M0 + M_μ / 2", ceiling(0.5, 0.03, &p), 0.21);
        close("a habit of .3 is four fifths of .375", ceiling(0.5, 0.3, &p), 0.375);
        close("a conqueror keeps three tenths of a small habit for its security", ordinary_burden(0.02, 1.0, &p), 0.006);
        close("a law halves what can be borne, weariness takes a quarter", ceiling_in_force(0.14, 0.07, 0.25), 0.0525);
    }

    #[test]
    fn forts_meet_a_part_of_the_threat() {
        close("6 · 6 / 8", need(6.0, 2.0, 10.0), 4.5);
        close("without forts the need is the threat", need(6.0, 0.0, 10.0), 6.0);
        close("nobody notices less than half a per cent of output", need(0.0, 2.0, 10.0), 0.05);
    }

    #[test]
    fn who_can_never_match_does_not_try() {
        let p = Arming::default();
        close("half the answer at r0", answer(0.48, 20.0, 10.0, 2.0), 0.24);
        close("no threat, whole elasticity", answer(0.48, 0.0, 10.0, 2.0), 0.48);
        // An output of 5 keeps up at most .14 · 5 / .15 = 4.67; a giant's threat rises from 15 to 150.
        let burden = |futility: f64| {
            let elasticity = answer(p.elasticity, 150.0, 0.14 * 5.0 / 0.15, futility);
            programme(0.04, elasticity * ln(10.0), 0.0, 0.0, 0.14, &p)
        };
        assert!(burden(p.futility) < 0.05, "Serbia bears {}", burden(p.futility));
        assert!(burden(1e9) > 0.08, "which is for futility: {}", burden(1e9));
    }

    #[test]
    fn a_programme_has_a_ceiling_and_takes_greed_and_grievance() {
        let p = Arming { greed_drive: 0.12, ..Arming::default() };
        assert!(programme(0.04, 50.0, 1.0, 1.0, 0.28, &p) <= 0.28);
        // Far below the ceiling: .01 e^{ln 2} + .12 · .25 + .002 = .052.
        let found = programme(0.01, ln(2.0), 0.5, 0.002, 1e6, &p);
        assert!((found - 0.052).abs() < 1e-12, "{found}");
        assert_eq!(programme(0.01, 0.0, 0.0, -0.05, 0.14, &p), 0.0, "no state spends less than nothing");
    }

    #[test]
    fn building_takes_time() {
        close("up by at most .2", built(0.02, 0.04, 0.2, 0.1), 0.02 * exp(0.2));
        close("down by at most .1", built(0.04, 0.02, 0.2, 0.1), 0.04 * exp(-0.1));
        close("what is near is reached", built(0.039, 0.04, 0.2, 0.1), 0.04);
        close("who has nothing begins with a thousandth", built(0.0, 0.04, 0.2, 0.1), 0.00004 * exp(0.2));
        assert_eq!(built(0.0, 0.0, 0.2, 0.1), 0.0);
        close("no aim: down by at most .1", built(0.04, 0.0, 0.2, 0.1), 0.04 * exp(-0.1));
    }

    /// Crises that come as expected leave a mean alarm of 0, at every length of the tick; without them it sinks.
    #[test]
    fn expected_crises_are_no_news() {
        let p = Arming::default();
        close("lost", alarm_after_crisis(2.0, true, &p), 0.38);
        close("won or undecided", alarm_after_crisis(2.0, false, &p), 0.152);
        let expected = expected_alarm(0.5, &p);
        close("half of them lost: .5 · .19 · .7", expected, 0.0665);
        for years in [0.5, 0.25, 1.0 / 24.0] {
            let (mut mean, mut quiet) = (expected * years, expected * years);
            for _ in 0..400 {
                mean = alarm_left(mean, expected * years, p.alarm_fade, years) + expected * years;
                quiet = alarm_left(quiet, expected * years, p.alarm_fade, years);
            }
            assert!((mean - expected * years).abs() < 1e-12, "mean alarm {mean} after a tick of {years}");
            assert!(quiet < -0.1 * expected * p.alarm_fade, "quiet years calm: {quiet}");
        }
        close("it fades to 1/e", alarm_left(1.0, 0.0, 4.6, 4.6), exp(-1.0));
    }

    #[test]
    fn programmes_provoke_by_what_goes_beyond_ordinary_growth() {
        assert_eq!((provocation(-0.3), provocation(0.05)), (0.0, 0.0));
        close("(.15 − .05) / .2", provocation(0.15), 0.5);
    }

    const WIDTH: usize = 64;

    /// States that see another mood after each tick, of `WIDTH` histories; one tick of a quarter.
    fn revised(ticks: u32, set: impl FnOnce(&mut Setup), each: impl Fn(&mut Bench)) -> f64 {
        let mut setup = setup(2, 4);
        set(&mut setup);
        let mut bench = Bench::new::<WIDTH>(&setup);
        let mut changes = 0;
        for _ in 0..ticks {
            each(&mut bench);
            let before = bench.of_state::<Programme<WIDTH>>(0).mood;
            bench.ticks(1, revise::<WIDTH>);
            let after = bench.of_state::<Programme<WIDTH>>(0).mood;
            changes += (0..WIDTH).filter(|&lane| before[lane] != after[lane]).count();
        }
        changes as f64
    }

    #[test]
    fn programmes_are_revised_at_their_hazard() {
        const TICKS: u32 = 160;
        let n = f64::from(TICKS) * WIDTH as f64;
        let all = |value: f64| Lanes::<WIDTH>::splat(value);
        for (what, provoked, crises, hazard) in [
            ("nothing calls for it: 1/5 a year", 0.0, 0.0, 0.05),
            ("provoked by 1.5: .2 + 1.5 · .4", 1.5, 0.0, 0.2),
            ("two crises: .05 + 2 · .1", 0.0, 2.0, 0.25),
        ] {
            let set = |setup: &mut Setup| {
                let p = &mut setup.parameters.arming;
                (p.revision_time, p.provoked, p.after_crisis) = (5.0, 0.4, 0.1);
            };
            let found = revised(TICKS, set, |bench| {
                bench.state(0, Provocation::<WIDTH>(all(provoked))).state(0, RecentCrises::<WIDTH>(all(crises)));
            });
            let chance = 1.0 - exp(-hazard);
            within_chance(what, found / n, chance, (chance * (1.0 - chance) / n).sqrt());
        }
    }

    /// A world in which nobody revises by chance, nobody is in the mood for anything, and nobody expects crises.
    fn still(set: impl FnOnce(&mut Setup)) -> Bench {
        let mut setup = setup(2, 4);
        let p = &mut setup.parameters.arming;
        (p.revision_time, p.politics, p.budget_noise, p.provoked) = (1000.0, 0.0, 0.0, 0.0);
        setup.parameters.crisis.rate = 0.0;
        set(&mut setup);
        Bench::new::<1>(&setup)
    }

    #[test]
    fn new_ambition_and_a_fallen_cap_make_a_new_programme_at_once() {
        let burden = |change: &dyn Fn(&mut Bench)| {
            let mut bench = still(|setup| setup.states[0].inputs.maximum_burden = 0.01);
            bench.ticks(1, revise::<1>);
            change(&mut bench);
            bench.ticks(1, revise::<1>);
            let plan = bench.of_state::<Programme<1>>(0);
            (plan.aim[0], plan.burden[0])
        };
        let (held, _) = burden(&|_| ());
        assert!(held < 0.01, "the cap binds: {held}");
        let (aim, built) = burden(&|bench| {
            bench.inputs(0, |given| given.maximum_burden = 1.0);
        });
        close("the habit of .03 is the aim again", aim, 0.03);
        close("and is reached at .59 a year", built, held * exp(0.59 * 0.25));
        let (aim, _) = burden(&|bench| {
            bench.state(0, Greed(one(0.15)));
        });
        close("a little more greed waits for the next revision", aim, held);
        let (aim, _) = burden(&|bench| {
            bench.state(0, Greed(one(0.25)));
        });
        assert!(aim > held, "new ambition presses against the cap: {aim}, {held}");
    }

    /// A navy law: the scenario dates the habit.
    #[test]
    fn a_dated_habit_is_a_new_programme() {
        let mut bench = still(|_| ());
        bench.ticks(1, revise::<1>);
        bench.inputs(0, |given| given.habitual_burden = 0.031).ticks(1, revise::<1>);
        close("within a quarter", bench.of_state::<Programme<1>>(0).burden[0], 0.031);
    }

    #[test]
    fn a_programme_answers_need_beyond_custom_by_its_elasticity() {
        let logs = |answered: f64, before: f64, threat: f64| {
            let mut bench = still(|setup| setup.parameters.arming.futility = 1e9);
            bench.state(0, ThreatTotal(one(before))).ticks(1, revise::<1>);
            bench.state(0, ThreatTotal(one(threat))).state(0, Answered(one(answered)));
            // A cap that is no bound makes a revision.
            bench.inputs(0, |given| given.maximum_burden = 0.9).ticks(1, revise::<1>);
            let plan = bench.of_state::<Programme<1>>(0);
            // Back through the ceiling of .14.
            let share = plan.aim[0] / 0.14;
            ln(0.07 * ln((1.0 + share) / (1.0 - share)) / plan.ordinary[0])
        };
        let close = |what: &str, found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-6, "{what}: {found}, expected {expected}");
        };
        close("twice the threat", logs(1.0, 8.0, 16.0), 0.48 * ln(2.0));
        close("half of it is answered", logs(0.5, 8.0, 16.0), 0.24 * ln(2.0));
        close("a threat that falls lets arms fall whole", logs(0.5, 8.0, 4.0), -0.48 * ln(2.0));
        close("what is accustomed calls for nothing", logs(1.0, 8.0, 8.0), 0.0);
        close("nobody threatens: the habit", logs(1.0, 0.0, 0.0), 0.0);
    }

    #[test]
    fn custom_follows_the_need_at_its_rate() {
        let mut bench = still(|setup| setup.parameters.arming.custom_rate = 0.4);
        bench.state(0, ThreatTotal(one(8.0))).ticks(1, revise::<1>);
        let begun = bench.of_state::<CustomaryNeed<1>>(0).0[0];
        close("ln(8 / 100) from the first", begun, ln(0.08));
        bench.state(0, ThreatTotal(one(16.0))).ticks(8, revise::<1>);
        close("two years later", bench.of_state::<CustomaryNeed<1>>(0).0[0], ln(0.08) + ln(2.0) * (1.0 - exp(-0.8)));
    }

    #[test]
    fn a_year_has_one_budget() {
        let mut setup = setup(2, 4);
        setup.parameters.arming.budget_noise = 0.2;
        let mut bench = Bench::new::<WIDTH>(&setup);
        let mut spent = Vec::new();
        for _ in 0..160 {
            bench.ticks(1, arm::<WIDTH>);
            spent.push(bench.of_state::<Procurement<WIDTH>>(0).0);
        }
        let mut sum = 0.0;
        for year in spent.chunks(4) {
            for lane in 0..WIDTH {
                assert!(year.iter().all(|quarter| quarter[lane] == year[0][lane]), "a quarter differs from its year");
                sum += year[0][lane];
            }
        }
        assert_ne!(spent[0][0], spent[4][0], "two years are alike");
        // The programme is 3 % of 100; a lognormal of .2 has a standard deviation of √(e^.04 − 1) = .202.
        let n = 40.0 * WIDTH as f64;
        within_chance("the mean is the programme", sum / n, 3.0, 3.0 * 0.202 / n.sqrt());
    }

    #[test]
    fn others_see_growth_once_a_year() {
        let mut bench = still(|setup| setup.parameters.arming.custom_rate = 0.0);
        bench.state(0, ThreatTotal(one(8.0))).state(0, ThreatCeiling(one(32.0))).ticks(1, revise::<1>);
        bench.resource(|clock: &mut Clock| clock.tick = 0);
        bench.state(0, Procurement(one(3.6))).ticks(3, look_back::<1>);
        assert_eq!(bench.of_state::<ProgrammeGrowth<1>>(0).0[0], 0.0, "the year is not over");
        bench.ticks(1, look_back::<1>);
        let growth = bench.of_state::<ProgrammeGrowth<1>>(0).0[0];
        assert!((growth - ln(1.2)).abs() < 1e-12, "from 3 to 3.6 of 100: {growth}");
        // At full suspicion the threat is four times the customary one.
        let p = Arming::default();
        let elasticity = answer(0.48, 8.0, 0.14 * 100.0 / 0.15, 2.0);
        let level = within_budget(ordinary_burden(0.03, 0.0, &p) * exp(elasticity * ln(4.0)), 0.14);
        let room = bench.of_state::<JustifiedGrowth<1>>(0).0[0];
        assert!((room - ln(level / 0.03)).abs() < 1e-12, "room {room} for {level}");
        bench.ticks(4, look_back::<1>);
        assert!(bench.of_state::<ProgrammeGrowth<1>>(0).0[0].abs() < 1e-12, "the same again is no growth");
    }

    /// Burdens of the first state, tick by tick.
    #[derive(Default)]
    struct Burdens(Vec<f64>);

    impl Observer<1> for Burdens {
        fn tick(&mut self, snapshot: &Snapshot<'_, 1>) {
            self.0.push(snapshot.states[0][1][0]);
        }
    }

    /// A pair in which beliefs and eyesight are as they are, and no crisis comes.
    fn quiet(years: f64, ticks_per_year: u32) -> Setup {
        let mut setup = setup(2, ticks_per_year);
        setup.horizon.end = years;
        setup.without = ["crisis", "beliefs", "observation"].map(String::from).into();
        setup
    }

    #[test]
    fn where_nothing_changes_no_burden_does() {
        for (greed, fort) in [(0.0, 0.0), (0.4, 4.0)] {
            let mut setup = quiet(40.0, 4);
            let p = &mut setup.parameters.arming;
            (p.politics, p.budget_noise, p.greed_drive) = (0.0, 0.0, 0.12);
            for state in &mut setup.states {
                (state.inputs.greed, state.inputs.fortification) = (greed, fort);
            }
            let mut seen = Burdens::default();
            Simulation::<1>::new(&setup).run(7, 0, false, &mut seen);
            let worst = seen.0.iter().map(|burden| (burden / 0.03 - 1.0).abs()).fold(0.0, f64::max);
            assert!(seen.0.len() == 160 && worst < 1e-9, "a burden moves by {worst} of itself");
        }
    }

    /// Mean and variance of the logarithm of a burden after twenty years are the same at every length of the tick.
    #[test]
    fn nothing_hangs_on_the_tick() {
        const HISTORIES: u32 = 300;
        let moments = |ticks_per_year: u32| {
            let mut simulation = Simulation::<1>::new(&quiet(20.0, ticks_per_year));
            let found: Vec<f64> = (0..HISTORIES)
                .map(|history| {
                    let mut seen = Burdens::default();
                    simulation.run(11 + u64::from(ticks_per_year), history, false, &mut seen);
                    ln(seen.0[seen.0.len() - 1])
                })
                .collect();
            let n = f64::from(HISTORIES);
            let mean = found.iter().sum::<f64>() / n;
            (mean, found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0))
        };
        let n = f64::from(HISTORIES);
        let (mean, variance) = moments(24);
        assert!(variance > 0.005, "nothing moves: {variance}");
        for ticks_per_year in [2, 4, 12] {
            let (other, its) = moments(ticks_per_year);
            within_chance(&format!("mean at {ticks_per_year}"), other, mean, ((variance + its) / n).sqrt());
            within_chance(&format!("ln variance at {ticks_per_year}"), ln(its / variance), 0.0, 2.0 / n.sqrt());
        }
    }
}
