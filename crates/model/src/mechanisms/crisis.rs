#![doc = include_str!("crisis.md")]

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, Resource, Schedule};
use bevy_ecs::query::QueryData;
use rayon::prelude::*;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{ln, logistic};

use super::allies::ALLY;
use super::peace::PeaceTerms;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::columns;
use crate::components::{DyadInputsNow, Greed, Hostility, Mistrust, Roster, StateId, StateInputsNow};
use crate::description::{Described, described};
use crate::draws::{Block, Purpose, within};
use crate::inputs::{DyadInputs, Incident, StateInputs};
use crate::ledger::Ledger;
use crate::phases::{Clock, Crises, Large, Phase};

crate::parameters! {
    /// Where crises come from, and how they run day by day.
    pub struct Crisis {
        /// Rate of crises of a pair in full contact, for a suspicion of .7 without hostility.
        rate: "λ_c", "1/year", 0.0..=100.0, 0.08, 0.05..=0.12;
        /// How much the first of hostility adds to the rate, as a multiple of what suspicion adds.
        hostility: "ζ", "1", 0.0..=100.0, 6.0, 3.0..=12.0;
        /// Hostility at which it adds half of what it would add without a limit.
        hostility_limit: "h", "0..1", 0.01..=100.0, 0.25, 0.15..=0.6;
        /// Contact that two great powers have at least: they quarrel across any distance that they can reach.
        great_power_contact: "γ", "ratio", 0.0..=100.0, 0.61, 0.4..=1.0;
        /// Rate between allies as a share of the rate between others.
        between_allies: "a_c", "0..1", 0.0..=1.0, 0.5, 0.25..=0.75;
        /// False alarms of a pair in full contact without monitoring.
        false_alarms: "f", "1/year", 0.0..=100.0, 0.002, 0.0..=0.005;
        /// Chance each day that a crisis is settled.
        settlement: "settle", "1/day", 0.0..=1.0, 0.033, 0.025..=0.06;
        /// Rate of clashes short of war.
        clash: "k", "1/day", 0.0..=10.0, 0.06, 0.03..=0.12;
        /// Share of its force with which a state that has not mobilised defends itself.
        standing_share: "s0", "0..1", 0.01..=1.0, 0.5, 0.35..=0.65;
        /// Share of its force with which a state that has not mobilised attacks.
        standing_attack: "s_a", "0..1", 0.01..=1.0, 0.24, 0.15..=0.4;
        /// How far the readiness of the other takes away what a first strike gains.
        interference: "ι", "0..1", 0.0..=1.0, 0.3, 0.1..=0.5;
        /// Median cost of mobilising.
        mobilisation_cost: "c_m", "share of own value", 0.0..=10.0, 0.028, 0.02..=0.06;
        /// Standard deviation of the logarithm of that cost.
        mobilisation_cost_spread: "σ_cm", "log", 0.0..=10.0, 0.5, 0.25..=0.75;
        /// Log likelihood ratio of a full mobilisation.
        mobilisation_evidence: "ℓ_m", "log-odds", 0.0..=20.0, 1.0, 0.75..=2.0;
        /// Rate at which an accident begins a war while both sides are mobilised.
        accident: "acc", "1/day", 0.0..=1.0, 0.00001, 0.0..=0.0001;
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
        /// Which crisis of its pair in the tick it is, from 0: no two of them share a draw.
        pub nth: u32,
    }
}

described! {
    /// Scripted crises of the scenario, by date.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Script(pub Vec<Incident>);
}

/// E13: share of its force with which a side defends itself at a readiness of 0..1.
#[inline(always)]
#[must_use]
pub fn defends(ready: f64, p: &Crisis) -> f64 {
    p.standing_share + (1.0 - p.standing_share) * ready
}

/// E13: share of its force with which a side attacks at a readiness of 0..1.
#[inline(always)]
#[must_use]
pub fn attacks(ready: f64, p: &Crisis) -> f64 {
    p.standing_attack + (1.0 - p.standing_attack) * ready * ready
}

