//! A crisis from its first day to its end: who mobilises, strikes, stands by, joins, concedes. The rules stand in
//! [`crate::mechanisms::crisis`], [`strike`](crate::mechanisms::strike) and [`allies`](crate::mechanisms::allies).

use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use spiral_kernel::Lanes;
use spiral_kernel::calendar::DAYS_PER_YEAR;
use spiral_kernel::maths::logistic;

use crate::appraisal::{ABREAST, Appraisal, Rank, Rules, SideStakes, View};
use crate::components::{
    ArmsGrowth, AtWar, AttackStrength, Defence, DefenceStrength, DyadId, Given, Greed, Mistrust, Offence, Output,
    PerceivedBalance, Procurement, Punishable, Reach, Roster, StateId, Strengths, Terms, ThreatFelt, ThreatIfGreedy, Weariness,
};
use crate::draws::{Block, DAYS_PER_TICK, Purpose, within};
use crate::ledger::Ledger;
use crate::mechanisms::allies::{Coalitions, FIRM_COMMITMENT, chance_of_joining, worth_of_joining};
use crate::mechanisms::contest::chance_of_winning;
use crate::mechanisms::crisis::{Cause, CrisisUnderWay, in_order};
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::prevention::relative_growth;
use crate::mechanisms::threat::felt_share;
use crate::mechanisms::war::WarUnderWay;
use crate::mechanisms::{Parameters, Switches, game};
use crate::outcome::{Event, EventKind, Motive};
use crate::phases::Clock;
use crate::setup::Ending;

/// Days for which draws are made at once: a crisis lasts some twelve.
const DAYS_AHEAD: usize = 16;

/// Days of war that a crisis still tells.
const DAYS_OF_WAR: u16 = 30;

