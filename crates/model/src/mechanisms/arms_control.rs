//! # E17 Arms control
//!
//! Claim: what two states promise each other holds as far as each can see that it is kept; and what both can see and say in a
//! crisis keeps it from running away with them.
//!
//! ```text
//! promise       c_ij     largest force of a kind that i has promised j; a treaty is in force from the date at which the scenario
//!                        gives or changes a cap (signing it anew) until it is broken or the cap is lifted
//! keeping it    x_i → at most what brings the stock to min_j c_ij; a stock above the cap is worn off, not scrapped
//! unmet share   u_i = max over kinds of 1 − c / stock wanted
//! temptation    d_i = u_i [T_i / (T_i + a_i) + μ_i]
//! detection     D_ij = 1 − (1 − ρ_d)^n,  ρ_d = 1 − (1 − ρ_T)(1 − ρ_ij)(1 − w_o o_ij), times q where only offence is capped,
//!               n = ν Δ inspections a tick; D_i = 1 − Π_j (1 − D_ij)
//! cheating      χ_i = logistic{[d_i (1 − D_i) − b D_i] / τ}; without noise from D* = d / (d + b) on nobody cheats
//! evidence      a breach found breaks the treaty of the pair and adds ℓ_T to L_ji; a clean record adds
//!               ln[(1 − D χ_G) / (1 − D χ_S)], what a greedy state and a seeker in i's place would do
//! negotiation   a pair sits down at rate ν_n. Both offences are frozen at s times their size if both burdens are high and
//!               both gain: ΔR_i + [1 − b_ij (1 − D)] ΔS_i + b_ij (1 − D) ΔS⁻_i > 0
//!
//! open skies    (1 − ρ) ← (1 − ρ)(1 − w_o o)                wherever monitoring counts (E3, E7, E13)
//! false alarms  f ← f (1 − h_f h)(1 − n_f n)                hotline h, notice n
//! settlement    ← min(1, settlement (1 + h_s h))
//! mobilisation  ℓ_m ← ℓ_m (1 − n_ℓ n)                       a mobilisation that was announced proves little
//!
//! ρ_T  strength of inspection, chance that one inspection finds a breach  0..1     ν   inspections a year      1/year
//! b    cost of being caught     share of own value    ΔR_i  procurement saved, α (1 − s) off_i / Y_i
//! ΔS_i   gain in p^S where both keep the freeze        ΔS⁻_i   the same where only i does; prize 1
//! ```
//! Source: Schelling and Halperin, Strategy and Arms Control (1961); the threshold is that of the inspection game, Avenhaus and
//! Canty, Compliance Quantified (1996); Jervis (1978), 181, for inspection; Ury, Beyond the Hotline (1985). Weights are judgements.
//! Deviation: war ends the treaties of whoever fights. Treaties are of pairs, one of many partners is a treaty of every pair. Warheads are counted, not built, in this
//! file: their cap is handed on in [`ForceCaps`] and is not cheated on. Only unfrozen offence gains by a negotiated freeze:
//! a common cut in everything leaves every contest as it was. A pair has one record of breaches: whatever of its treaties is signed
//! anew, all of them hold again.
//! Off: no promise binds, nobody inspects or negotiates; open skies, hotline and notice do nothing.

use bevy_ecs::prelude::{Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln, logistic};

use super::arming::{growth_without, wear};
use super::contest::{Contest, attack_strength, chance_of_winning, defence_strength};
use super::{Entry, Parameters, Switches, not_below};
use crate::components::{
    ArmsGrowth, AtWar, Defence, DyadId, Greed, Mistrust, Offence, Output, Procurement, Roster, StateId, Strengths, Terms, ThreatTotal,
};
use crate::draws::{Block, Purpose};
use crate::ledger::Ledger;
use crate::outcome::EventKind;
use crate::phases::{Clock, Phase};
use crate::setup::{DyadInputs, Setup, Target};
use crate::specification::Group;

