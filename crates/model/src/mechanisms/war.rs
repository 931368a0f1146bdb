#![doc = include_str!("war.md")]

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::contest::chance_of_winning;
use super::memory::{Lesson, learn_from_wars, lesson};
use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::sweep;
use crate::components::{
    AtWar, AttackStrength, Defence, DefenceStrength, Offence, PerceivedBalance, Reach, Roster, StateId, StateInputsNow, Unharmed,
    Weariness,
};
use crate::description::{Described, described};
use crate::draws::{Block, DAYS_PER_TICK, Purpose};
use crate::ledger::Ledger;
use crate::outcome::{Event, EventKind};
use crate::phases::{Clock, Large, Phase, Wars};

crate::parameters! {
    /// What wars cost and how long they last.
    pub struct War {
        /// Rate at which a war comes to a decision.
        decision_rate: "θ", "1/year", 0.0..=100.0, 0.5, 0.25..=1.0;
        /// Output lost.
        output_loss: "ΔY", "1/year", 0.0..=1.0, 0.04, 0.02..=0.06;
        /// Arms lost.
        arms_loss: "Δa", "1/year", 0.0..=10.0, 0.3, 0.2..=0.4;
        /// War-weariness gained.
        weariness: "Δw", "1/year", 0.0..=10.0, 0.3, 0.2..=0.5;
        /// How fast war-weariness fades.
        recovery: "η_w", "1/year", 0.0..=10.0, 0.05, 0.03..=0.1;
        /// Share of the loser's arms that are taken down at the peace.
        disarmament: "Δa_L", "0..1", 0.0..=1.0, 0.5, 0.3..=0.7;
        /// Longest war: then it is decided as at any other time, or ends undecided.
        longest: "years", "years", 0.1..=100.0, 6.0, 4.0..=8.0;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "war",
    equation: "E15",
    phase: Phase::War,
    explains: ExplainGroup::Technology,
    concepts: &[(
        Concept::Interaction,
        "Coalitions fight with the true balance until one side wins or the war ends undecided (E15).",
    )],
    components: &[WarUnderWay::DESCRIPTION, Endings::DESCRIPTION],
    text: include_str!("war.md"),
};

described! {
    /// A war under way in one history.
    #[derive(Component, Debug, Clone)]
    pub struct WarUnderWay {
        /// Lane of its history.
        pub lane: usize,
        /// Number of the crisis that it came from.
        pub crisis: u32,
        /// Key of its draws: that of the pair that began it.
        pub number: u32,
        /// Date of the first strike, decimal year.
        pub began: f64,
        /// Tick in which it began.
        pub tick: u32,
        /// The side that struck first, and the other: positions of states, in order of entry.
        pub sides: [Vec<usize>; 2],
    }
}

/// A war that ended in the tick.
#[derive(Debug, Clone)]
pub struct WarEnded {
    /// Lane of its history.
    pub lane: usize,
    /// Number of the crisis that it came from.
    pub crisis: u32,
    /// Date of the peace, decimal year.
    pub date: f64,
    /// Days that it lasted.
    pub day: u16,
    /// The side that won, if one did.
    pub winner: Option<usize>,
    /// The side that struck first, and the other: positions of states, in order of entry.
    pub sides: [Vec<usize>; 2],
    /// Victor, defeated, and the output that the one took of the other, billion int$ a year (E15b).
    pub taken: Vec<(usize, usize, f64)>,
}

described! {
    /// The wars that ended in the tick, in order of (lane, crisis).
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Endings(pub Vec<WarEnded>);
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((wear_and_recover::<WIDTH>, decide::<WIDTH>).chain().in_set(Wars::Decide));
}

/// What war wears down and peace repairs.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct WornState<const WIDTH: usize> {
    at_war: &'static AtWar<WIDTH>,
    unharmed: &'static mut Unharmed<WIDTH>,
    weariness: &'static mut Weariness<WIDTH>,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
}