type StateData<const WIDTH: usize> = (
    (&'static StateId, &'static Given, &'static Greed<WIDTH>, &'static Output<WIDTH>, &'static Procurement<WIDTH>),
    (&'static Offence<WIDTH>, &'static Defence<WIDTH>, &'static AttackStrength<WIDTH>, &'static DefenceStrength<WIDTH>),
    (&'static ArmsGrowth<WIDTH>, &'static PerceivedBalance<WIDTH>, &'static Weariness<WIDTH>, &'static Punishable<WIDTH>),
    &'static mut AtWar<WIDTH>,
);

type DyadData<const WIDTH: usize> = (
    (&'static DyadId, &'static Terms, &'static Reach),
    (&'static Strengths<WIDTH>, &'static ThreatFelt<WIDTH>, &'static ThreatIfGreedy<WIDTH>),
    &'static mut Mistrust<WIDTH>,
);

/// Everything a crisis reads and changes.
#[derive(SystemParam)]
pub(crate) struct Stage<'w, 's, const WIDTH: usize> {
    states: Query<'w, 's, StateData<WIDTH>>,
    dyads: Query<'w, 's, DyadData<WIDTH>>,
    reaches: Query<'w, 's, &'static Reach>,
    roster: Res<'w, Roster>,
    coalitions: Res<'w, Coalitions>,
    parameters: Res<'w, Parameters>,
    switches: Res<'w, Switches>,
    security: ResMut<'w, CollectiveSecurity<WIDTH>>,
    block: Res<'w, Block>,
    clock: Res<'w, Clock>,
    ending: Res<'w, crate::world::Rule>,
    ledger: ResMut<'w, Ledger>,
}

/// A state that has a part in a crisis.
#[derive(Debug, Clone, Copy)]
struct Party {
    state: usize,
    side: usize,
    /// Day of its order to mobilise.
    mobilised: Option<u16>,
    /// Whether it is at war.
    fighting: bool,
    /// Readiness on the morning of the day.
    ready: f64,
    days_to_mobilise: f64,
    great_power: bool,
    /// Strength in attack and in defence, forts included.
    attack: f64,
    defence: f64,
}

/// Draws of one key, made for many days at once.
#[derive(Debug, Clone)]
struct Days {
    purpose: Purpose,
    number: u32,
    /// Day of the first lane; 0 before the first draw.
    first: u16,
    draws: [Lanes<DAYS_AHEAD>; 2],
}

impl Days {
    fn new(purpose: Purpose, number: u32) -> Self {
        Self { purpose, number, first: 0, draws: [Lanes::splat(0.0); 2] }
    }

    /// The draws of a day, the days from 1 on in order.
    fn on(&mut self, day: u16, lane: usize, block: &Block, clock: &Clock) -> [f64; 2] {
        if self.first == 0 || usize::from(day - self.first) >= DAYS_AHEAD {
            self.first = day;
            let time = clock.tick * DAYS_PER_TICK + u32::from(day);
            self.draws = block.uniforms_from(lane, self.purpose, self.number, time);
        }
        self.draws.map(|draws| draws[usize::from(day - self.first)])
    }
}

/// Who looks at whom: positions of states, the place of the view in the ranks, the draws of the pair.
struct Regard {
    own: usize,
    other: usize,
    rank: usize,
    place: usize,
    days: Days,
}

/// Two parties that face each other: positions of parties, and of the first one's regard for the second.
struct Facing {
    own: usize,
    other: usize,
    regard: usize,
}

/// What an ally is remembered to think of standing by a friend: it holds while the parties, their sides and who fights do.
struct Wish {
    ally: usize,
    friend: usize,
    /// Key of its draws.
    number: u32,
    chance: f64,
    /// Chances that the friend falls alone and helped, and what joining is worth.
    values: (f64, f64, f64),
}

pub(crate) fn run_crises<const WIDTH: usize>(
    mut commands: Commands,
    crises: Query<(Entity, &CrisisUnderWay)>,
    mut stage: Stage<WIDTH>,
) {
    let rules = Rules::new(&stage.parameters, &stage.switches);
    for (entity, crisis) in in_order(&crises) {
        if !stage.ledger.lanes[crisis.lane].running || crisis.principals.iter().any(|&state| stage.at_war(state, crisis.lane)) {
            commands.entity(entity).despawn();
            continue;
        }
        if let Some(war) = Standoff::new(&mut stage, &rules, crisis).unfold() {
            commands.spawn(war);
        }
        commands.entity(entity).despawn();
    }
}

impl<const WIDTH: usize> Stage<'_, '_, WIDTH> {
    fn at_war(&self, state: usize, lane: usize) -> bool {
        self.states.get(self.roster.states[state]).is_ok_and(|(.., at_war)| at_war.0[lane] > 0.0)
    }

    /// A state as it enters a crisis.
    fn party(&self, state: usize, side: usize, lane: usize) -> Party {
        let mut party = Party {
            state,
            side,
            mobilised: None,
            fighting: false,
            ready: 0.0,
            days_to_mobilise: 1.0,
            great_power: false,
            attack: 0.0,
            defence: 0.0,
        };
        if let Ok(((id, given, ..), (.., attack, defence), ..)) = self.states.get(self.roster.states[state]) {
            party.days_to_mobilise = given.inputs.mobilisation_days;
            party.great_power = id.great_power;
            party.attack = attack.0[lane];
            party.defence = defence.0[lane] + given.inputs.fortification;
        }
        party
    }

    fn reach(&self, from: usize, to: usize) -> f64 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.reaches.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0.0, |reach| reach.forth)
    }

    fn dyad_number(&self, from: usize, to: usize) -> u32 {
        let dyad = self.roster.dyad(from, to).and_then(|dyad| self.dyads.get(self.roster.dyads[dyad]).ok());
        dyad.map_or(0, |((id, ..), ..)| id.number)
    }

    /// What a state believes of the balance.
    fn believed_balance(&self, state: usize, lane: usize) -> f64 {
        self.states.get(self.roster.states[state]).map_or(1.0, |(_, _, middle, _)| middle.1.0[lane])
    }

    /// The view that one state has of another; `None` where they cannot reach each other.
    fn view(&self, own: usize, other: usize, lane: usize, rules: &Rules) -> Option<(View, u32)> {
        let dyad = self.roster.dyad(own, other)?;
        let ((id, terms, _), (strengths, threat, _), mistrust) = self.dyads.get(self.roster.dyads[dyad]).ok()?;
        let ((_, back, _), (_, _, their_danger), _) = self.dyads.get(id.mirror).ok()?;
        let mine = self.states.get(id.from).ok()?;
        let theirs = self.states.get(id.to).ok()?;
        let (my_arms, my_output, their_output) = (mine.1.0.0[lane] + mine.1.1.0[lane], mine.0.3.0[lane], theirs.0.3.0[lane]);
        let on = self.switches.game;
        let parameters = &self.parameters;
        let (trade_gain, trade_loss) = parameters.trade.in_force(&self.switches);
        let relief = game::relief(parameters.game.relief, threat.0[lane], my_arms);
        // What the other feels is imagined with one's own suspicion.
        let their_arms = theirs.1.0.0[lane] + theirs.1.1.0[lane];
        let imagined = felt_share(logistic(mistrust.0[lane]), parameters.threat.anarchy) * their_danger.0[lane];
        let their_relief = game::relief(parameters.game.relief, imagined, their_arms);
        let greedy_type = parameters.beliefs.greedy_type;
        let stake =
            |given: &Given, greed: f64, claim: f64, relief: f64, ratio: f64, burden: f64, weariness: f64, punishable: f64| {
                if !on {
                    return SideStakes { peace: 1.0, prize: 0.0, prize_if_greedy: 0.0, prize_of_security: 0.0, cost: 0.0 };
                }
                let punishment = self.security.perceived[lane] * parameters.institutions.punishment * punishable;
                SideStakes {
                    peace: game::peace(burden, trade_gain * terms.0.trade),
                    prize: game::prize(greed, ratio, claim, relief),
                    prize_if_greedy: game::prize(greedy_type, ratio, claim, relief),
                    prize_of_security: game::prize(0.0, ratio, 0.0, relief),
                    cost: game::cost(
                        parameters.game.war_cost * given.inputs.war_cost_factor,
                        trade_loss * terms.0.trade,
                        punishment,
                        weariness,
                    ),
                }
            };
        let ((_, my_given, my_greed, _, my_spending), _, (my_growth, _, my_weariness, my_punishable), _) = mine;
        let ((_, their_given, _, _, their_spending), _, (their_growth, _, their_weariness, their_punishable), _) = theirs;
        let view = View {
            attack: strengths.attack[lane],
            resistance: strengths.resistance[lane],
            assault: strengths.assault[lane],
            holding: strengths.holding[lane],
            own: stake(
                my_given,
                my_greed.0[lane],
                terms.0.claim,
                relief,
                their_output / my_output,
                my_spending.0[lane] / my_output,
                my_weariness.0[lane],
                my_punishable.0[lane],
            ),
            // The other is imagined as a security seeker with its claims: its greed is private.
            other: stake(
                their_given,
                0.0,
                back.0.claim,
                their_relief,
                my_output / their_output,
                their_spending.0[lane] / their_output,
                their_weariness.0[lane],
                their_punishable.0[lane],
            ),
            mistrust: mistrust.0[lane],
            monitoring: terms.0.monitoring,
            later: if self.switches.prevention {
                let growth = relative_growth(my_growth.0[lane], their_growth.0[lane], parameters.prevention.horizon);
                rules.later(strengths.assault[lane], growth, strengths.holding[lane])
            } else {
                0.0
            },
        };
        Some((view, id.number))
    }

    fn shift_mistrust(&mut self, holder: usize, of: usize, lane: usize, by: f64) {
        if let Some(dyad) = self.roster.dyad(holder, of)
            && self.switches.beliefs
            && let Ok((.., mut mistrust)) = self.dyads.get_mut(self.roster.dyads[dyad])
        {
            mistrust.0[lane] += by;
        }
    }
}

struct Standoff<'a, 'w, 's, const WIDTH: usize> {
    stage: &'a mut Stage<'w, 's, WIDTH>,
    rules: &'a Rules,
    crisis: CrisisUnderWay,
    serial: u16,
    number: u32,
    parties: Vec<Party>,
    /// Views are those of the first look, and are appraised abreast.
    ranks: Vec<Rank>,
    regards: Vec<Regard>,
    /// Who faces whom, as long as the parties, their sides and who fights stay.
    facing: Vec<Facing>,
    wishes: Vec<Wish>,
    settlement: Days,
    first_strike: Option<u16>,
    general: Option<u16>,
}