crate::parameters! {
    /// Treaties and measures that build confidence.
    pub struct ArmsControl {
        /// Strength of the inspection that a treaty brings: chance that one inspection finds a breach.
        inspection: "ρ_T", "0..1", 0.0..=1.0, 0.2, 0.05..=0.5;
        /// Inspections of each partner.
        inspections: "ν", "1/year", 0.0..=1000.0, 4.0, 1.0..=12.0;
        /// Cost of being caught in a breach.
        breach_cost: "b", "share of own value", 0.0..=10.0, 0.3, 0.1..=0.6;
        /// Log likelihood ratio of a breach.
        breach_evidence: "ℓ_T", "log-odds", 0.0..=20.0, 1.5, 0.5..=3.0;
        /// How often a pair negotiates of its own accord.
        negotiation: "ν_n", "1/year", 0.0..=100.0, 0.0;
        /// Share of its size at which a negotiated treaty freezes offence.
        freeze: "s", "0..1", 0.0..=1.0, 0.8, 0.6..=1.0;
        /// Burden from which arms are felt to cost too much.
        heavy_burden: "β_h", "share of output", 0.0..=1.0, 0.04, 0.03..=0.06;
        /// What open skies take from what is left unseen.
        open_skies_sight: "w_o", "0..1", 0.0..=1.0, 0.7, 0.4..=0.9;
        /// Share of false alarms that a hotline clears up.
        hotline_alarms: "h_f", "0..1", 0.0..=1.0, 0.6, 0.3..=0.9;
        /// What a hotline adds to the chance of settlement.
        hotline_settlement: "h_s", "ratio", 0.0..=100.0, 0.3, 0.1..=0.6;
        /// Share of false alarms that notice prevents.
        notice_alarms: "n_f", "0..1", 0.0..=1.0, 0.3, 0.1..=0.5;
        /// Share of the evidence of a mobilisation that notice takes away.
        notice_evidence: "n_ℓ", "0..1", 0.0..=1.0, 0.5, 0.2..=0.8;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "arms_control",
    equation: "E17",
    phase: Phase::Diplomacy,
    claim: "Promises hold as far as each can see that they are kept; what can be seen and said calms crises.",
    off: "No promise binds; open skies, hotline and notice do nothing.",
};

/// A cap that is none.
pub const NO_CAP: f64 = 1e300;

/// The treaty of a directed dyad: what `i` has promised `j`.
#[derive(Component, Debug, Clone, Copy)]
pub struct Treaty<const WIDTH: usize> {
    /// 1 where a breach has been found since it was signed.
    pub broken: Lanes<WIDTH>,
    /// Offence of `i` that a negotiated treaty allows; [`NO_CAP`] where there is none.
    pub negotiated: Lanes<WIDTH>,
    /// Caps that the scenario gave at the last look: a change of them signs the treaty anew.
    signed: [f64; 3],
}

impl<const WIDTH: usize> Default for Treaty<WIDTH> {
    fn default() -> Self {
        Self { broken: Lanes::splat(0.0), negotiated: Lanes::splat(NO_CAP), signed: [f64::NAN; 3] }
    }
}

/// Whether anything in the scenario can make a treaty; where not, nobody looks for one.
#[derive(Resource, Debug, Clone, Copy)]
pub struct TreatiesPossible(pub bool);

impl TreatiesPossible {
    /// Whether a cap is given or dated, or pairs negotiate.
    #[must_use]
    pub fn of(setup: &Setup) -> Self {
        let caps = ["offence_cap", "arms_cap", "warhead_cap"].map(DyadInputs::position);
        let negotiates = |target| setup.path(target) == "arms_control.negotiation";
        let dated = setup.tracks.iter().any(|track| match track.target {
            Target::Dyad(_, field) => caps.contains(&Some(field)),
            Target::System(..) => negotiates(track.target),
            Target::State(..) => false,
        });
        let given = setup.dyads.iter().any(|dyad| promised(&dyad.inputs) != [NO_CAP; 3]);
        Self(dated || given || setup.parameters.arms_control.negotiation > 0.0)
    }
}

/// What the treaties in force allow a state; [`NO_CAP`] where they say nothing.
#[derive(Component, Debug, Clone, Copy)]
pub struct ForceCaps<const WIDTH: usize> {
    /// Offensive force, billion int$.
    pub offence: Lanes<WIDTH>,
    /// All force, billion int$.
    pub arms: Lanes<WIDTH>,
    /// Warheads, count.
    pub warheads: Lanes<WIDTH>,
}

impl<const WIDTH: usize> Default for ForceCaps<WIDTH> {
    fn default() -> Self {
        let none = Lanes::splat(NO_CAP);
        Self { offence: none, arms: none, warheads: none }
    }
}

/// E17: what is left unseen, `(1 − ρ)(1 − w_o o)`.
#[inline(always)]
#[must_use]
pub fn blur(terms: &DyadInputs, open_skies_sight: f64) -> f64 {
    (1.0 - terms.monitoring) * (1.0 - open_skies_sight * terms.open_skies)
}

/// E17: chance that `inspections`, each with chance `strength`, find a breach, `1 − (1 − ρ)^n`.
#[inline(always)]
#[must_use]
pub fn detection(strength: f64, inspections: f64) -> f64 {
    if strength >= 1.0 && inspections > 0.0 { 1.0 } else { 1.0 - exp(inspections * ln(1.0 - strength.min(0.999_999_999))) }
}

/// E17: what cheating is worth, `d (1 − D) − b D`.
#[inline(always)]
#[must_use]
pub fn worth_of_cheating(temptation: f64, detected: f64, breach_cost: f64) -> f64 {
    temptation * (1.0 - detected) - breach_cost * detected
}

/// E17: the chance of detection from which cheating does not pay, `D* = d / (d + b)`.
#[must_use]
pub fn deterring_detection(temptation: f64, breach_cost: f64) -> f64 {
    temptation / not_below(temptation + breach_cost)
}

/// E17: log likelihood ratio of a clean record, `ln[(1 − D χ_G) / (1 − D χ_S)]`.
#[inline(always)]
#[must_use]
pub fn clean_record(detected: f64, greedy_cheats: f64, seeker_cheats: f64) -> f64 {
    ln(not_below(1.0 - detected * greedy_cheats) / not_below(1.0 - detected * seeker_cheats))
}

/// E17: what a freeze is worth to a state: procurement saved, safety where both keep it, exposure where the other is greedy and
/// is not found out.
#[inline(always)]
#[must_use]
pub fn worth_of_freeze(saved: f64, safety_kept: f64, safety_betrayed: f64, belief: f64, detected: f64) -> f64 {
    let betrayed = belief * (1.0 - detected);
    saved + (1.0 - betrayed) * safety_kept + betrayed * safety_betrayed
}

impl ArmsControl {
    /// The measures in force: with the mechanism off open skies, hotline and notice weigh nothing.
    #[must_use]
    pub fn in_force(self, switches: &Switches) -> Self {
        if switches.arms_control {
            self
        } else {
            Self {
                open_skies_sight: 0.0,
                hotline_alarms: 0.0,
                hotline_settlement: 0.0,
                notice_alarms: 0.0,
                notice_evidence: 0.0,
                ..self
            }
        }
    }

    /// Share of false alarms that monitoring, open skies, hotline and notice leave.
    #[must_use]
    pub fn alarms_left(&self, terms: &DyadInputs) -> f64 {
        let unseen = blur(terms, self.open_skies_sight);
        unseen * (1.0 - self.hotline_alarms * terms.hotline) * (1.0 - self.notice_alarms * terms.notification)
    }

    /// Share of the evidence of a mobilisation that monitoring, open skies and notice leave.
    #[must_use]
    pub fn evidence_left(&self, terms: &DyadInputs) -> f64 {
        blur(terms, self.open_skies_sight) * (1.0 - self.notice_evidence * terms.notification)
    }

    /// Chance of settlement on a day with a hotline.
    #[must_use]
    pub fn settlement(&self, chance: f64, hotline: f64) -> f64 {
        let chance = chance * (1.0 + self.hotline_settlement * hotline);
        if chance > 1.0 { 1.0 } else { chance }
    }

    /// Chance that a partner finds a breach within `years`; offence must be told apart to be counted.
    #[inline(always)]
    fn found(&self, terms: &DyadInputs, distinguishability: f64, years: f64) -> f64 {
        let strength = 1.0 - (1.0 - self.inspection) * blur(terms, self.open_skies_sight);
        let countable = if terms.arms_cap < FORCE_TOP { 1.0 } else { distinguishability };
        detection(strength * countable, self.inspections * years)
    }
}

/// Caps from here on are no promise: the tops of the ranges of the inputs.
const FORCE_TOP: f64 = 1e9;
const WARHEADS_TOP: f64 = 1e6;

fn promised(terms: &DyadInputs) -> [f64; 3] {
    let or_none = |cap: f64, top: f64| if cap >= top { NO_CAP } else { cap };
    [or_none(terms.offence_cap, FORCE_TOP), or_none(terms.arms_cap, FORCE_TOP), or_none(terms.warhead_cap, WARHEADS_TOP)]
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        // Alliances and treaties are told in this order.
        (sign_treaties::<WIDTH>, negotiate::<WIDTH>.after(super::alignment::align::<WIDTH>), add_up_caps::<WIDTH>)
            .chain()
            .in_set(Phase::Diplomacy),
        keep_treaties::<WIDTH>
            .in_set(Phase::Arm)
            .after(super::arming::arm::<WIDTH>)
            .after(super::arming::arm_linearly::<WIDTH>)
            .after(super::arming::arm_submissively::<WIDTH>),
    ));
}

