#![doc = include_str!("peace.md")]

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use bevy_ecs::query::QueryData;

use super::arming::{growth_without, wear};
use super::war::Endings;
use super::{Concept, Entry, ExplainGroup, Parameters};
use crate::components::{ArmsGrowth, Defence, DyadInputsNow, Odds, Offence, Output, Payoffs, Procurement, Roster};
use crate::description::{Described, described};
use crate::phases::{Arm, Clock, Perceive, Phase, Wars};

crate::parameters! {
    /// What a peace lays down.
    pub struct Peace {
        /// Truce after a war.
        truce: "t_p", "years", 0.0..=200.0, 0.0;
        /// Years for which the defeated may not rearm.
        demilitarisation: "t_d", "years", 0.0..=200.0, 0.0;
        /// Share of a victor's claim that the peace settles.
        settled_claims: "σ", "0..1", 0.0..=1.0, 0.0;
        /// Claim of the defeated on what it lost, in units of what that was worth to it.
        revanche: "ρ_v", "1", 0.0..=10.0, 0.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "peace",
    equation: "E15c",
    phase: Phase::War,
    explains: ExplainGroup::Institutions,
    concepts: &[(
        Concept::Interaction,
        "A peace may hold for some years, disarm the defeated, settle claims and create new ones (E15c).",
    )],
    components: &[PeaceTerms::DESCRIPTION],
    text: include_str!("peace.md"),
};

/// Largest claim on what was lost, in shares of own value: that of the inputs.
const MOST_CLAIM: f64 = 10.0;

/// A claim that a peace has changed: `keep` of what the scenario gives, and `added`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Claim {
    keep: f64,
    added: f64,
}

described! {
    /// The terms in force in each history of a block.
    #[derive(Resource, Debug, Clone, Default, PartialEq)]
    pub struct PeaceTerms {
        /// By lane and positions of two states, the lower first: decimal year until which no crisis begins between them, because the
        /// last one is still going on or because a truce holds.
        truces: BTreeMap<(usize, usize, usize), f64>,
        /// By lane and positions of two states, the lower first: pairs of which one has struck the other.
        fought: BTreeSet<(usize, usize, usize)>,
        /// By lane and state: decimal year until which arms may not pass a ceiling, and the ceiling.
        ceilings: BTreeMap<(usize, usize), (f64, f64)>,
        /// By lane and dyad.
        claims: BTreeMap<(usize, usize), Claim>,
    }
}

impl PeaceTerms {
    /// Whether no crisis between two states can begin at a date: the last one is still going on, or a truce holds.
    #[must_use]
    pub fn at_truce(&self, lane: usize, one: usize, other: usize, date: f64) -> bool {
        self.truces.get(&(lane, one.min(other), one.max(other))).is_some_and(|until| date < *until)
    }

    /// The claim of a dyad for which the scenario gives `given`.
    #[must_use]
    pub fn claim(&self, lane: usize, dyad: usize, given: f64) -> f64 {
        if self.claims.is_empty() {
            return given;
        }
        self.claims.get(&(lane, dyad)).map_or(given, |claim| claim.keep * given + claim.added)
    }

    /// No crisis between two states begins before a date.
    pub(crate) fn no_crisis_before(&mut self, lane: usize, one: usize, other: usize, date: f64) {
        let until = self.truces.entry((lane, one.min(other), one.max(other))).or_insert(date);
        *until = until.max(date);
    }

    /// Two states are on opposite sides of a war.
    pub(crate) fn begin_to_fight(&mut self, lane: usize, one: usize, other: usize) {
        self.fought.insert((lane, one.min(other), one.max(other)));
    }

    /// Whether two states have been on opposite sides of a war in this history.
    #[must_use]
    pub fn have_fought(&self, lane: usize, one: usize, other: usize) -> bool {
        self.fought.contains(&(lane, one.min(other), one.max(other)))
    }

    /// No peace has been made, and nobody has struck.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Leaves a share of a claim and adds to it.
    pub(crate) fn change_claim(&mut self, lane: usize, dyad: usize, keep: f64, added: f64) {
        let claim = self.claims.entry((lane, dyad)).or_insert(Claim { keep: 1.0, added: 0.0 });
        *claim = Claim { keep: keep * claim.keep, added: (keep * claim.added + added).min(MOST_CLAIM) };
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    register_claims::<WIDTH>(schedule);
    schedule.add_systems((keep_ceilings::<WIDTH>.in_set(Arm::Ceilings), make_peace::<WIDTH>.in_set(Wars::Settle)));
}

/// Claims change by concessions too, whether a peace has terms or not.
pub(crate) fn register_claims<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(restate_claims::<WIDTH>.in_set(Perceive::Claims));
}

/// Payoffs are linear in the claim: what a peace or a concession has changed of it is added.
fn restate_claims<const WIDTH: usize>(
    mut dyads: Query<(&DyadInputsNow, &Odds<WIDTH>, &mut Payoffs<WIDTH>)>,
    roster: Res<Roster>,
    terms: Res<PeaceTerms>,
) {
    for &(lane, dyad) in terms.claims.keys() {
        let Ok((given, odds, mut payoffs)) = dyads.get_mut(roster.dyads[dyad]) else { continue };
        let change = terms.claim(lane, dyad, given.0.claim) - given.0.claim;
        payoffs.strike[lane] += odds.first[lane] * change;
        payoffs.struck[lane] += odds.struck[lane] * change;
        payoffs.mutual[lane] += odds.mutual[lane] * change;
    }
}