impl<'a, 'w, 's, const WIDTH: usize> Standoff<'a, 'w, 's, WIDTH> {
    fn new(stage: &'a mut Stage<'w, 's, WIDTH>, rules: &'a Rules, crisis: CrisisUnderWay) -> Self {
        let number = stage.roster.pairs[crisis.pair].1;
        let parties = [0, 1].map(|side| stage.party(crisis.principals[side], side, crisis.lane));
        let great = parties.iter().all(|party| party.great_power);
        let outcome = &mut stage.ledger.lanes[crisis.lane].outcome;
        outcome.crises = outcome.crises.saturating_add(1);
        outcome.great_power_crises = outcome.great_power_crises.saturating_add(u16::from(great));
        let serial = outcome.crises;
        Self {
            stage,
            rules,
            crisis,
            serial,
            number,
            parties: parties.to_vec(),
            ranks: Vec::new(),
            regards: Vec::new(),
            facing: Vec::new(),
            wishes: Vec::new(),
            settlement: Days::new(Purpose::Settlement, number),
            first_strike: None,
            general: None,
        }
    }

    fn time(&self, day: u16) -> u32 {
        self.stage.clock.tick * DAYS_PER_TICK + u32::from(day)
    }

    fn tell(&mut self, day: u16, kind: EventKind, actor: usize, target: usize, values: (f64, f64, f64), motive: Option<Motive>) {
        let event = Event {
            history: self.stage.ledger.lanes[self.crisis.lane].outcome.history,
            crisis: self.serial,
            date: self.crisis.began + f64::from(day) / DAYS_PER_YEAR,
            day,
            kind,
            actor: actor as u16,
            target: target as u16,
            fear: values.0,
            first_strike_win: values.1,
            strike_advantage: values.2,
            motive,
        };
        self.stage.ledger.tell(self.crisis.lane, event);
    }