/// A cap that the scenario gives or changes signs the treaty of the pair anew.
fn sign_treaties<const WIDTH: usize>(mut dyads: Query<(&DyadId, &Terms, &mut Treaty<WIDTH>)>, possible: Res<TreatiesPossible>) {
    if !possible.0 {
        return;
    }
    let mut changed = Vec::new();
    for (id, terms, mut treaty) in &mut dyads {
        let caps = promised(&terms.0);
        if caps != treaty.signed {
            // Nothing was signed before the first look.
            if !treaty.signed[0].is_nan() {
                changed.push(id.mirror);
                treaty.broken = Lanes::splat(0.0);
            }
            treaty.signed = caps;
        }
    }
    for mirror in changed {
        if let Ok((.., mut treaty)) = dyads.get_mut(mirror) {
            treaty.broken = Lanes::splat(0.0);
        }
    }
}

/// Pairs that both gain freeze their offence.
fn negotiate<const WIDTH: usize>(
    states: Query<(&Offence<WIDTH>, &Defence<WIDTH>, &Output<WIDTH>, &Procurement<WIDTH>)>,
    mut dyads: Query<(&DyadId, &Terms, &Strengths<WIDTH>, &Mistrust<WIDTH>, &mut Treaty<WIDTH>)>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
    mut ledger: ResMut<Ledger>,
) {
    let control = parameters.arms_control;
    if control.negotiation == 0.0 {
        return;
    }
    let chance = 1.0 - exp(-control.negotiation * clock.years);
    let technology = parameters.technology.in_force(&switches);
    let saved = parameters.arming.depreciation * (1.0 - control.freeze);
    for &(position, number) in &roster.pairs {
        let [u, _] = block.uniforms::<WIDTH>(Purpose::Negotiation, number, clock.tick);
        let Ok((forth, terms, ..)) = dyads.get(roster.dyads[position]) else { continue };
        let (mirror, terms) = (forth.mirror, terms.0);
        for lane in (0..WIDTH).filter(|&lane| u[lane] < chance) {
            let detected = control.found(&terms, technology.distinguishability, 1.0);
            let worth = |dyad| {
                let (id, _, strengths, mistrust, treaty) = dyads.get(dyad).ok()?;
                let (offence, defence, output, spending) = states.get(id.from).ok()?;
                let (their_offence, their_defence, ..) = states.get(id.to).ok()?;
                let free = treaty.negotiated[lane] == NO_CAP || treaty.broken[lane] > 0.0;
                let heavy = spending.0[lane] / output.0[lane] >= control.heavy_burden;
                if !free || !heavy {
                    return None;
                }
                let safety = |own: f64, other: f64| {
                    let force = [offence.0[lane], defence.0[lane], their_offence.0[lane], their_defence.0[lane]];
                    let (assault, holding) = (strengths.assault[lane], strengths.holding[lane]);
                    struck_after_cuts(force, (assault, holding), (own, other), technology.first_strike, &parameters.contest)
                };
                let (now, kept, betrayed) = (safety(1.0, 1.0), safety(control.freeze, control.freeze), safety(control.freeze, 1.0));
                let belief = logistic(mistrust.0[lane]);
                let saved = saved * offence.0[lane] / output.0[lane];
                Some(worth_of_freeze(saved, kept - now, betrayed - now, belief, detected))
            };
            let gains = [roster.dyads[position], mirror].map(worth);
            if gains.iter().all(|gain| gain.is_some_and(|gain| gain > 0.0)) {
                for dyad in [roster.dyads[position], mirror] {
                    let Ok((id, .., mut treaty)) = dyads.get_mut(dyad) else { continue };
                    let Ok((offence, ..)) = states.get(id.from) else { continue };
                    treaty.negotiated[lane] = control.freeze * offence.0[lane];
                    treaty.broken[lane] = 0.0;
                }
                ledger.tell_between(lane, clock.date, EventKind::Treaty, roster.ends[position], control.freeze);
            }
        }
    }
}

