#![doc = include_str!("crisis.md")]

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, Resource, Schedule};
use rayon::prelude::*;
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::peace::PeaceTerms;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::{Rows, table};
use crate::components::{DyadInputsNow, Roster, StateInputsNow};
use crate::description::{Described, described};
use crate::draws::{Block, Purpose};
use crate::inputs::{DyadInputs, Incident};
use crate::ledger::Ledger;
use crate::phases::{Clock, Crises, Large, Phase};

crate::parameters! {
    /// Crises, day by day.
    pub struct Crisis {
        /// Crises of a pair in full contact.
        rate: "λ_c", "1/year", 0.0..=100.0, 0.08, 0.05..=0.25;
        /// False alarms of a pair in full contact without monitoring.
        false_alarms: "f", "1/year", 0.0..=100.0, 0.005, 0.0..=0.01;
        /// Chance each day that a crisis is settled.
        settlement: "settle", "1/day", 0.0..=1.0, 0.07, 0.05..=0.1;
        /// Factor on the first-strike factor for a side that is fully mobilised first, minus one.
        readiness: "φ1", "ratio", 0.0..=10.0, 0.5, 0.3..=0.8;
        /// Share of force that fights before mobilisation.
        standing_share: "s0", "0..1", 0.01..=1.0, 0.5, 0.35..=0.65;
        /// Cost of mobilising.
        mobilisation_cost: "c_m", "share of own value", 0.0..=10.0, 0.12, 0.08..=0.16;
        /// Log likelihood ratio of a full mobilisation.
        mobilisation_evidence: "ℓ_m", "log-odds", 0.0..=20.0, 2.0, 1.0..=3.0;
        /// Difference in the chance of winning from which the weaker side concedes.
        clear_edge: "edge", "probability", 0.0..=1.0, 0.1, 0.05..=0.2;
        /// Longest crisis.
        longest: "days", "days", 1.0..=90.0, 60.0, 40.0..=90.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "crisis",
    equation: "E13",
    phase: Phase::Crisis,
    explains: ExplainGroup::Institutions,
    concepts: &[
        (Concept::Adaptation, "In a crisis, states choose each day whether to mobilise (E13)."),
        (Concept::Sensing, "States see that another mobilises, less clearly where there is no monitoring (E13)."),
        (Concept::Interaction, "States meet in crises, which break out by contact, rivalry, unrest and false alarms (E13)."),
    ],
    components: &[CrisisUnderWay::DESCRIPTION, Script::DESCRIPTION],
    text: include_str!("crisis.md"),
};

/// What brought a crisis about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Contact and rivalry.
    Friction,
    /// A false alarm.
    FalseAlarm,
    /// The scenario.
    Script,
}

described! {
    /// A crisis that has broken out in one history and is not yet over.
    #[derive(Component, Debug, Clone, Copy)]
    pub struct CrisisUnderWay {
        /// Lane of its history.
        pub lane: usize,
        /// Position in `Roster::pairs`.
        pub pair: usize,
        /// Challenger and defender: positions of states.
        pub principals: [usize; 2],
        /// Decimal year.
        pub began: f64,
        /// Why.
        pub cause: Cause,
    }
}

described! {
    /// Scripted crises of the scenario, by date.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Script(pub Vec<Incident>);
}

/// E13: chance that a pair has a crisis in a tick.
#[must_use]
pub fn outbreak(rate_per_year: f64, years: f64) -> f64 {
    1.0 - exp(-rate_per_year * years)
}

/// E13: crises a year of a pair, false alarms apart, where the more restless of the two has this unrest.
#[must_use]
pub fn expected_rate(crisis: &Crisis, terms: &DyadInputs, unrest: f64) -> f64 {
    crisis.rate * terms.contact * terms.rivalry * (1.0 + unrest)
}

/// A pair between which a crisis may break out in a tick, by lane.
struct Outbreak<const WIDTH: usize> {
    /// Position in `Roster::pairs`.
    pair: usize,
    /// Chance in the tick, the draws against it, and when in the tick.
    chance: f64,
    breaks: Lanes<WIDTH>,
    when: Lanes<WIDTH>,
    /// Share of false alarms.
    alarms: f64,
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(break_out::<WIDTH>.in_set(Crises::BreakOut));
}