fn wear_and_recover<const WIDTH: usize>(
    mut states: Query<WornState<WIDTH>>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let War { output_loss, arms_loss, weariness: wearing, recovery, .. } = parameters.war;
    let (output_left, arms_left) = (exp(-output_loss * clock.years), exp(-arms_loss * clock.years));
    let (worn, repaired) = (1.0 - exp(-wearing * clock.years), 1.0 - exp(-recovery * clock.years));
    sweep!(WIDTH, large.0, states, |at_war, unharmed, weariness, offence, defence| {
        let (fights, output, tired, attack, resist) = (at_war.0, unharmed.0, weariness.0, offence.0, defence.0);
        // `at_war` is 0 or 1, so the sum is one of the two to the bit, and no lane takes a branch of its own.
        let select = |l: usize, at_war: f64, at_peace: f64| fights[l] * at_war + (1.0 - fights[l]) * at_peace;
        unharmed.0 = Lanes::from_fn(|l| select(l, output[l] * output_left, output[l] + repaired * (1.0 - output[l])));
        weariness.0 = Lanes::from_fn(|l| select(l, tired[l] + worn * (1.0 - tired[l]), tired[l] * (1.0 - repaired)));
        offence.0 = Lanes::from_fn(|l| select(l, attack[l] * arms_left, attack[l]));
        defence.0 = Lanes::from_fn(|l| select(l, resist[l] * arms_left, resist[l]));
    });
}

/// Side that wins: either with the odds of its chance to the other's; `None` where neither wins.
fn victor(who: f64, first_wins: f64, second_wins: f64) -> Option<usize> {
    let either = 1.0 - (1.0 - first_wins) * (1.0 - second_wins);
    if who >= either {
        None
    } else if who * (first_wins + second_wins) < either * first_wins {
        Some(0)
    } else {
        Some(1)
    }
}

/// What a war needs to know of a state, and what its end changes.
#[derive(QueryData)]
#[query_data(mutable)]
struct Belligerent<const WIDTH: usize> {
    given: &'static StateInputsNow,
    attack: &'static AttackStrength<WIDTH>,
    resistance: &'static DefenceStrength<WIDTH>,
    at_war: &'static mut AtWar<WIDTH>,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
}

/// `X` and `Z` of a side: what it attacks with, each state over the shortest way to a foe, and what it resists with.
fn forces<const WIDTH: usize>(
    (side, under_way): (usize, &WarUnderWay),
    balance: f64,
    states: &Query<Belligerent<WIDTH>>,
    reaches: &Query<&Reach>,
    roster: &Roster,
) -> (f64, f64) {
    let (mut attack, mut resistance) = (0.0, 0.0);
    for &state in &under_way.sides[side] {
        let foes = under_way.sides[1 - side].iter();
        let reach = foes.filter_map(|&foe| roster.dyad(state, foe)).filter_map(|dyad| reaches.get(roster.dyads[dyad]).ok());
        let best = reach.map(|reach| reach.forth).fold(0.0, f64::max);
        if let Ok(own) = states.get(roster.states[state]) {
            attack += balance * best * own.attack.0[under_way.lane];
            resistance += own.resistance.0[under_way.lane] + own.given.inputs.fortification;
        }
    }
    (attack, resistance)
}

/// Nobody is at war any more, and a share of the arms of the defeated is taken down.
fn lay_down_arms<const WIDTH: usize>(
    under_way: &WarUnderWay,
    winner: Option<usize>,
    disarmament: f64,
    states: &mut Query<Belligerent<WIDTH>>,
    roster: &Roster,
) {
    let lane = under_way.lane;
    for (side, position) in under_way.sides.iter().enumerate().flat_map(|(side, all)| all.iter().map(move |state| (side, *state)))
    {
        let Ok(mut state) = states.get_mut(roster.states[position]) else { continue };
        state.at_war.0[lane] = 0.0;
        if winner.is_some_and(|winner| winner != side) {
            state.offence.0[lane] *= 1.0 - disarmament;
            state.defence.0[lane] *= 1.0 - disarmament;
        }
    }
}