    /// Position of the regard of one state for another; `None` where they cannot reach each other.
    fn regard(&mut self, own: usize, other: usize) -> Option<usize> {
        let known = self.regards.iter().position(|regard| regard.own == own && regard.other == other);
        if known.is_some() {
            return known;
        }
        let (view, number) = self.stage.view(own, other, self.crisis.lane, self.rules)?;
        let position = self.regards.len();
        let (rank, place) = (position / ABREAST, position % ABREAST);
        if place == 0 {
            self.ranks.push(Rank::default());
        }
        self.ranks[rank].set(place, &view);
        self.regards.push(Regard { own, other, rank, place, days: Days::new(Purpose::Day, within(self.number, number)) });
        Some(position)
    }

    /// What one party makes of another today.
    fn appraisal(&mut self, own: usize, other: usize) -> Option<Appraisal> {
        let (own, other) = (self.parties[own], self.parties[other]);
        let regard = self.regard(own.state, other.state)?;
        let Regard { rank, place, .. } = &self.regards[regard];
        let (rank, place) = (&mut self.ranks[*rank], *place);
        rank.prepare(place, own.ready, other.ready);
        rank.appraise(self.rules);
        Some(rank.appraisal(place))
    }

    /// Everybody on one side looks at everybody on the other.
    fn face(&mut self) {
        if self.facing.is_empty() {
            for own in 0..self.parties.len() {
                for other in 0..self.parties.len() {
                    let (one, two) = (self.parties[own], self.parties[other]);
                    if one.side == two.side || (one.fighting && two.fighting) {
                        continue;
                    }
                    if let Some(regard) = self.regard(one.state, two.state) {
                        self.facing.push(Facing { own, other, regard });
                    }
                }
            }
        }
        for facing in &self.facing {
            let Regard { rank, place, .. } = &self.regards[facing.regard];
            self.ranks[*rank].prepare(*place, self.parties[facing.own].ready, self.parties[facing.other].ready);
        }
        for rank in &mut self.ranks {
            rank.appraise(self.rules);
        }
    }