/// E13: factor that striking first gives to a side, `φ`: nothing to who is not ready, less against who is.
#[inline(always)]
#[must_use]
pub fn first_strike(factor: f64, balance: f64, ready: f64, other_ready: f64, p: &Crisis) -> f64 {
    // Where striking first is a burden, belief in attack cannot make it more than the whole of it.
    let believed = if factor < 1.0 && balance > 1.0 { 1.0 } else { balance };
    1.0 + (factor - 1.0) * believed * ready * (1.0 - p.interference * other_ready)
}

/// E13: day of the first clash of a crisis, from 1, from a uniform draw. Beyond the longest crisis there is none.
#[must_use]
pub fn day_of_clash(u: f64, p: &Crisis) -> Option<u16> {
    let days = -ln(u.max(1e-300)) / p.clash;
    (days < p.longest).then(|| 1 + days as u16)
}

/// What the rate of crises of a pair rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// Contact of the two.
    pub contact: f64,
    /// Multiplier by rivalry.
    pub rivalry: f64,
    /// Whether both are great powers.
    pub great_powers: bool,
    /// Whether either is committed to defend the other.
    pub allied: bool,
    /// The larger unrest of the two.
    pub unrest: f64,
}

/// E13: rate of the crises of a pair, 1/year, but for what its beliefs, hostility and greed do to it.
#[must_use]
pub fn base_rate(onset: &Onset, p: &Crisis) -> f64 {
    let contact = if onset.great_powers { onset.contact.max(p.great_power_contact) } else { onset.contact };
    let allied = if onset.allied { p.between_allies } else { 1.0 };
    p.rate * contact * onset.rivalry * allied * (1.0 + onset.unrest)
}

/// E13: what mistrust (the mean belief of the two that the other is greedy), hostility and greed (the larger of the two) do to the rate.
#[inline(always)]
#[must_use]
pub fn tension(mistrust: f64, hostility: f64, greed: f64, p: &Crisis) -> f64 {
    (0.3 + mistrust + p.hostility * hostility / (1.0 + hostility / p.hostility_limit)) * (1.0 + greed)
}

impl Onset {
    /// Of what the scenario gives of two states and of both of their dyads.
    #[must_use]
    pub fn of(states: [&StateInputs; 2], great_powers: bool, terms: [&DyadInputs; 2]) -> Self {
        Self {
            contact: terms[0].contact,
            rivalry: terms[0].rivalry,
            great_powers,
            allied: terms[0].commitment.max(terms[1].commitment) >= ALLY,
            unrest: states[0].unrest.max(states[1].unrest),
        }
    }
}

/// E13: rate of the crises of a pair without hostility, 1/year: what the two expect of each other in ordinary years. `suspicion` is the
/// log-odds of the prior.
#[must_use]
pub fn expected_rate(states: [&StateInputs; 2], great_powers: bool, terms: [&DyadInputs; 2], suspicion: f64, p: &Crisis) -> f64 {
    let [there, back] = terms.map(|terms| logistic(suspicion + terms.suspicion_shift));
    let greed = states[0].greed.max(states[1].greed);
    base_rate(&Onset::of(states, great_powers, terms), p) * tension(0.5 * (there + back), 0.0, greed, p)
}

/// Crises of a pair in a tick beyond which no more are drawn.
const MOST_IN_A_TICK: u32 = 32;

/// A pair in which a crisis may break out in a tick, by lane.
struct Outbreak<const WIDTH: usize> {
    /// Position in `Roster::pairs`.
    pair: usize,
    /// Rate of friction and of false alarms, 1/year.
    friction: Lanes<WIDTH>,
    alarms: f64,
    /// Time to the first crisis, years.
    first: Lanes<WIDTH>,
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(break_out::<WIDTH>.in_set(Crises::BreakOut));
}

/// A state that may come into a crisis.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct Challenger<const WIDTH: usize> {
    id: &'static StateId,
    given: &'static StateInputsNow,
    greed: &'static Greed<WIDTH>,
}

/// What two states hold against each other.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct Quarrel<const WIDTH: usize> {
    terms: &'static DyadInputsNow,
    mistrust: &'static Mistrust<WIDTH>,
    hostility: &'static Hostility<WIDTH>,
}