impl WarEnded {
    /// The end as an event, with the victor's chance of winning; where nobody won, that of the side that struck first.
    fn event(&self, history: u32, chances: [f64; 2]) -> Event {
        let victor = self.winner.unwrap_or(0);
        Event {
            history,
            crisis: self.crisis,
            date: self.date,
            day: self.day,
            kind: if self.winner.is_some() { EventKind::Victory } else { EventKind::Stalemate },
            actor: self.sides[victor][0] as u32,
            target: self.sides[1 - victor][0] as u32,
            fear: 0.0,
            first_strike_win: chances[victor],
            strike_advantage: 0.0,
            motive: None,
            mobilisation_motive: None,
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn decide<const WIDTH: usize>(
    mut commands: Commands,
    wars: Query<(Entity, &WarUnderWay)>,
    mut states: Query<Belligerent<WIDTH>>,
    beliefs: Query<(&StateId, &mut PerceivedBalance<WIDTH>)>,
    reaches: Query<&Reach>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    clock: Res<Clock>,
    block: Res<Block>,
    mut ledger: ResMut<Ledger>,
    mut endings: ResMut<Endings>,
    large: Res<Large>,
) {
    endings.0.clear();
    let mut lessons: Vec<Lesson> = Vec::new();
    let war = parameters.war;
    let chance = 1.0 - exp(-war.decision_rate * clock.years);
    let balance = parameters.technology.in_force(&switches).balance;
    let r = parameters.contest.decisiveness;
    let odds = |attack: f64, resistance: f64| if switches.contest { chance_of_winning(attack, resistance, r) } else { 0.5 };
    let mut order: Vec<(Entity, &WarUnderWay)> = wars.iter().collect();
    order.sort_by_key(|(_, war)| (war.lane, war.crisis));
    for (entity, under_way) in order {
        let lane = under_way.lane;
        if !ledger.lanes[lane].running {
            continue;
        }
        let date = clock.date + clock.years;
        let length = date - under_way.began;
        let in_tick = if length < clock.years { length } else { clock.years };
        ledger.lanes[lane].outcome.war_years += in_tick;
        if under_way.tick == clock.tick {
            continue;
        }
        let [settles, who] = block.lane_uniforms(lane, Purpose::Decision, under_way.number, clock.tick * DAYS_PER_TICK);
        let exhausted = length >= war.longest;
        if settles >= chance && !exhausted {
            continue;
        }
        let [first, second] = [0, 1].map(|side| forces((side, under_way), balance, &states, &reaches, &roster));
        let chances = [odds(first.0, second.1), odds(second.0, first.1)];
        let winner = victor(who, chances[0], chances[1]);
        if winner.is_none() && !exhausted {
            continue;
        }
        let taught = lesson(winner == Some(0), length, &parameters.memory);
        lessons.push(Lesson { lane, taught, sides: under_way.sides.clone() });
        lay_down_arms(under_way, winner, war.disarmament, &mut states, &roster);
        let day = (length * spiral_kernel::calendar::DAYS_PER_YEAR) as u16;
        let (crisis, sides) = (under_way.crisis, under_way.sides.clone());
        let ended = WarEnded { lane, crisis, date, day, winner, sides, taken: Vec::new() };
        let event = ended.event(ledger.history(lane), chances);
        ledger.tell(lane, event);
        endings.0.push(ended);
        commands.entity(entity).despawn();
    }
    if switches.memory && !lessons.is_empty() {
        learn_from_wars(beliefs, &roster, &lessons, &parameters.memory, large.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one, setup, within_chance};

    /// p_A = .5 and p_B = .3: one of them wins up to 1 − .5 · .7 = .65, the first in five of eight of these cases, up to .40625.
    #[test]
    fn chances_decide_and_not_who_is_asked_first() {
        for (who, winner) in [
            (0.0, Some(0)),
            (0.406_249, Some(0)),
            (0.406_251, Some(1)),
            (0.649_999, Some(1)),
            (0.650_001, None),
            (0.999_999, None),
        ] {
            assert_eq!(victor(who, 0.5, 0.3), winner, "at {who}");
        }
        assert_eq!([0.4, 0.6].map(|who| victor(who, 1.0, 1.0)), [Some(0), Some(1)], "two sure victors");
        assert_eq!([victor(0.0, 0.0, 1.0), victor(0.0, 0.0, 0.0)], [Some(1), None]);
    }

    /// What a year does to a state that starts with arms of 4 and 6, has .8 of its output left, and is weary by .2.
    fn a_year(ticks_per_year: u32, at_war: f64) -> [f64; 4] {
        let mut setup = setup(2, ticks_per_year);
        let war = &mut setup.parameters.war;
        (war.output_loss, war.arms_loss, war.weariness, war.recovery) = (0.04, 0.3, 0.3, 0.05);
        let mut bench = Bench::new::<1>(&setup);
        bench.state(0, AtWar(one(at_war))).state(0, Unharmed(one(0.8))).state(0, Weariness(one(0.2)));
        bench.state(0, Offence(one(4.0))).state(0, Defence(one(6.0)));
        bench.ticks(ticks_per_year, wear_and_recover::<1>);
        let output = bench.of_state::<Unharmed<1>>(0).0[0];
        let arms = [bench.of_state::<Offence<1>>(0).0[0], bench.of_state::<Defence<1>>(0).0[0]];
        [output, arms[0], arms[1], bench.of_state::<Weariness<1>>(0).0[0]]
    }

    /// e^{−.04} = .960789439, e^{−.3} = .740818221, e^{−.05} = .951229425.
    #[test]
    fn a_year_of_war_and_a_year_of_peace() {
        let (destroyed, lost, repaired) = (0.960_789_439_152_323_2, 0.740_818_220_681_717_9, 0.951_229_424_500_714);
        for ticks_per_year in [1, 4, 12] {
            let war = a_year(ticks_per_year, 1.0);
            let peace = a_year(ticks_per_year, 0.0);
            for (what, found, expected) in [
                ("output left by war", war[0], 0.8 * destroyed),
                ("offence left by war", war[1], 4.0 * lost),
                ("defence left by war", war[2], 6.0 * lost),
                ("weariness of war", war[3], 1.0 - 0.8 * lost),
                ("output repaired in peace", peace[0], 1.0 - 0.2 * repaired),
                ("offence in peace", peace[1], 4.0),
                ("defence in peace", peace[2], 6.0),
                ("weariness in peace", peace[3], 0.2 * repaired),
            ] {
                close(&format!("{what}, {ticks_per_year} ticks a year"), found, expected);
            }
        }
    }

    /// Wars of A on B in one history, whose ends change nothing but themselves.
    fn wars(ticks_per_year: u32, rate: f64, number: u32) -> Bench {
        let mut setup = setup(2, ticks_per_year);
        setup.without.insert("memory".to_string());
        let p = &mut setup.parameters;
        (p.war.decision_rate, p.war.disarmament, p.war.longest) = (rate, 0.0, 100.0);
        (p.technology.balance, p.contest.decisiveness) = (0.5, 1.0);
        let mut bench = Bench::new::<1>(&setup);
        bench.state(0, PerceivedBalance(one(50.0))).state(1, PerceivedBalance(one(50.0)));
        for crisis in 0..number {
            let sides = [vec![0], vec![1]];
            bench.0.spawn(WarUnderWay { lane: 0, crisis, number: crisis, began: 0.0, tick: u32::MAX, sides });
        }
        bench
    }

    /// A wins every decision. The wars that a year leaves undecided are e^{−θ} of all, whatever the ticks.
    #[test]
    fn a_decision_is_as_likely_in_four_quarters_as_in_a_year() {
        const WARS: u32 = 4096;
        for (ticks_per_year, rate, expected) in
            [(1, 1.0, 0.367_879_441_171_442_3), (4, 1.0, 0.367_879_441_171_442_3), (12, 0.5, 0.606_530_659_712_633_4)]
        {
            let mut bench = wars(ticks_per_year, rate, WARS);
            bench.state(0, AttackStrength(one(1.0))).state(1, DefenceStrength(one(0.0)));
            bench.ticks(ticks_per_year, decide::<1>);
            let left = bench.0.query::<&WarUnderWay>().iter(&bench.0).count() as f64 / f64::from(WARS);
            let error = (expected * (1.0 - expected) / f64::from(WARS)).sqrt();
            within_chance(&format!("undecided after {ticks_per_year} ticks at θ = {rate}"), left, expected, error);
        }
    }

    /// m = .5, whatever is believed; A reaches B by .8, B reaches A by .4:
    /// X_A = .5 · .8 · 10 = 4 against 13 + 3, so p_A = .2; X_B = .5 · .4 · 20 = 4 against 5 + 1, so p_B = .4.
    #[test]
    fn wars_are_fought_with_the_true_balance() {
        const WARS: u32 = 4096;
        let mut bench = wars(4, 100.0, WARS);
        bench.state(0, AttackStrength(one(10.0))).state(0, DefenceStrength(one(5.0)));
        bench.state(1, AttackStrength(one(20.0))).state(1, DefenceStrength(one(13.0)));
        bench.inputs(0, |given| given.fortification = 1.0).inputs(1, |given| given.fortification = 3.0);
        bench.reach(0, 1, 0.8).reach(1, 0, 0.4).run(decide::<1>);
        let events = bench.0.resource::<Ledger>().events.clone();
        let won = |side: u32| events.iter().filter(move |event| event.kind == EventKind::Victory && event.actor == side);
        for event in won(0) {
            close("p_A", event.first_strike_win, 0.2);
        }
        for event in won(1) {
            close("p_B", event.first_strike_win, 0.4);
        }
        // The rest of e^{−25} that comes to no decision is nothing.
        // One of the two wins with 1 − .8 · .6 = .52, in the ratio of .2 to .4.
        for (side, expected) in [(0, 0.52 / 3.0), (1, 0.52 * 2.0 / 3.0)] {
            let share = won(side).count() as f64 / f64::from(WARS);
            within_chance(&format!("won by {side}"), share, expected, (expected * (1.0 - expected) / f64::from(WARS)).sqrt());
        }
    }

    #[test]
    fn the_defeated_lay_down_a_share_of_their_arms() {
        let mut bench = wars(4, 100.0, 1);
        bench.resource(|p: &mut Parameters| p.war.disarmament = 0.3);
        bench.state(0, AttackStrength(one(1.0))).state(1, DefenceStrength(one(0.0)));
        for state in [0, 1] {
            bench.state(state, Offence(one(4.0))).state(state, Defence(one(6.0))).state(state, AtWar(one(1.0)));
        }
        bench.run(decide::<1>);
        for (state, left) in [(0, 1.0), (1, 0.7)] {
            close("offence", bench.of_state::<Offence<1>>(state).0[0], 4.0 * left);
            close("defence", bench.of_state::<Defence<1>>(state).0[0], 6.0 * left);
            assert_eq!(bench.of_state::<AtWar<1>>(state).0[0], 0.0);
        }
    }

    /// Neither can win: the war ends without a victor in the tick that makes it as long as a war may be.
    #[test]
    fn the_longest_war_ends_undecided() {
        let mut bench = wars(4, 0.0, 1);
        bench.resource(|p: &mut Parameters| p.war.longest = 1.0);
        for state in [0, 1] {
            bench.state(state, AttackStrength(one(0.0))).state(state, DefenceStrength(one(1.0)));
        }
        bench.ticks(3, decide::<1>);
        assert!(bench.0.resource::<Ledger>().events.is_empty(), "{:?}", bench.0.resource::<Ledger>().events);
        bench.ticks(1, decide::<1>);
        let told: Vec<(EventKind, f64)> =
            bench.0.resource::<Ledger>().events.iter().map(|event| (event.kind, event.date)).collect();
        assert_eq!(told, [(EventKind::Stalemate, 1.0)]);
    }

    /// A war of nine months that who struck first wins teaches .25 · 16^{1/e}, and the three who see it believe just that.
    #[test]
    fn a_victory_teaches_by_the_length_of_its_war() {
        let mut bench = Bench::of(3, |p| {
            (p.memory.quick_balance, p.memory.long_balance, p.memory.quick) = (4.0, 0.25, 0.75);
            (p.memory.belligerent_weight, p.memory.onlooker_weight, p.war.decision_rate) = (1.0, 1.0, 100.0);
        });
        bench.state(0, AttackStrength(one(1.0))).state(1, DefenceStrength(one(0.0)));
        let sides = [vec![0], vec![1]];
        bench.0.spawn(WarUnderWay { lane: 0, crisis: 1, number: 1, began: -0.5, tick: u32::MAX, sides });
        bench.run(decide::<1>);
        for state in 0..3 {
            close("belief", bench.of_state::<PerceivedBalance<1>>(state).0[0], 0.693_283_708_785_087_7);
        }
    }
}