/// E17: chance of winning when struck, once offences are cut to shares of their size. `force` is own offence and defence, then the
/// other's; strengths are those of E2.
#[must_use]
pub fn struck_after_cuts(
    force: [f64; 4],
    (assault, holding): (f64, f64),
    (own, other): (f64, f64),
    first_strike: f64,
    contest: &Contest,
) -> f64 {
    let attack = |share: f64| attack_strength(share * force[2], force[3], contest.defensive_in_attack);
    let defence = |share: f64| defence_strength(share * force[0], force[1], contest.defence_bonus);
    let assault = assault * attack(other) / not_below(attack(1.0));
    let holding = holding + (defence(own) - defence(1.0));
    1.0 - chance_of_winning(first_strike * assault, holding, contest.decisiveness)
}

fn add_up_caps<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut ForceCaps<WIDTH>)>,
    dyads: Query<(&Terms, &Treaty<WIDTH>)>,
    roster: Res<Roster>,
    possible: Res<TreatiesPossible>,
) {
    if !possible.0 {
        return;
    }
    for (state, mut caps) in &mut states {
        let mut found = ForceCaps::<WIDTH>::default();
        for &dyad in &roster.outgoing[state.index] {
            let Ok((terms, treaty)) = dyads.get(roster.dyads[dyad]) else { continue };
            let [offence, arms, warheads] = promised(&terms.0);
            let least = |now: f64, cap: f64, lane: usize| if treaty.broken[lane] == 0.0 && cap < now { cap } else { now };
            let now = found;
            found = ForceCaps {
                offence: Lanes::from_fn(|l| least(least(now.offence[l], offence, l), treaty.negotiated[l], l)),
                arms: Lanes::from_fn(|l| least(now.arms[l], arms, l)),
                warheads: Lanes::from_fn(|l| least(now.warheads[l], warheads, l)),
            };
        }
        *caps = found;
    }
}

