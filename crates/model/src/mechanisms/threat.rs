#![doc = include_str!("threat.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::logistic;

use super::alignment::Alignments;
use super::arming::{ArmingStart, provocation};
use super::institutions::CollectiveSecurity;
use super::observation::threatening_arms;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches, not_below};
use crate::columns::{Rows, columns, sweep, table};
use crate::components::{
    Defence, DyadId, DyadInputsNow, Mistrust, Offence, PerceivedBalance, Procurement, ProgrammeGrowth, Provocation, Punishable,
    Reach, Roster, Sight, StateId, StateInputsNow, ThreatCeiling, ThreatFelt, ThreatIfGreedy, ThreatTotal,
};
use crate::inputs::ArmingRule;
use crate::phases::{Large, Perceive, Phase};
use crate::world::Rule;

crate::parameters! {
    /// How arms become threat.
    pub struct Threat {
        /// Fear that anarchy leaves even of a peaceful state.
        anarchy: "λ", "0..1", 0.0..=1.0, 0.16, 0.1..=0.35;
        /// Weight of the arms that another's spending will build, against those that it has.
        foresight: "π_f", "0..1", 0.0..=1.0, 0.66, 0.37..=0.7;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "threat",
    equation: "E4",
    phase: Phase::Perceive,
    explains: ExplainGroup::Beliefs,
    concepts: &[(Concept::Interaction, "One state's arms are another's threat (E4).")],
    components: &[],
    text: include_str!("threat.md"),
};

/// E4 without the suspicion: the threat from a state known to be greedy.
#[inline(always)]
#[must_use]
pub fn threat_if_greedy(balance_ratio: f64, reach: f64, threatening_arms: f64, deterred: f64) -> f64 {
    balance_ratio * reach * threatening_arms * (1.0 - deterred)
}

/// E4: arms as those who look ahead count them: what there is, and what spending like this year's keeps up.
#[inline(always)]
#[must_use]
pub fn foreseen(arms: f64, spending: f64, wear_and_growth: f64, foresight: f64) -> f64 {
    (1.0 - foresight) * arms + foresight * (spending / wear_and_growth)
}

/// E4: how much of that a state with this belief feels.
#[inline(always)]
#[must_use]
pub fn felt_share(belief: f64, anarchy: f64) -> f64 {
    belief + anarchy * (1.0 - belief)
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((perceive_threat::<WIDTH>.in_set(Perceive::Odds), add_up_threats::<WIDTH>.in_set(Perceive::Threat)));
}

/// A state that threatens and is threatened.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct ThreateningState<const WIDTH: usize> {
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    given: &'static StateInputsNow,
    balance: &'static PerceivedBalance<WIDTH>,
    punishable: &'static Punishable<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
    start: &'static ArmingStart,
}

/// The threat that one state feels from another.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct ThreatDyad<const WIDTH: usize> {
    id: &'static DyadId,
    reach: &'static Reach,
    mistrust: &'static Mistrust<WIDTH>,
    sight: &'static Sight<WIDTH>,
    ceiling: &'static mut ThreatIfGreedy<WIDTH>,
    threat: &'static mut ThreatFelt<WIDTH>,
}

#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn perceive_threat<const WIDTH: usize>(
    states: Query<ThreateningState<WIDTH>>,
    mut dyads: Query<ThreatDyad<WIDTH>>,
    terms: Query<&DyadInputsNow>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    rule: Res<Rule>,
    alignments: Res<Alignments<WIDTH>>,
    security: Res<CollectiveSecurity<WIDTH>>,
    large: Res<Large>,
) {
    let technology = parameters.technology.in_force(&switches);
    let (q, m0) = (technology.distinguishability, technology.reference_balance);
    let anarchy = parameters.threat.anarchy;
    let as_base = if switches.observation { parameters.observation.fortress_as_base } else { 0.0 };
    let security = security.perceived;
    // Where nobody decides on arms there is nothing to foresee.
    let chosen = switches.arming && rule.arming == ArmingRule::Programmes;
    let foresight = if chosen { parameters.threat.foresight } else { 0.0 };
    let depreciation = parameters.arming.depreciation;
    let terms = table(&terms);
    let Some(states) = columns(&states) else { return };
    sweep!(WIDTH, large.0, dyads, |id, reach, mistrust, sight, ceiling, threat| {
        let (from, to) = id.ends;
        let balance = &states.balance[from];
        let (offence, defence, punishable) = (&states.offence[to], &states.defence[to], &states.punishable[to]);
        let base = as_base * states.given[to].inputs.fortification;
        let back = reach.back;
        let (spending, sustaining) = (&states.procurement[to], depreciation + states.start[to].growth);
        let (given, given_back) = (terms[id.index].0.commitment, terms[id.mirror_index].0.commitment);
        let greedy = Lanes::from_fn(|l| {
            let arms = offence.0[l] + defence.0[l];
            let counted = foreseen(arms, spending.0[l], sustaining, foresight);
            let seen = threatening_arms(sight.0[l] * counted, offence.0[l] / not_below(arms), q, base);
            let bond = alignments.commitment(id.index, l, given);
            let bond_back = alignments.commitment(id.mirror_index, l, given_back);
            let bound = if bond > bond_back { bond } else { bond_back };
            let bound = if switches.allies { bound } else { 0.0 };
            threat_if_greedy(balance.0[l] / m0, back, seen, security[l] * punishable.0[l]) * (1.0 - bound)
        });
        ceiling.0 = greedy;
        threat.0 = Lanes::from_fn(|l| felt_share(logistic(mistrust.0[l]), anarchy) * greedy[l]);
    });
}