#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn break_out<const WIDTH: usize>(
    mut commands: Commands,
    dyads: Query<Quarrel<WIDTH>>,
    states: Query<Challenger<WIDTH>>,
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
    let p = parameters.crisis;
    let control = parameters.arms_control.in_force(&switches);
    let (Some(dyads), Some(states)) = (columns(&dyads), columns(&states)) else { return };
    // Pairs in which a crisis breaks out in any lane.
    let breaks_out = |(pair, &(position, number)): (usize, &(usize, u32))| -> Option<Outbreak<WIDTH>> {
        let (from, to) = roster.ends[position];
        let back = roster.dyad(to, from)?;
        let (terms, back_terms) = (&dyads.terms[position].0, &dyads.terms[back].0);
        let inputs = [from, to].map(|state| &states.given[state].inputs);
        let great_powers = states.id[from].great_power && states.id[to].great_power;
        let base = base_rate(&Onset::of(inputs, great_powers, [terms, back_terms]), &p);
        let alarms = p.false_alarms * terms.contact * control.alarms_left(terms);
        if base + alarms <= 0.0 {
            return None;
        }
        let (friction, first) = spiral_kernel::simd!({
            let [u, _] = block.uniforms::<WIDTH>(Purpose::Outbreak, number, clock.tick);
            let (mistrust, mistrust_back) = (&dyads.mistrust[position].0, &dyads.mistrust[back].0);
            let (hostility, hostility_back) = (&dyads.hostility[position].0, &dyads.hostility[back].0);
            let (greed, greed_back) = (&states.greed[from].0, &states.greed[to].0);
            let larger = |one: f64, other: f64| if one > other { one } else { other };
            let friction = Lanes::<WIDTH>::from_fn(|l| {
                let mistrust = 0.5 * (logistic(mistrust[l]) + logistic(mistrust_back[l]));
                base * tension(mistrust, larger(hostility[l], hostility_back[l]), larger(greed[l], greed_back[l]), &p)
            });
            // The time to the first crisis of a Poisson process is exponential.
            let first = Lanes::<WIDTH>::from_fn(|l| -ln(u[l]) / (friction[l] + alarms));
            (friction, first)
        });
        let any = first.as_array().iter().any(|&years| years < clock.years);
        any.then_some(Outbreak { pair, friction, alarms, first })
    };
    let pairs = &roster.pairs;
    let outbreaks: Vec<Outbreak<WIDTH>> = if WIDTH == 1 && large.0 {
        pairs.par_iter().enumerate().filter_map(breaks_out).collect()
    } else {
        pairs.iter().enumerate().filter_map(breaks_out).collect()
    };
    for Outbreak { pair, friction, alarms, first } in outbreaks {
        let (position, number) = roster.pairs[pair];
        let (from, to) = roster.ends[position];
        for lane in (0..WIDTH).filter(|&lane| ledger.lanes[lane].running) {
            let rate = friction[lane] + alarms;
            let (mut after, mut nth) = (first[lane], 0);
            while after < clock.years && nth < MOST_IN_A_TICK {
                let key = within(nth, number);
                let [who, why] = block.lane_uniforms(lane, Purpose::Challenger, key, clock.tick);
                let began = clock.date + after;
                // The state that wants more is more likely to challenge, but never certain to.
                let claim = |dyad: usize| peace.claim(lane, dyad, dyads.terms[dyad].0.claim);
                let back = roster.dyad(to, from).map_or(0.0, claim);
                let wants = 0.05 + states.greed[from].0[lane] + claim(position);
                let other_wants = 0.05 + states.greed[to].0[lane] + back;
                let principals = if who < wants / (wants + other_wants) { [from, to] } else { [to, from] };
                let cause = if why * rate < alarms { Cause::FalseAlarm } else { Cause::Friction };
                commands.spawn(CrisisUnderWay { lane, pair, principals, began, cause, nth });
                nth += 1;
                let [u, _] = block.lane_uniforms(lane, Purpose::Outbreak, within(nth, number), clock.tick);
                after += -ln(u) / rate;
            }
        }
    }
    let end = clock.date + clock.years;
    let of_the_tick = script.0.iter().filter(|incident| incident.date >= clock.date - 1e-9 && incident.date < end - 1e-9);
    for (place, incident) in of_the_tick.enumerate() {
        let Some((challenger, defender)) = incident.crisis else { continue };
        let (low, high) = (challenger.min(defender), challenger.max(defender));
        let Some(pair) = roster.pairs.iter().position(|&(dyad, _)| roster.ends[dyad] == (low, high)) else { continue };
        let nth = MOST_IN_A_TICK + place as u32;
        for lane in (0..WIDTH).filter(|&lane| ledger.lanes[lane].running) {
            let principals = [challenger, defender];
            commands.spawn(CrisisUnderWay { lane, pair, principals, began: incident.date, cause: Cause::Script, nth });
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
    use crate::laws::{Bench, close, setup, within_chance};

    /// A rate of .4 at a suspicion of .5 without hostility or greed: λ_c (.3 + .5) = .4.
    const P: Crisis = Crisis {
        rate: 0.5,
        hostility: 4.0,
        hostility_limit: 0.4,
        great_power_contact: 0.7,
        between_allies: 0.5,
        false_alarms: 0.0,
        settlement: 0.05,
        clash: 0.06,
        standing_share: 0.5,
        standing_attack: 0.25,
        interference: 0.3,
        mobilisation_cost: 0.04,
        mobilisation_cost_spread: 0.5,
        mobilisation_evidence: 1.5,
        accident: 0.0,
        longest: 60.0,
    };

    #[test]
    fn readiness_by_hand() {
        close("defence, half ready", defends(0.5, &P), 0.75);
        close("attack, half ready", attacks(0.5, &P), 0.4375);
        assert_eq!((defends(1.0, &P), attacks(1.0, &P)), (1.0, 1.0));
        // 1 + 1.6 · 1.1 · ½ (1 − .3 · ½).
        close("first strike", first_strike(2.6, 1.1, 0.5, 0.5, &P), 1.748);
        assert_eq!(first_strike(2.6, 1.1, 0.0, 0.0, &P), 1.0, "who is not ready surprises nobody");
        assert_eq!(first_strike(1.0, 1.1, 1.0, 0.0, &P), 1.0, "no advantage of striking first");
        close("a burden stays a factor", first_strike(0.01, 100.0, 1.0, 0.0, &P), 0.01);
    }

    /// Of the crises that last a day, `1 − exp(−k)` have clashed on it.
    #[test]
    fn clashes_come_at_their_rate() {
        let days: Vec<Option<u16>> = (0..100_000).map(|n| day_of_clash((f64::from(n) + 0.5) / 100_000.0, &P)).collect();
        for day in [1u16, 5, 30] {
            let share = days.iter().filter(|clash| clash.is_some_and(|clash| clash <= day)).count() as f64 / 100_000.0;
            assert!((share - (1.0 - spiral_kernel::maths::exp(-0.06 * f64::from(day)))).abs() < 1e-4, "by day {day}: {share}");
        }
        assert_eq!(day_of_clash(0.5, &Crisis { clash: 0.0, ..P }), None, "no rate, no clash");
        assert_eq!(day_of_clash(1e-9, &P), None, "later than the longest crisis");
    }

    #[test]
    fn what_a_rate_rests_on() {
        let onset = Onset { contact: 0.5, rivalry: 2.0, great_powers: false, allied: false, unrest: 0.5 };
        close("base: .5 · .5 · 2 · 1.5", base_rate(&onset, &P), 0.75);
        close("great powers", base_rate(&Onset { great_powers: true, ..onset }, &P), 1.05);
        close("allies", base_rate(&Onset { allied: true, ..onset }, &P), 0.375);
        // (.3 + .2 + 4 · .1 / 1.25) 1.5.
        close("tension", tension(0.2, 0.1, 0.5, &P), 1.23);
        close(
            "without a limit the answer is a straight line",
            tension(0.2, 0.1, 0.5, &Crisis { hostility_limit: 1e12, ..P }),
            1.35,
        );
        let state = StateInputs { unrest: 0.5, ..StateInputs::default() };
        let terms = DyadInputs { contact: 0.5, rivalry: 2.0, ..DyadInputs::default() };
        close(
            "ordinary years at even odds: .75 (.3 + .5)",
            expected_rate([&state, &state], false, [&terms, &terms], 0.0, &P),
            0.6,
        );
        let [none, one, two, three] = [0.0, 0.17, 0.3, 0.4].map(|hostility| tension(0.2, hostility, 0.0, &P));
        assert!(one > 1.9 * none, "the last crisis breeds the next");
        assert!(two - one > three - two, "each further one adds less");
    }

    const WIDTH: usize = 64;
    const TICKS: u32 = 160;

    /// What of an outbreak a case sets: contact, rivalry, monitoring, unrest of either. Crises and false alarms of 160 ticks of 64 histories.
    fn outbreaks(rate: f64, false_alarms: f64, terms: [f64; 3], unrest: [f64; 2], ticks_per_year: u32) -> (f64, f64) {
        let mut setup = setup(2, ticks_per_year);
        setup.parameters.crisis = Crisis { rate, false_alarms, ..P };
        setup.parameters.beliefs.suspicion = 0.5;
        setup.states.iter_mut().for_each(|state| state.great_power = false);
        let mut bench = Bench::new::<WIDTH>(&setup);
        let [contact, rivalry, monitoring] = terms;
        for (from, to) in [(0, 1), (1, 0)] {
            bench.terms(from, to, |terms| (terms.contact, terms.rivalry, terms.monitoring) = (contact, rivalry, monitoring));
            bench.inputs(from, |given| given.unrest = unrest[from]);
        }
        bench.ticks(TICKS, break_out::<WIDTH>);
        let crises: Vec<Cause> = bench.0.query::<&CrisisUnderWay>().iter(&bench.0).map(|crisis| crisis.cause).collect();
        let alarms = crises.iter().filter(|cause| **cause == Cause::FalseAlarm).count();
        (crises.len() as f64, alarms as f64)
    }

    /// Crises are a Poisson process: in `n` years of rate λ there are λ n of them, standard error √(λ n), whatever the tick.
    #[test]
    fn each_factor_of_the_rate_of_crises_at_any_tick() {
        for (what, rate, false_alarms, terms, unrest, expected) in [
            ("friction alone", 0.5, 0.0, [1.0, 1.0, 0.0], [0.0, 0.0], 0.4),
            ("twice the contact", 0.5, 0.0, [2.0, 1.0, 0.0], [0.0, 0.0], 0.8),
            ("three times the rivalry", 0.5, 0.0, [1.0, 3.0, 0.0], [0.0, 0.0], 1.2),
            ("unrest of one: 1 + max", 0.5, 0.0, [1.0, 1.0, 0.0], [0.5, 0.2], 0.6),
            ("unrest of the other", 0.5, 0.0, [1.0, 1.0, 0.0], [0.2, 0.5], 0.6),
            ("monitoring eases no friction", 0.5, 0.0, [1.0, 1.0, 0.75], [0.0, 0.0], 0.4),
            ("alarms by contact, not rivalry or unrest", 0.0, 0.2, [2.0, 5.0, 0.0], [0.9, 0.9], 0.4),
            ("alarms by what is not seen", 0.0, 0.2, [2.0, 1.0, 0.25], [0.0, 0.0], 0.3),
            ("both: .4 · 1.5 · 2 + .2 · 1.5 · .5", 0.5, 0.2, [1.5, 2.0, 0.5], [0.0, 0.0], 1.35),
        ] {
            for ticks_per_year in [1, 4, 24] {
                let years = f64::from(TICKS) * WIDTH as f64 / f64::from(ticks_per_year);
                let (found, alarms) = outbreaks(rate, false_alarms, terms, unrest, ticks_per_year);
                within_chance(what, found / years, expected, (expected / years).sqrt());
                if rate > 0.0 && false_alarms > 0.0 {
                    // .15 of 1.35.
                    let share = 1.0 / 9.0;
                    within_chance("false alarms", alarms / found, share, (share * (1.0 - share) / found).sqrt());
                } else {
                    assert_eq!(alarms, if rate == 0.0 { found } else { 0.0 }, "{what}: false alarms");
                }
            }
        }
    }
}
