//! # E18 Collective security
//!
//! Claim: where states believe that aggression will be punished in common, they need fear one another less, and an aggressor
//! gains less. The belief lives on its record.
//!
//! ```text
//! κ_t = min(κ r_t, 1)              perceived chance of common punishment
//! r ← r κ−                          after a strike that nobody punished
//! r ← r (1 + κ+)                    after one that a third state punished
//!
//! κ    what the scenario gives at the date                0..1
//! r    record, 1 at the start                             1
//! C    cost of being punished, times C_i as in E4         own value
//! ```
//! Within a state `κ` is its **central authority**: the same number, the same equations, between groups in place of states. The
//! authority has an army of its own: `C_j = (P_j + F) / (P_j + F + a_j)` in E4, with `F` its force and `P_j` that of the others.
//! As the state fails, `κ` and `F` fall, and what is left among groups is anarchy.
//!
//! Source: Claude, Power and International Relations (1962); Jervis (1978), 178; Posen, Survival 35 (1993), for groups in a failing
//! state; the record and the form are ours.
//! Deviation: whoever fights beside the victim counts as a third state that punishes, a second victim too.
//! Off: `κ = 0`.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;

use super::threat::punishable;
use super::{Entry, Parameters};
use crate::components::{Defence, Offence, Punishable, Reach, Roster, StateId};
use crate::phases::{Large, Phase};
use crate::columns::{Rows, sweep, table};

crate::parameters! {
    /// Common punishment of aggression.
    pub struct Institutions {
        /// Perceived chance that aggression is punished in common.
        collective_security: "κ", "0..1", 0.0..=1.0, 0.0, 0.0..=0.2;
        /// Cost of being punished.
        punishment: "C", "share of own value", 0.0..=10.0, 0.3, 0.15..=0.5;
        /// What is left of the perceived chance after an unpunished aggression.
        unpunished: "κ−", "0..1", 0.0..=1.0, 0.6, 0.4..=0.8;
        /// By what share a punished aggression raises the record.
        punished: "κ+", "0..1", 0.0..=1.0, 0.3, 0.1..=0.5;
        /// Force that a common authority has of its own: the army of a state among its groups.
        authority: "F", "billion int$", 0.0..=1000000000.0, 0.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "institutions",
    equation: "E18",
    phase: Phase::Perceive,
    claim: "Common punishment of aggression eases fear, as long as it is believed.",
    off: "No collective security.",
};

/// What collective security is worth, and its record, in each history.
#[derive(Resource, Debug, Clone, Copy)]
pub struct CollectiveSecurity<const WIDTH: usize> {
    /// Perceived chance of common punishment, `κ_t`.
    pub perceived: Lanes<WIDTH>,
    /// Record `r`.
    pub record: Lanes<WIDTH>,
}

/// E18: perceived chance of common punishment.
#[inline(always)]
#[must_use]
pub fn perceived(given: f64, record: f64) -> f64 {
    let chance = given * record;
    if chance > 1.0 { 1.0 } else { chance }
}

impl Institutions {
    /// The record after an aggression.
    #[must_use]
    pub fn record_after(&self, record: f64, punished: bool) -> f64 {
        record * if punished { 1.0 + self.punished } else { self.unpunished }
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(weigh_punishment::<WIDTH>.in_set(Phase::Perceive).before(super::game::see_stakes::<WIDTH>));
}

pub(crate) fn weigh_punishment<const WIDTH: usize>(
    mut states: Query<(&StateId, &mut Punishable<WIDTH>)>,
    arms: Query<(&Offence<WIDTH>, &Defence<WIDTH>)>,
    reaches: Query<&Reach>,
    mut security: ResMut<CollectiveSecurity<WIDTH>>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    large: Res<Large>,
) {
    let Institutions { collective_security: given, authority, .. } = parameters.institutions;
    let record = security.record;
    security.perceived = Lanes::from_fn(|l| perceived(given, record[l]));
    if given == 0.0 {
        return;
    }
    let (arms, reaches) = (table(&arms), table(&reaches));
    sweep!(WIDTH, large.0, states, |(state, result)| {
        let mut others = Lanes::<WIDTH>::splat(authority);
        for &dyad in &roster.outgoing[state.index] {
            let ((offence, defence), reach) = (arms.row(roster.ends[dyad].1), reaches.row(dyad));
            others = Lanes::from_fn(|l| others[l] + reach.back * (offence.0[l] + defence.0[l]));
        }
        let (offence, defence) = arms.row(state.index);
        result.0 = Lanes::from_fn(|l| punishable(others[l], offence.0[l] + defence.0[l]));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};

    #[test]
    fn a_record_falls_with_impunity_and_rises_with_punishment() {
        let institutions = Institutions::default();
        let ignored = institutions.record_after(1.0, false);
        let met = institutions.record_after(1.0, true);
        assert!(ignored < 1.0 && met > 1.0, "{ignored} {met}");
        assert_eq!(perceived(0.5, 4.0), 1.0);
        assert_eq!(perceived(0.0, 4.0), 0.0);
    }

    #[test]
    fn a_record_by_hand() {
        let institutions = Institutions { unpunished: 0.6, punished: 0.3, ..Institutions::default() };
        close("impunity", institutions.record_after(0.5, false), 0.3);
        close("punishment", institutions.record_after(0.5, true), 0.65);
        close("κ r", perceived(0.3, 0.5), 0.15);
    }

    /// Against A stand B's 10 by a reach of .5, C's 6 by 1, and an authority's 4: C_A = 15 / (15 + 5). Against B stand A's 5 by .2,
    /// C's 6 by .5 and the 4: C_B = 8 / (8 + 10).
    #[test]
    fn common_punishment_by_hand() {
        let mut bench = Bench::of(3, |p| (p.institutions.collective_security, p.institutions.authority) = (0.4, 4.0));
        for (state, offence, defence) in [(0, 2.0, 3.0), (1, 6.0, 4.0), (2, 1.0, 5.0)] {
            bench.state(state, Offence(one(offence))).state(state, Defence(one(defence)));
        }
        bench.reach(1, 0, 0.5).reach(2, 0, 1.0).reach(0, 1, 0.2).reach(2, 1, 0.5);
        bench.resource(|security: &mut CollectiveSecurity<1>| security.record = one(0.5));
        bench.run(weigh_punishment::<1>);
        close("C_A", bench.of_state::<Punishable<1>>(0).0[0], 0.75);
        close("C_B", bench.of_state::<Punishable<1>>(1).0[0], 8.0 / 18.0);
        close("κ_t", bench.0.resource::<CollectiveSecurity<1>>().perceived[0], 0.2);
    }
}