    /// Parties, sides or who fights have changed: what rests on them is made anew.
    fn regroup(&mut self) {
        self.facing.clear();
        self.wishes.clear();
    }

    /// A day begins: readiness is what the orders of earlier days have made it.
    fn wake(&mut self, day: u16) {
        for party in &mut self.parties {
            if let Some(order) = party.mobilised {
                party.ready = (f64::from(day.saturating_sub(order)) / party.days_to_mobilise).min(1.0);
            }
        }
    }

    /// Runs the crisis; returns the war that it became.
    fn unfold(mut self) -> Option<WarUnderWay> {
        let [challenger, defender] = self.crisis.principals;
        self.face();
        let values = self.appraisal(0, 1).map_or((0.0, 0.0, 0.0), |a| (a.fear, a.first, a.advantage));
        let kind = if self.crisis.cause == Cause::FalseAlarm { EventKind::FalseAlarm } else { EventKind::Crisis };
        self.tell(0, kind, challenger, defender, values, None);
        let longest = self.stage.parameters.crisis.longest as u16;
        let mut day = 0;
        loop {
            day += 1;
            self.wake(day);
            if self.first_strike.is_some_and(|strike| day > strike + DAYS_OF_WAR) {
                return Some(self.at_war());
            }
            if self.first_strike.is_none() && day > longest {
                self.settle(day, false);
                return None;
            }
            self.choose(day);
            if self.stage.switches.allies {
                self.call_allies(day);
            }
            if self.first_strike.is_none() && self.is_settled(day) {
                self.settle(day, true);
                return None;
            }
        }
    }

    /// Every party looks at every party on the other side and strikes, mobilises or waits. All choices of a day rest on the
    /// readiness of that morning.
    fn choose(&mut self, day: u16) {
        let mut strikes: Vec<(usize, usize, Appraisal, f64)> = Vec::new();
        let mut orders: Vec<(usize, usize, Appraisal)> = Vec::new();
        self.face();
        for facing in &self.facing {
            let Regard { rank, place, days, .. } = &mut self.regards[facing.regard];
            let [strike, mobilise] = days.on(day, self.crisis.lane, &self.stage.block, &self.stage.clock);
            let (own, other) = (self.parties[facing.own], self.parties[facing.other]);
            let appraisal = self.ranks[*rank].appraisal(*place);
            if strike < appraisal.strikes {
                strikes.push((own.state, other.state, appraisal, strike));
            } else if own.mobilised.is_none()
                && mobilise < appraisal.mobilises
                && !orders.iter().any(|order| order.0 == facing.own)
            {
                orders.push((facing.own, other.state, appraisal));
            }
        }
        for (position, against, a) in orders {
            self.parties[position].mobilised = Some(day);
            let actor = self.parties[position].state;
            self.tell(day, EventKind::Mobilisation, actor, against, (a.fear, a.first, a.advantage), None);
        }
        for (actor, target, a, draw) in strikes {
            let motive = if self.crisis.cause == Cause::FalseAlarm { Some(Motive::Accident) } else { a.motive(draw, self.rules) };
            self.strike(day, actor, target, a, motive);
        }
    }

