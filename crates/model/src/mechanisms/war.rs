//! # E15 War
//!
//! Claim: wars are fought with the true balance, whatever was believed; where defence is stronger they last and cost.
//!
//! ```text
//! in a tick a war comes to a decision with chance 1 − e^{−θ Δ}; then the side that struck first wins with p_A, else the other
//! with p_B, else it goes on:
//! p_A = X_A^r / (X_A^r + Z_B^r),  X = m Σ G (w0 + (1 − w0) ω) a,  Z = Σ a (1 + ψ (1 − ω)) + fort
//! each year of war costs  ΔY of output, Δa of arms, and adds Δw (1 − w) to weariness; peace repairs at η_w
//! the loser's arms are taken down by Δa_L
//!
//! m   true balance (not m̂)      G   largest reach of a member at any foe      θ   rate of decision, 1/year
//! ```
//! Source: Fearon (2018) for the contest; Organski and Kugler (1980) for recovery; rates are judgements.
//! What the victor takes and what the peace lays down: E15b, E15c.
//! Off: nobody strikes: crises come and are settled, and arms curves are those of a world without war.

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::contest::chance_of_winning;
use super::memory::{Lesson, learn_from_wars, lesson};
use super::{Entry, Parameters, Switches};
use crate::components::{
    AtWar, AttackStrength, Defence, DefenceStrength, Given, Offence, PerceivedBalance, Reach, Roster, StateId, Unharmed, Weariness,
};
use crate::draws::{Block, DAYS_PER_TICK, Purpose};
use crate::ledger::Ledger;
use crate::outcome::{Event, EventKind};
use crate::phases::{Clock, Large, Phase};
use crate::columns::sweep;

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
    claim: "Wars are fought with the true balance; where defence is stronger they last and cost.",
    off: "Nobody strikes; curves are those of a world without war.",
};

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
    /// Victor, defeated, and the output that the one took of the other, thousand million int$ a year (E15b).
    pub taken: Vec<(usize, usize, f64)>,
}

/// The wars that ended in the tick, in order of (lane, crisis).
#[derive(Resource, Debug, Clone, Default)]
pub struct Endings(pub Vec<WarEnded>);

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((wear_and_recover::<WIDTH>, decide::<WIDTH>).chain().in_set(Phase::War));
}

fn wear_and_recover<const WIDTH: usize>(
    mut states: Query<(
        &AtWar<WIDTH>,
        &mut Unharmed<WIDTH>,
        &mut Weariness<WIDTH>,
        &mut Offence<WIDTH>,
        &mut Defence<WIDTH>,
    )>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let War { output_loss, arms_loss, weariness: wearing, recovery, .. } = parameters.war;
    let (output_left, arms_left) = (exp(-output_loss * clock.years), exp(-arms_loss * clock.years));
    let (worn, repaired) = (1.0 - exp(-wearing * clock.years), 1.0 - exp(-recovery * clock.years));
    sweep!(WIDTH, large.0, states, |(at_war, unharmed, weariness, offence, defence)| {
        let (fights, output, tired, attack, resist) = (at_war.0, unharmed.0, weariness.0, offence.0, defence.0);
        // `at_war` is 0 or 1, so the sum is one of the two to the bit, and no lane takes a branch of its own.
        let select = |l: usize, at_war: f64, at_peace: f64| fights[l] * at_war + (1.0 - fights[l]) * at_peace;
        unharmed.0 = Lanes::from_fn(|l| select(l, output[l] * output_left, output[l] + repaired * (1.0 - output[l])));
        weariness.0 = Lanes::from_fn(|l| select(l, tired[l] + worn * (1.0 - tired[l]), tired[l] * (1.0 - repaired)));
        offence.0 = Lanes::from_fn(|l| select(l, attack[l] * arms_left, attack[l]));
        defence.0 = Lanes::from_fn(|l| select(l, resist[l] * arms_left, resist[l]));
    });
}

/// Side that wins: the first asks fortune, then the second; `None` where neither does.
fn victor(who: f64, first_wins: f64, second_wins: f64) -> Option<usize> {
    if who < first_wins {
        Some(0)
    } else if who < first_wins + (1.0 - first_wins) * second_wins {
        Some(1)
    } else {
        None
    }
}

/// What a war needs to know of a state, and what its end changes.
type Belligerents<'w, 's, 'a, const WIDTH: usize> = Query<
    'w,
    's,
    (
        (&'a Given, &'a AttackStrength<WIDTH>, &'a DefenceStrength<WIDTH>),
        (&'a mut AtWar<WIDTH>, &'a mut Offence<WIDTH>, &'a mut Defence<WIDTH>),
    ),
>;

/// `X` and `Z` of a side: what it attacks with, each state over the shortest way to a foe, and what it resists with.
fn forces<const WIDTH: usize>(
    (side, under_way): (usize, &WarUnderWay),
    balance: f64,
    states: &Belligerents<WIDTH>,
    reaches: &Query<&Reach>,
    roster: &Roster,
) -> (f64, f64) {
    let (mut attack, mut resistance) = (0.0, 0.0);
    for &state in &under_way.sides[side] {
        let foes = under_way.sides[1 - side].iter();
        let reach = foes.filter_map(|&foe| roster.dyad(state, foe)).filter_map(|dyad| reaches.get(roster.dyads[dyad]).ok());
        let best = reach.map(|reach| reach.forth).fold(0.0, f64::max);
        if let Ok(((given, strength, holding), _)) = states.get(roster.states[state]) {
            attack += balance * best * strength.0[under_way.lane];
            resistance += holding.0[under_way.lane] + given.inputs.fortification;
        }
    }
    (attack, resistance)
}

/// Nobody is at war any more, and a share of the arms of the defeated is taken down.
fn lay_down_arms<const WIDTH: usize>(
    under_way: &WarUnderWay,
    winner: Option<usize>,
    disarmament: f64,
    states: &mut Belligerents<WIDTH>,
    roster: &Roster,
) {
    let lane = under_way.lane;
    for (side, position) in under_way.sides.iter().enumerate().flat_map(|(side, all)| all.iter().map(move |state| (side, *state))) {
        let Ok((_, (mut at_war, mut offence, mut defence))) = states.get_mut(roster.states[position]) else { continue };
        at_war.0[lane] = 0.0;
        if winner.is_some_and(|winner| winner != side) {
            offence.0[lane] *= 1.0 - disarmament;
            defence.0[lane] *= 1.0 - disarmament;
        }
    }
}

impl WarEnded {
    /// The end as the chronicle tells it, with the victor's chance of having won; of a war without one, that of the side that struck.
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
        }
    }
}

pub(crate) fn decide<const WIDTH: usize>(
    mut commands: Commands,
    wars: Query<(Entity, &WarUnderWay)>,
    mut states: Belligerents<WIDTH>,
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