/// The sums over what a state sees of the others.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct ThreatenedState<const WIDTH: usize> {
    id: &'static StateId,
    total: &'static mut ThreatTotal<WIDTH>,
    ceiling: &'static mut ThreatCeiling<WIDTH>,
    provoked: &'static mut Provocation<WIDTH>,
}

fn add_up_threats<const WIDTH: usize>(
    mut states: Query<ThreatenedState<WIDTH>>,
    growths: Query<&ProgrammeGrowth<WIDTH>>,
    dyads: Query<(&ThreatFelt<WIDTH>, &ThreatIfGreedy<WIDTH>)>,
    roster: Res<Roster>,
    large: Res<Large>,
) {
    let (growths, dyads) = (table(&growths), table(&dyads));
    sweep!(WIDTH, large.0, states, |id, total, ceiling, provoked| {
        let mut sum = Lanes::<WIDTH>::splat(0.0);
        let mut most = Lanes::<WIDTH>::splat(0.0);
        let mut stirred = Lanes::<WIDTH>::splat(0.0);
        for &dyad in &roster.outgoing[id.index] {
            let (threat, greedy) = dyads.row(dyad);
            let growth = &growths[roster.ends[dyad].1];
            sum = Lanes::from_fn(|l| sum[l] + threat.0[l]);
            most = Lanes::from_fn(|l| most[l] + greedy.0[l]);
            stirred = Lanes::from_fn(|l| stirred[l] + threat.0[l] * provocation(growth.0[l]));
        }
        total.0 = sum;
        ceiling.0 = most;
        provoked.0 = Lanes::from_fn(|l| stirred[l] / not_below(sum[l]));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};
    use crate::mechanisms::arming::Arming;
    use spiral_kernel::maths::ln;

    #[test]
    fn a_known_aggressor_threatens_wholly_and_a_known_friend_by_anarchy_alone() {
        assert_eq!(felt_share(1.0, 0.3), 1.0);
        assert_eq!(felt_share(0.0, 0.3), 0.3);
        assert_eq!(felt_share(0.0, 0.0), 0.0);
    }

    /// b = ¼ and λ = .2 make .4; m̂ / m0 = .75 / .5; G = .6; arms of 8, 3/8 offensive, seen 1.25-fold, with q = .4 and a fifth of a
    /// fortress of 2.5: 10 (.6 + .4 · 3/8) + .5 = 8; κ C = .5 · .6. Nobody looks ahead.
    fn threatened(change: impl FnOnce(&mut Bench)) -> (f64, f64) {
        let mut bench = Bench::pair(|p| {
            (p.technology.reference_balance, p.technology.distinguishability) = (0.5, 0.4);
            (p.threat.anarchy, p.threat.foresight, p.observation.fortress_as_base) = (0.2, 0.0, 0.2);
        });
        bench.state(0, PerceivedBalance(one(0.75))).state(1, PerceivedBalance(one(5.0)));
        bench.state(1, Offence(one(3.0))).state(1, Defence(one(5.0))).state(1, Punishable(one(0.6)));
        bench.inputs(0, |given| given.fortification = 7.0).inputs(1, |given| given.fortification = 2.5);
        bench.reach(0, 1, 0.9).reach(1, 0, 0.6);
        bench.dyad(0, 1, Mistrust(one(-ln(3.0)))).dyad(0, 1, Sight(one(1.25)));
        bench.resource(|security: &mut CollectiveSecurity<1>| security.perceived = one(0.5));
        change(&mut bench);
        bench.run(perceive_threat::<1>);
        (bench.of_dyad::<ThreatIfGreedy<1>>(0, 1).0[0], bench.of_dyad::<ThreatFelt<1>>(0, 1).0[0])
    }

    #[test]
    fn a_threat_by_hand() {
        let (greedy, felt) = threatened(|_| ());
        close("1.5 · .6 · 8 · .7", greedy, 5.04);
        close(".4 of it", felt, 2.016);
        assert_eq!(threat_if_greedy(2.0, 0.5, 12.0, 0.25), 9.0);
        close("¼ + .2 · ¾", felt_share(0.25, 0.2), 0.4);
    }

    #[test]
    fn each_factor_of_a_threat_is_a_ratio() {
        let ratio = |what: &str, expected: f64, change: &dyn Fn(&mut Bench)| {
            let (greedy, felt) = threatened(|bench| change(bench));
            close(&format!("{what}: if greedy"), greedy / 5.04, expected);
            close(&format!("{what}: felt"), felt / 2.016, expected);
        };
        let m0 = |bench: &mut Bench, m0: f64| {
            bench.resource(|p: &mut Parameters| p.technology.reference_balance = m0);
        };
        ratio("twice the believed balance", 2.0, &|bench| {
            bench.state(0, PerceivedBalance(one(1.5)));
        });
        ratio("twice the reference", 0.5, &|bench| m0(bench, 1.0));
        ratio("half of the other's reach", 0.5, &|bench| {
            bench.reach(1, 0, 0.3);
        });
        ratio("own reach is none of it", 1.0, &|bench| {
            bench.reach(0, 1, 0.1);
        });
        let punishment = |bench: &mut Bench, chance: f64| {
            bench.resource(|security: &mut CollectiveSecurity<1>| security.perceived = one(chance));
        };
        ratio("nobody punishes: 1 / .7", 1.0 / 0.7, &|bench| punishment(bench, 0.0));
        ratio("certain punishment: .4 / .7", 4.0 / 7.0, &|bench| punishment(bench, 1.0));
        ratio("all could punish: .5 / .7", 5.0 / 7.0, &|bench| {
            bench.state(1, Punishable(one(1.0)));
        });
        // 20 · .75 + .5 in place of 10 · .75 + .5.
        ratio("seen twice as large, forts as they are", 15.5 / 8.0, &|bench| {
            bench.dyad(0, 1, Sight(one(2.5)));
        });
    }

    /// Arms of 8 and spending of 2.4 a year, which keeps up 2.4 / (.15 + .05) = 12: with π_f = ¼ they count as 9.
    #[test]
    fn what_is_being_built_threatens_too() {
        close("¾ · 8 + ¼ · 12", foreseen(8.0, 2.4, 0.2, 0.25), 9.0);
        let ahead = |bench: &mut Bench, foresight: f64| {
            bench.resource(|p: &mut Parameters| {
                (p.threat.foresight, p.arming) = (foresight, Arming { depreciation: 0.15, ..Arming::default() });
            });
            bench.state(1, Procurement(one(2.4))).state(1, ArmingStart { growth: 0.05, ..ArmingStart::default() });
        };
        let (greedy, _) = threatened(|bench| ahead(bench, 0.25));
        // 1.25 · 9 · .75 + .5 in place of 8.
        close("seen 11.25-fold", greedy / 5.04, 8.9375 / 8.0);
        let (greedy, _) = threatened(|bench| {
            ahead(bench, 0.25);
            bench.resource(|switches: &mut Switches| switches.arming = false);
        });
        close("where nobody arms there is nothing to foresee", greedy, 5.04);
    }

    #[test]
    fn an_ally_threatens_less_by_the_firmer_of_both_commitments() {
        let bound = |mine: f64, theirs: f64, allies: bool| {
            threatened(|bench| {
                bench.terms(0, 1, |terms| terms.commitment = mine).terms(1, 0, |terms| terms.commitment = theirs);
                bench.resource(|switches: &mut Switches| switches.allies = allies);
            })
            .0
        };
        close("none", bound(0.0, 0.0, true), 5.04);
        close("mine", bound(0.5, 0.0, true), 2.52);
        close("theirs", bound(0.25, 0.75, true), 1.26);
        close("without that mechanism nobody is an ally", bound(0.5, 0.75, false), 5.04);
    }

    #[test]
    fn provocations_count_by_the_threat_that_they_come_from() {
        let mut bench = Bench::of(3, |_| ());
        bench.dyad(0, 1, ThreatFelt(one(3.0))).dyad(0, 2, ThreatFelt(one(1.0)));
        bench.state(1, ProgrammeGrowth(one(0.25))).state(2, ProgrammeGrowth(one(0.45)));
        bench.run(add_up_threats::<1>);
        close("¾ · 1 + ¼ · 2", bench.of_state::<Provocation<1>>(0).0[0], 1.25);
    }

    #[test]
    fn threats_add_up() {
        let mut bench = Bench::of(3, |_| ());
        bench.dyad(0, 1, ThreatFelt(one(1.25))).dyad(0, 2, ThreatFelt(one(0.5))).dyad(1, 0, ThreatFelt(one(64.0)));
        bench.dyad(0, 1, ThreatIfGreedy(one(4.0))).dyad(0, 2, ThreatIfGreedy(one(2.0))).dyad(1, 0, ThreatIfGreedy(one(64.0)));
        bench.run(add_up_threats::<1>);
        assert_eq!(bench.of_state::<ThreatTotal<1>>(0).0[0], 1.75);
        assert_eq!(bench.of_state::<ThreatCeiling<1>>(0).0[0], 6.0);
    }
}