    fn strike(&mut self, day: u16, actor: usize, target: usize, a: Appraisal, motive: Option<Motive>) {
        self.tell(day, EventKind::Strike, actor, target, (a.fear, a.first, a.advantage), motive);
        if self.first_strike.is_none() {
            self.first_strike = Some(day);
            let lane = self.crisis.lane;
            let began = self.crisis.began + f64::from(day) / DAYS_PER_YEAR;
            let account = &mut self.stage.ledger.lanes[lane];
            account.outcome.wars = account.outcome.wars.saturating_add(1);
            if account.at_peace {
                account.at_peace = false;
                account.outcome.first_war_date = Some(began);
                account.outcome.motive = motive;
                account.outcome.initiator = actor as u16;
                account.outcome.target = target as u16;
                account.outcome.days_crisis_to_war = Some(f64::from(day));
            }
            let evidence = self.stage.parameters.beliefs.war_evidence;
            for state in 0..self.stage.roster.states.len() {
                self.stage.shift_mistrust(state, actor, lane, evidence);
            }
            // The first war's sides are numbered from who struck first.
            if self.parties.iter().any(|party| party.state == actor && party.side == 1) {
                for party in &mut self.parties {
                    party.side = 1 - party.side;
                }
            }
        }
        for party in &mut self.parties {
            if party.state == actor || party.state == target {
                party.fighting = true;
                party.mobilised.get_or_insert(day);
            }
        }
        self.regroup();
        self.count_great_powers(day);
    }

    fn count_great_powers(&mut self, day: u16) {
        let fighting = self.parties.iter().filter(|party| party.fighting && party.great_power).count();
        if fighting >= 3 && self.general.is_none() {
            self.general = Some(day);
            let account = &mut self.stage.ledger.lanes[self.crisis.lane];
            if account.outcome.general_war_date.is_none() {
                account.outcome.general_war_date = Some(self.crisis.began + f64::from(day) / DAYS_PER_YEAR);
                account.outcome.days_crisis_to_general_war = Some(f64::from(day));
            }
        }
    }

    /// Allies of those in danger decide whether to stand by them, or in war to join.
    fn call_allies(&mut self, day: u16) {
        let lane = self.crisis.lane;
        let war = self.first_strike.is_some();
        let alarmed = |parties: &[Party], side: usize| parties.iter().any(|foe| foe.side != side && foe.mobilised.is_some());
        let mut comers: Vec<(usize, usize, usize, f64, f64, f64)> = Vec::new();
        for standing in 0..self.parties.len() {
            let friend = self.parties[standing];
            if !(if war { friend.fighting } else { alarmed(&self.parties, friend.side) }) {
                continue;
            }
            for position in 0..self.stage.coalitions.allies_of[friend.state].len() {
                let (ally, commitment) = self.stage.coalitions.allies_of[friend.state][position];
                let role = self.parties.iter().find(|party| party.state == ally);
                let may_come = role.map_or(!comers.iter().any(|comer| comer.0 == ally), |party| {
                    war && !party.fighting && party.side == friend.side
                });
                if !may_come {
                    continue;
                }
                let (number, chance, (alone, helped, worth)) = self.wish(ally, friend, commitment);
                let [u, _] = self.stage.block.lane_uniforms(lane, Purpose::Ally, number, self.time(day));
                if u < chance {
                    comers.push((ally, friend.state, friend.side, alone, helped, worth));
                }
            }
        }
        if !comers.is_empty() {
            self.regroup();
        }
        for (ally, friend, side, alone, helped, worth) in comers {
            let known = self.parties.iter().position(|party| party.state == ally);
            let position = known.unwrap_or_else(|| {
                self.parties.push(self.stage.party(ally, side, lane));
                self.parties.len() - 1
            });
            if self.parties[position].mobilised.is_none() {
                self.parties[position].mobilised = Some(day);
                if !war {
                    let foe = self.parties.iter().find(|party| party.side != side).map_or(friend, |party| party.state);
                    self.tell(day, EventKind::Mobilisation, ally, foe, (alone, helped, worth), None);
                }
            }
            if war {
                self.parties[position].fighting = true;
                self.tell(day, EventKind::Joining, ally, friend, (alone, helped, worth), None);
                let outcome = &mut self.stage.ledger.lanes[lane].outcome;
                outcome.entrapments = outcome.entrapments.saturating_add(1);
                self.count_great_powers(day);
            }
        }
    }