#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn break_out<const WIDTH: usize>(
    mut commands: Commands,
    dyads: Query<&DyadInputsNow>,
    states: Query<&StateInputsNow>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    script: Res<Script>,
    peace: Res<PeaceTerms>,
    block: Res<Block>,
    clock: Res<Clock>,
    ledger: Res<Ledger>,
    large: Res<Large>,
) {
    let false_alarms = parameters.crisis.false_alarms;
    let control = parameters.arms_control.in_force(&switches);
    let (dyads, states) = (table(&dyads), table(&states));
    // Pairs in which a crisis breaks out in any lane: draws, chance, share of false alarms.
    let breaks_out = |(pair, &(position, number)): (usize, &(usize, u32))| -> Option<Outbreak<WIDTH>> {
        let ((from, to), terms) = (roster.ends[position], dyads.row(position));
        let (one, two) = (states.row(from), states.row(to));
        let unrest = one.inputs.unrest.max(two.inputs.unrest);
        let friction = expected_rate(&parameters.crisis, &terms.0, unrest);
        let alarms = false_alarms * terms.0.contact * control.alarms_left(&terms.0);
        let total = friction + alarms;
        if total <= 0.0 {
            return None;
        }
        let chance = outbreak(total, clock.years);
        let [breaks, when] = spiral_kernel::simd!({ block.uniforms::<WIDTH>(Purpose::Outbreak, number, clock.tick) });
        let any = breaks.as_array().iter().any(|&breaks| breaks < chance);
        any.then_some(Outbreak { pair, chance, breaks, when, alarms: alarms / total })
    };
    let pairs = &roster.pairs;
    let outbreaks: Vec<Outbreak<WIDTH>> = if WIDTH == 1 && large.0 {
        pairs.par_iter().enumerate().filter_map(breaks_out).collect()
    } else {
        pairs.iter().enumerate().filter_map(breaks_out).collect()
    };
    for Outbreak { pair, chance, breaks, when, alarms } in outbreaks {
        let (position, number) = roster.pairs[pair];
        let (from, to) = roster.ends[position];
        let (one, two) = (states.row(from), states.row(to));
        for lane in 0..WIDTH {
            if breaks[lane] >= chance || !ledger.lanes[lane].running {
                continue;
            }
            let [who, why] = block.lane_uniforms(lane, Purpose::Challenger, number, clock.tick);
            if peace.at_truce(lane, from, to, clock.date + when[lane] * clock.years) {
                continue;
            }
            // The state that wants more is more likely to challenge, but never certain to.
            let claim = |dyad: usize| peace.claim(lane, dyad, dyads.row(dyad).0.claim);
            let back = roster.dyad(to, from).map_or(0.0, claim);
            let (wants, other_wants) = (0.1 + one.inputs.greed + claim(position), 0.1 + two.inputs.greed + back);
            let principals = if who < wants / (wants + other_wants) { [from, to] } else { [to, from] };
            commands.spawn(CrisisUnderWay {
                lane,
                pair,
                principals,
                began: clock.date + when[lane] * clock.years,
                cause: if why < alarms { Cause::FalseAlarm } else { Cause::Friction },
            });
        }
    }
    let end = clock.date + clock.years;
    for incident in script.0.iter().filter(|incident| incident.date >= clock.date - 1e-9 && incident.date < end - 1e-9) {
        let Some((challenger, defender)) = incident.crisis else { continue };
        let (low, high) = (challenger.min(defender), challenger.max(defender));
        let Some(pair) = roster.pairs.iter().position(|&(dyad, _)| roster.ends[dyad] == (low, high)) else { continue };
        for lane in (0..WIDTH).filter(|&lane| ledger.lanes[lane].running) {
            let principals = [challenger, defender];
            commands.spawn(CrisisUnderWay { lane, pair, principals, began: incident.date, cause: Cause::Script });
        }
    }
}