/// E15c: share of a stock that a ceiling lets a state keep, and the procurement that it forbids.
#[must_use]
pub fn under_ceiling(arms: f64, ceiling: f64, bought_per_procurement: f64) -> (f64, f64) {
    if arms > ceiling { (ceiling / arms, (arms - ceiling) / bought_per_procurement) } else { (1.0, 0.0) }
}

/// The arms of a state under a ceiling.
#[derive(QueryData)]
#[query_data(mutable)]
struct LimitedState<const WIDTH: usize> {
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
    growth: &'static mut ArmsGrowth<WIDTH>,
}

fn keep_ceilings<const WIDTH: usize>(
    mut states: Query<LimitedState<WIDTH>>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    mut terms: ResMut<PeaceTerms>,
) {
    let (_, bought) = wear(parameters.arming.depreciation, clock.years);
    terms.ceilings.retain(|_, (until, _)| clock.date < *until);
    for (&(lane, state), &(_, ceiling)) in &terms.ceilings {
        let Ok(mut limited) = states.get_mut(roster.states[state]) else { continue };
        let arms = limited.offence.0[lane] + limited.defence.0[lane];
        let (kept, refused) = under_ceiling(arms, ceiling, bought);
        // Others see the arms that are kept, not those that were not bought.
        limited.growth.0[lane] = growth_without(limited.growth.0[lane], arms, (1.0 - kept) * arms, clock.years);
        limited.offence.0[lane] *= kept;
        limited.defence.0[lane] *= kept;
        limited.procurement.0[lane] = (limited.procurement.0[lane] - refused).max(0.0);
    }
}

/// The wars that ended in the tick get their terms.
fn make_peace<const WIDTH: usize>(
    states: Query<(&Offence<WIDTH>, &Defence<WIDTH>, &Output<WIDTH>)>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    endings: Res<Endings>,
    mut terms: ResMut<PeaceTerms>,
) {
    let p = parameters.peace;
    for ending in &endings.0 {
        let lane = ending.lane;
        let [first, second] = &ending.sides;
        if p.truce > 0.0 {
            for &one in first {
                for &other in second {
                    terms.no_crisis_before(lane, one, other, ending.date + p.truce);
                }
            }
        }
        let Some(winner) = ending.winner else { continue };
        for &loser in &ending.sides[1 - winner] {
            if p.settled_claims > 0.0 {
                for &victor in &ending.sides[winner] {
                    if let Some(dyad) = roster.dyad(victor, loser) {
                        terms.change_claim(lane, dyad, 1.0 - p.settled_claims, 0.0);
                    }
                }
            }
            let Ok((offence, defence, output)) = states.get(roster.states[loser]) else { continue };
            let (arms, left) = (offence.0[lane] + defence.0[lane], output.0[lane]);
            if p.demilitarisation > 0.0 && arms > 0.0 {
                terms.ceilings.insert((lane, loser), (ending.date + p.demilitarisation, arms));
            }
            // A conquered state claims nothing.
            for &(victor, _, taken) in ending.taken.iter().filter(|taken| taken.1 == loser && p.revanche > 0.0 && left > 0.0) {
                if let Some(dyad) = roster.dyad(loser, victor) {
                    terms.change_claim(lane, dyad, 1.0, p.revanche * taken / left);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_cuts_what_is_above_it_and_the_buying_of_it() {
        assert_eq!(under_ceiling(5.0, 10.0, 0.25), (1.0, 0.0));
        let (kept, refused) = under_ceiling(12.0, 9.0, 0.25);
        assert_eq!((12.0 * kept, refused * 0.25), (9.0, 3.0));
    }

    #[test]
    fn claims_are_settled_and_taken_up_again() {
        let mut terms = PeaceTerms::default();
        assert_eq!(terms.claim(0, 3, 0.4), 0.4);
        terms.change_claim(0, 3, 0.25, 0.0);
        assert_eq!((terms.claim(0, 3, 0.4), terms.claim(1, 3, 0.4), terms.claim(0, 4, 0.4)), (0.1, 0.4, 0.4));
        terms.change_claim(0, 3, 1.0, 0.5);
        assert_eq!(terms.claim(0, 3, 0.4), 0.6);
        terms.change_claim(0, 3, 0.0, 0.0);
        assert_eq!(terms.claim(0, 3, 0.4), 0.0, "settled whole");
    }

    #[test]
    fn a_truce_holds_until_its_date_both_ways_and_in_its_history() {
        let mut terms = PeaceTerms::default();
        terms.no_crisis_before(2, 5, 1, 1925.0);
        terms.no_crisis_before(2, 1, 5, 1924.0);
        assert!(terms.at_truce(2, 5, 1, 1924.9) && terms.at_truce(2, 1, 5, 1924.9));
        assert!(!terms.at_truce(2, 1, 5, 1925.0) && !terms.at_truce(1, 1, 5, 1924.0) && !terms.at_truce(2, 1, 4, 1924.0));
    }
}