    /// Key of the draws, chance to join today, and the values behind it; remembered. Who is at war elsewhere does not come.
    fn wish(&mut self, ally: usize, friend: Party, commitment: f64) -> (u32, f64, (f64, f64, f64)) {
        if let Some(known) = self.wishes.iter().find(|wish| wish.ally == ally && wish.friend == friend.state) {
            return (known.number, known.chance, known.values);
        }
        let number = within(self.number, self.stage.dyad_number(ally, friend.state));
        let (mut chance, mut values) = (0.0, (0.0, 0.0, 0.0));
        if !self.stage.at_war(ally, self.crisis.lane) {
            values = self.weigh_joining(ally, friend, commitment);
            chance = chance_of_joining(values.2, &self.stage.parameters.allies);
        }
        self.wishes.push(Wish { ally, friend: friend.state, number, chance, values });
        (number, chance, values)
    }

    /// Chances that a friend falls alone and helped, as an ally sees them, and what joining is worth.
    fn weigh_joining(&self, ally: usize, friend: Party, commitment: f64) -> (f64, f64, f64) {
        let lane = self.crisis.lane;
        let war = self.first_strike.is_some();
        let balance = self.stage.believed_balance(ally, lane);
        let own_defence = self.stage.party(ally, friend.side, lane).defence;
        let counts = |party: &&Party| !war || party.fighting;
        let (mut attack, mut resistance) = (0.0, friend.defence);
        let mut way = self.stage.reach(ally, friend.state);
        for foe in self.parties.iter().filter(|party| party.side != friend.side).filter(counts) {
            attack += balance * self.stage.reach(foe.state, friend.state) * foe.attack;
            way = way.max(self.stage.reach(ally, foe.state));
        }
        let others =
            self.parties.iter().filter(|party| party.side == friend.side && party.state != friend.state && party.state != ally);
        for other in others.filter(counts) {
            let foes = self.parties.iter().filter(|party| party.side != friend.side);
            let reach = foes
                .map(|foe| self.stage.reach(other.state, foe.state))
                .fold(self.stage.reach(other.state, friend.state), f64::max);
            resistance += reach * other.defence;
        }
        let r = self.stage.parameters.contest.decisiveness;
        let odds = |resistance: f64| if self.stage.switches.contest { chance_of_winning(attack, resistance, r) } else { 0.5 };
        let (alone, helped) = (odds(resistance), odds(resistance + way * own_defence));
        // A commitment is owed to the attacked; to who struck first only once somebody else has joined against it.
        let foes = self.parties.iter().filter(|party| party.side != friend.side).count();
        let owed = friend.side == 1 || foes > 1;
        (alone, helped, worth_of_joining(commitment, owed, alone, helped, balance, &self.stage.parameters.allies))
    }

    fn is_settled(&mut self, day: u16) -> bool {
        let mobilised = self.parties.iter().filter(|party| party.mobilised.is_some()).count() as f64 / self.parties.len() as f64;
        let chance = self.stage.parameters.crisis.settlement * (1.0 - 0.5 * mobilised);
        let [u, _] = self.settlement.on(day, self.crisis.lane, &self.stage.block, &self.stage.clock);
        u < chance
    }