/// Crises in the order in which they are run: by lane, then date, then pair.
pub(crate) fn in_order(crises: &Query<(Entity, &CrisisUnderWay)>) -> Vec<(Entity, CrisisUnderWay)> {
    let mut order: Vec<(Entity, CrisisUnderWay)> = crises.iter().map(|(entity, crisis)| (entity, *crisis)).collect();
    order.sort_by(|(_, a), (_, b)| a.lane.cmp(&b.lane).then(a.began.total_cmp(&b.began)).then(a.pair.cmp(&b.pair)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, setup, within_chance};

    #[test]
    fn outbreaks_are_poisson() {
        assert_eq!(outbreak(0.0, 0.25), 0.0);
        let quarter = outbreak(0.4, 0.25);
        assert!((quarter - 0.095_162_581_964_040_43).abs() < 1e-12, "{quarter}");
    }

    /// λ_c = .4, f = .2 where it is not nothing, quarters: the share of 10240 quarters with an outbreak is 1 − e^{−rate / 4}.
    const WIDTH: usize = 64;
    const QUARTERS: u32 = 160;

    /// What of an outbreak a case sets: contact, rivalry, unrest of either, rate of false alarms, monitoring.
    fn outbreaks(rate: f64, false_alarms: f64, terms: [f64; 3], unrest: [f64; 2]) -> (f64, f64) {
        let mut setup = setup(2, 4);
        (setup.parameters.crisis.rate, setup.parameters.crisis.false_alarms) = (rate, false_alarms);
        let mut bench = Bench::new::<WIDTH>(&setup);
        let [contact, rivalry, monitoring] = terms;
        for (from, to) in [(0, 1), (1, 0)] {
            bench.terms(from, to, |terms| (terms.contact, terms.rivalry, terms.monitoring) = (contact, rivalry, monitoring));
            bench.inputs(from, |given| given.unrest = unrest[from]);
        }
        bench.ticks(QUARTERS, break_out::<WIDTH>);
        let crises: Vec<Cause> = bench.0.query::<&CrisisUnderWay>().iter(&bench.0).map(|crisis| crisis.cause).collect();
        let alarms = crises.iter().filter(|cause| **cause == Cause::FalseAlarm).count();
        (crises.len() as f64, alarms as f64)
    }

    #[test]
    fn each_factor_of_the_rate_of_crises() {
        let n = f64::from(QUARTERS) * WIDTH as f64;
        for (what, rate, false_alarms, terms, unrest, expected) in [
            ("friction alone", 0.4, 0.0, [1.0, 1.0, 0.0], [0.0, 0.0], 0.4),
            ("twice the contact", 0.4, 0.0, [2.0, 1.0, 0.0], [0.0, 0.0], 0.8),
            ("three times the rivalry", 0.4, 0.0, [1.0, 3.0, 0.0], [0.0, 0.0], 1.2),
            ("unrest of one: 1 + max", 0.4, 0.0, [1.0, 1.0, 0.0], [0.5, 0.2], 0.6),
            ("unrest of the other", 0.4, 0.0, [1.0, 1.0, 0.0], [0.2, 0.5], 0.6),
            ("monitoring eases no friction", 0.4, 0.0, [1.0, 1.0, 0.75], [0.0, 0.0], 0.4),
            ("alarms by contact, not rivalry or unrest", 0.0, 0.2, [2.0, 5.0, 0.0], [0.9, 0.9], 0.4),
            ("alarms by what is not seen", 0.0, 0.2, [2.0, 1.0, 0.25], [0.0, 0.0], 0.3),
            ("both: .4 · 1.5 · 2 + .2 · 1.5 · .5", 0.4, 0.2, [1.5, 2.0, 0.5], [0.0, 0.0], 1.35),
        ] {
            let (found, alarms) = outbreaks(rate, false_alarms, terms, unrest);
            let chance = 1.0 - exp(-expected / 4.0);
            within_chance(what, found / n, chance, (chance * (1.0 - chance) / n).sqrt());
            if rate > 0.0 && false_alarms > 0.0 {
                // .15 of 1.35.
                let share = 1.0 / 9.0;
                within_chance("false alarms", alarms / found, share, (share * (1.0 - share) / found).sqrt());
            } else {
                assert_eq!(alarms, if rate == 0.0 { found } else { 0.0 }, "{what}: false alarms");
            }
        }
    }

    /// The same draws under twice the rate: rates by −ln(1 − share), in the ratio of (1 + ½) to 1.
    #[test]
    fn unrest_multiplies_the_rate() {
        let n = f64::from(QUARTERS) * WIDTH as f64;
        let rate = |unrest: [f64; 2]| -spiral_kernel::maths::ln(1.0 - outbreaks(0.4, 0.0, [1.0, 1.0, 0.0], unrest).0 / n);
        let (calm, restless) = (rate([0.0, 0.0]), rate([0.1, 0.5]));
        // Var(−ln(1 − p̂)) = p / (1 − p) n: .1052 / n and .1618 / n.
        let error = 1.5 * (0.1052 / (n * 0.01) + 0.1618 / (n * 0.0225)).sqrt();
        within_chance("ratio of the rates", restless / calm, 1.5, error);
    }
}