/// What a state holds back or builds in spite of its promises, and whether it is found out.
pub(crate) fn keep_treaties<const WIDTH: usize>(
    mut states: Query<(
        (&StateId, &ForceCaps<WIDTH>, &ThreatTotal<WIDTH>, &Greed<WIDTH>, &AtWar<WIDTH>),
        (&mut Offence<WIDTH>, &mut Defence<WIDTH>, &mut Procurement<WIDTH>, &mut ArmsGrowth<WIDTH>),
    )>,
    mut dyads: Promises<WIDTH>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
    possible: Res<TreatiesPossible>,
    mut ledger: ResMut<Ledger>,
) {
    if !possible.0 {
        return;
    }
    let control = parameters.arms_control;
    let q = parameters.technology.in_force(&switches).distinguishability;
    let (_, bought) = wear(parameters.arming.depreciation, clock.years);
    for (position, &entity) in roster.states.iter().enumerate() {
        let Ok(((id, caps, threat, greed, at_war), (mut offence, mut defence, mut procurement, mut growth))) = states.get_mut(entity) else {
            continue;
        };
        let free = |l: usize| caps.offence[l] == NO_CAP && caps.arms[l] == NO_CAP && caps.warheads[l] == NO_CAP;
        if (0..WIDTH).all(free) {
            continue;
        }
        let [cheats, _] = block.uniforms::<WIDTH>(Purpose::Cheating, id.number, clock.tick);
        // A history must not see what another of the block has promised.
        for lane in (0..WIDTH).filter(|&lane| !free(lane)) {
            let (attack, resist) = (offence.0[lane], defence.0[lane]);
            let bound = |treaty: &Treaty<WIDTH>, terms: &Terms| {
                let [offence, arms, _] = promised(&terms.0);
                treaty.broken[lane] == 0.0 && (offence < NO_CAP || arms < NO_CAP || treaty.negotiated[lane] < NO_CAP)
            };
            if at_war.0[lane] > 0.0 {
                for &dyad in &roster.outgoing[position] {
                    break_treaty(&mut dyads, roster.dyads[dyad], lane);
                }
                continue;
            }
            let unmet = unmet_share(attack, resist, caps.offence[lane], caps.arms[lane]);
            if unmet <= 0.0 {
                continue;
            }
            let arms = attack + resist;
            let felt = threat.0[lane] / not_below(threat.0[lane] + arms);
            let mut missed = 1.0;
            for &dyad in &roster.outgoing[position] {
                let Ok((_, terms, treaty, _)) = dyads.get(roster.dyads[dyad]) else { continue };
                if bound(treaty, terms) {
                    missed *= 1.0 - control.found(&terms.0, q, clock.years);
                }
            }
            let inclined = |greed: f64| {
                let worth = worth_of_cheating(unmet * (felt + greed), 1.0 - missed, control.breach_cost);
                logistic(worth / not_below(parameters.strike.noise))
            };
            let breach = cheats[lane] < inclined(greed.0[lane]);
            if !breach {
                let held = hold_back(attack, resist, (caps.offence[lane], caps.arms[lane]), procurement.0[lane] * bought);
                let kept_from = attack + resist - (held.0 + held.1);
                offence.0[lane] = held.0;
                defence.0[lane] = held.1;
                procurement.0[lane] -= kept_from / bought;
                growth.0[lane] = growth_without(growth.0[lane], arms, kept_from, clock.years);
            }
            for &dyad in &roster.outgoing[position] {
                let Ok((dyad, terms, treaty, _)) = dyads.get(roster.dyads[dyad]) else { continue };
                if !bound(treaty, terms) {
                    continue;
                }
                let (own, mirror, ends) = (roster.dyads[dyad.index], dyad.mirror, dyad.ends);
                let detected = control.found(&terms.0, q, clock.years);
                let [u, _] = block.lane_uniforms(lane, Purpose::Inspection, dyad.number, clock.tick);
                let caught = breach && u < detected;
                let evidence = if caught {
                    control.breach_evidence
                } else {
                    clean_record(detected, inclined(parameters.beliefs.greedy_type), inclined(0.0))
                };
                if let (true, Ok((.., mut mistrust))) = (switches.beliefs, dyads.get_mut(mirror)) {
                    mistrust.0[lane] += evidence;
                }
                if caught {
                    break_treaty(&mut dyads, own, lane);
                    ledger.tell_between(lane, clock.date + clock.years, EventKind::Breach, ends, detected);
                }
            }
        }
    }
}