    /// The crisis ends without war: the weaker concedes if the edge is clear.
    fn settle(&mut self, day: u16, _by_agreement: bool) {
        let lane = self.crisis.lane;
        let [one, two] = [self.parties[0], self.parties[1]];
        let (Some(a), Some(b)) = (self.appraisal(0, 1), self.appraisal(1, 0)) else { return };
        let edge = a.first - b.first;
        if edge.abs() <= self.stage.parameters.crisis.clear_edge {
            self.tell(day, EventKind::Settlement, one.state, two.state, (a.fear, a.first, a.advantage), None);
            return;
        }
        let (winner, loser, values) = if edge > 0.0 { (one, two, b) } else { (two, one, a) };
        self.tell(day, EventKind::Concession, loser.state, winner.state, (values.fear, values.first, values.advantage), None);
        let beliefs = self.stage.parameters.beliefs;
        self.stage.shift_mistrust(winner.state, loser.state, lane, -beliefs.concession_evidence);
        self.stage.shift_mistrust(loser.state, winner.state, lane, beliefs.firm_evidence);
        let let_down = self.absent_allies(|party| party.state == loser.state).len();
        let outcome = &mut self.stage.ledger.lanes[lane].outcome;
        outcome.passed = outcome.passed.saturating_add(let_down as u16);
    }

    /// Firmly committed allies of some parties that have no part in the crisis.
    fn absent_allies(&self, of: impl Fn(&Party) -> bool) -> Vec<(usize, usize)> {
        let mut absent: Vec<(usize, usize)> = Vec::new();
        for party in self.parties.iter().filter(|party| of(party)) {
            // Without the mechanism nobody is listed.
            for &(ally, commitment) in self.stage.coalitions.allies_of.get(party.state).into_iter().flatten() {
                let present =
                    self.parties.iter().any(|other| other.state == ally && (other.fighting || self.first_strike.is_none()));
                if commitment >= FIRM_COMMITMENT && !present && !absent.iter().any(|&(known, _)| known == ally) {
                    absent.push((ally, party.state));
                }
            }
        }
        absent
    }

    /// The crisis has become a war: counts who is in, who stayed out, what it teaches, and hands the war over.
    fn at_war(mut self) -> WarUnderWay {
        let lane = self.crisis.lane;
        let strike = self.first_strike.unwrap_or(0);
        for (ally, friend) in self.absent_allies(|party| party.fighting && party.side == 1) {
            self.tell(strike + DAYS_OF_WAR, EventKind::Abandonment, ally, friend, (0.0, 0.0, 0.0), None);
            let outcome = &mut self.stage.ledger.lanes[lane].outcome;
            outcome.abandonments = outcome.abandonments.saturating_add(1);
        }
        let fighting: Vec<Party> = self.parties.iter().copied().filter(|party| party.fighting).collect();
        let great = fighting.iter().filter(|party| party.great_power).count();
        let first = self.stage.ledger.lanes[lane].outcome.wars == 1;
        let rule = self.stage.ending.ending;
        let account = &mut self.stage.ledger.lanes[lane];
        if first {
            account.outcome.belligerents_30d = fighting.len().min(255) as u8;
            account.outcome.great_powers_30d = great.min(255) as u8;
        }
        account.stopping |= rule == Ending::FirstWar || (rule == Ending::GeneralWar && self.general.is_some());
        let punished = fighting.iter().filter(|party| party.side == 1).count() > 1;
        if self.stage.switches.institutions {
            let record = self.stage.security.record[lane];
            self.stage.security.record[lane] = self.stage.parameters.institutions.record_after(record, punished);
        }
        for party in &fighting {
            if let Ok((.., mut at_war)) = self.stage.states.get_mut(self.stage.roster.states[party.state]) {
                at_war.0[lane] = 1.0;
            }
        }
        let side = |side: usize| fighting.iter().filter(|party| party.side == side).map(|party| party.state).collect();
        WarUnderWay {
            lane,
            crisis: self.serial,
            number: self.number,
            began: self.crisis.began + f64::from(strike) / DAYS_PER_YEAR,
            tick: self.stage.clock.tick,
            sides: [side(0), side(1)],
        }
    }
}