type Promises<'w, 's, 'a, const WIDTH: usize> =
    Query<'w, 's, (&'a DyadId, &'a Terms, &'a mut Treaty<WIDTH>, &'a mut Mistrust<WIDTH>)>;

fn break_treaty<const WIDTH: usize>(dyads: &mut Promises<WIDTH>, dyad: Entity, lane: usize) {
    let mut mirror = dyad;
    if let Ok((id, _, mut treaty, _)) = dyads.get_mut(dyad) {
        treaty.broken[lane] = 1.0;
        mirror = id.mirror;
    }
    if let Ok((_, _, mut treaty, _)) = dyads.get_mut(mirror) {
        treaty.broken[lane] = 1.0;
    }
}

/// E17: share of the wanted stock that the caps do not allow; 0 where they allow all.
#[must_use]
pub fn unmet_share(offence: f64, defence: f64, offence_cap: f64, arms_cap: f64) -> f64 {
    let of_kind = |wanted: f64, cap: f64| if wanted > cap { 1.0 - cap / wanted } else { 0.0 };
    of_kind(offence, offence_cap).max(of_kind(offence + defence, arms_cap))
}

/// E17: offence and defence after holding back: at most what the caps allow, and never more than what was bought is held back.
#[must_use]
pub fn hold_back(offence: f64, defence: f64, (offence_cap, arms_cap): (f64, f64), bought: f64) -> (f64, f64) {
    let above = |stock: f64, cap: f64| if stock > cap { stock - cap } else { 0.0 };
    let least = |a: f64, b: f64| if a < b { a } else { b };
    let over_offence = least(above(offence, offence_cap), bought);
    let left = offence - over_offence;
    let over_arms = least(above(left + defence, arms_cap), bought - over_offence);
    // What is too much of everything is taken from both kinds alike.
    let share = 1.0 - over_arms / not_below(left + defence);
    (left * share, defence * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::Parameters;

    #[test]
    fn inspections_find_a_breach_with_one_less_the_chance_that_all_miss() {
        for (strength, inspections, expected) in
            [(0.0, 5.0, 0.0), (0.5, 1.0, 0.5), (0.5, 3.0, 0.875), (0.2, 2.0, 0.36), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0), (0.3, 0.0, 0.0)]
        {
            let found = detection(strength, inspections);
            assert!((found - expected).abs() < 1e-12, "{strength}, {inspections}: {found}, expected {expected}");
        }
    }

    #[test]
    fn cheating_pays_up_to_the_threshold_of_the_inspection_game() {
        for (temptation, cost) in [(0.2, 0.3), (0.05, 0.6), (1.0, 0.1)] {
            let threshold = deterring_detection(temptation, cost);
            assert!(worth_of_cheating(temptation, threshold, cost).abs() < 1e-15);
            assert!(worth_of_cheating(temptation, threshold - 0.01, cost) > 0.0);
            assert!(worth_of_cheating(temptation, threshold + 0.01, cost) < 0.0);
        }
    }

    #[test]
    fn a_clean_record_is_evidence_of_peace_only_as_far_as_a_breach_would_have_been_seen() {
        assert_eq!(clean_record(0.0, 0.9, 0.3), 0.0, "nobody looked");
        assert_eq!(clean_record(0.8, 0.4, 0.4), 0.0, "both types keep it alike");
        let expected = ln(0.1 / 0.7);
        assert!((clean_record(1.0, 0.9, 0.3) - expected).abs() < 1e-15, "O5: one refrain");
    }

    #[test]
    fn a_common_cut_in_offence_makes_both_safer_and_a_betrayed_one_does_not() {
        let contest = Parameters::default().contest;
        let force = [5.0, 5.0, 5.0, 5.0];
        let strengths = (attack_strength(5.0, 5.0, contest.defensive_in_attack), defence_strength(5.0, 5.0, contest.defence_bonus));
        let safety = |own, other| struck_after_cuts(force, strengths, (own, other), 1.5, &contest);
        assert!(safety(0.5, 0.5) > safety(1.0, 1.0), "{} {}", safety(0.5, 0.5), safety(1.0, 1.0));
        assert!(safety(0.5, 1.0) < safety(1.0, 1.0));
        let all = 1.0 - chance_of_winning(1.5 * strengths.0, strengths.1, contest.decisiveness);
        assert_eq!(safety(1.0, 1.0), all);
    }

    #[test]
    fn stocks_are_held_at_their_caps_and_nothing_old_is_scrapped() {
        assert_eq!(hold_back(4.0, 6.0, (3.0, NO_CAP), 5.0), (3.0, 6.0));
        let (offence, defence) = hold_back(4.0, 6.0, (NO_CAP, 5.0), 8.0);
        assert!((offence - 2.0).abs() < 1e-15 && (defence - 3.0).abs() < 1e-15, "{offence} {defence}");
        let (offence, defence) = hold_back(4.0, 6.0, (1.0, 2.0), 0.5);
        assert_eq!((offence, defence), (3.5, 6.0), "no more than was bought");
        assert_eq!(unmet_share(4.0, 6.0, NO_CAP, NO_CAP), 0.0);
        assert_eq!(unmet_share(4.0, 6.0, 3.0, 5.0), 0.5);
    }

    #[test]
    fn without_measures_everything_is_as_it_was_to_the_bit() {
        let control = ArmsControl::default();
        for monitoring in [0.0, 0.1, 0.3, 0.7, 1.0] {
            let terms = DyadInputs { monitoring, ..DyadInputs::default() };
            assert_eq!(control.alarms_left(&terms), 1.0 - monitoring);
            assert_eq!(control.evidence_left(&terms), 1.0 - monitoring);
        }
        assert_eq!(control.settlement(0.07, 0.0), 0.07);
    }
}
